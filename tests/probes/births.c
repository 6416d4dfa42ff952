/* births.c: is every process that is born told, once, with how it was made and when? */
#include "watched.h"

#include "pool-runtime/contract/states.h"

static void n_forks(void **state)
{
	(void)state;
	for (int nr = 0; nr <= 300; nr = nr * 10 + 3) {
		char number[8];

		snprintf(number, sizeof(number), "%d", nr);
		struct watched run = watch((const char *[]){ "forks", number, NULL }, 0);

		assert_int_equal(facts(&run, EV_PROCESS_FORKED), nr);
		assert_int_equal(facts(&run, EV_PROCESS_EXITED), nr + 1);
		assert_int_equal(facts(&run, EV_PROCESS_ZOMBIE), nr + 1);
		assert_int_equal(facts(&run, EV_PROCESS_REAPED), nr + 1);
		assert_int_equal(facts(&run, EV_PROCESS_EXECED), 1);
		assert_int_equal(facts(&run, EV_PROCESS_ORPHANED), 0);
		assert_int_equal(total(&run, run.root, F_FORKS), nr);
		assert_int_equal(total(&run, 0, F_FORKS), nr);
		assert_int_equal(probes_lost(run.probes), 0);
		assert_lives(&run);
		forget(&run);
	}
}

static void each_manner(void **state)
{
	static const enum fork_manner manners[] = { HOW_FORK, HOW_VFORK, HOW_SPAWN, HOW_CLONE };
	struct watched run = watch((const char *[]){ "births", NULL }, 0);

	(void)state;
	assert_int_equal(facts(&run, EV_PROCESS_FORKED), 4);
	for (int i = 0; i < 4; i++) {
		const struct probe_news *born = only(&run, EV_PROCESS_FORKED, child(&run, i));

		assert_int_equal(value(born, F_HOW), manners[i]);
		assert_int_equal(value(born, F_PARENT), run.root);
		assert_string_equal(born->name, "births");
	}
	assert_string_equal(only(&run, EV_PROCESS_EXECED, child(&run, 2))->name, "true");
	assert_lives(&run);
	forget(&run);
}

static void start_is_proc_s(void **state)
{
	struct watched run = {};
	uint64_t start;

	(void)state;
	assert_int_equal(probes_open(&run.probes), 0);
	launch(&run, (const char *[]){ "forks", "1", NULL }, 0);
	start = start_in_proc(run.root);
	assert_int_equal(probes_watch(run.probes, run.root), 1);
	assert_int_equal(probes_watch(run.probes, run.root), 0); /* twice does no harm */
	close(run.go);                                           /* it ends without an exec */
	watch_until_gone(&run, 0);
	close(run.said);
	assert_int_equal(only(&run, EV_PROCESS_EXITED, run.root)->start, start);
	assert_false(known(only(&run, EV_PROCESS_EXITED, run.root), F_FORKS)); /* nothing is known of before */
	forget(&run);
}

static void nobody_to_watch(void **state)
{
	struct probes *probes;
	pid_t gone = fork();

	(void)state;
	if (gone == 0)
		_exit(0);
	waitpid(gone, NULL, 0);
	assert_int_equal(probes_open(&probes), 0);
	assert_int_equal(probes_watch(probes, gone), -ESRCH);
	probes_close(probes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(n_forks), cmocka_unit_test(each_manner),
		cmocka_unit_test(start_is_proc_s), cmocka_unit_test(nobody_to_watch),
	};

	return skipped() ? 0 : cmocka_run_group_tests(tests, NULL, NULL);
}
