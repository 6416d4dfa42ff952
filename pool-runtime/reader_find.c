/* reader_find.c: where are there segments? As a user in one's own two directories, as root in everybody's. */
#include "reader.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "place.h"

_Static_assert(sizeof(((struct reader_place *)0)->directory) == PLACE_DIRECTORY_SIZE, "a directory fits");
_Static_assert(sizeof(((struct reader_place *)0)->key) == PLACE_KEY_SIZE, "a key fits");

struct search {
	struct reader_place *places;
	size_t max, found;
	const char *directory; /* that is being looked into */
	uid_t uid;             /* whose it is */
	unsigned patience;     /* of place_is_alive(), for each directory its own */
	struct stat own;       /* our runtime directory, which as root we might meet again */
};

/* ---- a segment ---- */

static struct place_key key_of(const struct reader_place *place)
{
	struct place_key key = {.pid = 0};

	place_parse(place->key, &key);
	return key;
}

/* The newest first; of more than fit the oldest falls off the end. */
static void insert(struct search *search, const struct reader_place *place)
{
	struct place_key key = key_of(place), other;
	size_t at = search->found < search->max ? search->found : search->max;

	search->found++;
	for (; at > 0; at--) {
		other = key_of(&search->places[at - 1]);
		if (place_compare(&other, &key) <= 0)
			break;
		if (at < search->max)
			search->places[at] = search->places[at - 1];
	}
	if (at < search->max)
		search->places[at] = *place;
}

static void visit_file(void *context, int directory, const char *name)
{
	struct search *search = context;
	struct reader_place place = {.uid = search->uid};
	struct place_key key;
	uint64_t size;
	int fd;

	if (!place_parse(name, &key))
		return;
	fd = place_open_file(directory, name, search->uid, &size);
	if (fd < 0)
		return;
	close(fd);
	if (size < SEGMENT_HEADER_SIZE) /* thousands of these could hide the segments among them */
		return;
	snprintf(place.directory, sizeof(place.directory), "%s", search->directory);
	snprintf(place.key, sizeof(place.key), "%s", name);
	place.pid = key.pid;
	place.start = key.start;
	place.alive = place_is_alive(directory, name, search->uid, &search->patience);
	insert(search, &place);
}

/* ---- a user's directory ---- */

static void visit_directory(struct search *search, const char *path, uid_t uid, bool is_own)
{
	int directory = place_open_directory(path, uid);
	struct stat status;

	if (directory < 0)
		return;
	if (fstat(directory, &status) == 0 &&
	    (is_own || status.st_dev != search->own.st_dev || status.st_ino != search->own.st_ino)) {
		if (is_own)
			search->own = status;
		search->directory = path;
		search->uid = uid;
		search->patience = PLACE_PATIENCE;
		place_list(directory, visit_file, search);
	}
	close(directory);
}

static void visit_own(struct search *search)
{
	char path[PLACE_DIRECTORY_SIZE];

	if (place_runtime_directory(path))
		visit_directory(search, path, geteuid(), true);
}

/* ---- everybody's ---- */

/* A uid as the kernel and systemd print it. */
static bool parse_uid(const char *text, uid_t *uid)
{
	char *end;
	unsigned long value;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	value = strtoul(text, &end, 10);
	*uid = value;
	return *end == '\0' && errno == 0 && *uid == value;
}

static void visit_run_user(void *context, int directory, const char *name)
{
	char path[PLACE_DIRECTORY_SIZE];
	uid_t uid;

	(void)directory;
	if (parse_uid(name, &uid) && snprintf(path, sizeof(path), "/run/user/%s/poolscope", name) < (int)sizeof(path))
		visit_directory(context, path, uid, false);
}

static void visit_shared_memory(void *context, int directory, const char *name)
{
	char path[PLACE_DIRECTORY_SIZE];
	uid_t uid;

	(void)directory;
	if (strncmp(name, "poolscope-", 10) || !parse_uid(name + 10, &uid))
		return;
	place_shared_memory(uid, path);
	visit_directory(context, path, uid, false);
}

static void visit_all_of(const char *path, void (*visit)(void *, int, const char *), struct search *search)
{
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (directory < 0)
		return;
	place_list(directory, visit, search);
	close(directory);
}

size_t reader_find(struct reader_place *places, size_t max)
{
	struct search search = {.places = places, .max = max};
	char path[PLACE_DIRECTORY_SIZE];

	visit_own(&search);
	if (geteuid() == 0) {
		visit_all_of("/run/user", visit_run_user, &search);
		visit_all_of("/dev/shm", visit_shared_memory, &search);
	} else {
		place_shared_memory(geteuid(), path);
		visit_directory(&search, path, geteuid(), false);
	}
	return search.found;
}

/* ---- away with it ---- */

/* Between the last look and the unlink nobody can put a living segment there: its name holds the start of a process that
 * is dead, and the descriptor holds the directory. */
int reader_discard(const struct reader_place *place)
{
	struct place_key key;
	uint64_t size;
	int directory, file, result = 0;
	unsigned patience = 1;

	if (!place_parse(place->key, &key))
		return -EINVAL;
	if (geteuid() != 0 && geteuid() != place->uid)
		return -EPERM;
	directory = place_open_directory(place->directory, place->uid);
	if (directory < 0)
		return directory;
	file = place_open_file(directory, place->key, place->uid, &size);
	if (file < 0)
		result = file;
	else if (place_is_alive(directory, place->key, place->uid, &patience))
		result = -EBUSY;
	else if (unlinkat(directory, place->key, 0))
		result = -errno;
	if (file >= 0)
		close(file);
	close(directory);
	return result;
}
