/* reader.h: how is a segment read by somebody who trusts nothing in it?
 *
 * The reader's half of contract/segment.h; the writer's is publish.h. Everything is pread() into memory of our own: a
 * file that shrinks costs a short read, never a SIGBUS. The geometry is checked and frozen at open. Every count, offset
 * and id that is read later is checked against it. A reader writes nothing, signals nobody, and never blocks a writer.
 * One thread at a time for each reader. */
#ifndef READER_H
#define READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "contract/segment.h"

struct reader;

/* A place where a segment lies. */
struct reader_place {
	char directory[192];
	char key[64];      /* the file's name: <pid>.<start>.<n> */
	pid_t pid;
	uint64_t start;    /* field 22 of /proc/PID/stat */
	uid_t uid;         /* owner of file and directory */
	bool alive;        /* a process with this pid and start time exists and is no zombie */
};

/* Looks into $XDG_RUNTIME_DIR/poolscope and /dev/shm/poolscope-<uid>; as root into every user's. Directories and files
 * that fail the checks (links, owner, mode, type) are passed over. Up to `max` places, newest first; returns how many
 * there are, which may be more.
 *
 * A segment from another pid namespace (a container that shares the directory) holds pids that mean nothing here: it is
 * alive if any process of /proc bears that number in its own namespace and started then; and where no proof of the
 * contrary can be had, because our own namespace is not the first one, it passes for alive. */
size_t reader_find(struct reader_place *places, size_t max);

/* Removes a place's file if its parent is dead and it is ours (or we are root). -EBUSY if it lives. */
int reader_discard(const struct reader_place *place);

/* Opens and checks. On failure -errno and, in *why, a sentence without a final stop (static storage). -EPROTO: not a
 * segment that we can believe; -ENOTSUP: another major version or endian. */
int reader_open(const struct reader_place *place, struct reader **reader, const char **why);
void reader_close(struct reader *reader);

/* The header as it was at open, checked. Times in the segment are nanoseconds of CLOCK_MONOTONIC once they have gone
 * through reader_ns(). */
const struct segment_header *reader_header(const struct reader *reader);
uint64_t reader_ns(const struct reader *reader, uint64_t time);

/* How many slots a section has (0 if it has none). */
unsigned reader_count(const struct reader *reader, enum segment_section_kind section);

enum reader_slot_result {
	READER_SOUND,   /* all of *slot is of one moment */
	READER_PARTIAL, /* word and counters only: the writer died, or writes without end */
	READER_FAILED   /* nothing: short read, no such slot, no such state */
};
/* Copies a slot. The first call for a section reads all of it and keeps it until reader_refresh(). The state is one of
 * the section's, the name and the ring are there. A queue's counts never go back. */
void reader_refresh(struct reader *reader);
enum reader_slot_result reader_slot(struct reader *reader, enum segment_section_kind section, unsigned index,
                                    struct segment_slot *slot);

/* A record and whose ring it came from. */
struct reader_news {
	struct segment_record record; /* time already in nanoseconds; event, slot and name in bounds */
	uint32_t owner;               /* RING_OWNER of its ring when it was read */
	pid_t pid, tid;               /* of who wrote it; 0: forgotten, the ring has passed through several hands since */
	uint64_t start;
};

/* Hands every record since the last call to `take`, ring by ring, each ring in order. Returns how many were lost since
 * the last call: written over, or damaged. The first call starts at the oldest that is there, and returns 0. A ring whose
 * counters run backwards or leap beyond all measure counts one. */
uint64_t reader_drain(struct reader *reader, void (*take)(void *context, const struct reader_news *news), void *context);

/* A name by its index; "?" for one that is not there (yet). Valid until the reader is closed. Any bytes but NUL. */
const char *reader_name(struct reader *reader, uint32_t name);

#endif
