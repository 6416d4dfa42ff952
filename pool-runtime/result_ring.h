/* result_ring.h: how does a worker hand a result back?
 *
 *	  tail             head
 *	   v                v
 *	| r | r | r | r | r |   |   |   |     head: moved by the worker; tail: by the parent, under its lock
 *
 * One ring a worker, so that no worker waits for another and a dead one leaves nothing half-made: what lies before `head`
 * is whole, what does not never was. The same task can come twice: a worker may die after it handed the result over and
 * before it freed the task's slot. The parent takes the first and drops the rest. */
#ifndef RESULT_RING_H
#define RESULT_RING_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { RESULT_INLINE_SIZE = 32, RESULT_RING_MOST = 1024, RESULT_RING_LEAST = 64 };

/* The value (or, of a failed task, the words): its bytes here if they fit, else where they are in the arena. */
struct result_record {
	uint64_t task;
	uint64_t job;
	union {
		unsigned char bytes[RESULT_INLINE_SIZE];
		struct {
			uint64_t offset;
			uint64_t size;
		} block;
	};
	uint32_t item;       /* of a failed chunk: which of its items failed */
	int32_t returned;    /* by the function */
	int16_t code;        /* 0, or what pool_result_get() returns */
	uint8_t inline_size; /* of bytes; RESULT_IN_BLOCK: block counts */
	uint8_t unused[5];
};
#define RESULT_IN_BLOCK UINT8_MAX

_Static_assert(sizeof(struct result_record) == 64, "a record is a cache line");

struct result_ring {
	alignas(64) _Atomic uint64_t head;
	alignas(64) _Atomic uint64_t tail;
	alignas(64) struct result_record records[];
};

/* Bytes that a ring of so many records takes; how many records suit a pool of so many workers. */
static inline uint64_t result_ring_size(unsigned capacity)
{
	return sizeof(struct result_ring) + capacity * sizeof(struct result_record);
}

unsigned result_ring_capacity(unsigned nr_workers);

/* The worker's. Full: it must wait. put() shows the record, by a store that is in order with wake.h's rule. */
static inline bool result_ring_is_full(struct result_ring *ring, unsigned capacity)
{
	return atomic_load_explicit(&ring->head, memory_order_relaxed) - atomic_load(&ring->tail) >= capacity;
}

static inline void result_ring_put(struct result_ring *ring, unsigned capacity, const struct result_record *record)
{
	uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);

	ring->records[head & (capacity - 1)] = *record;
	atomic_store(&ring->head, head + 1);
}

/* The parent's. */
static inline bool result_ring_is_empty(struct result_ring *ring)
{
	return atomic_load(&ring->head) == atomic_load_explicit(&ring->tail, memory_order_relaxed);
}

#endif
