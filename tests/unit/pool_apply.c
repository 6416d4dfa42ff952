/* pool_apply.c: does one task give back what its function made of its argument, whatever the size? */
#include "tests/unit/pool_test.h"

static void sizes_come_back_whole(void **state)
{
	/* around what fits a task's slot and a result's record, and far beyond */
	static const size_t sizes[] = { 0, 1, 23, 24, 25, 31, 32, 33, 64, 4095, 4096, 1 << 20, 20 << 20 };
	struct pool *pool = open_pool(2);

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		unsigned char *bytes = malloc(sizes[i] + 1);
		struct pool_result *result;
		struct pool_bytes value;

		for (size_t k = 0; k < sizes[i]; k++)
			bytes[k] = (unsigned char)(k * 31 + k / 251);
		assert_int_equal(pool_apply(pool, echo, bytes, sizes[i], &result), 0);
		value = pool_result_value(result, 0);
		assert_int_equal(value.size, sizes[i]);
		assert_true(sizes[i] == 0 || memcmp(value.data, bytes, sizes[i]) == 0);
		assert_int_equal(pool_result_count(result), 1);
		assert_null(pool_result_value(result, 1).data);
		pool_result_release(result);
		free(bytes);
	}
	pool_destroy(pool);
}

static int tell_alignment(const void *argument, size_t size, struct pool_output *output)
{
	uintptr_t at = (uintptr_t)argument;

	(void)size;
	return pool_output_write(output, &at, sizeof(at));
}

static void arguments_are_aligned(void **state)
{
	struct pool *pool = open_pool(1);
	struct pool_bytes items[40];

	(void)state;
	for (size_t chunk = 1; chunk <= 40; chunk += 13) {
		struct pool_result *result;
		char zeros[64] = "";

		for (size_t i = 0; i < 40; i++)
			items[i] = (struct pool_bytes){ zeros, i };
		assert_int_equal(pool_map(pool, tell_alignment, items, 40, chunk, &result), 0);
		for (size_t i = 1; i < 40; i++) {
			uintptr_t at = *(const uintptr_t *)pool_result_value(result, i).data;

			assert_int_equal(at % (i >= 16 ? 16 : i >= 8 ? 8 : i >= 4 ? 4 : i >= 2 ? 2 : 1), 0);
			assert_int_equal((uintptr_t)pool_result_value(result, i).data % sizeof(at), 0);
		}
		pool_result_release(result);
	}
	pool_destroy(pool);
}

static int piece_by_piece(const void *argument, size_t size, struct pool_output *output)
{
	unsigned nr = *(const unsigned *)argument;

	(void)size;
	for (unsigned i = 0; i < nr; i++) {
		unsigned *place = pool_output_reserve(output, sizeof(i));

		if (!place)
			return -1;
		*place = i;
	}
	return 0;
}

static void a_value_grows_with_each_write(void **state)
{
	struct pool *pool = open_pool(1);
	struct pool_result *result;
	const unsigned *value;

	(void)state;
	assert_int_equal(pool_apply(pool, piece_by_piece, &(unsigned){ 100000 }, sizeof(unsigned), &result), 0);
	assert_int_equal(pool_result_value(result, 0).size, 100000 * sizeof(unsigned));
	value = pool_result_value(result, 0).data;
	for (unsigned i = 0; i < 100000; i++)
		assert_int_equal(value[i], i);
	pool_result_release(result);
	pool_destroy(pool);
}

static int fail_with_words(const void *argument, size_t size, struct pool_output *output)
{
	pool_output_write(output, argument, size);
	return pool_fail(output, "%.*s will not do", (int)size, (const char *)argument);
}

static int fail_with_number(const void *argument, size_t size, struct pool_output *output)
{
	(void)size;
	(void)output;
	return *(const int *)argument;
}

static void failure_carries_words_worker_and_number(void **state)
{
	struct pool *pool = open_pool(2);
	struct pool_result *result;
	const struct pool_error *error;

	(void)state;
	assert_int_equal(pool_apply(pool, fail_with_words, "this", 4, &result), -EREMOTEIO);
	error = pool_result_error(result);
	assert_string_equal(error->text, "this will not do");
	assert_int_equal(error->code, -EREMOTEIO);
	assert_in_range(error->slot, 0, 1);
	assert_int_equal(error->pid, pool_worker_pid(pool, (unsigned)error->slot));
	assert_int_equal(error->task, 1);
	assert_int_equal(error->exit_code, -1);
	assert_false(pool_result_successful(result));
	assert_int_equal(pool_result_value(result, 0).size, 0);
	pool_result_release(result);

	assert_int_equal(pool_apply(pool, fail_with_number, &(int){ -100000 }, sizeof(int), &result), -EREMOTEIO);
	assert_string_equal(pool_result_error(result)->text, "fail_with_number returned -100000");
	assert_int_equal(pool_result_error(result)->returned, -100000);
	pool_result_release(result);
	assert_works(pool);
	pool_destroy(pool);
}

struct whereabouts {
	int slot;
	uint64_t task;
	char name[80];
};

static int tell_whereabouts(const void *argument, size_t size, struct pool_output *output)
{
	struct whereabouts here = { .slot = pool_worker_slot(), .task = pool_worker_task() };

	(void)argument;
	(void)size;
	snprintf(here.name, sizeof(here.name), "%s", pool_worker_pool_name());
	return pool_output_write(output, &here, sizeof(here));
}

static void a_worker_knows_where_it_is(void **state)
{
	struct pool *pool;
	struct pool_result *result;
	const struct whereabouts *here;

	(void)state;
	assert_int_equal(pool_create(&(struct pool_options){ .name = "a long name, kept", .workers = 1 }, &pool), 0);
	assert_int_equal(pool_apply(pool, tell_whereabouts, NULL, 0, NULL), 0);
	assert_int_equal(pool_apply(pool, tell_whereabouts, NULL, 0, &result), 0);
	here = pool_result_value(result, 0).data;
	assert_int_equal(here->slot, 0);
	assert_int_equal(here->task, 2);
	assert_string_equal(here->name, "a long name, kept");
	pool_result_release(result);
	pool_destroy(pool);
	assert_int_equal(pool_worker_slot(), -1);
	assert_null(pool_worker_pool_name());
	assert_int_equal(pool_worker_task(), 0);
}

static void nonsense_is_refused(void **state)
{
	struct pool *pool = open_pool(1);
	struct pool_result *result = (void *)1;

	(void)state;
	assert_int_equal(pool_apply(pool, NULL, NULL, 0, &result), -EINVAL);
	assert_null(result);
	assert_int_equal(pool_apply(pool, echo, NULL, 5, NULL), -EINVAL);
	assert_int_equal(pool_map(pool, echo, NULL, 5, 0, NULL), -EINVAL);
	assert_int_equal(pool_map_array(pool, echo, "", SIZE_MAX / 2, SIZE_MAX / 2, 0, NULL), -EINVAL);
	assert_int_equal(pool_apply(NULL, echo, NULL, 0, NULL), -EINVAL);
	pool_result_release(NULL);
	pool_destroy(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		pool_test(sizes_come_back_whole),
		pool_test(arguments_are_aligned),
		pool_test(a_value_grows_with_each_write),
		pool_test(failure_carries_words_worker_and_number),
		pool_test(a_worker_knows_where_it_is),
		pool_test(nonsense_is_refused),
	};

	return run_pool_tests(tests);
}
