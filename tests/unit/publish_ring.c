/* publish_ring.c: does each ring have one writer at a time, whoever forks, ends or is killed? */
#include "tests/segment_pair.h"

#include <pthread.h>

/* ---- rings ---- */

static void *note_once(void *publisher)
{
	publish_note(publisher, "from a thread");
	return NULL;
}

static void a_thread_that_ends_gives_its_ring_back(void **state)
{
	struct publisher *publisher = open_small();
	pthread_t thread;

	(void)state;
	for (int i = 0; i < 3 * PUBLISH_CALLERS; i++) {
		assert_int_equal(pthread_create(&thread, NULL, note_once, publisher), 0);
		pthread_join(thread, NULL);
	}
	assert_int_equal(count_of_pool(publisher_key(publisher), COUNT_UNRECORDED), 0);
	publisher_close(publisher);
}

struct crowd {
	struct publisher *publisher;
	pthread_barrier_t all_have_noted;
};

static void *note_and_stay(void *argument)
{
	struct crowd *crowd = argument;

	publish_note(crowd->publisher, "in a crowd");
	pthread_barrier_wait(&crowd->all_have_noted);
	return NULL;
}

static void who_has_no_ring_is_counted(void **state)
{
	enum { CROWD = PUBLISH_CALLERS + 5 };
	struct crowd crowd = {.publisher = open_small()};
	pthread_t thread[CROWD];

	(void)state;
	pthread_barrier_init(&crowd.all_have_noted, NULL, CROWD);
	for (int i = 0; i < CROWD; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, note_and_stay, &crowd), 0);
	for (int i = 0; i < CROWD; i++)
		pthread_join(thread[i], NULL);
	/* the opener has one */
	assert_int_equal(count_of_pool(publisher_key(crowd.publisher), COUNT_UNRECORDED), 6);
	pthread_barrier_destroy(&crowd.all_have_noted);
	publisher_close(crowd.publisher);
}

static int note_in_child(void *publisher)
{
	publish_note(publisher, "from a child");
	_exit(0);
}

static struct segment_ring *ring_of(const struct mapped_segment *mapped, pid_t pid)
{
	for (unsigned i = 0; i < 3 + NR_HELPER_ROLES + PUBLISH_CALLERS; i++) {
		struct segment_ring *ring = entry_in(mapped, SECTION_RINGS, i);

		if (ring->nr_writers && ring->writer[ring->nr_writers % NR_RING_WRITERS].pid == pid)
			return ring;
	}
	return NULL;
}

static void a_forked_child_never_writes_its_parents_ring(void **state)
{
	struct publisher *publisher = open_small();
	struct mapped_segment mapped = map_segment(publisher_key(publisher));
	struct segment_ring *ring;
	uint64_t before;

	(void)state;
	publish_note(publisher, "from the parent");
	ring = ring_of(&mapped, getpid());
	assert_non_null(ring);
	before = ring->committed_count;
	assert_int_equal(in_a_child(note_in_child, publisher), 0);
	assert_int_equal(ring->committed_count, before);
	publish_note(publisher, "from the parent again");
	assert_int_equal(ring->committed_count, before + 1);
	unmap_segment(&mapped);
	publisher_close(publisher);
}

/* Children that are killed with a caller's ring in their hands: each next one finds one all the same. */
static void rings_of_dead_processes_are_taken_over(void **state)
{
	struct publisher *publisher = open_small();

	(void)state;
	for (int i = 0; i < 2 * PUBLISH_CALLERS; i++)
		assert_int_equal(in_a_child(note_in_child, publisher), 0);
	assert_int_equal(count_of_pool(publisher_key(publisher), COUNT_UNRECORDED), 0);
	publisher_close(publisher);
}

/* ---- a worker killed in the middle of a write ---- */

static int begin_and_die_writing(void *publisher)
{
	struct mapped_segment mapped = map_segment(publisher_key(publisher));
	struct segment_slot *slot = entry_in(&mapped, SECTION_WORKERS, 1);
	struct segment_ring *ring = entry_in(&mapped, SECTION_RINGS, 1);

	publish_worker_begin(publisher, 1);
	publish_task_started(publisher, 1, 77, 5, 0);
	slot->sequence++;
	ring->reserved_count++;
	_exit(0);
}

static void what_a_killed_worker_left_is_made_whole(void **state)
{
	struct publisher *publisher = open_small();
	struct mapped_segment mapped = map_segment(publisher_key(publisher));
	struct segment_slot *slot = entry_in(&mapped, SECTION_WORKERS, 1);
	struct segment_ring *ring = entry_in(&mapped, SECTION_RINGS, 1);
	struct segment_record *records = (struct segment_record *)(ring + 1);
	uint64_t committed;

	(void)state;
	publish_worker_new(publisher, 1, 0);
	assert_int_equal(SLOT_EPOCH(slot->word), 1);
	assert_int_equal(in_a_child(begin_and_die_writing, publisher), 0);
	committed = ring->committed_count;
	assert_int_equal(ring->reserved_count, committed + 1);
	assert_int_equal(slot->sequence % 2, 1);
	records[committed] = (struct segment_record){.event = EV_NOTE, .task = 1}; /* half of what it was about to write */

	publish_worker_died(publisher, 1, slot->pid, "SIGKILL", 77, 3);
	assert_int_equal(slot->sequence % 2, 0);
	assert_int_equal(SLOT_EPOCH(slot->word), 2);
	assert_int_equal(SLOT_STATE(slot->word), WORKER_DIED);
	assert_int_equal(slot->task, 77);
	assert_int_equal(slot->name, 3);
	assert_int_equal(ring->reserved_count, committed + 1);
	assert_int_equal(ring->committed_count, committed + 1);
	assert_int_equal(records[committed].event, EV_NONE);
	assert_int_equal(RING_STATE(ring->taken), RING_FREE);
	assert_int_equal(count_of_pool(publisher_key(publisher), COUNT_DEATHS), 1);
	unmap_segment(&mapped);
	publisher_close(publisher);
}

/* ---- helpers ---- */

static void *play_twice(void *publisher)
{
	publish_helper_started(publisher, ROLE_FEEDER, "second");
	publish_helper_state(publisher, ROLE_FEEDER, THREAD_STOPPED);
	publish_helper_exited(publisher, ROLE_FEEDER);
	return NULL;
}

static void a_role_is_played_by_one_thread(void **state)
{
	struct publisher *publisher = open_small();
	struct mapped_segment mapped = map_segment(publisher_key(publisher));
	struct segment_slot *slot = entry_in(&mapped, SECTION_HELPERS, ROLE_FEEDER);
	pthread_t thread;

	(void)state;
	publish_helper_started(publisher, ROLE_FEEDER, "first");
	assert_int_equal(pthread_create(&thread, NULL, play_twice, publisher), 0);
	pthread_join(thread, NULL);
	assert_int_equal(SLOT_STATE(slot->word), THREAD_RUNNING);
	assert_int_equal(slot->tid, gettid());
	publish_helper_exited(publisher, ROLE_FEEDER);
	assert_int_equal(SLOT_STATE(slot->word), THREAD_GONE);
	assert_int_equal(pthread_create(&thread, NULL, play_twice, publisher), 0);
	pthread_join(thread, NULL);
	assert_int_equal(SLOT_EPOCH(slot->word), 2);
	unmap_segment(&mapped);
	publisher_close(publisher);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_thread_that_ends_gives_its_ring_back),
		TEST(who_has_no_ring_is_counted),
		TEST(a_forked_child_never_writes_its_parents_ring),
		TEST(rings_of_dead_processes_are_taken_over),
		TEST(what_a_killed_worker_left_is_made_whole),
		TEST(a_role_is_played_by_one_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
