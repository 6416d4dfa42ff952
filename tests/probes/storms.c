/* storms.c: does anything go missing when more happens than anybody reads? */
#include "watched.h"

/* Every life, in full, from the slots where the ring had no room; what is really lost is said. */
static void expect(struct watched *run, int nr)
{
	assert_int_equal(facts(run, EV_PROCESS_FORKED), nr);
	assert_int_equal(facts(run, EV_PROCESS_EXITED), nr + 1);
	assert_int_equal(facts(run, EV_PROCESS_ZOMBIE), nr + 1);
	assert_int_equal(facts(run, EV_PROCESS_REAPED), nr + 1);
	assert_int_equal(total(run, run->root, F_FORKS), nr);
	for (size_t i = 0; i < run->nr; i++)
		if (run->news[i].event == EV_PROCESS_REAPED && run->news[i].pid != (uint32_t)run->root)
			assert_int_equal(value(&run->news[i], F_REAPER), run->root);
}

static void with_a_reader(void **state)
{
	struct watched run = watch((const char *[]){ "forks", "5000", NULL }, 0);

	(void)state;
	expect(&run, 5000);
	assert_int_equal(probes_lost(run.probes), 0);
	forget(&run);
}

static void with_a_reader_that_sleeps(void **state)
{
	struct watched run = watch((const char *[]){ "forks", "9000", NULL }, WATCH_STALL);

	(void)state;
	expect(&run, 9000);
	assert_true(probes_lost(run.probes) > 0); /* else nothing was tested */
	forget(&run);
}

/* Addresses are lost, and that is said; copies are not. */
static void with_copies_and_a_reader_that_sleeps(void **state)
{
	struct watched run = watch((const char *[]){ "forks", "3000", NULL }, WATCH_STALL | WATCH_COW);
	long copies = 0, lost = 0;

	(void)state;
	expect(&run, 3000);
	for (size_t i = 0; i < run.nr; i++) {
		if (run.news[i].event == EV_MEMORY_COW_COPIED)
			copies += value(&run.news[i], F_COUNT);
		if (run.news[i].event == EV_RECORDS_LOST && !strcmp(run.news[i].name, "addresses"))
			lost += value(&run.news[i], F_COUNT);
	}
	assert_int_equal(copies, total(&run, 0, F_COW_COPIES));
	assert_true(copies > 3000);
	assert_true(lost > 0);
	forget(&run);
}

/* The same tree again and again: slots are given back, and what was told of one process is never told of the next. */
static void longer_than_there_are_slots(void **state)
{
	struct watched run = watch((const char *[]){ "forks", "40000", NULL }, 0);

	(void)state;
	expect(&run, 40000);
	forget(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_a_reader), cmocka_unit_test(with_a_reader_that_sleeps),
		cmocka_unit_test(with_copies_and_a_reader_that_sleeps), cmocka_unit_test(longer_than_there_are_slots),
	};

	return skipped() ? 0 : cmocka_run_group_tests(tests, NULL, NULL);
}
