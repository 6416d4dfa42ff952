/* reader.c: does a reader say what is true now, however late it comes? */
#include "tests/segment_pair.h"

/* ---- the header ---- */

static void the_header_says_who_publishes(void **state)
{
	struct pair pair = open_pair();
	const struct segment_header *header = reader_header(pair.reader);

	(void)state;
	assert_int_equal(header->pid, getpid());
	assert_int_equal(header->start, pair.place.start);
	assert_int_equal(header->uid, geteuid());
	assert_int_equal(header->kind, KIND_PROCESS);
	assert_int_equal(header->start_method, START_FORK);
	assert_string_equal(reader_name(pair.reader, header->name), "small");
	assert_int_equal(reader_count(pair.reader, SECTION_POOL), 1);
	assert_int_equal(reader_count(pair.reader, SECTION_WORKERS), 3);
	assert_int_equal(reader_count(pair.reader, SECTION_HELPERS), NR_HELPER_ROLES);
	assert_int_equal(reader_count(pair.reader, SECTION_QUEUES), 3);
	assert_int_equal(reader_count(pair.reader, SECTION_RINGS), 3 + NR_HELPER_ROLES + PUBLISH_CALLERS);
	assert_int_equal(reader_count(pair.reader, NR_SECTIONS), 0);
	close_pair(&pair);
}

/* ---- what is true ---- */

static void who_comes_late_sees_the_whole_pool(void **state)
{
	struct pair pair;
	struct segment_slot slot;
	uint32_t square;

	(void)state;
	pair = open_pair();
	reader_close(pair.reader);
	square = publisher_name(pair.publisher, "square");
	publish_worker_new(pair.publisher, 1, 0);
	publish_worker_begin(pair.publisher, 1);
	publish_task_started(pair.publisher, 1, 4, 2, square);
	publish_task_finished(pair.publisher, 1, 4, 2, STATUS_FAILED);
	for (uint64_t task = 5; task < 20000; task++) {
		publish_task_started(pair.publisher, 1, task, 2, square);
		publish_task_finished(pair.publisher, 1, task, 2, STATUS_OK);
	}
	publish_task_started(pair.publisher, 1, 20000, 2, square);
	publish_helper_started(pair.publisher, ROLE_TASK_HANDLER, "small:tasks");
	publish_helper_state(pair.publisher, ROLE_TASK_HANDLER, THREAD_WAITING);
	publish_queue_named(pair.publisher, 2, "results", 64);
	publish_queue_in(pair.publisher, 2, 12);
	publish_queue_out(pair.publisher, 2, 5);
	publish_queue_in(pair.publisher, 2, 13);
	publish_queue_bytes(pair.publisher, 2, 800);
	publish_pool(pair.publisher, POOL_BROKEN, "its initializer fails");
	publish_size(pair.publisher, 9);

	assert_int_equal(reader_open(&pair.place, &pair.reader, &(const char *){NULL}), 0);
	assert_int_equal(reader_slot(pair.reader, SECTION_WORKERS, 1, &slot), READER_SOUND);
	assert_int_equal(SLOT_STATE(slot.word), WORKER_BUSY);
	assert_int_equal(SLOT_EPOCH(slot.word), 1);
	assert_int_equal(slot.task, 20000);
	assert_string_equal(reader_name(pair.reader, slot.name), "square");
	assert_int_equal(slot.pid, getpid());
	assert_int_equal(slot.tid, gettid());
	assert_int_equal(slot.start, pair.place.start);
	assert_int_equal(slot.ring, 2);
	assert_int_equal(slot.count[COUNT_DONE], 19996);
	assert_int_equal(slot.count[COUNT_FAILED], 1);
	assert_true(slot.since >= reader_header(pair.reader)->opened_ns);

	assert_int_equal(reader_slot(pair.reader, SECTION_WORKERS, 0, &slot), READER_SOUND);
	assert_int_equal(SLOT_STATE(slot.word), WORKER_NEW);
	assert_int_equal(reader_slot(pair.reader, SECTION_HELPERS, ROLE_TASK_HANDLER, &slot), READER_SOUND);
	assert_int_equal(SLOT_STATE(slot.word), THREAD_WAITING);
	assert_string_equal(reader_name(pair.reader, slot.name), "small:tasks");
	assert_int_equal(reader_slot(pair.reader, SECTION_QUEUES, 2, &slot), READER_SOUND);
	assert_string_equal(reader_name(pair.reader, slot.name), "results");
	assert_int_equal(slot.count[COUNT_IN] - slot.count[COUNT_OUT], 8);
	assert_int_equal(slot.task, 12);
	assert_int_equal(slot.bytes, 800);
	assert_int_equal(slot.old, 64);
	assert_int_equal(reader_slot(pair.reader, SECTION_POOL, 0, &slot), READER_SOUND);
	assert_int_equal(SLOT_STATE(slot.word), POOL_BROKEN);
	assert_string_equal(reader_name(pair.reader, slot.name), "its initializer fails");
	assert_int_equal(slot.old, 9);
	assert_int_equal(reader_slot(pair.reader, SECTION_WORKERS, 3, &slot), READER_FAILED);
	assert_int_equal(reader_slot(pair.reader, SECTION_RINGS, 0, &slot), READER_FAILED);

	assert_int_equal(drain(pair.reader), 0); /* what was written over before we came was not ours to lose */
	assert_int_equal(last_news(EV_TASK_STARTED)->record.task, 20000);
	close_pair(&pair);
}

static void a_slot_stays_until_it_is_refreshed(void **state)
{
	struct pair pair = open_pair();
	struct segment_slot slot;

	(void)state;
	publish_worker_new(pair.publisher, 0, 0);
	reader_slot(pair.reader, SECTION_WORKERS, 0, &slot);
	assert_int_equal(SLOT_STATE(slot.word), WORKER_STARTING);
	publish_worker_gone(pair.publisher, 0);
	reader_slot(pair.reader, SECTION_WORKERS, 0, &slot);
	assert_int_equal(SLOT_STATE(slot.word), WORKER_STARTING);
	reader_refresh(pair.reader);
	reader_slot(pair.reader, SECTION_WORKERS, 0, &slot);
	assert_int_equal(SLOT_STATE(slot.word), WORKER_NEW);
	close_pair(&pair);
}

static void of_a_dead_writer_only_word_and_counts_are_believed(void **state)
{
	struct pair pair = open_pair();
	struct mapped_segment mapped = map_segment(pair.place.key);
	struct segment_slot *written = entry_in(&mapped, SECTION_WORKERS, 2), slot;

	(void)state;
	publish_worker_new(pair.publisher, 2, 0);
	publish_worker_begin(pair.publisher, 2);
	publish_task_started(pair.publisher, 2, 1, 1, 0);
	publish_task_finished(pair.publisher, 2, 1, 1, STATUS_OK);
	written->sequence++;
	assert_int_equal(reader_slot(pair.reader, SECTION_WORKERS, 2, &slot), READER_PARTIAL);
	assert_int_equal(SLOT_STATE(slot.word), WORKER_IDLE);
	assert_int_equal(slot.count[COUNT_DONE], 1);
	assert_int_equal(slot.pid, 0);
	assert_int_equal(slot.since, 0);
	publish_worker_died(pair.publisher, 2, getpid(), "SIGKILL", 0, 0);
	reader_refresh(pair.reader);
	assert_int_equal(reader_slot(pair.reader, SECTION_WORKERS, 2, &slot), READER_SOUND);
	assert_int_equal(slot.pid, getpid());
	unmap_segment(&mapped);
	close_pair(&pair);
}

static void ids_that_lead_nowhere_lead_to_nothing(void **state)
{
	struct pair pair = open_pair();
	struct mapped_segment mapped = map_segment(pair.place.key);
	struct segment_slot *written = entry_in(&mapped, SECTION_WORKERS, 0), slot;

	(void)state;
	written->name = 1u << 20;
	written->ring = 9999;
	written->pid = -1;
	assert_int_equal(reader_slot(pair.reader, SECTION_WORKERS, 0, &slot), READER_SOUND);
	assert_int_equal(slot.name, 0);
	assert_int_equal(slot.ring, 0);
	assert_int_equal(slot.pid, 0);
	written->word = SLOT_WORD(1, 0, NR_WORKER_STATES);
	reader_refresh(pair.reader);
	assert_int_equal(reader_slot(pair.reader, SECTION_WORKERS, 0, &slot), READER_FAILED);
	unmap_segment(&mapped);
	close_pair(&pair);
}

static void a_queue_never_counts_backwards(void **state)
{
	struct pair pair = open_pair();
	struct mapped_segment mapped = map_segment(pair.place.key);
	struct segment_slot *written = entry_in(&mapped, SECTION_QUEUES, 0), slot;

	(void)state;
	publish_queue_in(pair.publisher, 0, 10);
	publish_queue_in(pair.publisher, 0, 9);
	assert_int_equal(written->count[COUNT_IN], 10);
	reader_slot(pair.reader, SECTION_QUEUES, 0, &slot);
	written->count[COUNT_IN] = 7; /* by one who was overtaken between looking and storing */
	reader_refresh(pair.reader);
	reader_slot(pair.reader, SECTION_QUEUES, 0, &slot);
	assert_int_equal(slot.count[COUNT_IN], 10);
	unmap_segment(&mapped);
	close_pair(&pair);
}

/* Workers and queues there are none, and yet it is all there. */
static void a_program_without_a_pool_is_read_too(void **state)
{
	const struct publisher_plan plan = {.name = "program", .kind = KIND_PROGRAM};
	struct pair pair;
	struct segment_slot slot;

	(void)state;
	assert_int_equal(publisher_open(&plan, &pair.publisher), 0);
	pair.place = private_runtime_place(publisher_key(pair.publisher));
	assert_int_equal(reader_open(&pair.place, &pair.reader, &(const char *){NULL}), 0);
	assert_int_equal(reader_slot(pair.reader, SECTION_WORKERS, 0, &slot), READER_FAILED);
	assert_int_equal(reader_slot(pair.reader, SECTION_POOL, 0, &slot), READER_SOUND);
	publish_note(pair.publisher, "a program's own words");
	drain(pair.reader);
	assert_string_equal(reader_name(pair.reader, last_news(EV_NOTE)->record.name), "a program's own words");
	close_pair(&pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_header_says_who_publishes),
		TEST(who_comes_late_sees_the_whole_pool),
		TEST(a_slot_stays_until_it_is_refreshed),
		TEST(of_a_dead_writer_only_word_and_counts_are_believed),
		TEST(ids_that_lead_nowhere_lead_to_nothing),
		TEST(a_queue_never_counts_backwards),
		TEST(a_program_without_a_pool_is_read_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
