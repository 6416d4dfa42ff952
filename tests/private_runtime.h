/* private_runtime.h: how does a test get segments of its own, and leave none behind? */
#ifndef PRIVATE_RUNTIME_H
#define PRIVATE_RUNTIME_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pool-runtime/place.h"
#include "pool-runtime/publish.h"
#include "pool-runtime/reader.h"

static char private_base[64], private_directory[80]; /* the second is where segments go */

/* Segments lie on tmpfs only, so not under /tmp. */
static inline int private_runtime_enter(void **state)
{
	(void)state;
	strcpy(private_base, "/dev/shm/segments-XXXXXX");
	if (!mkdtemp(private_base))
		return -1;
	snprintf(private_directory, sizeof(private_directory), "%s/poolscope", private_base);
	return setenv("XDG_RUNTIME_DIR", private_base, 1);
}

static inline void private_runtime_remove(void *unused, int directory, const char *name)
{
	(void)unused;
	unlinkat(directory, name, 0);
}

static inline int private_runtime_leave(void **state)
{
	int directory = open(private_directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);

	(void)state;
	if (directory >= 0) {
		place_list(directory, private_runtime_remove, NULL);
		close(directory);
	}
	if (rmdir(private_directory))
		unlink(private_directory);
	return rmdir(private_base);
}

static inline void private_runtime_count(void *count, int directory, const char *name)
{
	(void)directory;
	(void)name;
	++*(int *)count;
}

/* How many files lie where segments go. */
static inline int private_runtime_files(void)
{
	int directory = open(private_directory, O_RDONLY | O_DIRECTORY), count = 0;

	if (directory < 0)
		return 0;
	place_list(directory, private_runtime_count, &count);
	close(directory);
	return count;
}

static const struct publisher_plan small_plan = {
	.name = "small", .kind = KIND_PROCESS, .start_method = START_FORK, .nr_workers = 2, .max_workers = 3, .nr_queues = 3,
};

/* Where that publisher's segment lies; not what reader_find() says. */
static inline struct reader_place private_runtime_place(const char *key)
{
	struct reader_place place = {.uid = geteuid(), .alive = true};
	struct place_key parsed;

	snprintf(place.directory, sizeof(place.directory), "%s", private_directory);
	snprintf(place.key, sizeof(place.key), "%s", key);
	if (place_parse(key, &parsed)) {
		place.pid = parsed.pid;
		place.start = parsed.start;
	}
	return place;
}

/* The segment as its writers see it, to do to it what a crash or an enemy would. */
struct mapped_segment {
	unsigned char *base;
	size_t size;
	struct segment_header *header;
};

static inline struct mapped_segment map_segment(const char *key)
{
	struct mapped_segment mapped = {.base = NULL};
	char path[256];
	struct stat status;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", private_directory, key);
	fd = open(path, O_RDWR);
	if (fd >= 0 && fstat(fd, &status) == 0) {
		mapped.size = status.st_size;
		mapped.base = mmap(NULL, mapped.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	}
	if (fd >= 0)
		close(fd);
	if (!mapped.base || mapped.base == MAP_FAILED)
		abort();
	mapped.header = (struct segment_header *)mapped.base;
	return mapped;
}

static inline void unmap_segment(struct mapped_segment *mapped)
{
	munmap(mapped->base, mapped->size);
}

static inline void *entry_in(const struct mapped_segment *mapped, enum segment_section_kind kind, unsigned index)
{
	for (unsigned i = 0; i < mapped->header->nr_sections; i++)
		if (mapped->header->section[i].kind == kind)
			return mapped->base + mapped->header->section[i].offset + index * mapped->header->section[i].stride;
	abort();
}

#endif
