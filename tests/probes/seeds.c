/* seeds.c: is a tree that runs already found whole, with every thread, and followed from then on? */
#include "watched.h"

/* 5 children, each with 3 threads and 2 children of its own: 16 processes. */
static const char *const family[] = { "family", "5", "3", "2", NULL };

static void watch_by_hand(struct watched *run)
{
	char byte;

	assert_int_equal(probes_open(&run->probes), 0);
	launch(run, family, 0);
	assert_int_equal(write(run->go, "x", 1), 1);
	assert_int_equal(read(run->said, &byte, 1), 1); /* all of them run */
}

static void drain_until_reaped(struct watched *run, size_t nr)
{
	for (int left = 3000; left > 0 && facts(run, EV_PROCESS_REAPED) < nr; left--) {
		poll(NULL, 0, 10);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		probes_drain(run->probes, watch_take, run);
	}
	assert_int_equal(facts(run, EV_PROCESS_REAPED), nr);
	close(run->go);
	close(run->said);
}

static void whole_tree(void **state)
{
	struct watched run = {};

	(void)state;
	watch_by_hand(&run);
	assert_int_equal(probes_watch(run.probes, run.root), 16);
	assert_int_equal(probes_watch(run.probes, run.root), 0);
	drain_until_reaped(&run, 16);
	assert_int_equal(facts(&run, EV_PROCESS_FORKED), 0); /* that was before */
	assert_int_equal(facts(&run, EV_PROCESS_EXITED), 16);
	assert_int_equal(facts(&run, EV_THREAD_EXITED), 5 * 3);
	for (size_t i = 0; i < run.nr; i++)
		if (run.news[i].event == EV_PROCESS_EXITED) {
			assert_int_equal(value(&run.news[i], F_SIGNAL), SIGTERM);
			assert_false(known(&run.news[i], F_FORKS));
			assert_false(known(&run.news[i], F_COW_COPIES));
		}
	forget(&run);
}

static void counted(void *nr, const struct probe_news *news)
{
	assert_int_equal(news->event, EV_PROCESS_COUNTED);
	assert_false(known(news, F_RESIDENT));
	++*(int *)nr;
}

static void counts_of_the_living(void **state)
{
	struct watched run = {};
	int nr = 0;

	(void)state;
	watch_by_hand(&run);
	assert_int_equal(probes_watch(run.probes, run.root), 16);
	probes_count(run.probes, counted, &nr);
	assert_int_equal(nr, 16);
	drain_until_reaped(&run, 16);
	nr = 0;
	probes_count(run.probes, counted, &nr);
	assert_int_equal(nr, 0);
	forget(&run);
}

/* Watched while it forks for all it is worth: whoever is born is followed to its end, and so is who was found. One
 * whose birth was under way may be both. */
static void tree_in_full_growth(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++) {
		struct watched run = {};
		size_t found, born, reaped;

		assert_int_equal(probes_open(&run.probes), 0);
		launch(&run, (const char *[]){ "forks", "2000", NULL }, 0);
		assert_int_equal(write(run.go, "x", 1), 1);
		poll(NULL, 0, 20);
		found = probes_watch(run.probes, run.root);
		waitpid(run.root, NULL, 0);
		for (int left = 500; left > 0 && !fact(&run, EV_PROCESS_REAPED, run.root); left--) {
			probes_drain(run.probes, watch_take, &run);
			poll(NULL, 0, 10);
		}
		born = facts(&run, EV_PROCESS_FORKED);
		reaped = facts(&run, EV_PROCESS_REAPED);
		assert_true(found >= 1 && born > 0);
		assert_in_range(reaped, born + 1, born + found);
		assert_lives(&run);
		close(run.go);
		close(run.said);
		forget(&run);
	}
}

/* Two trees, one after the other, by the same probes. */
static void two_trees(void **state)
{
	struct watched one = {}, other = {};

	(void)state;
	watch_by_hand(&one);
	launch(&other, (const char *[]){ "forks", "10", NULL }, 0);
	assert_int_equal(probes_watch(one.probes, one.root), 16);
	assert_int_equal(probes_watch(one.probes, other.root), 1);
	assert_int_equal(write(other.go, "x", 1), 1);
	waitpid(other.root, NULL, 0);
	close(other.go);
	close(other.said);
	drain_until_reaped(&one, 16 + 1 + 10);
	assert_int_equal(facts(&one, EV_PROCESS_FORKED), 10);
	forget(&one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_tree), cmocka_unit_test(counts_of_the_living),
		cmocka_unit_test(tree_in_full_growth), cmocka_unit_test(two_trees),
	};

	return skipped() ? 0 : cmocka_run_group_tests(tests, NULL, NULL);
}
