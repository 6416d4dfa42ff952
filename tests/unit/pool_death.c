/* pool_death.c: when a worker dies, does its task say so, does everybody else go on, and is it replaced? */
#include "tests/unit/pool_test.h"

static int die_of(const void *argument, size_t size, struct pool_output *output)
{
	(void)size;
	(void)output;
	/* a sanitizer's handler would turn the signal into an exit */
	signal(*(const int *)argument, SIG_DFL);
	raise(*(const int *)argument);
	return 0;
}

static int leave_with(const void *argument, size_t size, struct pool_output *output)
{
	(void)size;
	(void)output;
	_exit(*(const int *)argument);
}

static void the_error_names_signal_worker_and_function(void **state)
{
	struct pool *pool = open_pool(2);
	const struct pool_error *error;
	struct pool_result *result;
	char expected[128];

	(void)state;
	assert_int_equal(pool_apply(pool, die_of, &(int){ SIGKILL }, sizeof(int), &result), -EOWNERDEAD);
	error = pool_result_error(result);
	snprintf(expected, sizeof(expected), "worker %d died of SIGKILL while running die_of", (int)error->pid);
	assert_string_equal(error->text, expected);
	assert_int_equal(error->signal, SIGKILL);
	assert_int_equal(error->exit_code, -1);
	assert_in_range(error->slot, 0, 1);
	assert_true(error->pid > 0);
	pool_result_release(result);
	assert_int_equal(pool_apply(pool, die_of, &(int){ SIGSEGV }, sizeof(int), &result), -EOWNERDEAD);
	assert_int_equal(pool_result_error(result)->signal, SIGSEGV);
	pool_result_release(result);
	assert_works(pool);
	pool_destroy(pool);
}

static void a_worker_that_exits_is_a_death_too(void **state)
{
	struct pool *pool = open_pool(1);
	struct pool_result *result;
	char expected[128];

	(void)state;
	for (int code = 0; code < 4; code++) {
		assert_int_equal(pool_apply(pool, leave_with, &code, sizeof(code), &result), -EOWNERDEAD);
		snprintf(expected, sizeof(expected), "worker %d exited with status %d while running leave_with",
		         (int)pool_result_error(result)->pid, code);
		assert_string_equal(pool_result_error(result)->text, expected);
		assert_int_equal(pool_result_error(result)->exit_code, code);
		assert_int_equal(pool_result_error(result)->signal, 0);
		pool_result_release(result);
	}
	assert_works(pool);
	pool_destroy(pool);
}

static void idle_workers_may_be_killed(void **state)
{
	struct pool *pool = open_pool(2);

	(void)state;
	for (int i = 0; i < 20; i++) {
		pid_t pid = pool_worker_pid(pool, (unsigned)i % 2), now;

		if (pid)
			kill(pid, SIGKILL);
		assert_works(pool);
		do
			now = pool_worker_pid(pool, (unsigned)i % 2);
		while (!now || now == pid);
	}
	pool_destroy(pool);
}

/* Holds for one item, late enough that a worker has learned to claim many at once: they wait behind it. */
enum { HOLDING = 1000 };
static int hold_one(const void *argument, size_t size, struct pool_output *output)
{
	return *(const long *)argument == HOLDING ? hold(argument, size, output) : square(argument, size, output);
}

static void no_innocent_task_fails(void **state)
{
	enum { NR = 3000 };
	struct pool *pool = open_pool(1);
	struct pool_result *result;
	long numbers[NR];

	(void)state;
	for (long i = 0; i < NR; i++)
		numbers[i] = i;
	assert_int_equal(pool_map_array_async(pool, hold_one, numbers, sizeof(long), NR, 1, NULL, &result), 0);
	wait_until_started(1);
	kill(atomic_load(&board->pid), SIGKILL);
	assert_int_equal(pool_result_get(result, POOL_FOREVER), -EOWNERDEAD);
	assert_int_equal(pool_result_error(result)->item, HOLDING);
	for (size_t i = 0; i < NR; i++) {
		struct pool_bytes value = pool_result_value(result, i);

		assert_int_equal(value.size, i == HOLDING ? 0 : sizeof(long));
		assert_true(!value.size || *(const long *)value.data == (long)(i * i));
	}
	pool_result_release(result);
	pool_destroy(pool);
}

static void others_take_what_a_slow_worker_claimed(void **state)
{
	enum { NR = 3000 };
	struct pool *pool = open_pool(2);
	struct pool_result *result;
	long numbers[NR];

	(void)state;
	for (long i = 0; i < NR; i++)
		numbers[i] = i;
	assert_int_equal(pool_map_array_async(pool, hold_one, numbers, sizeof(long), NR, 1, NULL, &result), 0);
	while (pool_result_tasks_done(result) < NR - 1)
		breathe();
	assert_false(pool_result_ready(result));
	atomic_store(&board->go, 1);
	assert_int_equal(pool_result_get(result, POOL_FOREVER), 0);
	pool_result_release(result);
	pool_destroy(pool);
}

/* Dies as often as the argument says, over all workers. */
static int die_some_times(const void *argument, size_t size, struct pool_output *output)
{
	if (atomic_fetch_add(&board->count, 1) < *(const int *)argument)
		raise(SIGKILL);
	return echo(argument, size, output);
}

static void a_lost_task_is_tried_again_if_asked_for(void **state)
{
	struct pool *pool;
	struct pool_result *result;
	int large[1000] = { 2 };

	(void)state;
	assert_int_equal(pool_create(&(struct pool_options){ .workers = 2, .retries = 2 }, &pool), 0);
	assert_int_equal(pool_apply(pool, die_some_times, &(int){ 2 }, sizeof(int), &result), 0);
	assert_int_equal(*(const int *)pool_result_value(result, 0).data, 2);
	pool_result_release(result);
	atomic_store(&board->count, 0);
	assert_int_equal(pool_apply(pool, die_some_times, large, sizeof(large), &result), 0);
	assert_memory_equal(pool_result_value(result, 0).data, large, sizeof(large));
	pool_result_release(result);
	/* a task that kills them all is given up */
	atomic_store(&board->count, 0);
	assert_int_equal(pool_apply(pool, die_some_times, &(int){ 100 }, sizeof(int), &result), -EOWNERDEAD);
	assert_int_equal(atomic_load(&board->count), 3);
	assert_non_null(strstr(pool_result_error(result)->text, "(attempt 3)"));
	pool_result_release(result);
	pool_destroy(pool);
}

static void a_stopped_worker_that_is_killed_is_a_death(void **state)
{
	struct pool *pool = open_pool(1);
	struct pool_result *result = start_hold(pool);

	(void)state;
	wait_until_started(1);
	kill(atomic_load(&board->pid), SIGSTOP);
	kill(atomic_load(&board->pid), SIGKILL);
	assert_int_equal(pool_result_get(result, POOL_FOREVER), -EOWNERDEAD);
	pool_result_release(result);
	pool_destroy(pool);
}

static void a_death_while_a_large_value_is_made(void **state)
{
	enum { SIZE = 3 << 20 };
	struct pool *pool = open_pool(2);
	char *bytes = calloc(1, SIZE);

	(void)state;
	for (int i = 0; i < 50; i++) {
		struct pool_result *result;
		int error;

		assert_int_equal(pool_apply_async(pool, echo, bytes, SIZE, NULL, &result), 0);
		for (int spin = 0; spin < i * 100; spin++)
			atomic_fetch_add(&board->count, 1);
		for (unsigned slot = 0; slot < 2; slot++) {
			pid_t pid = pool_worker_pid(pool, slot);

			if (pid)
				kill(pid, SIGKILL);
		}
		error = pool_result_get(result, POOL_FOREVER);
		assert_true(error == -EOWNERDEAD || error == 0);
		assert_true(error || pool_result_value(result, 0).size == SIZE);
		pool_result_release(result);
	}
	free(bytes);
	assert_works(pool);
	pool_destroy(pool);
}

static void workers_that_ran_enough_are_replaced(void **state)
{
	enum { NR = 1000, EACH = 7 };
	struct pool *pool;
	struct pool_result *result;
	long numbers[NR] = { 0 };
	pid_t first;

	(void)state;
	assert_int_equal(pool_create(&(struct pool_options){ .workers = 2, .max_tasks_per_worker = EACH }, &pool), 0);
	first = pool_worker_pid(pool, 0);
	assert_int_equal(pool_map_array(pool, square, numbers, sizeof(long), NR, 1, &result), 0);
	pool_result_release(result);
	assert_int_not_equal(pool_worker_pid(pool, 0), first);
	assert_works(pool);
	pool_close(pool);
	pool_join(pool);
	pool_destroy(pool);
}

/* ---- SIGCHLD is the program's ---- */

static void deaths_are_seen_with_sigchld_ignored(void **state)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
	struct pool_result *result;
	struct pool *pool;

	(void)state;
	sigaction(SIGCHLD, &ignore, &before);
	pool = open_pool(2);
	assert_int_equal(pool_apply(pool, die_of, &(int){ SIGKILL }, sizeof(int), &result), -EOWNERDEAD);
	assert_non_null(strstr(pool_result_error(result)->text, "status lost"));
	assert_int_equal(pool_result_error(result)->signal, 0);
	pool_result_release(result);
	assert_works(pool);
	pool_close(pool);
	assert_int_equal(pool_join(pool), 0);
	pool_destroy(pool);
	sigaction(SIGCHLD, &before, NULL);
}

static void reap_everything(int signal)
{
	int saved = errno;

	(void)signal;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	errno = saved;
}

static void deaths_are_seen_though_the_program_reaps(void **state)
{
	struct sigaction reaping = { .sa_handler = reap_everything, .sa_flags = SA_RESTART }, before;
	struct pool_result *result;
	struct pool *pool;

	(void)state;
	sigaction(SIGCHLD, &reaping, &before);
	pool = open_pool(2);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(pool_apply(pool, die_of, &(int){ SIGKILL }, sizeof(int), &result), -EOWNERDEAD);
		pool_result_release(result);
	}
	assert_works(pool);
	pool_destroy(pool);
	sigaction(SIGCHLD, &before, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		pool_test(the_error_names_signal_worker_and_function),
		pool_test(a_worker_that_exits_is_a_death_too),
		pool_test(idle_workers_may_be_killed),
		pool_test(no_innocent_task_fails),
		pool_test(others_take_what_a_slow_worker_claimed),
		pool_test(a_lost_task_is_tried_again_if_asked_for),
		pool_test(a_stopped_worker_that_is_killed_is_a_death),
		pool_test(a_death_while_a_large_value_is_made),
		pool_test(workers_that_ran_enough_are_replaced),
		pool_test(deaths_are_seen_with_sigchld_ignored),
		pool_test(deaths_are_seen_though_the_program_reaps),
	};

	return run_pool_tests(tests);
}
