/* cycles.c: does loading, attaching and unloading again and again leave nothing behind in the kernel? */
#include "watched.h"

#include <bpf/bpf.h>
#include <dirent.h>

enum { MAX_IDS = 4096 };
static uint32_t ids[MAX_IDS];
static unsigned nr_ids;

/* Notes which programs this process holds, and how many descriptors it has open. */
static int note_programs(void)
{
	DIR *open = opendir("/proc/self/fdinfo");
	struct dirent *entry;
	int nr = 0;

	while ((entry = readdir(open))) {
		char path[300], line[128];
		FILE *info;

		snprintf(path, sizeof(path), "/proc/self/fdinfo/%s", entry->d_name);
		info = fopen(path, "r");
		nr++;
		while (info && fgets(line, sizeof(line), info) && nr_ids < MAX_IDS)
			nr_ids += sscanf(line, "prog_id: %u", &ids[nr_ids]) == 1;
		if (info)
			fclose(info);
	}
	closedir(open);
	return nr;
}

static unsigned nr_alive(void)
{
	unsigned nr = 0;

	for (unsigned i = 0; i < nr_ids; i++) {
		int program = bpf_prog_get_fd_by_id(ids[i]);

		if (program < 0)
			continue;
		nr++;
		close(program);
	}
	return nr;
}

/* The kernel lets go of a program some time after its last user did. */
static void assert_gone(void)
{
	assert_in_range(nr_ids, 1, MAX_IDS - 1);
	for (int left = 1000; left > 0 && nr_alive(); left--)
		poll(NULL, 0, 10);
	assert_int_equal(nr_alive(), 0);
}

static void thirty_times(void **state)
{
	int descriptors = note_programs();

	(void)state;
	for (int i = 0; i < 30; i++) {
		struct probes *probes;

		assert_int_equal(probes_open(&probes), 0);
		note_programs();
		assert_int_equal(probes_need(probes, ASK_COW, true), 0);
		assert_int_equal(probes_need(probes, ASK_COW, true), 0);
		if (i & 1)
			assert_int_equal(probes_need(probes, ASK_COW, false), 0);
		if (i & 2)
			assert_true(probes_watch(probes, getpid()) >= 1);
		probes_close(probes);
	}
	probes_close(NULL);
	assert_int_equal(note_programs(), descriptors);
	assert_gone();
}

/* On and off while the program runs: what was seen is told, and no total is made of it. */
static void total_with_a_gap_is_unknown(void **state)
{
	struct watched run = {};

	(void)state;
	assert_int_equal(probes_open(&run.probes), 0);
	assert_int_equal(probes_need(run.probes, ASK_COW, true), 0);
	launch(&run, (const char *[]){ "zombies", "3", "100", NULL }, 0);
	assert_int_equal(probes_watch(run.probes, run.root), 1);
	assert_int_equal(write(run.go, "x", 1), 1);
	for (int left = 1000; left > 0 && !facts(&run, EV_PROCESS_ZOMBIE); left--) {
		poll(NULL, 0, 1);
		probes_drain(run.probes, watch_take, &run);
	}
	assert_int_equal(probes_need(run.probes, ASK_COW, false), 0);
	assert_int_equal(probes_need(run.probes, ASK_COW, true), 0);
	close(run.go);
	watch_until_gone(&run, 0);
	close(run.said);
	assert_true(facts(&run, EV_MEMORY_COW_COPIED) > 0);
	assert_true(known(only(&run, EV_PROCESS_EXITED, run.root), F_FORKS));
	assert_false(known(only(&run, EV_PROCESS_EXITED, run.root), F_COW_COPIES));
	forget(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(thirty_times), cmocka_unit_test(total_with_a_gap_is_unknown),
	};

	return skipped() ? 0 : cmocka_run_group_tests(tests, NULL, NULL);
}
