/* reader_find.c: are segments found, the living and the dead, and nothing else taken for one? */
#include "tests/segment_pair.h"

#include <inttypes.h>

#include "pool-runtime/process.h"

/* ---- places ---- */

static int open_and_die(unsigned nr)
{
	struct publisher *publisher;

	while (nr--)
		if (publisher_open(&small_plan, &publisher))
			_exit(1);
	_exit(0);
}

static pid_t start_pools(unsigned nr)
{
	pid_t pid = fork();

	if (pid == 0)
		open_and_die(nr);
	return pid;
}

/* Only those here: a machine may have others, in shared memory. */
static size_t find_here(struct reader_place *places, size_t max)
{
	size_t nr = reader_find(places, max), here = 0;

	for (size_t i = 0; i < nr && i < max; i++)
		if (strcmp(places[i].directory, private_directory) == 0)
			places[here++] = places[i];
	return here;
}

static void the_living_and_the_dead_are_found(void **state)
{
	struct publisher *publisher;
	struct reader_place places[64];
	siginfo_t info;
	pid_t pid;

	(void)state;
	assert_int_equal(publisher_open(&small_plan, &publisher), 0);
	pid = start_pools(2);
	assert_int_equal(waitid(P_PID, pid, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(find_here(places, 64), 3); /* a zombie is dead, too */
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(find_here(places, 64), 3);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(places[i].alive, places[i].pid == getpid());
		assert_int_equal(places[i].uid, geteuid());
		assert_int_equal(places[i].pid, places[i].alive ? getpid() : pid);
	}
	publisher_close(publisher);
}

static void the_newest_come_first_and_none_too_many(void **state)
{
	struct reader_place places[64], few[2];

	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(waitpid(start_pools(3), NULL, 0) > 0, 1);
	assert_int_equal(find_here(places, 64), 6);
	for (int i = 1; i < 6; i++) {
		struct place_key newer, older;

		assert_true(place_parse(places[i - 1].key, &newer) && place_parse(places[i].key, &older));
		assert_true(place_compare(&newer, &older) < 0);
	}
	assert_true(reader_find(few, 2) >= 6);
	reader_find(places, 64);
	assert_memory_equal(few, places, sizeof(few));
	assert_true(reader_find(NULL, 0) >= 6);
}

/* A link, a second name, rights for others, another type: each alone is enough. */
static void what_is_not_a_plain_file_of_ours_is_passed_over(void **state)
{
	struct pair pair = open_pair();
	struct reader_place places[64], copy = pair.place;
	char path[256], other[256];
	const char *why;
	struct reader *reader;

	(void)state;
	snprintf(path, sizeof(path), "%s/%s", private_directory, pair.place.key);
	snprintf(copy.key, sizeof(copy.key), "%d.%" PRIu64 ".77", getpid(), pair.place.start);
	snprintf(other, sizeof(other), "%s/%s", private_directory, copy.key);
	assert_int_equal(find_here(places, 64), 1);

	assert_int_equal(symlink(path, other), 0);
	assert_int_equal(find_here(places, 64), 1);
	assert_int_equal(reader_open(&copy, &reader, &why), -EPERM);
	assert_int_equal(unlink(other), 0);
	assert_int_equal(mkfifo(other, 0600), 0);
	assert_int_equal(find_here(places, 64), 1);
	assert_int_equal(reader_open(&copy, &reader, &why), -EPERM);
	assert_int_equal(unlink(other), 0);
	assert_int_equal(link(path, other), 0);
	assert_int_equal(find_here(places, 64), 0);
	assert_int_equal(unlink(other), 0);
	assert_int_equal(chmod(path, 0620), 0);
	assert_int_equal(find_here(places, 64), 0);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(rename(path, other), 0); /* it is another's than its name says: the number is not in the header */
	assert_int_equal(find_here(places, 64), 1);
	assert_int_equal(rename(other, path), 0);
	if (geteuid() == 0) {
		assert_int_equal(chown(path, 12345, 0), 0);
		assert_int_equal(find_here(places, 64), 0);
		assert_int_equal(chown(path, 0, 0), 0);
	}
	assert_int_equal(chmod(private_directory, 0755), 0);
	assert_int_equal(find_here(places, 64), 0);
	assert_int_equal(reader_open(&pair.place, &reader, &why), -EPERM);
	assert_int_equal(chmod(private_directory, 0700), 0);
	assert_int_equal(find_here(places, 64), 1);
	close_pair(&pair);
}

static void only_the_dead_are_discarded(void **state)
{
	struct pair pair = open_pair();
	struct reader_place places[64];

	(void)state;
	assert_int_equal(reader_discard(&pair.place), -EBUSY);
	close_pair(&pair);
	assert_int_equal(reader_discard(&pair.place), -ENOENT);
	assert_int_equal(waitpid(start_pools(1), NULL, 0) > 0, 1);
	assert_int_equal(find_here(places, 64), 1);
	places[0].alive = true; /* what it says of itself is not asked */
	assert_int_equal(reader_discard(&places[0]), 0);
	assert_int_equal(private_runtime_files(), 0);
	strcpy(places[0].key, "../../etc/passwd");
	assert_int_equal(reader_discard(&places[0]), -EINVAL);
}

/* A pid of another pid namespace is looked for by the number that it bears there. */
static void a_pid_from_elsewhere_is_looked_for_in_its_own_namespace(void **state)
{
	struct pair pair = open_pair();
	struct mapped_segment mapped = map_segment(pair.place.key);
	char renamed[256], path[256];
	unsigned patience = 1;
	int directory = open(private_directory, O_RDONLY);
	bool sees_all = process_pid_namespace() == 0xEFFFFFFCu;

	(void)state;
	/* pid 1 of a container is not our pid 1, whose start is another */
	snprintf(path, sizeof(path), "%s/%s", private_directory, pair.place.key);
	snprintf(renamed, sizeof(renamed), "%s/1.%" PRIu64 ".0", private_directory, pair.place.start + 1);
	assert_int_equal(rename(path, renamed), 0);
	assert_false(place_is_alive(directory, strrchr(renamed, '/') + 1, geteuid(), &patience));
	mapped.header->pidns_inode++;
	assert_int_equal(place_is_alive(directory, strrchr(renamed, '/') + 1, geteuid(), &patience), !sees_all);
	assert_int_equal(patience, 0);
	assert_true(place_is_alive(directory, strrchr(renamed, '/') + 1, geteuid(), &patience));
	assert_int_equal(rename(renamed, path), 0);
	assert_true(process_lives_elsewhere(getpid(), pair.place.start));
	close(directory);
	unmap_segment(&mapped);
	close_pair(&pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_living_and_the_dead_are_found),
		TEST(the_newest_come_first_and_none_too_many),
		TEST(what_is_not_a_plain_file_of_ours_is_passed_over),
		TEST(only_the_dead_are_discarded),
		TEST(a_pid_from_elsewhere_is_looked_for_in_its_own_namespace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
