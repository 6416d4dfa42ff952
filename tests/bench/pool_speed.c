/* pool_speed.c: how fast does a process pool of two workers take tasks and give results? Prints "name value unit". */
#include <poolscope/pool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WORKERS = 2, TASKS = 400000, APPLIES = 20000, IDLE_APPLIES = 100, STARTS = 20, BIG = 1 << 20, BIGS = 200 };

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int same(const void *argument, size_t size, struct pool_output *output)
{
	return pool_output_write(output, argument, size);
}

static int smaller(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

static void map(struct pool *pool, const char *name, size_t chunk)
{
	static long numbers[TASKS];
	struct pool_result *result;
	double begin = now_us();

	for (long i = 0; i < TASKS; i++)
		numbers[i] = i;
	if (pool_map_array(pool, same, numbers, sizeof(long), TASKS, chunk, &result))
		exit(EXIT_FAILURE);
	printf("%s %.0f tasks/s\n", name, TASKS / ((now_us() - begin) / 1e6));
	if (*(const long *)pool_result_value(result, TASKS - 1).data != TASKS - 1)
		exit(EXIT_FAILURE);
	pool_result_release(result);
}

static void apply(struct pool *pool, const char *name, int count, long idle_ns)
{
	static double took[APPLIES];
	struct pool_result *result;
	char full_name[64];

	for (int i = 0; i < count; i++) {
		nanosleep(&(struct timespec){ .tv_nsec = idle_ns }, NULL);
		double begin = now_us();
		if (pool_apply(pool, same, &i, sizeof(i), &result))
			exit(EXIT_FAILURE);
		took[i] = now_us() - begin;
		pool_result_release(result);
	}
	qsort(took, (size_t)count, sizeof(took[0]), smaller);
	snprintf(full_name, sizeof(full_name), "%s_p50", name);
	printf("%s %.2f us\n", full_name, took[count / 2]);
	printf("%s_p99 %.2f us\n", name, took[count * 99 / 100]);
}

static void payloads(struct pool *pool)
{
	char *bytes = calloc(1, BIG);
	struct pool_result *result;
	double begin = now_us();

	for (int i = 0; i < BIGS; i++) {
		if (pool_apply(pool, same, bytes, BIG, &result))
			exit(EXIT_FAILURE);
		pool_result_release(result);
	}
	printf("payload_1MiB_both_ways %.3f GB/s\n", 2.0 * BIGS * BIG / (now_us() - begin) / 1e3);
	free(bytes);
}

static void start_and_stop(void)
{
	struct pool *pool;
	double begin = now_us();

	for (int i = 0; i < STARTS; i++) {
		if (pool_create(&(struct pool_options){ .workers = WORKERS }, &pool))
			exit(EXIT_FAILURE);
		pool_close(pool);
		pool_join(pool);
		pool_destroy(pool);
	}
	printf("start_and_stop %.0f us\n", (now_us() - begin) / STARTS);
}

int main(void)
{
	struct pool *pool;

	if (pool_create(&(struct pool_options){ .name = "bench", .workers = WORKERS }, &pool))
		return EXIT_FAILURE;
	map(pool, "map_chunk_1", 1);
	map(pool, "map_chunk_default", 0);
	apply(pool, "apply", APPLIES, 0);
	apply(pool, "apply_after_5ms_idle", IDLE_APPLIES, 5000000);
	payloads(pool);
	pool_close(pool);
	pool_join(pool);
	pool_destroy(pool);
	start_and_stop();
	return EXIT_SUCCESS;
}
