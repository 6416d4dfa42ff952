/* kill_workers.c: with workers killed at random instants, is every task accounted for exactly once, and does nothing hang?
 *
 * A thread kills random workers while maps of tasks of all sizes run. Each task counts itself when it begins. A task that
 * gave a value has run once; one that was lost has run at most once, and no more are lost than workers were killed.
 * POOLSCOPE_SEED=N repeats a run's decisions (the kernel's own are not repeated). */
#include "tests/unit/pool_test.h"

#include <pthread.h>
#include <sys/prctl.h>

enum { WORKERS = 64, ITEMS = 2000, LARGEST = 200000, PARENTS = 40 };
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
enum { KILLS = 60 };
#else
enum { KILLS = 400 };
#endif

static unsigned seed;
static _Atomic int nr_killed, done_killing;
static _Atomic unsigned char *runs; /* of each task, in shared memory */

struct item {
	uint32_t index;
	uint32_t size;
};

static int work(const void *argument, size_t size, struct pool_output *output)
{
	const struct item *item = argument;
	uint32_t *words;

	(void)size;
	atomic_fetch_add(&runs[item->index], 1);
	words = pool_output_reserve(output, item->size * sizeof(*words));
	for (uint32_t i = 0; words && i < item->size; i++)
		words[i] = item->index + i;
	return words ? 0 : -1;
}

static void *kill_at_random(void *argument)
{
	unsigned random = seed;
	struct pool *pool = argument;

	while (nr_killed < KILLS) {
		pid_t pid = pool_worker_pid(pool, (unsigned)rand_r(&random) % WORKERS);

		nanosleep(&(struct timespec){ .tv_nsec = rand_r(&random) % 1500000 }, NULL);
		if (pid && !kill(pid, SIGKILL))
			atomic_fetch_add(&nr_killed, 1);
	}
	atomic_store(&done_killing, 1);
	return NULL;
}

static void items_at_random(struct item *items, unsigned *random)
{
	for (uint32_t i = 0; i < ITEMS; i++) {
		unsigned kind = (unsigned)rand_r(random) % 100;

		items[i].index = i;
		items[i].size = 1 + (unsigned)rand_r(random) % (kind < 90 ? 8 : kind < 99 ? 2000 : LARGEST / 4);
	}
}

static void assert_whole(struct pool_bytes value, const struct item *item)
{
	const uint32_t *words = value.data;

	assert_int_equal(value.size, item->size * sizeof(*words));
	for (uint32_t i = 0; i < item->size; i++)
		assert_int_equal(words[i], item->index + i);
}

/* Runs maps until the killer has had enough; how many tasks were lost. */
static int map_until_killed(struct pool *pool, bool retried)
{
	struct item *items = malloc(ITEMS * sizeof(*items));
	unsigned random = seed + 1;
	int lost = 0;

	while (!atomic_load(&done_killing)) {
		struct pool_result *result;
		int error;

		items_at_random(items, &random);
		memset((void *)runs, 0, ITEMS);
		error = pool_map_array(pool, work, items, sizeof(*items), ITEMS, 1, &result);
		assert_true(error == 0 || (error == -EOWNERDEAD && !retried));
		assert_int_equal(pool_result_tasks_done(result), ITEMS);
		for (uint32_t i = 0; i < ITEMS; i++) {
			struct pool_bytes value = pool_result_value(result, i);

			assert_true(retried || runs[i] <= 1);
			if (value.size) {
				assert_int_not_equal(runs[i], 0);
				assert_whole(value, &items[i]);
			} else {
				lost++;
			}
		}
		pool_result_release(result);
	}
	free(items);
	return lost;
}

static void kill_while_mapping(unsigned retries)
{
	const struct pool_options options = { .name = "chaos", .workers = WORKERS, .retries = retries };
	struct pool *pool;
	pthread_t killer;
	int lost;

	runs = mmap(NULL, ITEMS, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	nr_killed = done_killing = 0;
	assert_int_equal(pool_create(&options, &pool), 0);
	assert_int_equal(pthread_create(&killer, NULL, kill_at_random, pool), 0);
	lost = map_until_killed(pool, retries);
	pthread_join(killer, NULL);
	assert_in_range(lost, 0, retries ? 0 : nr_killed);
	assert_works(pool);
	assert_int_equal(pool_close(pool), 0);
	assert_int_equal(pool_join(pool), 0);
	pool_destroy(pool);
	munmap((void *)runs, ITEMS);
}

static void every_task_is_accounted_for_once(void **state)
{
	(void)state;
	kill_while_mapping(0);
}

static void every_task_succeeds_if_it_may_be_retried(void **state)
{
	(void)state;
	kill_while_mapping(POOL_MAX_RETRIES);
}

/* A program that maps for ever. */
static void __attribute__((noreturn)) be_a_parent(void)
{
	struct pool *pool = open_pool(8);
	struct item *items = malloc(ITEMS * sizeof(*items));
	unsigned random = seed;

	for (;;) {
		items_at_random(items, &random);
		pool_map_array(pool, work, items, sizeof(*items), ITEMS, 1, NULL);
	}
}

static void a_killed_parent_leaves_no_worker(void **state)
{
	unsigned random = seed + 2;

	(void)state;
	runs = mmap(NULL, ITEMS, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1); /* orphans become ours: waiting for them all is the test */
	for (int i = 0; i < PARENTS; i++) {
		pid_t parent = fork();

		if (parent == 0)
			be_a_parent();
		nanosleep(&(struct timespec){ .tv_nsec = rand_r(&random) % 10000000 }, NULL);
		kill(parent, SIGKILL);
		while (waitpid(-1, NULL, 0) > 0)
			;
		assert_int_equal(errno, ECHILD);
	}
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	munmap((void *)runs, ITEMS);
}

int main(void)
{
	const char *given = getenv("POOLSCOPE_SEED");
	const struct CMUnitTest tests[] = {
		pool_test(every_task_is_accounted_for_once),
		pool_test(every_task_succeeds_if_it_may_be_retried),
		pool_test(a_killed_parent_leaves_no_worker),
	};

	seed = given ? (unsigned)atoi(given) : (unsigned)time(NULL);
	printf("# POOLSCOPE_SEED=%u\n", seed);
	fflush(stdout);
	return run_pool_tests(tests);
}
