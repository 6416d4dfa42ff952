/* segment.c: do writers and readers, all at full speed, ever make a reader accept what was never written?
 *
 * Every record's argument and every slot's details are derived from one number, so that a mixture of two is seen. The
 * writers are threads of this process, so that ThreadSanitizer sees them; each worker writes its slot and its ring, each
 * caller claims a ring, names come from all. At the end nothing may be missing: got + lost = written. */
#include "tests/segment_pair.h"

#include <inttypes.h>
#include <pthread.h>

#include "pool-runtime/record.h"

enum { NR_WORKERS = 3, NR_CALLERS = 3, NR_READERS = 2 };
/* a sanitizer makes it some ten times slower */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
enum { NR_ROUNDS = 100000 };
#else
enum { NR_ROUNDS = 1000000 };
#endif

static struct publisher *publisher;
static struct reader_place place;
static unsigned writers_at_work;

/* ---- the writers ---- */

static uint64_t mix(uint64_t value)
{
	value *= UINT64_C(0x9e3779b97f4a7c15);
	return (value ^ value >> 29) & RECORD_JOB_MAX;
}

static void *work(void *argument)
{
	unsigned slot = (unsigned)(uintptr_t)argument;

	publish_worker_begin(publisher, slot);
	for (uint64_t task = 1; task <= NR_ROUNDS; task++) {
		publish_task_started(publisher, slot, task, mix(task), task % 3);
		publish_task_finished(publisher, slot, task, mix(task), task % NR_TASK_STATUSES);
	}
	__atomic_fetch_sub(&writers_at_work, 1, __ATOMIC_RELEASE);
	return NULL;
}

static void *call(void *argument)
{
	char text[32];

	(void)argument;
	for (uint64_t task = 1; task <= NR_ROUNDS; task++) {
		publish_task(publisher, EV_TASK_QUEUED, task, mix(task), 0, task % NR_TASK_STATUSES);
		publish_queue_in(publisher, 1, task);
		if (task % 1000 == 0) {
			snprintf(text, sizeof(text), "name %d", (int)(task / 1000) % 200);
			publisher_name(publisher, text);
		}
	}
	__atomic_fetch_sub(&writers_at_work, 1, __ATOMIC_RELEASE);
	return NULL;
}

/* ---- the readers ---- */

struct tally {
	uint64_t got, lost, torn, disordered, slots, torn_slots;
	uint64_t last[64]; /* task of each ring, by its writer's place in it */
	struct reader *reader;
};

static void check_record(void *context, const struct reader_news *news)
{
	const struct segment_record *record = &news->record;
	struct tally *tally = context;
	uint64_t order = record->task * 2 + (record->event == EV_TASK_FINISHED);
	uint64_t *last = &tally->last[RING_OWNER_SECTION(news->owner) == SECTION_WORKERS ?
	                              RING_OWNER_INDEX(news->owner) : RING_OWNER_INDEX(news->owner) % 50 + 10];

	tally->got++;
	if (record->event == EV_POOL_OPENED || record->event == EV_WORKER_STARTING)
		return;
	if (record_job(record) != mix(record->task) ||
	    (record->event == EV_TASK_STARTED ? record->name != record->task % 3 :
	     record_status(record) != record->task % NR_TASK_STATUSES))
		tally->torn++;
	if (order <= *last)
		tally->disordered++;
	*last = order;
}

/* Busy with a task, or idle with none; never done more than it began. */
static void check_slots(struct tally *tally)
{
	struct segment_slot slot;
	bool is_busy;

	reader_refresh(tally->reader);
	for (unsigned i = 0; i < NR_WORKERS; i++) {
		if (reader_slot(tally->reader, SECTION_WORKERS, i, &slot) != READER_SOUND || slot.pid == 0)
			continue;
		tally->slots++;
		is_busy = SLOT_STATE(slot.word) == WORKER_BUSY;
		if (is_busy != (slot.task != 0) || (is_busy && slot.task != slot.count[COUNT_DONE] + 1) ||
		    slot.name != slot.task % 3)
			tally->torn_slots++;
	}
}

static void *read_all(void *argument)
{
	struct tally *tally = argument;
	bool is_last;

	do {
		is_last = __atomic_load_n(&writers_at_work, __ATOMIC_ACQUIRE) == 0;
		tally->lost += reader_drain(tally->reader, check_record, tally);
		check_slots(tally);
	} while (!is_last);
	return NULL;
}

/* ---- all at once ---- */

static void start_all(pthread_t thread[], struct tally tally[])
{
	int nr = 0;

	writers_at_work = NR_WORKERS + NR_CALLERS;
	for (int i = 0; i < NR_READERS; i++) {
		assert_int_equal(reader_open(&place, &tally[i].reader, &(const char *){NULL}), 0);
		assert_int_equal(reader_drain(tally[i].reader, check_record, &tally[i]), 0);
		assert_int_equal(pthread_create(&thread[nr++], NULL, read_all, &tally[i]), 0);
	}
	for (uintptr_t i = 0; i < NR_WORKERS; i++)
		assert_int_equal(pthread_create(&thread[nr++], NULL, work, (void *)i), 0);
	for (int i = 0; i < NR_CALLERS; i++)
		assert_int_equal(pthread_create(&thread[nr++], NULL, call, NULL), 0);
}

static void nothing_torn_is_accepted_and_nothing_missed(void **state)
{
	/* and pool.opened, and that each worker starts */
	const uint64_t written = (uint64_t)NR_ROUNDS * (2 * NR_WORKERS + NR_CALLERS) + 1 + NR_WORKERS;
	pthread_t thread[NR_READERS + NR_WORKERS + NR_CALLERS];
	struct tally tally[NR_READERS] = {{.got = 0}};

	(void)state;
	assert_int_equal(publisher_open(&small_plan, &publisher), 0);
	place = private_runtime_place(publisher_key(publisher));
	start_all(thread, tally);
	for (unsigned i = 0; i < NR_READERS + NR_WORKERS + NR_CALLERS; i++)
		pthread_join(thread[i], NULL);
	for (unsigned i = 0; i < NR_READERS; i++) {
		print_message("# reader %u: %" PRIu64 " records and %" PRIu64 " slots, %" PRIu64 " records lost\n", i,
		              tally[i].got, tally[i].slots, tally[i].lost);
		assert_int_equal(tally[i].torn, 0);
		assert_int_equal(tally[i].disordered, 0);
		assert_int_equal(tally[i].torn_slots, 0);
		assert_true(tally[i].got > 0 && tally[i].slots > 0);
		assert_int_equal(tally[i].got + tally[i].lost, written);
		reader_close(tally[i].reader);
	}
	publisher_close(publisher);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_torn_is_accepted_and_nothing_missed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
