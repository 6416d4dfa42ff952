/* orphans.c: is everybody who lost a parent told, once, with the old and the new one, and nobody else? */
#include "watched.h"

static const char *const numbers[] = { "1", "7", "200" };

static struct watched orphans(const char *nr, const char *how)
{
	struct watched run = watch((const char *[]){ "orphans", nr, how, NULL }, 0);

	assert_int_equal(facts(&run, EV_PROCESS_FORKED), atoi(nr) + 1);
	assert_int_equal(facts(&run, EV_PROCESS_REAPED), atoi(nr) + 2);
	assert_lives(&run);
	return run;
}

/* All of them went from `from` to `to`, and `to` reaps them. */
static void expect_all(const struct watched *run, int nr, uint32_t from, uint32_t to)
{
	assert_int_equal(facts(run, EV_PROCESS_ORPHANED), nr);
	for (int i = 1; i <= nr; i++) {
		const struct probe_news *orphaned = only(run, EV_PROCESS_ORPHANED, child(run, i));
		const struct probe_news *reaped = only(run, EV_PROCESS_REAPED, child(run, i));

		assert_int_equal(value(only(run, EV_PROCESS_FORKED, child(run, i)), F_PARENT), from);
		assert_int_equal(value(orphaned, F_FROM), from);
		assert_int_equal(value(orphaned, F_TO), to);
		assert_int_equal(value(reaped, F_REAPER), to);
	}
}

/* First the parent ends, then its children are orphans. */
static void expect_order(const struct watched *run, uint32_t from)
{
	const struct probe_news *exited = only(run, EV_PROCESS_EXITED, from);

	for (size_t i = 0; i < run->nr; i++)
		if (run->news[i].event == EV_PROCESS_ORPHANED)
			assert_true(exited < &run->news[i] && exited->t_ns <= run->news[i].t_ns);
}

/* To us, who are not watched. */
static void to_somebody_outside(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct watched run = orphans(numbers[i], NULL);

		expect_all(&run, atoi(numbers[i]), child(&run, 0), getpid());
		expect_order(&run, child(&run, 0));
		forget(&run);
	}
}

static void to_a_subreaper(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct watched run = orphans(numbers[i], "subreaper");

		expect_all(&run, atoi(numbers[i]), child(&run, 0), run.root);
		expect_order(&run, child(&run, 0));
		forget(&run);
	}
}

/* A thread's children pass to another thread of its process. */
static void not_when_a_thread_ends(void **state)
{
	struct watched run = orphans("20", "thread");

	(void)state;
	assert_int_equal(facts(&run, EV_PROCESS_ORPHANED), 0);
	for (int i = 1; i <= 20; i++)
		assert_int_equal(value(only(&run, EV_PROCESS_REAPED, child(&run, i)), F_REAPER), child(&run, 0));
	forget(&run);
}

/* Whichever of the threads dies last, and however their children pass among them before. A child may be given away, and
 * even end, before the last thread of its parent has: so nothing is said about the order. */
static void when_all_threads_end_together(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++) {
		struct watched run = orphans("30", "threads");

		expect_all(&run, 30, child(&run, 0), getpid());
		forget(&run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(to_somebody_outside), cmocka_unit_test(to_a_subreaper),
		cmocka_unit_test(not_when_a_thread_ends), cmocka_unit_test(when_all_threads_end_together),
	};

	return skipped() ? 0 : cmocka_run_group_tests(tests, NULL, NULL);
}
