/* result_handler.c: who brings results back while no caller waits, and who runs the callbacks? */
#include "pool_internal.h"

/* Under the lock, which is left while the program's function runs. */
static void run_callback(struct pool *pool, struct pool_result *job)
{
	const struct pool_callbacks *callbacks = &job->callbacks;

	pthread_mutex_unlock(&pool->lock);
	if (job->error.text && callbacks->failed)
		callbacks->failed(job, callbacks->context);
	if (!job->error.text && callbacks->done)
		callbacks->done(job, callbacks->context);
	pthread_mutex_lock(&pool->lock);
	job_become_ready(pool, job);
}

/* Under the lock. Something was done; look again. */
static bool handle_some(struct pool *pool)
{
	struct pool_result *job = job_queue_take(&pool->callbacks);
	bool collected = !atomic_load(&pool->shared->caller_collects) && collect_results(pool);

	if (collected && pool->backlog.first) {
		pool->feeding_wanted = true;
		pthread_cond_signal(&pool->feed_wanted);
	}
	if (job)
		run_callback(pool, job);
	return job || collected;
}

/* Without the lock. bell: from before the last look. */
static void sleep_until_rung(struct pool *pool, uint32_t bell)
{
	struct pool_shared *shared = pool->shared;

	atomic_store(&shared->handler_sleeps, 1);
	if (atomic_load(&shared->caller_collects) || !collect_is_there(pool)) {
		publish_helper_state(pool->publisher, ROLE_RESULT_HANDLER, THREAD_WAITING);
		wake_wait(&shared->handler_bell, bell, WAKE_NEVER);
		publish_helper_state(pool->publisher, ROLE_RESULT_HANDLER, THREAD_RUNNING);
	}
	atomic_store(&shared->handler_sleeps, 0);
}

void *result_handler(void *argument)
{
	struct pool *pool = argument;

	helper_begin(pool, ROLE_RESULT_HANDLER, "results");
	pthread_mutex_lock(&pool->lock);
	for (;;) {
		uint32_t bell = atomic_load(&pool->shared->handler_bell);

		if (handle_some(pool))
			continue;
		if (pool->workers_gone)
			break;
		pthread_mutex_unlock(&pool->lock);
		sleep_until_rung(pool, bell);
		pthread_mutex_lock(&pool->lock);
	}
	helper_end(pool, ROLE_RESULT_HANDLER);
	return NULL;
}
