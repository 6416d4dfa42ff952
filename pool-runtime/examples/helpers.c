/* helpers.c: who are the threads of a pool?
 *
 * Ten items drain through two workers. Who brings them there, who brings the results back, who looks after the workers? */
#include <poolscope/pool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORKERS = 2, ITEMS = 10 };

static int pause_ms;

static void rest(int times)
{
	usleep((useconds_t)(times * pause_ms) * 1000);
}

/* In a worker process the main thread runs the task: its thread id is its process id. */
static int who_runs_me(const void *argument, size_t size, struct pool_output *output)
{
	char words[96];

	(void)argument;
	(void)size;
	snprintf(words, sizeof(words), "worker %d: task %llu runs in pid %d, thread %d: the main thread", pool_worker_slot(),
	         (unsigned long long)pool_worker_task(), getpid(), gettid());
	rest(1);
	return pool_output_write(output, words, strlen(words));
}

int main(int argc, char **argv)
{
	struct pool *pool;
	struct pool_result *result;
	int items[ITEMS] = { 0 };

	pause_ms = argc > 1 ? 100 : 700;
	(void)argv;
	if (pool_create(&(struct pool_options){ .name = "lesson", .workers = WORKERS }, &pool))
		return EXIT_FAILURE;
	poolscope_note("A pool has three helper threads of its own, in the parent's process. Here they are, by name.");
	rest(4);
	poolscope_note("lesson:workers, the worker handler, forked the two workers, and would replace a dead one.");
	rest(4);
	poolscope_note("lesson:tasks feeds the workers, lesson:results runs callbacks. Ten items drain now.");
	if (!pool_map_array(pool, who_runs_me, items, sizeof(items[0]), ITEMS, 1, &result)) {
		for (size_t i = 0; i < ITEMS; i++)
			printf("%.*s\n", (int)pool_result_value(result, i).size, (const char *)pool_result_value(result, i).data);
	}
	pool_result_release(result);
	poolscope_note("Closing lets the workers leave; joining waits for them; then the helpers end too.");
	rest(3);
	pool_close(pool);
	pool_join(pool);
	return pool_destroy(pool) ? EXIT_FAILURE : EXIT_SUCCESS;
}
