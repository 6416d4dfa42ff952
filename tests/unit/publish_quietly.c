/* publish_quietly.c: does publishing never get in the way of who does it? */
#include "tests/segment_pair.h"

/* ---- unobserved ---- */

static void nobody_is_a_publisher_too(void **state)
{
	(void)state;
	errno = 4242;
	assert_int_equal(publisher_name(NULL, "x"), 0);
	assert_string_equal(publisher_key(NULL), "");
	publish_pool(NULL, POOL_CLOSING, NULL);
	publish_size(NULL, 3);
	publish_worker_new(NULL, 0, 1);
	publish_worker_begin(NULL, 0);
	publish_worker_state(NULL, 0, WORKER_IDLE);
	publish_worker_died(NULL, 0, 1, "SIGKILL", 1, 1);
	publish_worker_gone(NULL, 0);
	publish_task_started(NULL, 0, 1, 1, 1);
	publish_task_finished(NULL, 0, 1, 1, STATUS_OK);
	publish_helper_started(NULL, ROLE_FEEDER, "x");
	publish_helper_state(NULL, ROLE_FEEDER, THREAD_WAITING);
	publish_helper_exited(NULL, ROLE_FEEDER);
	publish_job_submitted(NULL, 1, CALL_MAP, 1, 1, 1);
	publish_job_finished(NULL, 1, STATUS_OK);
	publish_task(NULL, EV_TASK_QUEUED, 1, 1, 0, STATUS_OK);
	publish_queue_named(NULL, 0, "x", 1);
	publish_queue_in(NULL, 0, 1);
	publish_queue_out(NULL, 0, 1);
	publish_queue_bytes(NULL, 0, 1);
	publish_note(NULL, "x");
	publisher_close(NULL);
	assert_int_equal(errno, 4242);
}

static void what_does_not_exist_is_not_written(void **state)
{
	struct publisher *publisher = open_small();
	struct mapped_segment before = map_segment(publisher_key(publisher));
	unsigned char *copy;

	(void)state;
	publish_note(publisher, "a ring for this thread");
	copy = malloc(before.size);
	memcpy(copy, before.base, before.size);
	publish_worker_new(publisher, 3, 0);
	publish_worker_state(publisher, 3, WORKER_IDLE);
	publish_worker_state(publisher, 0, NR_WORKER_STATES);
	publish_task_started(publisher, 99, 1, 1, 1);
	publish_task_finished(publisher, 99, 1, 1, STATUS_OK);
	publish_helper_started(publisher, NR_HELPER_ROLES, "x");
	publish_helper_state(publisher, ROLE_FEEDER, THREAD_WAITING); /* not played by this thread */
	publish_queue_in(publisher, 3, 1);
	publish_pool(publisher, POOL_DEAD, NULL);
	assert_memory_equal(copy, before.base, before.size);
	free(copy);
	unmap_segment(&before);
	publisher_close(publisher);
}

static void errno_stays_as_it_was(void **state)
{
	struct publisher *publisher;

	(void)state;
	errno = 4242;
	publisher = open_small();
	publish_worker_new(publisher, 0, 0);
	publish_worker_begin(publisher, 0);
	publish_helper_started(publisher, ROLE_MANAGER, "manager");
	publish_note(publisher, "a note");
	publisher_close(publisher);
	assert_int_equal(errno, 4242);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nobody_is_a_publisher_too),
		TEST(what_does_not_exist_is_not_written),
		TEST(errno_stays_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
