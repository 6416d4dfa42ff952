/* threads.c: is every thread told that was born, took a name, or ended? */
#include "watched.h"

static void n_threads(void **state)
{
	(void)state;
	for (int nr = 0; nr <= 50; nr = nr * 7 + 1) {
		char number[8], name[16];
		int named = 0;

		snprintf(number, sizeof(number), "%d", nr);
		struct watched run = watch((const char *[]){ "threads", number, NULL }, 0);

		assert_int_equal(facts(&run, EV_THREAD_STARTED), nr);
		assert_int_equal(facts(&run, EV_THREAD_EXITED), nr);
		assert_int_equal(facts(&run, EV_THREAD_NAMED), nr);
		assert_int_equal(total(&run, run.root, F_THREADS), nr);
		for (size_t i = 0; i < run.nr; i++) {
			const struct probe_news *news = &run.news[i];

			if (news->event != EV_THREAD_NAMED)
				continue;
			snprintf(name, sizeof(name), "t%d", named++);
			assert_string_equal(news->name, name);
			assert_int_equal(news->pid, run.root);
			assert_int_not_equal(news->tid, run.root);
		}
		forget(&run);
	}
}

/* The first thread's end is not the process's. */
static void first_thread_first(void **state)
{
	struct watched run = watch((const char *[]){ "threads", "4", "leader", NULL }, 0);

	(void)state;
	assert_int_equal(facts(&run, EV_THREAD_STARTED), 4);
	assert_int_equal(facts(&run, EV_THREAD_EXITED), 5);
	assert_int_equal(facts(&run, EV_PROCESS_EXITED), 1);
	assert_int_equal(facts(&run, EV_PROCESS_ZOMBIE), 1);
	assert_int_equal(run.news[run.nr - 1].event, EV_PROCESS_REAPED);
	assert_int_equal(run.news[run.nr - 3].event, EV_PROCESS_EXITED);
	forget(&run);
}

/* The thread takes over the process: same pid, same start, its own number gone, as are all the others. */
static void thread_that_execs(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++) {
		struct watched run = watch((const char *[]){ "threads", "4", "exec", NULL }, 0);
		const struct probe_news *exited = only(&run, EV_PROCESS_EXITED, run.root);

		assert_int_equal(facts(&run, EV_PROCESS_EXECED), 2);
		assert_int_equal(facts(&run, EV_THREAD_STARTED), 4);
		assert_int_equal(facts(&run, EV_PROCESS_ZOMBIE), 1);
		assert_int_equal(facts(&run, EV_PROCESS_REAPED), 1);
		assert_int_equal(value(exited, F_THREADS), 4);
		assert_int_equal(value(exited, F_EXIT_CODE), 0);
		for (size_t j = 0; j < run.nr; j++)
			assert_int_equal(run.news[j].start, exited->start);
		/* the first thread may have ended before it was taken over */
		assert_in_range(facts(&run, EV_THREAD_EXITED), 4, 5);
		forget(&run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(n_threads), cmocka_unit_test(first_thread_first), cmocka_unit_test(thread_that_execs),
	};

	return skipped() ? 0 : cmocka_run_group_tests(tests, NULL, NULL);
}
