/* publisher.h: what does a publisher consist of? For publish*.c alone; others know publish.h.
 *
 *   publish.c           the facts of pool, helpers, jobs and queues: which slot changes, which record is written
 *   publish_worker.c    the same of workers and their tasks
 *   publish_segment.c   makes the file and its header, shows it, takes it away
 *   publish_directory.c where it goes, and which of the dead make room for it
 *   publish_ring.c      how a ring passes from one writer to the next
 *   publish_thread.c    which ring is this thread's
 *   publish_names.c     an id for a text
 *
 * The structure lies in private memory: a forked child has a copy of its own, the segment is shared by all. */
#ifndef PUBLISHER_H
#define PUBLISHER_H

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

#include "publish.h"
#include "place.h"
#include "shared.h"

enum {
	PUBLISHER_NAMES = 2048,
	PUBLISHER_NAME_CACHE = 2 * PUBLISHER_NAMES, /* a power of two; never more than half full */
	PUBLISHER_MAX_WORKERS = 65535,
	RING_LEAST_RECORDS = 256,
	RING_MOST_RECORDS = 4096,
};

struct publisher {
	/* Set when it is opened, then only read. */
	uint64_t id;                   /* of all that this process ever opened: an address may be used again */
	unsigned char *base;
	size_t size;
	struct segment_slot *pool, *workers, *helpers, *queues;
	unsigned char *rings;
	uint64_t ring_stride;
	uint32_t ring_mask;
	unsigned nr_rings, nr_workers, nr_queues;
	struct segment_name *names;
	pid_t opener;
	char directory[PLACE_DIRECTORY_SIZE];
	char key[PLACE_KEY_SIZE];

	/* Guards the pool's slot between the threads of the opener. */
	pthread_mutex_t pool_lock;

	/* Names that this process has seen: their indices, hashed by their text. Without a lock, so that a fork in the
	 * middle leaves the child one that works. */
	uint32_t names_seen;           /* entries of the table that were looked at */
	uint32_t name_cache[PUBLISHER_NAME_CACHE];

	/* How often a caller's ring became free: who went without tries again when this has changed. */
	uint32_t rings_returned;
	struct publisher *next;        /* of those that are open: publish_thread.c */
};

/* publish_segment.c */
int publisher_make_segment(struct publisher *publisher, const struct publisher_plan *plan);

/* publish_directory.c: a descriptor and the path of our own directory, made if need be; or -errno. */
int publisher_open_directory(char path[PLACE_DIRECTORY_SIZE]);
/* Leaves but the newest few dead segments there. */
void publisher_bury_dead(int directory);

/* publish_ring.c. The rings stand in this order: workers, helpers, callers. */
bool publisher_has_ring(const struct segment_ring *ring); /* this thread */
bool publisher_take_ring(const struct publisher *publisher, unsigned index); /* if it is free, or its process dead */
void publisher_enter_ring(const struct publisher *publisher, unsigned index); /* whoever had it */
struct segment_ring *publisher_claim_ring(struct publisher *publisher); /* a caller's; NULL: there is none */
void publisher_return_ring(struct publisher *publisher, unsigned index); /* whole and free */
void publisher_return_rings_of(struct publisher *publisher, pid_t pid); /* all callers' rings of a dead process */

/* publish_thread.c */
void publisher_register(struct publisher *publisher);
void publisher_unregister(struct publisher *publisher);
pid_t publisher_pid(void);
uint64_t publisher_start(void);
/* This thread forgets its rings; in a child that did not come by fork(), all that fork() would have made it forget. */
void publisher_forget(void);
void publisher_sit(struct publisher *publisher, struct segment_ring *ring);
void publisher_stand_up(const struct publisher *publisher);
/* This thread's ring; claims one at its first record; NULL: there is none free. */
struct segment_ring *publisher_own_ring(struct publisher *publisher);
/* A record into this thread's ring; where it has none, a count. */
void publisher_put(struct publisher *publisher, const struct segment_record *record);

static inline unsigned publisher_first_caller(const struct publisher *publisher)
{
	return publisher->nr_workers + NR_HELPER_ROLES;
}

static inline uint64_t publisher_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + now.tv_nsec;
}

/* The sequence lock of a slot, for its one writer. A dead writer may have left it odd: it goes on to the next odd one. */
static inline void slot_write_begin(struct segment_slot *slot)
{
	STORE(slot->sequence, (LOAD(slot->sequence) + 1) | 1);
	fence_release();
}

static inline void slot_write_end(struct segment_slot *slot)
{
	STORE_RELEASE(slot->sequence, LOAD(slot->sequence) + 1);
}

static inline void slot_set_state(struct segment_slot *slot, unsigned state)
{
	STORE(slot->word, (LOAD(slot->word) & ~UINT64_C(0xff)) | state);
}

/* The count of a single writer. */
static inline void slot_count(struct segment_slot *slot, unsigned which, uint64_t more)
{
	STORE(slot->count[which], LOAD(slot->count[which]) + more);
}

/* Who lives in a slot from now on, or that nobody does. */
struct slot_life {
	unsigned state, epoch_step;
	uint32_t name, ring;
	pid_t pid, tid, old;
	uint64_t start, task;
};

static inline void slot_write_life(struct segment_slot *slot, const struct slot_life *life, uint64_t now)
{
	slot_write_begin(slot);
	STORE(slot->word, SLOT_WORD(SLOT_EPOCH(LOAD(slot->word)) + life->epoch_step, 0, life->state));
	STORE(slot->name, life->name);
	STORE(slot->since, now);
	STORE(slot->start, life->start);
	STORE(slot->task, life->task);
	STORE(slot->pid, life->pid);
	STORE(slot->tid, life->tid);
	STORE(slot->ring, life->ring);
	STORE(slot->old, life->old);
	slot_write_end(slot);
}

static inline struct segment_ring *publisher_ring(const struct publisher *publisher, unsigned index)
{
	return (struct segment_ring *)(publisher->rings + index * publisher->ring_stride);
}

/* Counters that the program's own stray pointers wrote over do no harm here: the mask keeps us inside. */
static inline void ring_put_at(struct segment_ring *ring, uint32_t mask, uint64_t number,
                               const struct segment_record *record)
{
	struct segment_record *place = (struct segment_record *)(ring + 1) + (number & mask);

	STORE(ring->reserved_count, number + 1);
	fence_release();
	STORE(place->time, record->time);
	STORE(place->event, record->event);
	STORE(place->slot, record->slot);
	STORE(place->name, record->name);
	STORE(place->task, record->task);
	STORE(place->argument, record->argument);
	STORE_RELEASE(ring->committed_count, number + 1);
}

static inline void ring_put(struct segment_ring *ring, uint32_t mask, const struct segment_record *record)
{
	ring_put_at(ring, mask, LOAD(ring->reserved_count), record);
}

#endif
