/* segment_kill.c: is a segment sound to its readers, whatever was killed in the middle of whatever?
 *
 *   this test     makes the publisher, starts workers, kills each after so many records, makes its slot and ring whole
 *   a worker      does nothing but tasks, as fast as it can
 *   the watcher   another process: reads all the while, and notes what it must never see */
#include "tests/segment_pair.h"

#include <signal.h>
#include <sys/prctl.h>

#include "pool-runtime/record.h"
#include "pool-runtime/shared.h"

enum { NR_KILLS = 400, NR_POOL_KILLS = 60, MOST_RECORDS = 3000 };

static uint64_t mix(uint64_t value)
{
	value *= UINT64_C(0x9e3779b97f4a7c15);
	return (value ^ value >> 29) & RECORD_JOB_MAX;
}

/* A child that does not outlive a test that fails. */
static pid_t fork_ours(void)
{
	pid_t parent = getpid(), pid = fork();

	assert_true(pid >= 0);
	if (pid == 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent))
		_exit(1);
	return pid;
}

static void __attribute__((noreturn)) work_until_killed(struct publisher *publisher, unsigned slot)
{
	publish_worker_begin(publisher, slot);
	for (uint64_t task = 1;; task++) {
		publish_task_started(publisher, slot, task, mix(task), task % 3);
		publish_task_finished(publisher, slot, task, mix(task), task % NR_TASK_STATUSES);
	}
}

/* ---- the watcher ---- */

/* In memory that test and watcher share. */
struct watch {
	bool is_over;
	uint64_t got, lost, torn, slots, torn_slots, partial, strangers;
};

static void watch_record(void *context, const struct reader_news *news)
{
	const struct segment_record *record = &news->record;
	struct watch *watch = context;

	watch->got++;
	if (record->event != EV_TASK_STARTED && record->event != EV_TASK_FINISHED)
		return;
	if (record_job(record) != mix(record->task) || record->slot != 0 ||
	    (record->event == EV_TASK_STARTED ? record->name != record->task % 3 :
	     record_status(record) != record->task % NR_TASK_STATUSES))
		watch->torn++;
	if (news->owner != RING_OWNER(SECTION_WORKERS, 0))
		watch->strangers++;
}

static void watch_slot(struct reader *reader, struct watch *watch)
{
	struct segment_slot slot = {.word = 0};
	enum reader_slot_result result;
	unsigned state;

	reader_refresh(reader);
	result = reader_slot(reader, SECTION_WORKERS, 0, &slot);
	state = SLOT_STATE(slot.word);
	watch->slots += result == READER_SOUND;
	watch->partial += result == READER_PARTIAL;
	if (result == READER_FAILED ||
	    (result == READER_SOUND && (state == WORKER_BUSY) != (slot.task != 0) && state != WORKER_DIED) ||
	    (result == READER_SOUND && state == WORKER_BUSY && slot.name != slot.task % 3))
		watch->torn_slots++;
}

static void __attribute__((noreturn)) watch_until_over(const struct reader_place *place, struct watch *watch)
{
	struct reader *reader;
	const char *why;
	bool is_last;

	if (reader_open(place, &reader, &why))
		_exit(1);
	do {
		is_last = LOAD_ACQUIRE(watch->is_over);
		watch->lost += reader_drain(reader, watch_record, watch);
		watch_slot(reader, watch);
	} while (!is_last);
	reader_close(reader);
	_exit(0);
}

/* ---- the killing ---- */

static void kill_after(pid_t pid, struct segment_ring *ring, uint64_t nr_records)
{
	uint64_t goal = LOAD(ring->committed_count) + nr_records;

	/* not to the record: what follows takes as long as it takes, and that is the random instant */
	while (LOAD(ring->committed_count) < goal && waitpid(pid, NULL, WNOHANG) == 0)
		;
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* True: it was killed in the middle of a write. */
static bool kill_one(struct publisher *publisher, struct mapped_segment *mapped, pid_t *old, unsigned round)
{
	struct segment_slot *slot = entry_in(mapped, SECTION_WORKERS, 0);
	struct segment_ring *ring = entry_in(mapped, SECTION_RINGS, 0);
	bool was_writing;
	pid_t pid;

	publish_worker_new(publisher, 0, *old);
	pid = fork_ours();
	if (pid == 0)
		work_until_killed(publisher, 0);
	kill_after(pid, ring, mix(round + 1) % MOST_RECORDS);
	was_writing = slot->sequence % 2 || ring->reserved_count != ring->committed_count;
	publish_worker_died(publisher, 0, pid, "SIGKILL", 0, 0);
	assert_int_equal(slot->sequence % 2, 0);
	assert_true(ring->reserved_count == ring->committed_count);
	assert_int_equal(SLOT_EPOCH(slot->word), 2 * (round + 1));
	*old = pid;
	return was_writing;
}

static void workers_are_killed_while_a_watcher_reads(void **state)
{
	struct watch *watch = mmap(NULL, sizeof(*watch), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct pair pair = open_pair();
	struct mapped_segment mapped = map_segment(pair.place.key);
	unsigned in_mid_write = 0;
	pid_t watcher, old = 0;
	int status;

	(void)state;
	assert_ptr_not_equal(watch, MAP_FAILED);
	watcher = fork_ours();
	if (watcher == 0)
		watch_until_over(&pair.place, watch);
	for (unsigned round = 0; round < NR_KILLS; round++)
		in_mid_write += kill_one(pair.publisher, &mapped, &old, round);
	STORE_RELEASE(watch->is_over, true);
	assert_int_equal(waitpid(watcher, &status, 0), watcher);
	assert_int_equal(status, 0);
	print_message("# %d kills, %u in the middle of a write; the watcher took %llu records and %llu slots whole\n",
	              NR_KILLS, in_mid_write, (unsigned long long)watch->got, (unsigned long long)watch->slots);
	assert_int_equal(watch->torn, 0);
	assert_int_equal(watch->torn_slots, 0);
	assert_int_equal(watch->strangers, 0);
	assert_true(watch->got > NR_KILLS && watch->slots > 0);
	munmap(watch, sizeof(*watch));
	unmap_segment(&mapped);
	close_pair(&pair);
}

/* ---- the whole pool ---- */

static pid_t start_pool(int to_test[2])
{
	struct publisher *publisher;
	pid_t pid;

	assert_int_equal(pipe(to_test), 0);
	pid = fork_ours();
	if (pid == 0) {
		if (publisher_open(&small_plan, &publisher))
			_exit(1);
		dprintf(to_test[1], "%s", publisher_key(publisher));
		close(to_test[0]);
		close(to_test[1]);
		work_until_killed(publisher, 0);
	}
	close(to_test[1]);
	return pid;
}

static void the_last_moments_of_a_killed_pool_can_be_read(void **state)
{
	struct watch watch = {.is_over = true};

	(void)state;
	for (unsigned round = 0; round < NR_POOL_KILLS; round++) {
		char key[PLACE_KEY_SIZE] = "";
		struct mapped_segment mapped;
		struct reader_place place;
		struct reader *reader;
		int from_pool[2];
		pid_t pid = start_pool(from_pool);

		assert_true(read(from_pool[0], key, sizeof(key) - 1) > 0);
		close(from_pool[0]);
		mapped = map_segment(key);
		kill_after(pid, entry_in(&mapped, SECTION_RINGS, 0), mix(round) % MOST_RECORDS);
		unmap_segment(&mapped);
		place = private_runtime_place(key);
		assert_int_equal(reader_open(&place, &reader, &(const char *){NULL}), 0);
		reader_drain(reader, watch_record, &watch);
		watch_slot(reader, &watch);
		reader_close(reader);
		assert_int_equal(reader_discard(&place), 0);
	}
	assert_true(watch.got >= NR_POOL_KILLS);
	assert_int_equal(watch.slots + watch.partial, NR_POOL_KILLS);
	assert_int_equal(watch.torn, 0);
	assert_int_equal(watch.torn_slots, 0);
	assert_int_equal(private_runtime_files(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(workers_are_killed_while_a_watcher_reads),
		TEST(the_last_moments_of_a_killed_pool_can_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
