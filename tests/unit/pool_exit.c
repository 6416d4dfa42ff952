/* pool_exit.c: does nobody come to harm when a program with a pool forks, exits or is killed? */
#include "tests/unit/pool_test.h"

#include <sys/prctl.h>

static struct pool *inherited;

static int use_inherited(void)
{
	struct pool_result *result;

	if (pool_apply(inherited, square, &(long){ 1 }, sizeof(long), &result) != -EINVAL || result)
		return 1;
	if (pool_close(inherited) != -EINVAL || pool_terminate(inherited) != -EINVAL || pool_join(inherited) != -EINVAL)
		return 2;
	return pool_destroy(inherited) ? 3 : 0;
}

static void a_forked_child_harms_nothing(void **state)
{
	struct pool_result *held;

	(void)state;
	inherited = open_pool(2);
	held = start_hold(inherited);
	wait_until_started(1);
	assert_int_equal(in_child(use_inherited), 0);
	assert_works(inherited);
	assert_int_equal(private_runtime_files(), 1);
	atomic_store(&board->go, 1);
	assert_int_equal(pool_result_get(held, POOL_FOREVER), 0);
	pool_result_release(held);
	pool_destroy(inherited);
	assert_int_equal(private_runtime_files(), 0);
}

static int call_inherited(const void *argument, size_t size, struct pool_output *output)
{
	int error = pool_apply(inherited, square, argument, size, NULL);

	return pool_output_write(output, &error, sizeof(error));
}

static void a_worker_cannot_use_its_own_pool(void **state)
{
	struct pool_result *result;

	(void)state;
	inherited = NULL;
	inherited = open_pool(1);
	assert_int_equal(pool_apply(inherited, call_inherited, &(long){ 1 }, sizeof(long), &result), 0);
	assert_int_equal(*(const int *)pool_result_value(result, 0).data, -EINVAL);
	pool_result_release(result);
	pool_destroy(inherited);
}

static int open_and_exit(void)
{
	struct pool *pool = open_pool(2);

	start_hold(pool);
	wait_until_started(1);
	exit(0);
}

static void exit_at_once(struct pool_result *result, void *context)
{
	(void)result;
	(void)context;
	exit(0);
}

static int exit_in_a_callback(void)
{
	const struct pool_callbacks callbacks = { exit_at_once, NULL, NULL };

	pool_apply_async(open_pool(2), square, &(long){ 1 }, sizeof(long), &callbacks, NULL);
	return pause();
}

static void sleep_without_end(struct pool_result *result, void *context)
{
	(void)result;
	atomic_store((_Atomic int *)context, 1);
	for (;;)
		pause();
}

static int exit_beside_a_callback(void)
{
	_Atomic int called = 0;
	const struct pool_callbacks callbacks = { sleep_without_end, NULL, (void *)&called };

	pool_apply_async(open_pool(2), square, &(long){ 1 }, sizeof(long), &callbacks, NULL);
	while (!atomic_load(&called))
		breathe();
	exit(0);
}

static void exit_does_not_wait_for_callbacks(void **state)
{
	(void)state;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	assert_int_equal(in_child(exit_in_a_callback), 0);
	assert_int_equal(in_child(exit_beside_a_callback), 0);
	while (waitpid(-1, NULL, 0) > 0)
		;
	assert_int_equal(errno, ECHILD);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
}

static void exit_without_destroy_leaves_nothing(void **state)
{
	(void)state;
	prctl(PR_SET_CHILD_SUBREAPER, 1); /* a worker that outlived its parent would be ours */
	assert_int_equal(in_child(open_and_exit), 0);
	assert_int_equal(waitpid(-1, NULL, 0), -1);
	assert_int_equal(private_runtime_files(), 0);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
}

static int open_and_be_killed(void)
{
	struct pool *pool = open_pool(3);

	start_hold(pool);
	wait_until_started(1);
	return raise(SIGKILL);
}

static void a_killed_parent_takes_its_workers_with_it(void **state)
{
	int status, nr = 0;

	(void)state;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	assert_int_equal(in_child(open_and_be_killed), SIGKILL);
	for (; waitpid(-1, &status, 0) > 0; nr++)
		assert_true(status == SIGKILL || status == 0); /* 0: it began when its parent was gone already */
	assert_int_equal(nr, 3);
	assert_true(private_runtime_files() > 0); /* its last moments can be read */
	prctl(PR_SET_CHILD_SUBREAPER, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		pool_test(a_forked_child_harms_nothing),
		pool_test(a_worker_cannot_use_its_own_pool),
		pool_test(exit_without_destroy_leaves_nothing),
		pool_test(exit_does_not_wait_for_callbacks),
		pool_test(a_killed_parent_takes_its_workers_with_it),
	};

	return run_pool_tests(tests);
}
