/* task_ring.c: where do tasks wait for a worker, and who holds which? */
#include "task_ring.h"

#include <stddef.h>

struct task_slot *task_ring_room(struct task_ring *ring, uint64_t *position)
{
	for (unsigned i = 0; i < TASK_RING_CAPACITY; i++) {
		struct task_slot *slot = task_ring_slot(ring, *position + i);
		unsigned owner = TASK_OWNER(atomic_load_explicit(&slot->word, memory_order_acquire));

		if (owner == OWNER_READY)
			return NULL; /* the ring is full of waiting tasks */
		if (owner == OWNER_FREE) {
			*position += i;
			return slot;
		}
	}
	return NULL;
}

void task_ring_show(struct task_slot *slot, uint64_t position)
{
	atomic_store_explicit(&slot->word, TASK_WORD(position, OWNER_READY), memory_order_release);
}

void task_ring_announce(struct task_ring *ring, uint64_t put)
{
	atomic_store(&ring->put, put);
}

static bool take_over(struct task_ring *ring, uint64_t position, unsigned from, unsigned to)
{
	uint64_t expected = TASK_WORD(position, from);

	return atomic_compare_exchange_strong(&task_ring_slot(ring, position)->word, &expected,
	                                      TASK_WORD(position, to));
}

/* Claims what follows the first, as far as it is ready. */
static unsigned claim_more(struct task_ring *ring, unsigned worker, unsigned max, uint64_t *positions)
{
	unsigned nr = 1;

	while (nr < max && take_over(ring, positions[0] + nr, OWNER_READY, TASK_CLAIMED_BY(worker))) {
		positions[nr] = positions[0] + nr;
		nr++;
	}
	return nr;
}

unsigned task_ring_claim(struct task_ring *ring, unsigned worker, unsigned max, _Atomic uint64_t *batch,
                         uint64_t *positions)
{
	uint64_t take = atomic_load_explicit(&ring->take, memory_order_relaxed);
	unsigned as = max > 1 ? TASK_CLAIMED_BY(worker) : TASK_RUN_BY(worker);

	/* Whoever finds a position not ready moves the hint on, for all: it was taken, or passed over. */
	while (take < atomic_load(&ring->put)) {
		unsigned nr = 0;

		if (max > 1)
			atomic_store_explicit(batch, TASK_BATCH(take, max), memory_order_relaxed);
		if (take_over(ring, take, OWNER_READY, as)) {
			positions[0] = take;
			nr = claim_more(ring, worker, max, positions);
		}
		if (atomic_compare_exchange_strong(&ring->take, &take, take + (nr ? nr : 1)))
			take += nr ? nr : 1;
		if (nr)
			return nr;
	}
	return 0;
}

bool task_ring_start(struct task_ring *ring, uint64_t position, unsigned worker)
{
	return take_over(ring, position, TASK_CLAIMED_BY(worker), TASK_RUN_BY(worker));
}

bool task_ring_steal(struct task_ring *ring, unsigned victim, uint64_t batch, unsigned thief, uint64_t *position)
{
	for (unsigned i = TASK_BATCH_LENGTH(batch); i-- > 0;) {
		*position = TASK_BATCH_FIRST(batch) + i;
		if (take_over(ring, *position, TASK_CLAIMED_BY(victim), TASK_RUN_BY(thief)))
			return true;
	}
	return false;
}

void task_ring_finish(struct task_ring *ring, uint64_t position)
{
	atomic_store_explicit(&task_ring_slot(ring, position)->word, TASK_WORD(position, OWNER_FREE),
	                      memory_order_release);
}

uint64_t task_ring_depth(struct task_ring *ring)
{
	uint64_t take = atomic_load_explicit(&ring->take, memory_order_relaxed);
	uint64_t put = atomic_load_explicit(&ring->put, memory_order_relaxed);

	return put > take ? put - take : 0;
}
