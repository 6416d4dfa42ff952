/* pool_create.c: what does a pool need before it takes its first job, and who is told if that cannot be had? */
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
	pool_condition_init(&pool->changed);
	pool_condition_init(&pool->feed_wanted);
	if (pool->workers)
		return pool;
	free(pool);
	return NULL;
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
