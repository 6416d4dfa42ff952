/* pool_callers.c: may many threads use one pool at once, in every way?
 *
 * ThreadSanitizer watches the threads of the parent: jobs, backlog, collecting and following, callbacks, the helpers. It
 * does not see that a worker is another process that writes to the same memory; what passes there is atomic, and
 * pool_ring.c runs both sides of it as threads. */
#include "tests/unit/pool_test.h"

#include <pthread.h>

enum { CALLERS = 6 };
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
enum { ROUNDS = 152 };
#else
enum { ROUNDS = 1500 };
#endif

static struct pool *pool;
static _Atomic long nr_called, nr_wrong;

static void expect(bool right)
{
	if (!right)
		atomic_fetch_add(&nr_wrong, 1);
}

static void expect_square(struct pool_result *result, size_t item, long n)
{
	struct pool_bytes value = pool_result_value(result, item);

	expect(value.size == sizeof(long) && *(const long *)value.data == n * n);
}

static void called(struct pool_result *result, void *context)
{
	expect_square(result, 0, (long)(intptr_t)context);
	atomic_fetch_add(&nr_called, 1);
}

static void apply_one(long n)
{
	struct pool_result *result;

	expect(pool_apply(pool, square, &n, sizeof(n), &result) == 0);
	expect_square(result, 0, n);
	pool_result_release(result);
}

static void apply_and_look(long n)
{
	const struct pool_callbacks callbacks = { called, NULL, (void *)(intptr_t)n };
	struct pool_result *result;
	int error;

	expect(pool_apply_async(pool, square, &n, sizeof(n), &callbacks, &result) == 0);
	do
		error = pool_result_wait(result, n % 2);
	while (error == -ETIMEDOUT);
	expect(error == 0 && pool_result_ready(result));
	pool_result_release(result);
}

static void map_some(long n)
{
	long numbers[50];
	struct pool_result *result;

	for (long i = 0; i < 50; i++)
		numbers[i] = n + i;
	expect(pool_map_array(pool, square, numbers, sizeof(long), 50, (size_t)n % 4, &result) == 0);
	for (size_t i = 0; i < 50; i++)
		expect_square(result, i, numbers[i]);
	pool_result_release(result);
}

static void apply_large(long n)
{
	size_t size = 1000 + (size_t)n * 37;
	char *bytes = malloc(size);
	struct pool_result *result;

	memset(bytes, (int)n, size);
	expect(pool_apply(pool, echo, bytes, size, &result) == 0);
	expect(pool_result_value(result, 0).size == size && !memcmp(pool_result_value(result, 0).data, bytes, size));
	pool_result_release(result);
	free(bytes);
}

static void *call(void *argument)
{
	static void (*const ways[])(long n) = { apply_one, apply_and_look, map_some, apply_large };
	long caller = (long)(intptr_t)argument;

	for (long i = 0; i < ROUNDS; i++)
		ways[(caller + i) % 4](caller * ROUNDS + i);
	return NULL;
}

static void *ask_and_tell(void *argument)
{
	(void)argument;
	for (int i = 0; i < ROUNDS; i++) {
		pool_worker_pid(pool, (unsigned)i % 3);
		poolscope_note("a note");
		breathe();
	}
	return NULL;
}

static void callers_do_not_disturb_each_other(void **state)
{
	pthread_t callers[CALLERS], other;

	(void)state;
	pool = open_pool(3);
	for (long i = 0; i < CALLERS; i++)
		pthread_create(&callers[i], NULL, call, (void *)(intptr_t)i);
	pthread_create(&other, NULL, ask_and_tell, NULL);
	for (int i = 0; i < CALLERS; i++)
		pthread_join(callers[i], NULL);
	pthread_join(other, NULL);
	assert_int_equal(atomic_load(&nr_wrong), 0);
	pool_close(pool);
	assert_int_equal(pool_join(pool), 0);
	assert_int_equal(atomic_load(&nr_called), CALLERS * ROUNDS / 4);
	pool_destroy(pool);
}

/* All wait when the pool ends under them. */
static void *wait_to_be_cancelled(void *argument)
{
	struct pool_result *result = start_hold(pool);

	(void)argument;
	atomic_fetch_add(&board->count, 1);
	expect(pool_result_get(result, POOL_FOREVER) == -ECANCELED);
	pool_result_release(result);
	return NULL;
}

static void *join_it(void *argument)
{
	(void)argument;
	expect(pool_join(pool) == 0);
	return NULL;
}

static void termination_reaches_everybody(void **state)
{
	pthread_t waiting[CALLERS], joining[2];

	(void)state;
	pool = open_pool(2);
	for (int i = 0; i < CALLERS; i++)
		pthread_create(&waiting[i], NULL, wait_to_be_cancelled, NULL);
	while (atomic_load(&board->count) < CALLERS)
		breathe();
	wait_until_started(2);
	pool_terminate(pool);
	for (int i = 0; i < 2; i++)
		pthread_create(&joining[i], NULL, join_it, NULL);
	for (int i = 0; i < CALLERS; i++)
		pthread_join(waiting[i], NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(joining[i], NULL);
	assert_int_equal(atomic_load(&nr_wrong), 0);
	pool_destroy(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		pool_test(callers_do_not_disturb_each_other),
		pool_test(termination_reaches_everybody),
	};

	return run_pool_tests(tests);
}
