/* submit.c: how does a call become a job, and when is its caller let go? */
#include "pool_internal.h"

#include <errno.h>
#include <stdlib.h>

size_t pool_default_chunk(size_t nr_items, unsigned workers)
{
	size_t shares = 4 * (size_t)workers;

	return shares ? nr_items / shares + (nr_items % shares != 0) : nr_items;
}

/* A call, before it is a job: what is handed over is still the caller's. */
static struct pool_result call_of(pool_function *function, const char *name, enum job_call call)
{
	return (struct pool_result){
		.function = function, .name = name ? name : "a function", .call = call, .nr_items = 1, .chunk = 1,
	};
}

static int plan_check(const struct pool *pool, const struct pool_result *plan)
{
	if (!pool_is_ours(pool) || !plan->function)
		return -EINVAL;
	if (plan->nr_items && !plan->items && !plan->array && plan->item_size)
		return -EINVAL;
	if (plan->item_size && plan->nr_items > SIZE_MAX / 4 / plan->item_size)
		return -EINVAL;
	return 0;
}

static int plan_cut(const struct pool *pool, struct pool_result *plan)
{
	size_t nr_tasks;

	if (!plan->chunk)
		plan->chunk = pool_default_chunk(plan->nr_items, pool->nr_workers);
	nr_tasks = plan->nr_items ? (plan->nr_items - 1) / plan->chunk + 1 : 0;
	if (nr_tasks >= NO_TASK || plan->chunk >= UINT32_MAX)
		return -E2BIG;
	plan->nr_tasks = (uint32_t)nr_tasks;
	return 0;
}

static int refusal(const struct pool *pool)
{
	if (pool->reason[0])
		return -ENOTRECOVERABLE;
	return pool->state == POOL_OPEN ? 0 : -ESHUTDOWN;
}

/* Under the lock. */
static void job_submit(struct pool *pool, struct pool_result *job, unsigned *woken)
{
	job->number = ++pool->last_job;
	job->first_task = pool->last_task + 1;
	job->name_id = publisher_name(pool->publisher, job->name);
	pool->last_task += job->nr_tasks;
	pool->nr_queued += job->nr_tasks;
	publish_job_submitted(pool->publisher, job->number, job->call, job->nr_tasks, (uint32_t)job->chunk,
	                      job->name_id);
	publish_queue_in(pool->publisher, 0, pool->nr_queued);
	atomic_fetch_add_explicit(&job->references, 1, memory_order_relaxed); /* the pool's */
	job_insert(pool, job);
	if (!job->nr_tasks) {
		job_complete(pool, job);
		return;
	}
	job_queue_add(&pool->backlog, job);
	job->in_backlog = true;
	*woken = feed_tasks(pool);
}

/* *result: the job, with a reference for the caller. */
static int submit(struct pool *pool, struct pool_result *plan, bool copy, struct pool_result **result,
                  unsigned *woken)
{
	struct pool_result *job;
	int error = plan_check(pool, plan);

	if (!error)
		error = plan_cut(pool, plan);
	if (!error)
		error = job_create(pool, plan, copy, &job);
	if (error)
		return error;
	pthread_mutex_lock(&pool->lock);
	error = refusal(pool);
	if (!error)
		job_submit(pool, job, woken);
	pthread_mutex_unlock(&pool->lock);
	if (error)
		job_release(job);
	else
		*result = job;
	return error;
}

static int submit_and_wait(struct pool *pool, struct pool_result *plan, struct pool_result **result)
{
	struct pool_result *job;
	unsigned woken = 0;
	int error;

	if (result)
		*result = NULL;
	error = submit(pool, plan, false, &job, &woken);
	if (error)
		return error;
	/* A worker that must be woken needs longer than it pays to spin; and on this processor it runs soonest. */
	collect_until_ready(pool, job, WAKE_NEVER, !woken);
	error = job->error.code;
	if (result)
		*result = job;
	else
		job_release(job);
	return error;
}

static int submit_and_go(struct pool *pool, struct pool_result *plan, const struct pool_callbacks *callbacks,
                         struct pool_result **result)
{
	struct pool_result *job;
	unsigned woken = 0;
	int error;

	if (result)
		*result = NULL;
	if (callbacks) {
		plan->callbacks = *callbacks;
		plan->has_callbacks = true;
	}
	error = submit(pool, plan, true, &job, &woken);
	if (error)
		return error;
	if (result)
		*result = job;
	else
		job_release(job);
	return 0;
}

/* ---- the calls ------------------------------------------------------------------------------------------------------- */

int pool_apply_named(struct pool *pool, pool_function *function, const char *name, const void *argument, size_t size,
                     struct pool_result **result)
{
	struct pool_result plan = call_of(function, name, CALL_APPLY);

	plan.array = argument;
	plan.item_size = size;
	return submit_and_wait(pool, &plan, result);
}

int pool_apply_async_named(struct pool *pool, pool_function *function, const char *name, const void *argument,
                           size_t size, const struct pool_callbacks *callbacks, struct pool_result **result)
{
	struct pool_result plan = call_of(function, name, CALL_APPLY_ASYNC);

	plan.array = argument;
	plan.item_size = size;
	return submit_and_go(pool, &plan, callbacks, result);
}

static struct pool_result map_of(pool_function *function, const char *name, enum job_call call,
                                 const struct pool_bytes *items, size_t nr_items, size_t chunk)
{
	struct pool_result plan = call_of(function, name, call);

	plan.items = items;
	plan.nr_items = nr_items;
	plan.chunk = chunk;
	return plan;
}

static struct pool_result map_array_of(pool_function *function, const char *name, enum job_call call,
                                       const void *array, size_t item_size, size_t nr_items, size_t chunk)
{
	struct pool_result plan = map_of(function, name, call, NULL, nr_items, chunk);

	plan.array = array;
	plan.item_size = item_size;
	return plan;
}

int pool_map_named(struct pool *pool, pool_function *function, const char *name, const struct pool_bytes *items,
                   size_t nr_items, size_t chunk, struct pool_result **result)
{
	struct pool_result plan = map_of(function, name, CALL_MAP, items, nr_items, chunk);

	return nr_items && !items ? -EINVAL : submit_and_wait(pool, &plan, result);
}

int pool_map_async_named(struct pool *pool, pool_function *function, const char *name, const struct pool_bytes *items,
                         size_t nr_items, size_t chunk, const struct pool_callbacks *callbacks,
                         struct pool_result **result)
{
	struct pool_result plan = map_of(function, name, CALL_MAP_ASYNC, items, nr_items, chunk);

	return nr_items && !items ? -EINVAL : submit_and_go(pool, &plan, callbacks, result);
}

int pool_map_array_named(struct pool *pool, pool_function *function, const char *name, const void *array,
                         size_t item_size, size_t nr_items, size_t chunk, struct pool_result **result)
{
	struct pool_result plan = map_array_of(function, name, CALL_MAP, array, item_size, nr_items, chunk);

	return submit_and_wait(pool, &plan, result);
}

int pool_map_array_async_named(struct pool *pool, pool_function *function, const char *name, const void *array,
                               size_t item_size, size_t nr_items, size_t chunk,
                               const struct pool_callbacks *callbacks, struct pool_result **result)
{
	struct pool_result plan = map_array_of(function, name, CALL_MAP_ASYNC, array, item_size, nr_items, chunk);

	return submit_and_go(pool, &plan, callbacks, result);
}
