/* reader_ring.c: is what was lost or spoilt counted exactly, and each record given to who wrote it? */
#include "tests/segment_pair.h"

#include "pool-runtime/record.h"

/* ---- what is lost ---- */

static void what_was_written_over_is_counted_exactly(void **state)
{
	struct pair pair = open_pair();
	uint64_t lost;

	(void)state;
	publish_note(pair.publisher, "the first");
	assert_int_equal(drain(pair.reader), 0);
	for (uint64_t task = 1; task <= 4096 + 77; task++)
		publish_task(pair.publisher, EV_TASK_QUEUED, task, 1, 0, STATUS_OK);
	lost = drain(pair.reader);
	assert_int_equal(lost, 77);
	assert_int_equal(heard.nr, 4096);
	assert_int_equal(heard.news[0].record.task, 78);
	assert_int_equal(heard.news[4095].record.task, 4096 + 77);
	assert_int_equal(drain(pair.reader), 0);
	assert_int_equal(heard.nr, 0);
	close_pair(&pair);
}

static void a_record_being_written_is_not_read(void **state)
{
	struct pair pair = open_pair();
	struct mapped_segment mapped = map_segment(pair.place.key);
	struct segment_ring *ring = own_ring(&mapped);

	(void)state;
	for (uint64_t task = 2; task <= 4096; task++) /* record 0 is pool.opened */
		publish_task(pair.publisher, EV_TASK_QUEUED, task, 1, 0, STATUS_OK);
	ring->reserved_count++; /* record 4096 is being put over record 0 */
	drain(pair.reader);
	assert_int_equal(heard.nr, 4095);
	assert_int_equal(heard.news[0].record.task, 2);
	unmap_segment(&mapped);
	close_pair(&pair);
}

static void nonsense_in_a_ring_is_counted(void **state)
{
	struct pair pair = open_pair();
	struct mapped_segment mapped = map_segment(pair.place.key);
	struct segment_ring *ring = own_ring(&mapped);
	struct segment_record *records = (struct segment_record *)(ring + 1);
	static const struct segment_record nonsense[] = {
		{.event = EV_NONE}, {.event = NR_EVENTS}, {.event = EV_PROCESS_EXITED}, {.event = EV_NOTE, .name = 1u << 30},
		{.event = EV_TASK_FINISHED, .slot = 3}, {.event = EV_HELPER_STARTED, .slot = NR_HELPER_ROLES},
		{.event = EV_JOB_FINISHED, .argument = UINT64_C(200) << 56},
		{.event = EV_TASK_QUEUED, .argument = (uint64_t)NR_TASK_STATUSES << 56},
		{.event = EV_JOB_SUBMITTED, .argument = (uint64_t)NR_JOB_CALLS << 56},
		{.event = EV_WORKER_DIED, .argument = UINT64_C(0xffffffff) << 32},
	};
	uint64_t number;

	(void)state;
	drain(pair.reader);
	for (unsigned i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++) {
		number = ring->committed_count;
		publish_note(pair.publisher, "to be spoilt");
		records[number] = nonsense[i];
		publish_note(pair.publisher, "sound");
		assert_int_equal(drain(pair.reader), 1);
		assert_int_equal(heard.nr, 1);
	}
	unmap_segment(&mapped);
	close_pair(&pair);
}

static void counters_out_of_order_are_counted_and_survived(void **state)
{
	struct pair pair = open_pair();
	struct mapped_segment mapped = map_segment(pair.place.key);
	struct segment_ring *ring = own_ring(&mapped);

	(void)state;
	publish_note(pair.publisher, "one");
	drain(pair.reader);
	ring->committed_count = 0; /* backwards */
	assert_int_equal(drain(pair.reader), 1);
	ring->committed_count = UINT64_MAX - 5; /* beyond all measure */
	assert_int_equal(drain(pair.reader), 1);
	ring->committed_count = 3; /* and reserved behind it: not to be believed */
	assert_int_equal(drain(pair.reader), 1);
	ring->committed_count = 9;
	assert_int_equal(drain(pair.reader), 6);
	assert_int_equal(heard.nr, 0);
	ring->reserved_count = ring->committed_count;
	publish_note(pair.publisher, "sound again");
	assert_int_equal(drain(pair.reader), 0);
	assert_int_equal(heard.nr, 1);
	unmap_segment(&mapped);
	close_pair(&pair);
}

static void the_future_is_now(void **state)
{
	struct pair pair = open_pair();
	struct mapped_segment mapped = map_segment(pair.place.key);
	struct segment_ring *ring = own_ring(&mapped);

	(void)state;
	drain(pair.reader);
	publish_note(pair.publisher, "from tomorrow");
	((struct segment_record *)(ring + 1))[ring->committed_count - 1].time = UINT64_MAX;
	drain(pair.reader);
	assert_true(last_news(EV_NOTE)->record.time < UINT64_MAX / 2);
	unmap_segment(&mapped);
	close_pair(&pair);
}

/* ---- who said it ---- */

static int work_once(struct publisher *publisher, uint64_t task)
{
	publish_worker_begin(publisher, 0);
	publish_task_started(publisher, 0, task, 1, 0);
	_exit(0);
}

static pid_t live_and_die(struct publisher *publisher, pid_t old, uint64_t task)
{
	pid_t pid;

	publish_worker_new(publisher, 0, old);
	pid = fork();
	if (pid == 0)
		work_once(publisher, task);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	publish_worker_died(publisher, 0, pid, "SIGKILL", task, 0);
	return pid;
}

static void a_dead_workers_words_are_not_its_successors(void **state)
{
	struct pair pair = open_pair();
	pid_t pid[6] = {0};

	(void)state;
	for (int i = 1; i < 6; i++)
		pid[i] = live_and_die(pair.publisher, pid[i - 1], i);
	drain(pair.reader);
	for (unsigned i = 0; i < heard.nr; i++) {
		const struct reader_news *news = &heard.news[i];

		if (news->record.event != EV_TASK_STARTED)
			continue;
		/* the ring remembers three */
		assert_int_equal(news->pid, news->record.task <= 2 ? 0 : pid[news->record.task]);
		assert_int_equal(news->tid, news->pid);
		assert_int_equal(news->start != 0, news->pid != 0);
	}
	close_pair(&pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_written_over_is_counted_exactly),
		TEST(a_record_being_written_is_not_read),
		TEST(nonsense_in_a_ring_is_counted),
		TEST(counters_out_of_order_are_counted_and_survived),
		TEST(the_future_is_now),
		TEST(a_dead_workers_words_are_not_its_successors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
