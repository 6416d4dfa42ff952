/* publish_allocate.c: does a set-up survive an interrupted allocation, and clean up after one that failed?
 *
 * posix_fallocate() is ours here: it is interrupted so many times, and then works or fails. */
#include "tests/segment_pair.h"

static int nr_interrupts, final_error, nr_calls;

int posix_fallocate(int fd, off_t offset, off_t length)
{
	nr_calls++;
	if (nr_interrupts-- > 0)
		return EINTR;
	if (final_error)
		return final_error;
	return fallocate(fd, 0, offset, length) ? errno : 0;
}

static void an_interrupted_allocation_goes_on(void **state)
{
	struct publisher *publisher;

	(void)state;
	nr_interrupts = 3;
	final_error = nr_calls = 0;
	assert_int_equal(publisher_open(&small_plan, &publisher), 0);
	assert_int_equal(nr_calls, 4);
	assert_int_equal(private_runtime_files(), 1);
	publisher_close(publisher);
}

static void a_failed_allocation_leaves_nothing(void **state)
{
	struct publisher *publisher = (struct publisher *)1;

	(void)state;
	nr_interrupts = nr_calls = 0;
	final_error = ENOSPC; /* another was quicker than our look at what is free */
	assert_int_equal(publisher_open(&small_plan, &publisher), -ENOSPC);
	assert_int_equal(nr_calls, 1);
	assert_ptr_equal(publisher, (struct publisher *)1);
	assert_int_equal(private_runtime_files(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_interrupted_allocation_goes_on),
		TEST(a_failed_allocation_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
