/* publish_directory.c: where does a segment go, and which of the dead make room for it?
 *
 * A pool that was killed leaves its segment behind, to be looked into. Who opens the next one keeps the newest few. */
#include "publisher.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "process.h"

enum { NR_DEAD_KEPT = 8 };

/* ---- the directory ---- */

/* A umask may have taken away our own rights to what we just made; the umask itself is not ours to change. */
static int make_directory(const char *path)
{
	if (mkdir(path, 0700) == 0)
		return chmod(path, 0700) ? -errno : 0;
	return errno == EEXIST ? 0 : -errno;
}

int publisher_open_directory(char path[PLACE_DIRECTORY_SIZE])
{
	int error;

	if (!place_runtime_directory(path))
		place_shared_memory(geteuid(), path);
	error = make_directory(path);
	return error ? error : place_open_directory(path, geteuid());
}

/* ---- the dead ---- */

struct dead {
	size_t nr, max;
	unsigned patience;
	struct place_key *key;
};

/* Whoever makes one needs milliseconds; that of a process killed meanwhile says nothing to anybody. */
static void remove_if_abandoned(int directory, const char *name)
{
	struct place_key key;
	struct stat status;

	if (place_parse(name + strlen(PLACE_UNFINISHED), &key) && !process_lives(key.pid, key.start) &&
	    fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_ctime + 60 < time(NULL))
		unlinkat(directory, name, 0);
}

static void note_if_dead(void *context, int directory, const char *name)
{
	struct dead *dead = context;
	struct place_key key, *more;

	if (strncmp(name, PLACE_UNFINISHED, strlen(PLACE_UNFINISHED)) == 0) {
		remove_if_abandoned(directory, name);
		return;
	}
	if (!place_parse(name, &key) || place_is_alive(directory, name, geteuid(), &dead->patience))
		return;
	if (dead->nr == dead->max) {
		more = realloc(dead->key, (dead->max + 64) * sizeof(*more));
		if (!more)
			return;
		dead->key = more;
		dead->max += 64;
	}
	dead->key[dead->nr++] = key;
}

static int compare_keys(const void *one, const void *other)
{
	return place_compare(one, other);
}

void publisher_bury_dead(int directory)
{
	struct dead dead = {.patience = PLACE_PATIENCE};
	char name[PLACE_KEY_SIZE];

	place_list(directory, note_if_dead, &dead);
	if (dead.nr > NR_DEAD_KEPT)
		qsort(dead.key, dead.nr, sizeof(dead.key[0]), compare_keys);
	for (size_t i = NR_DEAD_KEPT; i < dead.nr; i++) {
		place_print(&dead.key[i], name);
		unlinkat(directory, name, 0);
	}
	free(dead.key);
}
