/* result.c: what may a caller ask of a result? */
#include "pool_internal.h"

#include <errno.h>

static bool is_ready(const struct pool_result *result)
{
	return atomic_load_explicit(&result->state, memory_order_acquire) == JOB_READY;
}

/* Its values may be looked at: by anyone once it is ready, before that by its own callback. */
static bool is_readable(const struct pool_result *result)
{
	int state = atomic_load_explicit(&result->state, memory_order_acquire);

	return state == JOB_READY || (state == JOB_COMPLETE && result->generation == fork_generation() &&
	                              pool_is_result_handler(result->pool));
}

int pool_result_wait(struct pool_result *result, int timeout_ms)
{
	if (is_readable(result))
		return 0;
	if (result->generation != fork_generation())
		return -EINVAL;
	return collect_until_ready(result->pool, result, wake_deadline_ns(timeout_ms), timeout_ms != 0);
}

int pool_result_get(struct pool_result *result, int timeout_ms)
{
	int error = pool_result_wait(result, timeout_ms);

	return error ? error : result->error.code;
}

bool pool_result_ready(const struct pool_result *result)
{
	return is_ready(result);
}

bool pool_result_successful(const struct pool_result *result)
{
	return is_readable(result) && !result->error.text;
}

size_t pool_result_count(const struct pool_result *result)
{
	return result->nr_items;
}

size_t pool_result_tasks(const struct pool_result *result)
{
	return result->nr_tasks;
}

size_t pool_result_tasks_done(const struct pool_result *result)
{
	return atomic_load_explicit(&result->nr_done, memory_order_relaxed);
}

struct pool_bytes pool_result_value(const struct pool_result *result, size_t item)
{
	if (item >= result->nr_items || !is_readable(result))
		return (struct pool_bytes){ NULL, 0 };
	return result->values[item];
}

const struct pool_error *pool_result_error(const struct pool_result *result)
{
	return is_readable(result) && result->error.text ? &result->error : NULL;
}

void pool_result_release(struct pool_result *result)
{
	if (result)
		job_release(result);
}
