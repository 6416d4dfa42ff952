/* pool_shared.c: what lies in the memory that parent and workers share, and who sleeps there? */
#include "pool_internal.h"

static size_t aligned(size_t size)
{
	return (size + 63) / 64 * 64;
}

/*	| pool_shared, its task ring last | cell, cell, ... | result ring, result ring, ... | arena_shared |	*/
int pool_shared_create(struct pool *pool)
{
	size_t cells = aligned(sizeof(struct pool_shared));
	size_t rings = cells + pool->nr_workers * sizeof(struct worker_cell);
	size_t table, end;
	int error;

	pool->ring_capacity = result_ring_capacity(pool->nr_workers);
	table = rings + pool->nr_workers * result_ring_size(pool->ring_capacity);
	end = table + aligned(arena_shared_size(ARENA_OWNER_OF(pool->nr_workers)));
	error = arena_create(end, &pool->arena);
	if (error)
		return error;
	pool->shared = arena_at(pool->arena, 0);
	pool->cells = arena_at(pool->arena, cells);
	pool->result_rings = arena_at(pool->arena, rings);
	pool->arena->shared = arena_at(pool->arena, table);
	arena_owner_init(&pool->arguments, pool->arena, ARENA_PARENT);
	return 0;
}

static unsigned nr_idle_words(const struct pool *pool)
{
	return (pool->nr_workers + 63) / 64;
}

static unsigned nr_spinning(struct pool *pool)
{
	unsigned nr = 0;

	for (unsigned i = 0; i < nr_idle_words(pool); i++)
		nr += (unsigned)__builtin_popcountll(atomic_load(&pool->shared->idle.spinning[i]));
	return nr;
}

/* Wakes up to `most` of those in one word. */
static unsigned wake_some(struct pool *pool, unsigned word, uint64_t most)
{
	uint64_t sleeping = atomic_load(&pool->shared->idle.sleeping[word]);
	unsigned nr = 0;

	for (; sleeping && nr < most; sleeping &= sleeping - 1) {
		uint64_t bit = sleeping & -sleeping;

		/* whoever clears the bit wakes */
		if (!(atomic_fetch_and(&pool->shared->idle.sleeping[word], ~bit) & bit))
			continue;
		wake_all(&pool->cells[word * 64 + (unsigned)__builtin_ctzll(bit)].bell);
		nr++;
	}
	return nr;
}

unsigned pool_wake_workers(struct pool *pool, uint64_t nr_tasks)
{
	unsigned looking = nr_spinning(pool), woken = 0;

	for (unsigned i = 0; i < nr_idle_words(pool) && looking + woken < nr_tasks; i++)
		woken += wake_some(pool, i, nr_tasks - looking - woken);
	return woken;
}

void pool_wake_another(struct pool *pool)
{
	unsigned woken = 0;

	for (unsigned i = 0; i < nr_idle_words(pool) && !woken; i++)
		woken = wake_some(pool, i, 1);
}

void pool_wake_everybody(struct pool *pool)
{
	for (unsigned slot = 0; slot < pool->nr_workers; slot++)
		wake_all(&pool->cells[slot].bell);
	wake_all(&pool->shared->caller_bell);
	wake_all(&pool->shared->handler_bell);
}

void pool_forget_worker(struct pool *pool, unsigned slot)
{
	struct worker_cell *cell = &pool->cells[slot];
	uint64_t bit = 1ull << slot % 64;

	atomic_fetch_and(&pool->shared->idle.spinning[slot / 64], ~bit);
	atomic_fetch_and(&pool->shared->idle.sleeping[slot / 64], ~bit);
	atomic_store(&cell->batch, 0);
	atomic_store(&cell->watched, 0);
	atomic_store(&cell->blocked, 0);
	atomic_store(&cell->stage, STAGE_FORKED);
}
