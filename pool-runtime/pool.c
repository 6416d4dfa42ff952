/* pool.c: how does a pool begin, and how does it end?
 *
 *	open --close--> closing --last job--> (workers leave) --join--> joined
 *	  |                |                                              ^
 *	  +----------------+--terminate--> terminating --(workers die)----+
 *	  '--starts fail---'-------------> broken -------(workers die)----' */
#include "pool_internal.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

static const uint64_t spin_ns = 30000; /* about what it costs to be woken on another processor */

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

/* ---- create ------------------------------------------------------------------------------------------------------------ */

/* The processors that this process may use. The set grows until it holds as many as the kernel has. */
static unsigned nr_processors(void)
{
	for (int nr = 1024; nr <= 1 << 20; nr *= 2) {
		size_t size = CPU_ALLOC_SIZE(nr);
		cpu_set_t *set = CPU_ALLOC(nr);
		int count = set && !sched_getaffinity(0, size, set) ? CPU_COUNT_S(size, set) : 0;

		CPU_FREE(set);
		if (count > 0)
			return (unsigned)count;
	}
	return 1;
}

static int options_check(const struct pool_options *options)
{
	if (options->of != POOL_OF_PROCESSES && options->of != POOL_OF_THREADS)
		return -EINVAL;
	if (options->start_method < POOL_BY_DEFAULT || options->start_method > POOL_BY_FORKSERVER)
		return -EINVAL;
	if (options->workers > POOL_MAX_WORKERS || options->retries > POOL_MAX_RETRIES)
		return -EINVAL;
	if (options->of != POOL_OF_PROCESSES || options->start_method > POOL_BY_FORK)
		return -ENOTSUP;
	return 0;
}

static struct pool *pool_allocate(const struct pool_options *options)
{
	struct pool *pool = calloc(1, sizeof(*pool));
	unsigned processors = nr_processors();

	if (!pool)
		return NULL;
	pool->options = *options;
	snprintf(pool->name, sizeof(pool->name), "%s", options->name ? options->name : program_invocation_short_name);
	pool->generation = fork_generation();
	pool->owner = getpid();
	pool->nr_workers = options->workers ? options->workers : processors;
	pool->spin_ns = pool->nr_workers > processors ? 0 : spin_ns;
	pool->workers = calloc(pool->nr_workers, sizeof(*pool->workers));
	pool->epoll = pool->wake_fd = -1;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->changed, NULL);
	pthread_cond_init(&pool->feed_wanted, NULL);
	if (pool->workers)
		return pool;
	free(pool);
	return NULL;
}

static void pool_free(struct pool *pool)
{
	publisher_close(pool->publisher);
	if (pool->epoll >= 0)
		close(pool->epoll);
	if (pool->wake_fd >= 0)
		close(pool->wake_fd);
	free(pool->workers);
	free(pool);
}

static int pool_open_descriptors(struct pool *pool)
{
	pool->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (pool->epoll < 0)
		return -errno;
	pool->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return pool->wake_fd < 0 ? -errno : 0;
}

static void pool_publish(struct pool *pool)
{
	const struct publisher_plan plan = {
		.name = pool->name, .kind = KIND_PROCESS, .start_method = START_FORK,
		.nr_workers = pool->nr_workers, .max_workers = pool->nr_workers, .nr_queues = 3,
	};

	pool->unobserved = publisher_open(&plan, &pool->publisher);
	if (pool->unobserved == -ECANCELED)
		snprintf(pool->unobserved_reason, REASON_SIZE, "publishing is switched off by POOLSCOPE=off");
	else if (pool->unobserved)
		snprintf(pool->unobserved_reason, REASON_SIZE, "its segment cannot be made: %s",
		         strerrordesc_np(-pool->unobserved));
	publish_queue_named(pool->publisher, 0, "backlog", 0);
	publish_queue_named(pool->publisher, 1, "tasks", TASK_RING_CAPACITY);
	publish_queue_named(pool->publisher, 2, "results", (uint64_t)pool->ring_capacity * pool->nr_workers);
}

/* The worker handler comes first and forks; the fewer threads there are by then the better. */
static int wait_until_started(struct pool *pool)
{
	int error;

	pthread_mutex_lock(&pool->lock);
	while (!pool->started)
		pthread_cond_wait(&pool->changed, &pool->lock);
	error = pool->start_error;
	pthread_mutex_unlock(&pool->lock);
	return error;
}

/* Helpers handle no signals: those are for the program's own threads. */
static int pool_start_helpers(struct pool *pool)
{
	static void *(*const helpers[])(void *) = { worker_handler, task_handler, result_handler };
	pthread_t *const threads[] = { &pool->worker_handler, &pool->task_handler, &pool->result_handler };
	sigset_t all;
	int error = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &pool->signals);
	while (!error && pool->nr_helpers < 3) {
		error = -pthread_create(threads[pool->nr_helpers], NULL, helpers[pool->nr_helpers], pool);
		if (!error && pool->nr_helpers++ == 0)
			error = wait_until_started(pool);
	}
	pthread_sigmask(SIG_SETMASK, &pool->signals, NULL);
	return error;
}

/* Of a pool that could not start whole. */
static void pool_stop_helpers(struct pool *pool)
{
	const pthread_t threads[] = { pool->worker_handler, pool->task_handler, pool->result_handler };

	if (pool->nr_helpers)
		pool_terminate(pool);
	for (unsigned i = 0; i < pool->nr_helpers; i++)
		pthread_join(threads[i], NULL);
}

int pool_create(const struct pool_options *options, struct pool **result)
{
	static const struct pool_options defaults;
	struct pool *pool;
	int error;

	if (!result)
		return -EINVAL;
	options = options ? options : &defaults;
	error = options_check(options);
	if (error)
		return error;
	pool = pool_allocate(options);
	if (!pool)
		return -ENOMEM;
	error = pool_open_descriptors(pool);
	if (!error)
		error = pool_shared_create(pool);
	if (!error) {
		pool_publish(pool);
		error = pool_start_helpers(pool);
	}
	if (error) {
		pool_stop_helpers(pool);
		if (pool->arena)
			arena_release(pool->arena);
		pool_free(pool);
		return error;
	}
	pool_list_add(pool);
	*result = pool;
	return 0;
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

/* Under the lock, which it leaves while it waits. One thread joins the helpers, others wait for that. */
static void join_helpers(struct pool *pool)
{
	while (pool->joining && !pool->joined)
		pthread_cond_wait(&pool->changed, &pool->lock);
	if (pool->joined)
		return;
	pool->joining = true;
	pthread_mutex_unlock(&pool->lock);
	pthread_join(pool->worker_handler, NULL);
	pthread_join(pool->task_handler, NULL);
	pthread_join(pool->result_handler, NULL);
	pthread_mutex_lock(&pool->lock);
	pool->joined = true;
	pool_move(pool, POOL_JOINED, NULL);
}

int pool_join(struct pool *pool)
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
		join_helpers(pool);
	pthread_mutex_unlock(&pool->lock);
	return error;
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
