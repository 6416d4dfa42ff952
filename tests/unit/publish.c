/* publish.c: does a publisher make its segment where, how and only when it should, and does it never get in the way? */
#include "tests/private_runtime.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "pool-runtime/record.h"

static struct publisher *open_small(void)
{
	struct publisher *publisher = NULL;

	assert_int_equal(publisher_open(&small_plan, &publisher), 0);
	assert_non_null(publisher);
	return publisher;
}

/* Runs in a child, which a signal or a failed assertion cannot take us with; its exit status. */
static int in_a_child(int (*act)(void *), void *argument)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0)
		_exit(act(argument));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static uint64_t pool_count(const char *key, unsigned which)
{
	struct mapped_segment mapped = map_segment(key);
	uint64_t count = ((struct segment_slot *)entry_in(&mapped, SECTION_POOL, 0))->count[which];

	unmap_segment(&mapped);
	return count;
}

/* ---- the file ---- */

static void the_file_is_its_owners_alone_whatever_the_umask(void **state)
{
	mode_t masks[] = {0, 022, 0777};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		mode_t before = umask(masks[i]);
		struct publisher *publisher = open_small();
		char path[256];
		struct stat status;

		assert_int_equal(umask(before), masks[i]);
		snprintf(path, sizeof(path), "%s/%s", private_directory, publisher_key(publisher));
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_mode, S_IFREG | 0600);
		assert_true(status.st_blocks * 512 >= status.st_size);
		assert_int_equal(stat(private_directory, &status), 0);
		assert_int_equal(status.st_mode, S_IFDIR | 0700);
		assert_int_equal(private_runtime_files(), 1);
		publisher_close(publisher);
		assert_int_equal(private_runtime_files(), 0);
		rmdir(private_directory);
	}
}

static void switched_off_nothing_is_made(void **state)
{
	struct publisher *publisher = (struct publisher *)1;

	(void)state;
	setenv("POOLSCOPE", "off", 1);
	assert_int_equal(publisher_open(&small_plan, &publisher), -ECANCELED);
	unsetenv("POOLSCOPE");
	assert_ptr_equal(publisher, (struct publisher *)1);
	assert_int_equal(access(private_directory, F_OK), -1);
}

static void a_plan_too_large_is_refused(void **state)
{
	struct publisher_plan plan = small_plan;
	struct publisher *publisher;

	(void)state;
	plan.max_workers = 65536;
	assert_int_equal(publisher_open(&plan, &publisher), -EINVAL);
}

static void a_directory_that_is_not_ours_alone_is_refused(void **state)
{
	struct publisher *publisher;

	(void)state;
	assert_int_equal(symlink("/dev/shm", private_directory), 0);
	assert_int_equal(publisher_open(&small_plan, &publisher), -EPERM);
	assert_int_equal(unlink(private_directory), 0);

	assert_int_equal(mkdir(private_directory, 0700), 0);
	assert_int_equal(chmod(private_directory, 0750), 0);
	assert_int_equal(publisher_open(&small_plan, &publisher), -EPERM);
	assert_int_equal(chmod(private_directory, 0700), 0);
	if (geteuid() == 0) {
		assert_int_equal(chown(private_directory, 12345, 0), 0);
		assert_int_equal(publisher_open(&small_plan, &publisher), -EPERM);
	}
	assert_int_equal(private_runtime_files(), 0);
}

static void a_file_size_limit_fails_the_set_up_and_kills_nobody(void **state)
{
	struct rlimit before, low;
	struct publisher *publisher;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	low = (struct rlimit){.rlim_cur = 4096, .rlim_max = before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	assert_int_equal(publisher_open(&small_plan, &publisher), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(private_runtime_files(), 0);
}

/* ---- in a mount namespace of our own ---- */

static int mount_over(const char *where, const char *options)
{
	return unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	       mount("tmpfs", where, "tmpfs", 0, options);
}

static int try_to_mount(void *unused)
{
	(void)unused;
	return mount_over(private_base, "size=1m");
}

static void require_root(void)
{
	if (geteuid() != 0 || in_a_child(try_to_mount, NULL)) {
		print_message("# SKIP: needs root, and leave to mount a tmpfs\n");
		skip();
	}
}

/* 0 if it failed cleanly, and works once there is room. */
static int open_on_full(void *unused)
{
	struct publisher *publisher;

	(void)unused;
	if (mount_over(private_base, "size=600k,mode=700"))
		return 2;
	if (publisher_open(&small_plan, &publisher) != -ENOSPC || private_runtime_files() != 0)
		return 3;
	if (mount("tmpfs", private_base, "tmpfs", MS_REMOUNT, "size=64m"))
		return 4;
	if (publisher_open(&small_plan, &publisher))
		return 5;
	publisher_close(publisher);
	return private_runtime_files() == 0 ? 0 : 6;
}

static void a_full_tmpfs_fails_the_set_up(void **state)
{
	(void)state;
	require_root();
	assert_int_equal(in_a_child(open_on_full, NULL), 0);
}

/* The most records that fit an eighth of what is free, 256 at least and 4096 at most. */
static int open_with_room_for(void *argument)
{
	static const struct { const char *options; uint32_t capacity; } cases[] = {
		{"size=1m,mode=700", 256}, {"size=4m,mode=700", 512}, {"size=64m,mode=700", 4096},
	};
	struct publisher *publisher;
	struct mapped_segment mapped;
	unsigned which = *(unsigned *)argument;

	if (mount_over(private_base, cases[which].options))
		return 2;
	if (publisher_open(&small_plan, &publisher))
		return 3;
	mapped = map_segment(publisher_key(publisher));
	return ((struct segment_ring *)entry_in(&mapped, SECTION_RINGS, 0))->capacity == cases[which].capacity ? 0 : 4;
}

static void rings_are_as_long_as_there_is_room(void **state)
{
	(void)state;
	require_root();
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(in_a_child(open_with_room_for, &i), 0);
}

static int open_without_inodes(void *unused)
{
	struct publisher *publisher;

	(void)unused;
	if (mount_over(private_base, "size=64m,mode=700,nr_inodes=2"))
		return 2;
	return publisher_open(&small_plan, &publisher) == -ENOSPC && private_runtime_files() == 0 ? 0 : 3;
}

static void no_inode_left_fails_the_set_up(void **state)
{
	(void)state;
	require_root();
	assert_int_equal(in_a_child(open_without_inodes, NULL), 0);
}

static int open_in_shared_memory(void *runtime_directory)
{
	struct publisher *publisher;
	char path[PLACE_DIRECTORY_SIZE];
	struct stat status;

	if (mount_over("/dev/shm", "size=64m"))
		return 2;
	if (runtime_directory)
		setenv("XDG_RUNTIME_DIR", runtime_directory, 1);
	else
		unsetenv("XDG_RUNTIME_DIR");
	if (publisher_open(&small_plan, &publisher))
		return 3;
	place_shared_memory(geteuid(), path);
	strcat(strcat(path, "/"), publisher_key(publisher));
	return stat(path, &status) == 0 ? 0 : 4;
}

static void without_a_runtime_directory_on_tmpfs_it_is_shared_memory(void **state)
{
	(void)state;
	require_root();
	assert_int_equal(in_a_child(open_in_shared_memory, NULL), 0);
	assert_int_equal(in_a_child(open_in_shared_memory, "/proc"), 0);
	assert_int_equal(in_a_child(open_in_shared_memory, "/nowhere"), 0);
}

/* ---- the dead ---- */

static int open_and_die(void *unused)
{
	struct publisher *publisher;

	(void)unused;
	return publisher_open(&small_plan, &publisher);
}

static void the_newest_eight_dead_are_kept(void **state)
{
	struct publisher *publisher;
	struct reader_place places[16];

	(void)state;
	for (int i = 0; i < 11; i++)
		assert_int_equal(in_a_child(open_and_die, NULL), 0);
	assert_int_equal(private_runtime_files(), 9); /* the last child kept eight and left its own */
	publisher = open_small();
	assert_int_equal(private_runtime_files(), 9);
	publisher_close(publisher);
	assert_true(reader_find(places, 16) >= 8);
	for (int i = 0; i < 8; i++)
		assert_false(places[i].alive);
}

static int close_inherited(void *publisher)
{
	publisher_close(publisher);
	return private_runtime_files() == 1 ? 0 : 1;
}

static void a_forked_child_only_unmaps(void **state)
{
	struct publisher *publisher = open_small();

	(void)state;
	assert_int_equal(in_a_child(close_inherited, publisher), 0);
	publish_note(publisher, "still here");
	publisher_close(publisher);
}

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

/* ---- names ---- */

static int name_one(void *publisher)
{
	return publisher_name(publisher, "from the child");
}

static void a_text_has_one_id(void **state)
{
	struct publisher *publisher = open_small();
	uint32_t one = publisher_name(publisher, "one"), two = publisher_name(publisher, "two"), child;

	(void)state;
	assert_true(one && two && one != two);
	assert_int_equal(publisher_name(publisher, "one"), one);
	assert_int_equal(publisher_name(publisher, ""), 0);
	child = in_a_child(name_one, publisher);
	assert_true(child > two);
	assert_int_equal(publisher_name(publisher, "from the child"), child);
	publisher_close(publisher);
}

static void a_long_text_is_cut_between_characters(void **state)
{
	struct publisher *publisher = open_small();
	char text[200];
	struct mapped_segment mapped = map_segment(publisher_key(publisher));
	struct segment_name *name;

	(void)state;
	memset(text, 'x', 119);
	strcpy(text + 119, "\xe2\x82\xac and more");
	name = entry_in(&mapped, SECTION_NAMES, publisher_name(publisher, text));
	assert_int_equal(name->length, 119);
	assert_memory_equal(name->text, text, 119);
	unmap_segment(&mapped);
	publisher_close(publisher);
}

static void a_full_table_is_counted(void **state)
{
	struct publisher *publisher = open_small();
	unsigned given = 0, refused = 0;
	char text[32];

	(void)state;
	for (int i = 0; i < 3000; i++) {
		snprintf(text, sizeof(text), "name %d", i);
		if (publisher_name(publisher, text))
			given++;
		else
			refused++;
	}
	assert_int_equal(given, 2046); /* entry 0 is "", one is the pool's own */
	assert_int_equal(pool_count(publisher_key(publisher), COUNT_NAMES_LOST), refused);
	assert_int_not_equal(publisher_name(publisher, "name 7"), 0);
	publisher_close(publisher);
}

/* Claimed, never filled: whoever did it was killed between. */
static void an_unfinished_name_is_no_ones(void **state)
{
	struct publisher *publisher = open_small();
	struct mapped_segment mapped = map_segment(publisher_key(publisher));
	uint32_t *claimed = &((struct segment_name *)entry_in(&mapped, SECTION_NAMES, 0))->length, next;

	(void)state;
	next = __atomic_fetch_add(claimed, 1, __ATOMIC_RELAXED);
	assert_int_equal(publisher_name(publisher, "after"), next + 1);
	assert_int_equal(publisher_name(publisher, "after"), next + 1);
	unmap_segment(&mapped);
	publisher_close(publisher);
}

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
	assert_int_equal(pool_count(publisher_key(publisher), COUNT_UNRECORDED), 0);
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
	assert_int_equal(pool_count(publisher_key(crowd.publisher), COUNT_UNRECORDED), 6);
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
	assert_int_equal(pool_count(publisher_key(publisher), COUNT_UNRECORDED), 0);
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

	publish_worker_died(publisher, 1, slot->pid, "SIGKILL", 77, 3);
	assert_int_equal(slot->sequence % 2, 0);
	assert_int_equal(SLOT_EPOCH(slot->word), 2);
	assert_int_equal(SLOT_STATE(slot->word), WORKER_DIED);
	assert_int_equal(slot->task, 77);
	assert_int_equal(slot->name, 3);
	assert_int_equal(ring->reserved_count, committed + 1);
	assert_int_equal(ring->committed_count, committed + 1);
	assert_int_equal(records[committed].event, EV_NONE);
	assert_int_equal(ring->taken, 0);
	assert_int_equal(pool_count(publisher_key(publisher), COUNT_DEATHS), 1);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, private_runtime_enter, private_runtime_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_file_is_its_owners_alone_whatever_the_umask),
		TEST(switched_off_nothing_is_made),
		TEST(a_plan_too_large_is_refused),
		TEST(a_directory_that_is_not_ours_alone_is_refused),
		TEST(a_file_size_limit_fails_the_set_up_and_kills_nobody),
		TEST(a_full_tmpfs_fails_the_set_up),
		TEST(rings_are_as_long_as_there_is_room),
		TEST(no_inode_left_fails_the_set_up),
		TEST(without_a_runtime_directory_on_tmpfs_it_is_shared_memory),
		TEST(the_newest_eight_dead_are_kept),
		TEST(a_forked_child_only_unmaps),
		TEST(nobody_is_a_publisher_too),
		TEST(what_does_not_exist_is_not_written),
		TEST(errno_stays_as_it_was),
		TEST(a_text_has_one_id),
		TEST(a_long_text_is_cut_between_characters),
		TEST(a_full_table_is_counted),
		TEST(an_unfinished_name_is_no_ones),
		TEST(a_thread_that_ends_gives_its_ring_back),
		TEST(who_has_no_ring_is_counted),
		TEST(a_forked_child_never_writes_its_parents_ring),
		TEST(rings_of_dead_processes_are_taken_over),
		TEST(what_a_killed_worker_left_is_made_whole),
		TEST(a_role_is_played_by_one_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
