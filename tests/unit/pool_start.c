/* pool_start.c: how do workers start, and what if they cannot? */
#include "tests/unit/pool_test.h"

#include <sys/resource.h>

/* ---- initializers ---- */

static int count_starts(void *argument)
{
	atomic_fetch_add(&board->count, *(int *)argument);
	return 0;
}

static void each_worker_runs_the_initializer_once(void **state)
{
	int three = 3;
	struct pool *pool;
	const struct pool_options options = {
		.workers = 5, .initializer = count_starts, .initializer_argument = &three,
	};

	(void)state;
	assert_int_equal(pool_create(&options, &pool), 0);
	assert_works(pool);
	while (atomic_load(&board->count) < 15)
		breathe();
	pool_close(pool);
	pool_join(pool);
	assert_int_equal(atomic_load(&board->count), 15);
	pool_destroy(pool);
}

static int fail_to_start(void *argument)
{
	atomic_fetch_add(&board->count, 1);
	if (argument)
		raise(SIGKILL);
	return -1;
}

static void check_broken(bool by_crash, const char *words)
{
	const struct pool_options options = {
		.workers = 2, .initializer = fail_to_start, .initializer_argument = by_crash ? board : NULL,
	};
	struct pool_result *result;
	struct pool *pool;
	int error;

	atomic_store(&board->count, 0);
	assert_int_equal(pool_create(&options, &pool), 0);
	error = pool_apply_async(pool, square, &(long){ 1 }, sizeof(long), NULL, &result);
	if (!error)
		error = pool_result_get(result, POOL_FOREVER);
	assert_int_equal(error, -ENOTRECOVERABLE);
	assert_non_null(strstr(pool_broken_reason(pool), words));
	pool_result_release(result);
	assert_int_equal(pool_apply(pool, square, &(long){ 1 }, sizeof(long), NULL), -ENOTRECOVERABLE);
	assert_int_equal(pool_join(pool), 0);
	/* no storm: as many as it takes to be sure, and those that were on their way */
	assert_in_range(atomic_load(&board->count), POOL_MAX_FAILED_STARTS, POOL_MAX_FAILED_STARTS + 2);
	assert_int_equal(pool_apply(pool, square, &(long){ 1 }, sizeof(long), NULL), -ENOTRECOVERABLE);
	pool_destroy(pool);
}

static void starts_that_fail_break_the_pool_soon(void **state)
{
	(void)state;
	check_broken(false, "its initializer failed");
	check_broken(true, "died of SIGKILL");
}

static int fail_twice(void *argument)
{
	(void)argument;
	return atomic_fetch_add(&board->count, 1) < 2;
}

static void a_start_that_fails_for_a_while_is_no_matter(void **state)
{
	struct pool *pool;

	(void)state;
	assert_int_equal(pool_create(&(struct pool_options){ .workers = 1, .initializer = fail_twice }, &pool), 0);
	assert_works(pool);
	assert_null(pool_broken_reason(pool));
	pool_destroy(pool);
}

/* ---- signals in workers ---- */

static void handled(int signal)
{
	(void)signal;
}

static int tell_signals(const void *argument, size_t size, struct pool_output *output)
{
	struct sigaction interrupt, terminate, pipe;
	sigset_t mask;
	char words[64];

	(void)argument;
	(void)size;
	sigaction(SIGINT, NULL, &interrupt);
	sigaction(SIGTERM, NULL, &terminate);
	sigaction(SIGPIPE, NULL, &pipe);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	snprintf(words, sizeof(words), "%d %d %d %d %d", interrupt.sa_handler == SIG_IGN,
	         terminate.sa_handler == SIG_DFL, pipe.sa_handler == SIG_IGN, sigismember(&mask, SIGUSR1),
	         sigismember(&mask, SIGTERM));
	return pool_output_write(output, words, strlen(words));
}

static void workers_take_signals_as_documented(void **state)
{
	sigset_t usr1, before;
	struct pool_result *result;
	struct pool *pool;

	(void)state;
	signal(SIGTERM, handled);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &usr1, &before);
	pool = open_pool(1);
	assert_int_equal(pool_apply(pool, tell_signals, NULL, 0, &result), 0);
	assert_memory_equal(pool_result_value(result, 0).data, "1 1 1 1 0", 9);
	pool_result_release(result);
	pool_destroy(pool);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
}

/* ---- what the system refuses ---- */

static int open_without_descriptors(void)
{
	struct pool *pool = NULL;

	for (rlim_t most = 3; most < 12; most++) {
		setrlimit(RLIMIT_NOFILE, &(struct rlimit){ most, 100 });
		if (pool_create(&(struct pool_options){ .workers = 8 }, &pool) != -EMFILE || pool)
			return (int)most;
	}
	setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 100, 100 });
	if (pool_create(&(struct pool_options){ .workers = 8 }, &pool))
		return 1;
	assert_works(pool);
	return pool_destroy(pool);
}

static void too_few_descriptors_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(in_child(open_without_descriptors), 0);
}

static int piece_of(const void *argument, size_t size, struct pool_output *output)
{
	(void)size;
	return pool_output_reserve(output, *(const size_t *)argument) ? 0 : -1;
}

static int outgrow_the_arena(void)
{
	enum { SIZE = 8 << 20 };
	char *bytes = calloc(1, SIZE);
	struct pool_result *result;
	struct pool *pool;

	/* the limit of a file's size is one that the arena meets, and that a process can set for itself */
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 4 << 20, 4 << 20 });
	pool = open_pool(1);
	if (pool_apply(pool, echo, bytes, SIZE, &result) != -ENOMEM)
		return 1;
	if (strcmp(pool_result_error(result)->text, "no memory for the argument"))
		return 2;
	pool_result_release(result);
	if (pool_apply(pool, piece_of, &(size_t){ SIZE }, sizeof(size_t), &result) != -ENOMEM)
		return 3;
	if (strcmp(pool_result_error(result)->text, "no memory for the value of piece_of"))
		return 4;
	pool_result_release(result);
	assert_works(pool);
	return pool_destroy(pool);
}

static void too_little_memory_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(in_child(outgrow_the_arena), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		pool_test(each_worker_runs_the_initializer_once),
		pool_test(starts_that_fail_break_the_pool_soon),
		pool_test(a_start_that_fails_for_a_while_is_no_matter),
		pool_test(workers_take_signals_as_documented),
		pool_test(too_few_descriptors_is_an_error),
		pool_test(too_little_memory_is_an_error),
	};

	return run_pool_tests(tests);
}
