/* deaths.c: is every end told with its cause, who should reap, and who did? */
#include "watched.h"

static struct watched death(const char *how, const char *number)
{
	struct watched run = watch((const char *[]){ "deaths", how, number, NULL }, 0);

	assert_int_equal(facts(&run, EV_PROCESS_FORKED), 1);
	return run;
}

static void by_exit(void **state)
{
	static const char *const codes[] = { "0", "3", "255" };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct watched run = death("exit", codes[i]);
		const struct probe_news *exited = only(&run, EV_PROCESS_EXITED, child(&run, 0));

		assert_int_equal(value(exited, F_EXIT_CODE), atoi(codes[i]));
		assert_int_equal(value(exited, F_SIGNAL), 0);
		assert_int_equal(value(exited, F_CORE), 0);
		assert_lives(&run);
		forget(&run);
	}
}

static void by_signal(void **state)
{
	static const char *const signals[] = { "9", "15", "11" };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct watched run = death("signal", signals[i]);
		const struct probe_news *exited = only(&run, EV_PROCESS_EXITED, child(&run, 0));

		assert_false(known(exited, F_EXIT_CODE));
		assert_int_equal(value(exited, F_SIGNAL), atoi(signals[i]));
		assert_lives(&run);
		forget(&run);
	}
}

static void of_another_program(void **state)
{
	struct watched run = death("exec", NULL);

	(void)state;
	assert_string_equal(only(&run, EV_PROCESS_EXECED, child(&run, 0))->name, "false");
	assert_int_equal(value(only(&run, EV_PROCESS_EXITED, child(&run, 0)), F_EXIT_CODE), 1);
	forget(&run);
}

static void reaped_by_its_parent(void **state)
{
	struct watched run = death("exit", "0");

	(void)state;
	assert_int_equal(value(only(&run, EV_PROCESS_ZOMBIE, child(&run, 0)), F_PARENT), run.root);
	assert_int_equal(value(only(&run, EV_PROCESS_REAPED, child(&run, 0)), F_REAPER), run.root);
	assert_int_equal(value(only(&run, EV_PROCESS_ZOMBIE, run.root), F_PARENT), getpid());
	assert_int_equal(value(only(&run, EV_PROCESS_REAPED, run.root), F_REAPER), getpid());
	forget(&run);
}

/* No zombie, and no reaper. */
static void nobody_had_to(void **state)
{
	static const char *const manners[] = { "ignored", "nocldwait" };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct watched run = death(manners[i], "4");
		const struct probe_news *reaped = only(&run, EV_PROCESS_REAPED, child(&run, 0));

		assert_int_equal(value(reaped, F_REAPER), 0);
		assert_int_equal(value(reaped, F_ZOMBIE_NS), 0);
		assert_int_equal(value(only(&run, EV_PROCESS_EXITED, child(&run, 0)), F_EXIT_CODE), 4);
		assert_int_equal(facts(&run, EV_PROCESS_ZOMBIE), 1); /* the program itself */
		forget(&run);
	}
}

/* clone() without a signal: the parent is not told, but has to reap it all the same. */
static void silently(void **state)
{
	struct watched run = death("silent", "5");

	(void)state;
	assert_int_equal(value(only(&run, EV_PROCESS_EXITED, child(&run, 0)), F_EXIT_CODE), 5);
	assert_int_equal(value(only(&run, EV_PROCESS_ZOMBIE, child(&run, 0)), F_PARENT), run.root);
	assert_int_equal(value(only(&run, EV_PROCESS_REAPED, child(&run, 0)), F_REAPER), run.root);
	assert_lives(&run);
	forget(&run);
}

static void zombies(const char *nr, long ms)
{
	char milliseconds[8];

	snprintf(milliseconds, sizeof(milliseconds), "%ld", ms);
	struct watched run = watch((const char *[]){ "zombies", nr, milliseconds, NULL }, 0);

	assert_int_equal(facts(&run, EV_PROCESS_FORKED), atoi(nr));
	assert_int_equal(facts(&run, EV_PROCESS_ZOMBIE), atoi(nr) + 1);
	for (int i = 0; i < atoi(nr); i++) {
		const struct probe_news *reaped = only(&run, EV_PROCESS_REAPED, child(&run, i));

		assert_int_equal(value(reaped, F_REAPER), run.root);
		assert_true(value(reaped, F_ZOMBIE_NS) > ms * 900000); /* the last was forked just before */
		assert_true(reaped->t_ns < only(&run, EV_PROCESS_EXITED, run.root)->t_ns);
	}
	assert_lives(&run);
	forget(&run);
}

static void n_zombies(void **state)
{
	(void)state;
	zombies("1", 50);
	zombies("20", 100);
	zombies("400", 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_exit), cmocka_unit_test(by_signal), cmocka_unit_test(of_another_program),
		cmocka_unit_test(reaped_by_its_parent), cmocka_unit_test(nobody_had_to), cmocka_unit_test(silently),
		cmocka_unit_test(n_zombies),
	};

	return skipped() ? 0 : cmocka_run_group_tests(tests, NULL, NULL);
}
