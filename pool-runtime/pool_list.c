/* pool_list.c: which pools does this process have, and what happens to them when it exits? */
#include "pool_internal.h"

enum { EXIT_PATIENCE_MS = 1000 };

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct pool *open_pools;

void pool_list_add(struct pool *pool)
{
	pthread_mutex_lock(&list_lock);
	pool->next_open = open_pools;
	open_pools = pool;
	pthread_mutex_unlock(&list_lock);
}

void pool_list_remove(struct pool *pool)
{
	struct pool **link = &open_pools;

	pthread_mutex_lock(&list_lock);
	while (*link && *link != pool)
		link = &(*link)->next_open;
	if (*link)
		*link = pool->next_open;
	pthread_mutex_unlock(&list_lock);
}

/* In a forked child the list is the parent's, and its lock may be held by a thread that is not there. */
static bool list_is_ours(void)
{
	struct pool *first = __atomic_load_n(&open_pools, __ATOMIC_RELAXED);

	return first && pool_is_ours(first);
}

bool pool_list_visit_last(void (*visit)(struct publisher *publisher, const char *text), const char *text)
{
	bool found = false;

	if (!list_is_ours())
		return false;
	pthread_mutex_lock(&list_lock);
	if (open_pools) {
		visit(open_pools->publisher, text);
		found = true;
	}
	pthread_mutex_unlock(&list_lock);
	return found;
}

/* exit() without destroy: as after CPython's exit, no worker is left, and no segment that looks like an accident. But no
 * exit waits for long: what a callback without end leaves behind goes with the process. */
static void __attribute__((destructor)) terminate_what_is_open(void)
{
	while (list_is_ours()) {
		struct pool *pool = open_pools;

		pool_terminate(pool);
		if (pool_join_until(pool, wake_deadline_ns(EXIT_PATIENCE_MS))) /* or a callback called exit() */
			return;
		pool_list_remove(pool);
		publisher_close(pool->publisher);
		pool->publisher = NULL;
	}
}
