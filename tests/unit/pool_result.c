/* pool_result.c: can a caller look, wait, give up and be called back, as it likes? */
#include "tests/unit/pool_test.h"

static void a_wait_that_ends_leaves_the_task_running(void **state)
{
	struct pool *pool = open_pool(1);
	struct pool_result *result = start_hold(pool);

	(void)state;
	wait_until_started(1);
	assert_false(pool_result_ready(result));
	assert_false(pool_result_successful(result));
	assert_int_equal(pool_result_wait(result, 0), -ETIMEDOUT);
	assert_int_equal(pool_result_get(result, 20), -ETIMEDOUT);
	assert_null(pool_result_error(result));
	assert_int_equal(pool_result_value(result, 0).size, 0);
	assert_int_equal(pool_result_tasks_done(result), 0);
	atomic_store(&board->go, 1);
	assert_int_equal(pool_result_get(result, POOL_FOREVER), 0);
	assert_true(pool_result_ready(result));
	assert_true(pool_result_successful(result));
	assert_int_equal(pool_result_wait(result, 0), 0);
	pool_result_release(result);
	pool_destroy(pool);
}

static void a_result_gets_ready_though_nobody_waits(void **state)
{
	struct pool *pool = open_pool(2);
	struct pool_result *result;

	(void)state;
	assert_int_equal(pool_apply_async(pool, square, &(long){ 9 }, sizeof(long), NULL, &result), 0);
	while (!pool_result_ready(result))
		breathe();
	assert_int_equal(*(const long *)pool_result_value(result, 0).data, 81);
	pool_result_release(result);
	pool_destroy(pool);
}

static void a_backlog_moves_though_nobody_waits(void **state)
{
	enum { NR = 20000 };
	struct pool *pool = open_pool(2);
	struct pool_result *result;
	long *numbers = calloc(NR, sizeof(*numbers));

	(void)state;
	assert_int_equal(pool_map_array_async(pool, square, numbers, sizeof(long), NR, 1, NULL, &result), 0);
	while (!pool_result_ready(result))
		breathe();
	assert_true(pool_result_successful(result));
	pool_result_release(result);
	free(numbers);
	pool_destroy(pool);
}

static void a_result_may_be_released_before_it_is_ready(void **state)
{
	struct pool *pool = open_pool(1);

	(void)state;
	pool_result_release(start_hold(pool));
	assert_int_equal(pool_apply_async(pool, square, &(long){ 1 }, sizeof(long), NULL, NULL), 0);
	atomic_store(&board->go, 1);
	assert_works(pool);
	pool_destroy(pool);
}

static void a_result_outlives_its_pool(void **state)
{
	enum { SIZE = 100000 };
	struct pool *pool = open_pool(1);
	struct pool_result *large, *small;
	char *bytes = calloc(1, SIZE);

	(void)state;
	bytes[SIZE - 1] = 'x';
	assert_int_equal(pool_apply(pool, echo, bytes, SIZE, &large), 0);
	assert_int_equal(pool_apply(pool, square, &(long){ 3 }, sizeof(long), &small), 0);
	pool_destroy(pool);
	assert_memory_equal(pool_result_value(large, 0).data, bytes, SIZE);
	assert_int_equal(pool_result_get(small, POOL_FOREVER), 0);
	assert_int_equal(*(const long *)pool_result_value(small, 0).data, 9);
	pool_result_release(large);
	pool_result_release(small);
	free(bytes);
}

/* ---- callbacks ---- */

struct called {
	struct pool *pool;
	_Atomic int done, failed;
	long value;
	int code;
};

static void note_done(struct pool_result *result, void *context)
{
	struct called *called = context;

	called->value = *(const long *)pool_result_value(result, 0).data;
	called->code = pool_result_get(result, POOL_FOREVER);
	atomic_fetch_add(&called->done, 1);
}

static void note_failed(struct pool_result *result, void *context)
{
	struct called *called = context;

	called->code = pool_result_get(result, POOL_FOREVER);
	atomic_fetch_add(&called->failed, 1);
}

static int refuse(const void *argument, size_t size, struct pool_output *output)
{
	(void)argument;
	(void)size;
	return pool_fail(output, "no");
}

static void callbacks_run_before_the_result_is_ready(void **state)
{
	struct pool *pool = open_pool(2);
	struct called called = { .done = 0 };
	const struct pool_callbacks callbacks = { note_done, note_failed, &called };

	(void)state;
	for (int i = 1; i <= 100; i++) {
		struct pool_result *good, *bad;
		long n = i;

		assert_int_equal(pool_apply_async(pool, square, &n, sizeof(n), &callbacks, &good), 0);
		assert_int_equal(pool_result_get(good, POOL_FOREVER), 0);
		assert_int_equal(atomic_load(&called.done), i);
		assert_int_equal(called.value, n * n);
		assert_int_equal(pool_apply_async(pool, refuse, NULL, 0, &callbacks, &bad), 0);
		assert_int_equal(pool_result_get(bad, POOL_FOREVER), -EREMOTEIO);
		assert_int_equal(atomic_load(&called.failed), i);
		assert_int_equal(called.code, -EREMOTEIO);
		pool_result_release(good);
		pool_result_release(bad);
	}
	pool_destroy(pool);
}

/* Everything that would lock up a pool that runs callbacks under a lock. */
static void use_the_pool(struct pool_result *result, void *context)
{
	struct called *called = context;
	struct pool_callbacks callbacks = { note_done, NULL, called };
	struct pool_result *inner;

	(void)result;
	assert_works(called->pool);
	pool_apply_async(called->pool, square, &(long){ 5 }, sizeof(long), &callbacks, &inner);
	called->code = pool_result_get(inner, POOL_FOREVER);
	pool_result_release(inner);
	pool_close(called->pool);
	assert_int_equal(pool_join(called->pool), -EDEADLK);
	assert_int_equal(pool_destroy(called->pool), -EDEADLK);
	atomic_fetch_add(&called->failed, 1);
}

static void a_callback_may_use_the_pool(void **state)
{
	struct pool *pool = open_pool(1);
	struct called called = { .pool = pool, .code = -1 };
	const struct pool_callbacks callbacks = { use_the_pool, NULL, &called };

	(void)state;
	assert_int_equal(pool_apply_async(pool, square, &(long){ 2 }, sizeof(long), &callbacks, NULL), 0);
	while (!atomic_load(&called.failed))
		breathe();
	pool_join(pool);
	assert_int_equal(called.code, 0);
	assert_int_equal(called.done, 1);
	assert_int_equal(called.value, 25);
	pool_destroy(pool);
}

static void no_items_are_done_at_once(void **state)
{
	struct pool *pool = open_pool(1);
	struct called called = { .done = 0 };
	const struct pool_callbacks callbacks = { note_failed, NULL, &called };
	struct pool_result *result;

	(void)state;
	assert_int_equal(pool_map_async(pool, square, NULL, 0, 0, &callbacks, &result), 0);
	assert_int_equal(pool_result_get(result, POOL_FOREVER), 0);
	assert_int_equal(pool_result_count(result), 0);
	assert_int_equal(called.failed, 1);
	pool_result_release(result);
	pool_destroy(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		pool_test(a_wait_that_ends_leaves_the_task_running),
		pool_test(a_result_gets_ready_though_nobody_waits),
		pool_test(a_backlog_moves_though_nobody_waits),
		pool_test(a_result_may_be_released_before_it_is_ready),
		pool_test(a_result_outlives_its_pool),
		pool_test(callbacks_run_before_the_result_is_ready),
		pool_test(a_callback_may_use_the_pool),
		pool_test(no_items_are_done_at_once),
	};

	return run_pool_tests(tests);
}
