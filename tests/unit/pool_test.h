/* pool_test.h: tasks for the tests of the pool, and a board by which they and the test see each other.
 *
 * The board is shared memory from before the first fork. A test waits until something stands on it, never for a time. */
#ifndef POOL_TEST_H
#define POOL_TEST_H

#include "tests/private_runtime.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "pool-runtime/poolscope/pool.h"

struct board {
	_Atomic int go;      /* hold() ends */
	_Atomic int started; /* hold()s that have begun */
	_Atomic int count;   /* whatever a test counts */
	_Atomic pid_t pid;   /* of the last hold() */
};
static struct board *board;

static inline void breathe(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 50000 }, NULL);
}

static inline void wait_until_started(int nr)
{
	while (atomic_load(&board->started) < nr)
		breathe();
}

/* ---- tasks ---- */

static inline int square(const void *argument, size_t size, struct pool_output *output)
{
	long n = *(const long *)argument;

	(void)size;
	n *= n;
	return pool_output_write(output, &n, sizeof(n));
}

static inline int echo(const void *argument, size_t size, struct pool_output *output)
{
	return pool_output_write(output, argument, size);
}

static inline int hold(const void *argument, size_t size, struct pool_output *output)
{
	atomic_store(&board->pid, getpid());
	atomic_fetch_add(&board->started, 1);
	while (!atomic_load(&board->go))
		breathe();
	return echo(argument, size, output);
}

/* ---- around each test ---- */

static inline int board_up(void **state)
{
	(void)state;
	if (!board)
		board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	memset(board, 0, sizeof(*board));
	return board == MAP_FAILED;
}

/* No child may be left. */
static inline int no_child_left(void **state)
{
	(void)state;
	return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD ? 0 : -1;
}
#define pool_test(function) cmocka_unit_test_setup_teardown(function, board_up, no_child_left)

static inline struct pool *open_pool(unsigned workers)
{
	struct pool *pool;

	assert_int_equal(pool_create(&(struct pool_options){ .name = "test", .workers = workers }, &pool), 0);
	return pool;
}

static inline struct pool_result *start_hold(struct pool *pool)
{
	struct pool_result *result;

	assert_int_equal(pool_apply_async(pool, hold, NULL, 0, NULL, &result), 0);
	return result;
}

/* The pool still works. */
static inline void assert_works(struct pool *pool)
{
	struct pool_result *result;

	assert_int_equal(pool_apply(pool, square, &(long){ 12 }, sizeof(long), &result), 0);
	assert_int_equal(*(const long *)pool_result_value(result, 0).data, 144);
	pool_result_release(result);
}

/* What the function returned, as waitpid() has it, in a process of its own. */
static inline int in_child(int (*function)(void))
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(function());
	waitpid(pid, &status, 0);
	return status;
}

#define run_pool_tests(tests) cmocka_run_group_tests(tests, private_runtime_enter, private_runtime_leave)

#endif
