/* copies.c: are the pages that were copied, and those that were not, counted one by one?
 *
 * Each case runs twice, with no pages and with 1000. What the two runs have in common (stack, C library) is the same,
 * as the program is the same; the difference is the 1000 pages. Counted over all processes of the run.
 *
 * Copies and reuses together are exact. Of what the runs have in common the kernel may copy a page where it reused it
 * the other time, if somebody (compaction, a list of another processor) held it just then: so many are forgiven. */
#include "watched.h"

static struct watched pages(const char *nr, const char *how)
{
	return watch((const char *[]){ "cow", nr, how, NULL }, WATCH_COW);
}

/* What the sampled facts stand for, altogether. */
static long told(const struct watched *run, enum event event)
{
	long sum = 0;

	for (size_t i = 0; i < run->nr; i++)
		if (run->news[i].event == event)
			sum += value(&run->news[i], F_COUNT);
	return sum;
}

static void expect(const char *how, long copies, long reuses)
{
	enum { FORGIVEN = 2 };
	struct watched without = pages("0000", how), with = pages("1000", how);
	long copied = total(&with, 0, F_COW_COPIES) - total(&without, 0, F_COW_COPIES);
	long reused = total(&with, 0, F_COW_REUSES) - total(&without, 0, F_COW_REUSES);

	if (copied + reused != copies + reuses || labs(copied - copies) > FORGIVEN)
		fail_msg("%s: %ld and %ld copies, %ld and %ld reuses", how, total(&without, 0, F_COW_COPIES),
		         total(&with, 0, F_COW_COPIES), total(&without, 0, F_COW_REUSES),
		         total(&with, 0, F_COW_REUSES));
	assert_int_equal(told(&with, EV_MEMORY_COW_COPIED), total(&with, 0, F_COW_COPIES));
	assert_int_equal(told(&with, EV_MEMORY_COW_REUSED), total(&with, 0, F_COW_REUSES));
	assert_int_equal(probes_lost(with.probes), 0);
	forget(&without);
	forget(&with);
}

#define CASE(name, copies, reuses) \
	static void by_##name(void **state) \
	{ \
		(void)state; \
		expect(#name, copies, reuses); \
	}
CASE(child, 1000, 0)
CASE(parent, 1000, 0)
CASE(reuse, 0, 1000)
CASE(read, 1000, 0)
CASE(huge, 1000, 0)
CASE(zero, 0, 0)
CASE(file, 1000, 0)
CASE(shared, 0, 0)
CASE(twice, 1000, 0)
CASE(threads, 1000, 0)

/* In the child itself, which alone wrote: its own total. */
static void in_the_one_that_wrote(void **state)
{
	struct watched without = pages("0000", "child"), with = pages("1000", "child");

	(void)state;
	assert_int_equal(total(&with, child(&with, 0), F_COW_COPIES) -
	                 total(&without, child(&without, 0), F_COW_COPIES), 1000);
	forget(&without);
	forget(&with);
}

/* Not attached: not known, and not 0. */
static void unknown_if_not_asked(void **state)
{
	struct watched run = watch((const char *[]){ "cow", "10", "child", NULL }, 0);

	(void)state;
	assert_false(known(only(&run, EV_PROCESS_EXITED, run.root), F_COW_COPIES));
	assert_false(known(only(&run, EV_PROCESS_EXITED, run.root), F_COW_REUSES));
	assert_int_equal(value(only(&run, EV_PROCESS_EXITED, run.root), F_FORKS), 1);
	assert_int_equal(facts(&run, EV_MEMORY_COW_COPIED), 0);
	forget(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_child), cmocka_unit_test(by_parent), cmocka_unit_test(by_reuse),
		cmocka_unit_test(by_read), cmocka_unit_test(by_huge), cmocka_unit_test(by_zero),
		cmocka_unit_test(by_file), cmocka_unit_test(by_shared), cmocka_unit_test(by_twice),
		cmocka_unit_test(by_threads), cmocka_unit_test(in_the_one_that_wrote),
		cmocka_unit_test(unknown_if_not_asked),
	};

	return skipped() ? 0 : cmocka_run_group_tests(tests, NULL, NULL);
}
