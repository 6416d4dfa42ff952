/* pool.c: what does a busy pool look like: bursts, a slow task, a killed worker?
 *
 *     ./pool [SECONDS]      for so long, else until it is interrupted */
#include <poolscope/pool.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { WORKERS = 4, BURST = 60, STEP_MS = 250, STEPS_A_ROUND = 24 };

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

static void sleep_ms(long ms)
{
	nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 }, NULL);
}

/* Resizes a picture: half of it is waiting for the disk, half is work. */
static int thumbnail(const void *argument, size_t size, struct pool_output *output)
{
	long number = *(const long *)argument;
	double sum = 0;

	(void)size;
	sleep_ms(10 + number % 7 * 6);
	for (int i = 0; i < 400000; i++)
		sum += i % 7;
	return pool_output_write(output, &sum, sizeof(sum));
}

/* The one that everybody waits for in the end. */
static int slow_report(const void *argument, size_t size, struct pool_output *output)
{
	(void)argument;
	(void)size;
	sleep_ms(2500);
	return pool_output_write(output, "done", 4);
}

/* What the kernel's out-of-memory killer does to a worker, done by itself. */
static int killed_in_mid_task(const void *argument, size_t size, struct pool_output *output)
{
	(void)argument;
	(void)size;
	(void)output;
	sleep_ms(300);
	raise(SIGKILL);
	return 0;
}

static void step(struct pool *pool, int number)
{
	static long numbers[BURST];
	struct pool_result *burst;

	switch (number % STEPS_A_ROUND) {
	case 0:
		poolscope_note("A burst: 60 thumbnails for 4 workers. Watch the queue fill and drain.");
		for (int i = 0; i < BURST; i++)
			numbers[i] = i;
		if (!pool_map_array_async(pool, thumbnail, numbers, sizeof(long), BURST, 1, NULL, &burst))
			pool_result_release(burst);
		break;
	case 8:
		poolscope_note("One slow task: three workers are idle while the fourth is busy for 2.5 s.");
		pool_apply_async(pool, slow_report, NULL, 0, NULL, NULL);
		break;
	case 12:
		poolscope_note("A worker is killed in the middle of its task: the task fails, the worker is replaced.");
		pool_apply_async(pool, killed_in_mid_task, NULL, 0, NULL, NULL);
		break;
	}
}

int main(int argc, char **argv)
{
	struct pool *pool;
	int steps = argc > 1 ? atoi(argv[1]) * 1000 / STEP_MS : 0;
	int error = pool_create(&(struct pool_options){ .name = "thumbs", .workers = WORKERS }, &pool);

	if (error) {
		fprintf(stderr, "no pool: error %d\n", error);
		return EXIT_FAILURE;
	}
	signal(SIGINT, stop);
	signal(SIGTERM, stop);
	for (int number = 0; !stopped && (!steps || number < steps); number++) {
		step(pool, number);
		sleep_ms(STEP_MS);
	}
	poolscope_note("The pool is closed: it takes no more jobs, and ends when its queue is empty.");
	pool_close(pool);
	pool_join(pool);
	return pool_destroy(pool) ? EXIT_FAILURE : EXIT_SUCCESS;
}
