/* record.c: is every event that a segment tells read as it was written? */
#include "tests/segment_pair.h"

#include "pool-runtime/record.h"

/* ---- what happened: every event that a segment tells ---- */

static uint32_t name_of(struct pair *pair, const char *text)
{
	return publisher_name(pair->publisher, text);
}

static const struct segment_record *heard_one(struct pair *pair, enum event event)
{
	assert_int_equal(drain(pair->reader), 0);
	return &last_news(event)->record;
}

static void the_pools_events(void **state)
{
	static const struct { enum pool_state state; enum event event; } cases[] = {
		{POOL_CLOSING, EV_POOL_CLOSING}, {POOL_TERMINATING, EV_POOL_TERMINATING}, {POOL_JOINED, EV_POOL_JOINED},
	};
	struct pair pair = open_pair();
	const struct segment_record *record = heard_one(&pair, EV_POOL_OPENED);

	(void)state;
	assert_true(record->time >= reader_header(pair.reader)->opened_ns);
	for (unsigned i = 0; i < 3; i++) {
		publish_pool(pair.publisher, cases[i].state, NULL);
		publish_pool(pair.publisher, cases[i].state, NULL);
		heard_one(&pair, cases[i].event);
		assert_int_equal(heard.nr, 1);
	}
	publish_pool(pair.publisher, POOL_BROKEN, "because");
	record = heard_one(&pair, EV_POOL_BROKEN);
	assert_string_equal(reader_name(pair.reader, record->name), "because");
	close_pair(&pair);
}

static void a_workers_events(void **state)
{
	static const struct { enum worker_state state; enum event event; } cases[] = {
		{WORKER_INITIALIZING, EV_WORKER_INITIALIZING}, {WORKER_IDLE, EV_WORKER_IDLE},
		{WORKER_BUSY, EV_WORKER_BUSY}, {WORKER_EXITING, EV_WORKER_EXITING},
	};
	struct pair pair = open_pair();
	const struct segment_record *record;

	(void)state;
	publish_worker_new(pair.publisher, 2, 321);
	publish_worker_begin(pair.publisher, 2);
	record = heard_one(&pair, EV_WORKER_STARTING);
	assert_int_equal(record->slot, 2);
	assert_int_equal(record_pid(record), getpid());
	record = &last_news(EV_WORKER_REPLACED)->record;
	assert_int_equal(record_pid(record), getpid());
	assert_int_equal(record_old(record), 321);
	assert_int_equal(last_news(EV_WORKER_REPLACED)->owner, RING_OWNER(SECTION_WORKERS, 2));
	for (unsigned i = 0; i < 4; i++) {
		publish_worker_state(pair.publisher, 2, cases[i].state);
		record = heard_one(&pair, cases[i].event);
		assert_int_equal(record->slot, 2);
		assert_int_equal(record_pid(record), getpid());
	}
	publish_worker_died(pair.publisher, 2, 4321, "exit 3", 99, name_of(&pair, "cube"));
	record = heard_one(&pair, EV_WORKER_DIED);
	assert_int_equal(record->slot, 2);
	assert_int_equal(record->task, 99);
	assert_int_equal(record_pid(record), 4321);
	assert_string_equal(reader_name(pair.reader, record->name), "exit 3");
	assert_string_equal(reader_name(pair.reader, record_function(record)), "cube");
	close_pair(&pair);
}

static void a_helpers_events(void **state)
{
	struct pair pair = open_pair();
	const struct reader_news *news;

	(void)state;
	for (enum helper_role role = 0; role < NR_HELPER_ROLES; role++) {
		publish_helper_started(pair.publisher, role, "helper");
		assert_int_equal(drain(pair.reader), 0);
		news = last_news(EV_HELPER_STARTED);
		assert_int_equal(news->record.slot, role);
		assert_string_equal(reader_name(pair.reader, news->record.name), "helper");
		assert_int_equal(news->owner, RING_OWNER(SECTION_HELPERS, role));
		assert_int_equal(news->tid, gettid());
		publish_helper_exited(pair.publisher, role);
		assert_int_equal(heard_one(&pair, EV_HELPER_EXITED)->slot, role);
	}
	close_pair(&pair);
}

static void a_jobs_events(void **state)
{
	struct pair pair = open_pair();
	const struct segment_record *record;

	(void)state;
	for (enum job_call call = 0; call < NR_JOB_CALLS; call++) {
		publish_job_submitted(pair.publisher, 1000 + call, call, 70000, 12, name_of(&pair, "f"));
		record = heard_one(&pair, EV_JOB_SUBMITTED);
		assert_int_equal(record_job(record), 1000 + call);
		assert_int_equal(record_call(record), call);
		assert_int_equal(record_tasks(record), 70000);
		assert_int_equal(record_chunk(record), 12);
		assert_string_equal(reader_name(pair.reader, record_function(record)), "f");
	}
	publish_job_submitted(pair.publisher, 1, CALL_SUBMIT, UINT64_MAX, UINT32_MAX, 0);
	record = heard_one(&pair, EV_JOB_SUBMITTED);
	assert_int_equal(record_tasks(record), UINT32_MAX);
	assert_int_equal(record_chunk(record), RECORD_CHUNK_MAX);
	assert_int_equal(record_call(record), CALL_SUBMIT);
	for (enum task_status status = 0; status < NR_TASK_STATUSES; status++) {
		publish_job_finished(pair.publisher, UINT64_MAX, status);
		record = heard_one(&pair, EV_JOB_FINISHED);
		assert_true(record_job(record) == UINT64_MAX);
		assert_int_equal(record_status(record), status);
	}
	close_pair(&pair);
}

static void a_tasks_events(void **state)
{
	static const enum event elsewhere[] = {EV_TASK_QUEUED, EV_TASK_LOST, EV_TASK_RETRIED, EV_TASK_DELIVERED};
	struct pair pair = open_pair();
	const struct segment_record *record;

	(void)state;
	publish_worker_begin(pair.publisher, 1);
	publish_task_started(pair.publisher, 1, UINT64_MAX, 7, name_of(&pair, "f"));
	record = heard_one(&pair, EV_TASK_STARTED);
	assert_true(record->task == UINT64_MAX);
	assert_int_equal(record_job(record), 7);
	assert_int_equal(record->slot, 1);
	assert_string_equal(reader_name(pair.reader, record_function(record)), "f");
	for (enum task_status status = 0; status < NR_TASK_STATUSES; status++) {
		publish_task_finished(pair.publisher, 1, 8, RECORD_JOB_MAX, status);
		record = heard_one(&pair, EV_TASK_FINISHED);
		assert_int_equal(record->task, 8);
		assert_true(record_job(record) == RECORD_JOB_MAX);
		assert_int_equal(record_status(record), status);
		assert_int_equal(record->slot, 1);
	}
	for (unsigned i = 0; i < 4; i++) {
		publish_task(pair.publisher, elsewhere[i], 9, 10, 1, STATUS_LOST);
		record = heard_one(&pair, elsewhere[i]);
		assert_int_equal(record->task, 9);
		assert_int_equal(record_job(record), 10);
		assert_int_equal(record_status(record), STATUS_LOST);
	}
	publish_task(pair.publisher, EV_TASK_LOST, 9, 10, 2, STATUS_LOST);
	assert_int_equal(heard_one(&pair, EV_TASK_LOST)->slot, 2);
	close_pair(&pair);
}

static void words_of_any_bytes(void **state)
{
	struct pair pair = open_pair();

	(void)state;
	publish_note(pair.publisher, "two\033[2Jlines\n\xff");
	assert_string_equal(reader_name(pair.reader, heard_one(&pair, EV_NOTE)->name), "two\033[2Jlines\n\xff");
	close_pair(&pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_pools_events),
		TEST(a_workers_events),
		TEST(a_helpers_events),
		TEST(a_jobs_events),
		TEST(a_tasks_events),
		TEST(words_of_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
