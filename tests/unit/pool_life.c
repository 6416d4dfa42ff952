/* pool_life.c: does a pool begin and end as it says? */
#include "tests/unit/pool_test.h"

#include <sched.h>

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
	};

	return run_pool_tests(tests);
}
