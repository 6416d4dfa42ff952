/* pool_map.c: does a map cut its items as it says, run each once, and keep their order? */
#include "tests/unit/pool_test.h"

static void default_chunk_is_cpythons(void **state)
{
	(void)state;
	/* divmod(items, 4 * workers), one more if anything is left */
	assert_int_equal(pool_default_chunk(0, 4), 0);
	assert_int_equal(pool_default_chunk(1, 4), 1);
	assert_int_equal(pool_default_chunk(16, 4), 1);
	assert_int_equal(pool_default_chunk(17, 4), 2);
	assert_int_equal(pool_default_chunk(32, 4), 2);
	assert_int_equal(pool_default_chunk(1000000, 2), 125000);
	assert_int_equal(pool_default_chunk(7, 0), 7);
}

static int square_and_count(const void *argument, size_t size, struct pool_output *output)
{
	atomic_fetch_add(&board->count, 1);
	return square(argument, size, output);
}

static void check_map(struct pool *pool, size_t nr, size_t chunk)
{
	long *numbers = malloc((nr + 1) * sizeof(*numbers));
	struct pool_result *result;

	for (size_t i = 0; i < nr; i++)
		numbers[i] = (long)i;
	atomic_store(&board->count, 0);
	assert_int_equal(pool_map_array(pool, square_and_count, numbers, sizeof(*numbers), nr, chunk, &result), 0);
	assert_int_equal(atomic_load(&board->count), nr);
	assert_int_equal(pool_result_count(result), nr);
	if (!chunk)
		chunk = pool_default_chunk(nr, pool_workers(pool));
	assert_int_equal(pool_result_tasks(result), nr ? (nr + chunk - 1) / chunk : 0);
	assert_int_equal(pool_result_tasks_done(result), pool_result_tasks(result));
	for (size_t i = 0; i < nr; i++)
		assert_int_equal(*(const long *)pool_result_value(result, i).data, i * i);
	pool_result_release(result);
	free(numbers);
}

static void items_keep_their_order(void **state)
{
	/* below, at and far beyond what the task ring holds */
	static const size_t sizes[] = { 0, 1, 2, 24, 4095, 4096, 4097, 50000 }, chunks[] = { 0, 1, 2, 3, 1000 };
	struct pool *pool = open_pool(3);

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		for (size_t k = 0; k < sizeof(chunks) / sizeof(*chunks); k++)
			check_map(pool, sizes[i], chunks[k]);
	pool_destroy(pool);
}

static void items_of_any_size(void **state)
{
	enum { NR = 200 };
	struct pool *pool = open_pool(2);
	struct pool_bytes items[NR];
	unsigned char *bytes = malloc(NR * 1000);

	(void)state;
	for (size_t i = 0; i < NR * 1000; i++)
		bytes[i] = (unsigned char)(i * 7 + i / 1000);
	for (size_t i = 0; i < NR; i++)
		items[i] = (struct pool_bytes){ bytes + i, i % 3 ? i * 5 : 0 };
	for (size_t chunk = 1; chunk < NR; chunk = chunk * 3 + 1) {
		struct pool_result *result, *later;

		assert_int_equal(pool_map_async(pool, echo, items, NR, chunk, NULL, &later), 0);
		assert_int_equal(pool_map(pool, echo, items, NR, chunk, &result), 0);
		assert_int_equal(pool_result_get(later, POOL_FOREVER), 0);
		for (size_t i = 0; i < NR; i++) {
			struct pool_bytes value = pool_result_value(result, i), again = pool_result_value(later, i);

			assert_int_equal(value.size, items[i].size);
			assert_int_equal(again.size, items[i].size);
			assert_true(!value.size || memcmp(value.data, items[i].data, value.size) == 0);
			assert_true(!value.size || memcmp(again.data, items[i].data, value.size) == 0);
		}
		pool_result_release(result);
		pool_result_release(later);
	}
	free(bytes);
	pool_destroy(pool);
}

static void async_copies_what_it_is_given(void **state)
{
	struct pool *pool = open_pool(1);
	struct pool_result *held = start_hold(pool), *later;
	long *numbers = malloc(3 * sizeof(*numbers));

	(void)state;
	for (long i = 0; i < 3; i++)
		numbers[i] = i + 5;
	assert_int_equal(pool_map_array_async(pool, square, numbers, sizeof(*numbers), 3, 1, NULL, &later), 0);
	memset(numbers, 0, 3 * sizeof(*numbers));
	free(numbers);
	atomic_store(&board->go, 1);
	assert_int_equal(pool_result_get(later, POOL_FOREVER), 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(*(const long *)pool_result_value(later, i).data, (i + 5) * (i + 5));
	pool_result_release(later);
	pool_result_release(held);
	pool_destroy(pool);
}

static int fail_sevens(const void *argument, size_t size, struct pool_output *output)
{
	long n = *(const long *)argument;

	atomic_fetch_add(&board->count, 1);
	return n % 7 == 6 ? pool_fail(output, "%ld is not welcome", n) : square(argument, size, output);
}

static void a_failing_item_ends_its_chunk_and_no_other(void **state)
{
	struct pool *pool = open_pool(2);
	struct pool_result *result;
	long numbers[24];

	(void)state;
	for (long i = 0; i < 24; i++)
		numbers[i] = i;
	/* 6, 13 and 20 fail, each the third of its four: three items are not run */
	assert_int_equal(pool_map_array(pool, fail_sevens, numbers, sizeof(long), 24, 4, &result), -EREMOTEIO);
	assert_string_equal(pool_result_error(result)->text, "6 is not welcome");
	assert_int_equal(pool_result_error(result)->item, 6);
	assert_int_equal(atomic_load(&board->count), 24 - 1 - 2 - 3);
	assert_int_equal(*(const long *)pool_result_value(result, 3).data, 9);
	assert_int_equal(pool_result_value(result, 4).size, 0);
	assert_int_equal(*(const long *)pool_result_value(result, 8).data, 64);
	pool_result_release(result);
	pool_destroy(pool);
}

static void more_than_may_be_in_flight(void **state)
{
	/* 96 arguments of 1 MiB: the runtime keeps 64 MiB of them in memory at a time */
	enum { NR = 96, SIZE = 1 << 20 };
	struct pool *pool = open_pool(2);
	unsigned char *bytes = calloc(NR, SIZE);
	struct pool_result *result;

	(void)state;
	for (size_t i = 0; i < NR; i++)
		bytes[i * SIZE] = (unsigned char)i;
	assert_int_equal(pool_map_array(pool, echo, bytes, SIZE, NR, 1, &result), 0);
	for (size_t i = 0; i < NR; i++)
		assert_int_equal(*(const unsigned char *)pool_result_value(result, i).data, i);
	pool_result_release(result);
	free(bytes);
	pool_destroy(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		pool_test(default_chunk_is_cpythons),
		pool_test(items_keep_their_order),
		pool_test(items_of_any_size),
		pool_test(async_copies_what_it_is_given),
		pool_test(a_failing_item_ends_its_chunk_and_no_other),
		pool_test(more_than_may_be_in_flight),
	};

	return run_pool_tests(tests);
}
