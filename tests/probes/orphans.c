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

/* All of them went from `from` to `to`, after its exit, and `to` reaps them. to 0: somebody outside of the tree. */
static void expect_all(const struct watched *run, int nr, uint32_t from, uint32_t to)
{
	const struct probe_news *exited = only(run, EV_PROCESS_EXITED, from);

	assert_int_equal(facts(run, EV_PROCESS_ORPHANED), nr);
	for (int i = 1; i <= nr; i++) {
		const struct probe_news *orphaned = only(run, EV_PROCESS_ORPHANED, child(run, i));
		const struct probe_news *reaped = only(run, EV_PROCESS_REAPED, child(run, i));

		assert_int_equal(value(only(run, EV_PROCESS_FORKED, child(run, i)), F_PARENT), from);
		assert_int_equal(value(orphaned, F_FROM), from);
		assert_int_not_equal(value(orphaned, F_TO), from);
		if (to)
			assert_int_equal(value(orphaned, F_TO), to);
		assert_int_equal(value(reaped, F_REAPER), value(orphaned, F_TO));
		assert_true(exited < orphaned && exited->t_ns <= orphaned->t_ns);
	}
}

static void to_whoever_takes_them(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct watched run = orphans(numbers[i], NULL);

		expect_all(&run, atoi(numbers[i]), child(&run, 0), 0);
		forget(&run);
	}
}

static void to_a_subreaper(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct watched run = orphans(numbers[i], "subreaper");

		expect_all(&run, atoi(numbers[i]), child(&run, 0), run.root);
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

/* Whichever of the threads dies last, and however their children pass among them before. */
static void when_all_threads_end_together(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++) {
		struct watched run = orphans("30", "threads");

		expect_all(&run, 30, child(&run, 0), 0);
		forget(&run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(to_whoever_takes_them), cmocka_unit_test(to_a_subreaper),
		cmocka_unit_test(not_when_a_thread_ends), cmocka_unit_test(when_all_threads_end_together),
	};

	return skipped() ? 0 : cmocka_run_group_tests(tests, NULL, NULL);
}
