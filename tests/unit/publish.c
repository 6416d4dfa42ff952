/* publish.c: does a publisher make its segment where, how and only when it should? */
#include "tests/segment_pair.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

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
	assert_int_equal(symlink(".", private_directory), 0);
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
