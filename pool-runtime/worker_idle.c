/* worker_idle.c: what does a worker do that finds no task?
 *
 *	claim nothing -> steal nothing -> spin a while -> sleep
 *	     ^-----------------<--------------'   woken: ^
 *
 * While it spins, whoever publishes a task need not wake anybody for it. So the last one that stops spinning because it
 * found work looks whether there is more than it can take, and wakes the next: no task stays while somebody sleeps. */
#include "pool_internal.h"

enum { LOOKS_BETWEEN_CLOCKS = 32 };

static bool has_claimed(struct pool *pool, unsigned victim, uint64_t batch)
{
	for (unsigned i = 0; i < TASK_BATCH_LENGTH(batch); i++) {
		uint64_t position = TASK_BATCH_FIRST(batch) + i;

		if (atomic_load(&task_ring_slot(&pool->shared->tasks, position)->word) ==
		    TASK_WORD(position, TASK_CLAIMED_BY(victim)))
			return true;
	}
	return false;
}

/* Does another worker hold tasks that it has not begun? */
static bool can_steal(struct pool *pool, unsigned slot)
{
	for (unsigned victim = 0; victim < pool->nr_workers; victim++) {
		uint64_t batch = atomic_load(&pool->cells[victim].batch);

		if (batch && victim != slot && has_claimed(pool, victim, batch))
			return true;
	}
	return false;
}

bool worker_steal(struct pool *pool, unsigned slot, uint64_t *position)
{
	for (unsigned i = 1; i < pool->nr_workers; i++) {
		unsigned victim = (slot + i) % pool->nr_workers;
		uint64_t batch = atomic_load(&pool->cells[victim].batch);

		if (batch && task_ring_steal(&pool->shared->tasks, victim, batch, slot, position))
			return true;
	}
	return false;
}

/* Something to claim, or the end. */
static bool has_news(struct pool *pool)
{
	struct task_ring *ring = &pool->shared->tasks;

	return atomic_load(&ring->put) > atomic_load(&ring->take) || atomic_load(&pool->shared->stop);
}

static bool spin(struct pool *pool)
{
	uint64_t end = pool->spin_ns ? wake_now_ns() + pool->spin_ns : 0;

	while (pool->spin_ns && wake_now_ns() < end) {
		for (int i = 0; i < LOOKS_BETWEEN_CLOCKS; i++) {
			if (has_news(pool))
				return true;
			wake_pause();
		}
	}
	return has_news(pool);
}

static void sleep_until_woken(struct pool *pool, unsigned slot)
{
	_Atomic uint64_t *sleeping = &pool->shared->idle.sleeping[slot / 64];
	struct worker_cell *cell = &pool->cells[slot];
	uint32_t bell = atomic_load(&cell->bell);
	uint64_t bit = 1ull << slot % 64;

	atomic_fetch_or(sleeping, bit);
	if (!has_news(pool) && !can_steal(pool, slot))
		wake_wait(&cell->bell, bell, WAKE_NEVER);
	atomic_fetch_and(sleeping, ~bit);
}

void worker_idle(struct pool *pool, unsigned slot)
{
	_Atomic uint64_t *spinning = &pool->shared->idle.spinning[slot / 64];
	uint64_t bit = 1ull << slot % 64, depth;
	bool found;

	atomic_fetch_or(spinning, bit);
	found = spin(pool);
	atomic_fetch_and(spinning, ~bit);
	if (!found) {
		sleep_until_woken(pool, slot);
		return;
	}
	depth = task_ring_depth(&pool->shared->tasks);
	if (depth > 1)
		pool_wake_workers(pool, depth - 1);
}
