/* task_ring.h: where do tasks wait for a worker, and who holds which?
 *
 *	 take                put                    a slot's word: position (48 bits) | owner (16 bits)
 *	  v                   v
 *	| r | A | a | a | B | r | r |   |   |       free     nobody's
 *	                                            ready    published, nobody's yet       r
 *	                                            claimed  promised to a worker          a, b
 *	                                            running  a worker has begun            A, B
 *
 *	free -> ready -> claimed -> running -> free     put: the parent; claim, start, finish: the worker
 *	            \------^--------^                   a lone claim is a start; a steal takes another's claim over
 *	         claimed, running -> free               the worker handler, once the owner is dead
 *
 * Each move of a worker's is one compare-and-swap that writes the owner, so that at any instant it is known what died
 * with whom, and there is no lock that the dead could keep. The parent alone fills slots (under its own lock).
 *
 * `take` only hints: no position before it is ready. A position whose slot was still owned when `put` came round is
 * passed over, so that one long task does not stop the ring. */
#ifndef TASK_RING_H
#define TASK_RING_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { TASK_RING_CAPACITY = 4096, TASK_INLINE_SIZE = 24, TASK_MAX_BATCH = 16 };
enum { OWNER_FREE, OWNER_READY, OWNER_FIRST };

#define TASK_WORD(position, owner) ((uint64_t)(position) << 16 | (uint64_t)(owner))
#define TASK_OWNER(word) ((unsigned)((word) & 0xffff))
#define TASK_CLAIMED_BY(worker) ((unsigned)(OWNER_FIRST + 2 * (worker)))
#define TASK_RUN_BY(worker) ((unsigned)(OWNER_FIRST + 2 * (worker) + 1))

/* The argument: its bytes here if they fit, else where they are in the arena. */
struct task_slot {
	_Atomic uint64_t word;
	uint64_t task;     /* number in the pool, from 1 */
	uint64_t job;      /* number of its job, from 1 */
	uint64_t function; /* address in the program */
	union {
		unsigned char bytes[TASK_INLINE_SIZE];
		struct {
			uint64_t offset; /* in the arena */
			uint64_t size;
			uint64_t nr_items; /* in a frame (frame.h); 1: bare */
		} block;
	};
	uint32_t name;        /* of the function, in the publisher */
	uint32_t inline_size; /* of bytes; TASK_IN_BLOCK: block counts */
};
#define TASK_IN_BLOCK UINT32_MAX

_Static_assert(sizeof(struct task_slot) == 64, "a slot is a cache line");

struct task_ring {
	alignas(64) _Atomic uint64_t put;
	alignas(64) _Atomic uint64_t take;
	alignas(64) struct task_slot slots[TASK_RING_CAPACITY];
};

static inline struct task_slot *task_ring_slot(struct task_ring *ring, uint64_t position)
{
	return &ring->slots[position % TASK_RING_CAPACITY];
}

/* ---- the parent's, under its lock --------------------------------------------------------------------------------- */

/* The next slot that can be filled, at or after *position, which is moved there; NULL: full. */
struct task_slot *task_ring_room(struct task_ring *ring, uint64_t *position);

/* Shows a filled slot; then, for one or many of them, where the next will be: that is what workers look at. */
void task_ring_show(struct task_slot *slot, uint64_t position);
void task_ring_announce(struct task_ring *ring, uint64_t put);

/* ---- a worker's --------------------------------------------------------------------------------------------------- */

/* Claims one task and starts it, or up to `max` without starting them: *batch says, before it is true, which positions
 * are claimed (TASK_BATCH), so that whoever finds them taken knows from whom to steal. Returns how many; 0: none ready. */
unsigned task_ring_claim(struct task_ring *ring, unsigned worker, unsigned max, _Atomic uint64_t *batch,
                         uint64_t *positions);

#define TASK_BATCH(first, length) ((uint64_t)(first) << 16 | (uint64_t)(length))
#define TASK_BATCH_FIRST(batch) ((batch) >> 16)
#define TASK_BATCH_LENGTH(batch) ((unsigned)((batch) & 0xffff))

/* Begins a claimed task. false: it was stolen. */
bool task_ring_start(struct task_ring *ring, uint64_t position, unsigned worker);

/* Takes over and begins the last task of a batch that its owner has not begun. false: there is none. */
bool task_ring_steal(struct task_ring *ring, unsigned victim, uint64_t batch, unsigned thief, uint64_t *position);

/* Gives the slot of a running task back. */
void task_ring_finish(struct task_ring *ring, uint64_t position);

/* How many positions lie between: tasks that wait, and some that only look so. */
uint64_t task_ring_depth(struct task_ring *ring);

#endif
