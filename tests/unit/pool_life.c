/* pool_life.c: does a pool begin and end as it says, however it ends? */
#include "tests/unit/pool_test.h"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static void defaults_fit_the_machine(void **state)
{
	struct pool *pool;
	cpu_set_t set;

	(void)state;
	sched_getaffinity(0, sizeof(set), &set);
	assert_int_equal(pool_create(NULL, &pool), 0);
	assert_int_equal(pool_workers(pool), CPU_COUNT(&set));
	assert_string_equal(pool_name(pool), program_invocation_short_name);
	assert_null(pool_unobserved_reason(pool));
	assert_null(pool_broken_reason(pool));
	for (unsigned slot = 0; slot < pool_workers(pool); slot++)
		assert_true(pool_worker_pid(pool, slot) > 0);
	assert_int_equal(pool_worker_pid(pool, pool_workers(pool)), 0);
	assert_works(pool);
	pool_destroy(pool);
}

static void what_is_not_there_is_refused(void **state)
{
	struct pool *pool = NULL;

	(void)state;
	assert_int_equal(pool_create(&(struct pool_options){ .start_method = POOL_BY_SPAWN }, &pool), -ENOTSUP);
	assert_int_equal(pool_create(&(struct pool_options){ .start_method = POOL_BY_FORKSERVER }, &pool), -ENOTSUP);
	assert_int_equal(pool_create(&(struct pool_options){ .of = POOL_OF_THREADS }, &pool), -ENOTSUP);
	assert_int_equal(pool_create(&(struct pool_options){ .start_method = 17 }, &pool), -EINVAL);
	assert_int_equal(pool_create(&(struct pool_options){ .of = 17 }, &pool), -EINVAL);
	assert_int_equal(pool_create(&(struct pool_options){ .workers = POOL_MAX_WORKERS + 1 }, &pool), -EINVAL);
	assert_int_equal(pool_create(&(struct pool_options){ .retries = POOL_MAX_RETRIES + 1 }, &pool), -EINVAL);
	assert_null(pool);
	assert_int_equal(pool_close(NULL), -EINVAL);
	assert_int_equal(pool_destroy(NULL), 0);
}

/* The OS names of all threads of a process, in one string. */
static void names_of(pid_t pid, char *names, size_t size)
{
	char path[300], name[32];
	struct dirent *entry;
	DIR *tasks;

	names[0] = 0;
	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	while ((entry = readdir(tasks))) {
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%d/task/%.20s/comm", (int)pid, entry->d_name);
		file = entry->d_name[0] == '.' ? NULL : fopen(path, "r");
		if (file && fgets(name, sizeof(name), file))
			strncat(names, name, size - strlen(names) - 1);
		if (file)
			fclose(file);
	}
	closedir(tasks);
}

static void threads_and_workers_have_telling_names(void **state)
{
	char names[512];
	struct pool *pool;

	(void)state;
	assert_int_equal(pool_create(&(struct pool_options){ .name = "images-of-cats", .workers = 12 }, &pool), 0);
	assert_works(pool);
	names_of(getpid(), names, sizeof(names));
	assert_non_null(strstr(names, "images-:workers\n"));
	do /* they name themselves, as their first act */
		names_of(getpid(), names, sizeof(names));
	while (!strstr(names, "images-:tasks\n") || !strstr(names, "images-:results\n"));
	do
		names_of(pool_worker_pid(pool, 11), names, sizeof(names));
	while (strcmp(names, "images-:w11\n"));
	pool_destroy(pool);
}

static void a_closed_pool_finishes_what_it_has(void **state)
{
	enum { NR = 20000 };
	struct pool *pool = open_pool(2);
	long *numbers = calloc(NR, sizeof(*numbers));
	struct pool_result *result;

	(void)state;
	assert_int_equal(pool_join(pool), -EBUSY);
	assert_int_equal(pool_map_array_async(pool, square, numbers, sizeof(long), NR, 1, NULL, &result), 0);
	assert_int_equal(pool_close(pool), 0);
	assert_int_equal(pool_close(pool), 0);
	assert_int_equal(pool_apply(pool, square, numbers, sizeof(long), NULL), -ESHUTDOWN);
	assert_int_equal(pool_join(pool), 0);
	assert_int_equal(pool_join(pool), 0);
	assert_int_equal(pool_close(pool), 0);
	assert_int_equal(pool_terminate(pool), 0);
	assert_true(pool_result_successful(result));
	assert_int_equal(pool_worker_pid(pool, 0), 0);
	assert_int_equal(pool_apply(pool, square, numbers, sizeof(long), NULL), -ESHUTDOWN);
	pool_result_release(result);
	free(numbers);
	assert_int_equal(pool_destroy(pool), 0);
}

static void a_closed_pool_replaces_the_dead(void **state)
{
	struct pool *pool = open_pool(1);
	struct pool_result *held = start_hold(pool), *result;

	(void)state;
	assert_int_equal(pool_apply_async(pool, square, &(long){ 4 }, sizeof(long), NULL, &result), 0);
	pool_close(pool);
	wait_until_started(1);
	kill(atomic_load(&board->pid), SIGKILL);
	assert_int_equal(pool_result_get(result, POOL_FOREVER), 0);
	assert_int_equal(pool_result_get(held, POOL_FOREVER), -EOWNERDEAD);
	pool_join(pool);
	pool_result_release(held);
	pool_result_release(result);
	pool_destroy(pool);
}

static int hold_without_end(const void *argument, size_t size, struct pool_output *output)
{
	signal(SIGTERM, SIG_IGN);
	return hold(argument, size, output);
}

static void terminate_cancels_what_is_not_done(void **state)
{
	enum { NR = 10000 };
	struct pool *pool = open_pool(2);
	struct pool_result *polite, *rude, *waiting;
	long *numbers = calloc(NR, sizeof(*numbers));

	(void)state;
	polite = start_hold(pool);
	assert_int_equal(pool_apply_async(pool, hold_without_end, NULL, 0, NULL, &rude), 0);
	assert_int_equal(pool_map_array_async(pool, square, numbers, sizeof(long), NR, 1, NULL, &waiting), 0);
	wait_until_started(2);
	assert_int_equal(pool_terminate(pool), 0);
	assert_int_equal(pool_result_get(polite, POOL_FOREVER), -ECANCELED);
	assert_int_equal(pool_result_get(rude, POOL_FOREVER), -ECANCELED);
	assert_int_equal(pool_result_get(waiting, POOL_FOREVER), -ECANCELED);
	assert_string_equal(pool_result_error(waiting)->text, "the pool was terminated");
	assert_int_equal(pool_apply(pool, square, numbers, sizeof(long), NULL), -ESHUTDOWN);
	assert_int_equal(pool_join(pool), 0);
	pool_result_release(polite);
	pool_result_release(rude);
	pool_result_release(waiting);
	free(numbers);
	pool_destroy(pool);
}

static void many_pools_at_once(void **state)
{
	struct pool *pools[8];

	(void)state;
	for (int i = 0; i < 8; i++)
		pools[i] = open_pool(3);
	for (int i = 0; i < 8; i++)
		assert_works(pools[i]);
	for (int i = 0; i < 8; i++)
		assert_int_equal(pool_destroy(pools[i]), 0);
}

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

/* ---- forks and exits of the program ---- */

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

static int in_child(int (*function)(void))
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(function());
	waitpid(pid, &status, 0);
	return status;
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
		pool_test(defaults_fit_the_machine),
		pool_test(what_is_not_there_is_refused),
		pool_test(threads_and_workers_have_telling_names),
		pool_test(a_closed_pool_finishes_what_it_has),
		pool_test(a_closed_pool_replaces_the_dead),
		pool_test(terminate_cancels_what_is_not_done),
		pool_test(many_pools_at_once),
		pool_test(each_worker_runs_the_initializer_once),
		pool_test(starts_that_fail_break_the_pool_soon),
		pool_test(a_start_that_fails_for_a_while_is_no_matter),
		pool_test(workers_take_signals_as_documented),
		pool_test(a_forked_child_harms_nothing),
		pool_test(a_worker_cannot_use_its_own_pool),
		pool_test(exit_without_destroy_leaves_nothing),
		pool_test(exit_does_not_wait_for_callbacks),
		pool_test(a_killed_parent_takes_its_workers_with_it),
		pool_test(too_few_descriptors_is_an_error),
		pool_test(too_little_memory_is_an_error),
	};

	return run_pool_tests(tests);
}
