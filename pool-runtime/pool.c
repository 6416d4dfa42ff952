/* pool.c: how does a pool begin, and how does it end?
 *
 *	open --close--> closing --last job--> (workers leave) --join--> joined
 *	  |                |                                              ^
 *	  +----------------+--terminate--> terminating --(workers die)----+
 *	  '--starts fail---'-------------> broken -------(workers die)----' */
#include "pool_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* ---- whose is it? ------------------------------------------------------------------------------------------------------ */

static _Atomic unsigned generation = 1;

static void count_fork(void)
{
	atomic_fetch_add(&generation, 1);
}

static void watch_forks(void)
{
	pthread_atfork(NULL, NULL, count_fork);
}

unsigned fork_generation(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, watch_forks);
	return atomic_load_explicit(&generation, memory_order_relaxed);
}

bool pool_is_result_handler(const struct pool *pool)
{
	return pthread_equal(pthread_self(), pool->result_handler);
}

/* ---- waiting ----------------------------------------------------------------------------------------------------------- */

void pool_condition_init(pthread_cond_t *condition)
{
	pthread_condattr_t clock;

	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(condition, &clock);
	pthread_condattr_destroy(&clock);
}

int pool_wait(struct pool *pool, pthread_cond_t *condition, uint64_t deadline_ns)
{
	struct timespec deadline = {
		.tv_sec = (time_t)(deadline_ns / 1000000000), .tv_nsec = (long)(deadline_ns % 1000000000),
	};

	if (deadline_ns == WAKE_NEVER)
		return -pthread_cond_wait(condition, &pool->lock);
	return -pthread_cond_timedwait(condition, &pool->lock, &deadline);
}

/* ---- states ------------------------------------------------------------------------------------------------------------ */

void pool_call_worker_handler(struct pool *pool)
{
	uint64_t one = 1;
	int saved = errno;

	/* full means that it is called already */
	if (write(pool->wake_fd, &one, sizeof(one)) < 0)
		errno = saved;
}

void pool_move(struct pool *pool, enum pool_state state, const char *reason)
{
	pool->state = state;
	if (reason)
		snprintf(pool->reason, sizeof(pool->reason), "%s", reason);
	publish_pool(pool->publisher, state, reason);
	pthread_cond_broadcast(&pool->changed);
	pool_call_worker_handler(pool);
}

/* ---- end --------------------------------------------------------------------------------------------------------------- */

int pool_close(struct pool *pool)
{
	if (!pool_is_ours(pool))
		return -EINVAL;
	pthread_mutex_lock(&pool->lock);
	if (pool->state == POOL_OPEN)
		pool_move(pool, POOL_CLOSING, NULL);
	pthread_mutex_unlock(&pool->lock);
	return 0;
}

int pool_terminate(struct pool *pool)
{
	if (!pool_is_ours(pool))
		return -EINVAL;
	pthread_mutex_lock(&pool->lock);
	if (pool->state == POOL_OPEN || pool->state == POOL_CLOSING)
		pool_move(pool, POOL_TERMINATING, NULL);
	pthread_mutex_unlock(&pool->lock);
	return 0;
}

/* Under the lock, which it leaves while it waits. The last act of each helper was to count itself. */
static int join_helpers(struct pool *pool, uint64_t deadline_ns)
{
	int error = 0;

	while (!error && !pool->joined && (pool->joining || pool->nr_helpers_over < pool->nr_helpers))
		error = pool_wait(pool, &pool->changed, deadline_ns);
	if (error || pool->joined)
		return error;
	pool->joining = true;
	pthread_mutex_unlock(&pool->lock);
	pthread_join(pool->worker_handler, NULL);
	pthread_join(pool->task_handler, NULL);
	pthread_join(pool->result_handler, NULL);
	pthread_mutex_lock(&pool->lock);
	pool->joined = true;
	pool_move(pool, POOL_JOINED, NULL);
	return 0;
}

int pool_join_until(struct pool *pool, uint64_t deadline_ns)
{
	int error = 0;

	if (!pool_is_ours(pool))
		return -EINVAL;
	pthread_mutex_lock(&pool->lock);
	if (pool->state == POOL_OPEN)
		error = -EBUSY;
	else if (!pool->joined && pool_is_result_handler(pool))
		error = -EDEADLK;
	else
		error = join_helpers(pool, deadline_ns);
	pthread_mutex_unlock(&pool->lock);
	return error;
}

int pool_join(struct pool *pool)
{
	return pool_join_until(pool, WAKE_NEVER);
}

void pool_free(struct pool *pool)
{
	publisher_close(pool->publisher);
	if (pool->epoll >= 0)
		close(pool->epoll);
	if (pool->wake_fd >= 0)
		close(pool->wake_fd);
	free(pool->workers);
	free(pool);
}

static int drop_inherited(struct pool *pool)
{
	struct publisher *publisher;

	if (worker_self(&publisher))
		return -EINVAL; /* the task that runs stands on it */
	arena_drop_inherited(pool->arena);
	pool_free(pool);
	return 0;
}

int pool_destroy(struct pool *pool)
{
	int error;

	if (!pool)
		return 0;
	if (!pool_is_ours(pool))
		return drop_inherited(pool);
	pool_terminate(pool);
	error = pool_join(pool);
	if (error)
		return error;
	pool_list_remove(pool);
	pthread_mutex_destroy(&pool->lock);
	pthread_cond_destroy(&pool->changed);
	pthread_cond_destroy(&pool->feed_wanted);
	arena_release(pool->arena);
	pool_free(pool);
	return 0;
}

/* ---- questions --------------------------------------------------------------------------------------------------------- */

const char *pool_name(const struct pool *pool)
{
	return pool->name;
}

unsigned pool_workers(const struct pool *pool)
{
	return pool->nr_workers;
}

pid_t pool_worker_pid(struct pool *pool, unsigned slot)
{
	pid_t pid;

	if (!pool_is_ours(pool) || slot >= pool->nr_workers)
		return 0;
	pthread_mutex_lock(&pool->lock);
	pid = pool->workers[slot].pid;
	pthread_mutex_unlock(&pool->lock);
	return pid;
}

const char *pool_broken_reason(struct pool *pool)
{
	bool broken = false;

	if (!pool_is_ours(pool))
		return NULL;
	pthread_mutex_lock(&pool->lock);
	broken = pool->reason[0];
	pthread_mutex_unlock(&pool->lock);
	return broken ? pool->reason : NULL;
}

const char *pool_unobserved_reason(const struct pool *pool)
{
	return pool->unobserved ? pool->unobserved_reason : NULL;
}
