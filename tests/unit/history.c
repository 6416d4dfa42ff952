/* history.c: is every moment between the oldest fact kept and now the one that was? */
#include "tests/facts.h"

#include <stdlib.h>

#include "model/history.h"

enum { CAPACITY = 8 };

static struct names *names;
static struct history history;

static int begin(void **state)
{
	(void)state;
	names = names_create();
	return history_init(&history, names, CAPACITY);
}

static int end(void **state)
{
	(void)state;
	history_finish(&history);
	names_destroy(names);
	return 0;
}

static void note(uint64_t t_ns, int64_t text)
{
	struct fact fact = FACT(NOTE, t_ns, 1, 1, { F_TEXT, text });

	history_add(&history, &fact);
}

static void check_times(size_t count, const uint64_t *times)
{
	assert_int_equal(history.count, count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(history_at(&history, i)->t_ns, times[i]);
}
#define EXPECT(...) \
	check_times(sizeof((uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t), (const uint64_t[]){ __VA_ARGS__ })

static void the_latest_are_kept_and_the_oldest_become_the_base(void **state)
{
	(void)state;
	for (int i = 1; i <= 20; i++)
		note((uint64_t)i, i);
	EXPECT(13, 14, 15, 16, 17, 18, 19, 20);
	assert_int_equal(history.base.note, 12);
	assert_int_equal(history.base.nr_facts, 12);
	assert_int_equal(history.now.note, 20);
	assert_int_equal(history.late, 0);
}

static void a_late_fact_finds_its_place(void **state)
{
	(void)state;
	for (uint64_t t = 10; t <= 50; t += 10)
		note(t, 1);
	note(25, 2);
	note(30, 3); /* behind its equal */
	note(5, 4);
	EXPECT(5, 10, 20, 25, 30, 30, 40, 50);
	assert_int_equal(fact_value(history_at(&history, 5), F_TEXT, 0), 3);
	assert_int_equal(history.late, 3);
	note(35, 5); /* no room: the oldest goes, not this one */
	EXPECT(10, 20, 25, 30, 30, 35, 40, 50);
	assert_int_equal(history.base.nr_facts, 1);
}

static void a_tick_is_merged_in_one_go(void **state)
{
	struct fact facts[] = { FACT(NOTE, 1, 1, 1), FACT(NOTE, 15, 1, 1), FACT(NOTE, 20, 1, 1), FACT(NOTE, 45, 1, 1) };

	(void)state;
	for (uint64_t t = 10; t <= 40; t += 10)
		note(t, 1);
	history_add_all(&history, facts, 4);
	EXPECT(1, 10, 15, 20, 20, 30, 40, 45);
	assert_int_equal(history_at(&history, 3)->known, 1);
	assert_int_equal(history_at(&history, 4)->known, 0); /* the new one behind its equal */
	assert_int_equal(history.late, 3);
	history_add_all(&history, facts, 0);
	assert_int_equal(history.count, CAPACITY);
}

static void a_tick_larger_than_all_that_is_kept(void **state)
{
	struct fact facts[3 * CAPACITY + 1];

	(void)state;
	note(5, 1);
	for (int i = 0; i < 3 * CAPACITY + 1; i++)
		facts[i] = FACT(NOTE, (uint64_t)i, 1, 1, { F_TEXT, i });
	history_add_all(&history, facts, 3 * CAPACITY + 1);
	EXPECT(17, 18, 19, 20, 21, 22, 23, 24);
	assert_int_equal(history.now.nr_facts, 3 * CAPACITY + 2);
	assert_int_equal(history.base.nr_facts + history.count, history.now.nr_facts);
}

/* Against the plain way, at random, in ticks of any size. */
static int by_time(const void *one, const void *other)
{
	const struct fact *a = one, *b = other;

	return a->t_ns < b->t_ns ? -1 : a->t_ns > b->t_ns;
}

static void whatever_comes_is_in_order_and_none_is_lost(void **state)
{
	unsigned seed = 3;
	uint64_t added = 0, time = 1000;

	(void)state;
	for (int tick = 0; tick < 3000; tick++) {
		struct fact facts[2 * CAPACITY];
		size_t count = (size_t)rand_r(&seed) % (2 * CAPACITY);
		for (size_t i = 0; i < count; i++)
			facts[i] = FACT(NOTE, time - 20 + (uint64_t)rand_r(&seed) % 40, 1, 1, { F_TEXT, 1 });
		qsort(facts, count, sizeof(facts[0]), by_time);
		history_add_all(&history, facts, count);
		added += count;
		time += (uint64_t)rand_r(&seed) % 20;
		assert_int_equal(history.now.nr_facts, added);
		assert_int_equal(history.base.nr_facts + history.count, added);
		for (size_t i = 1; i < history.count; i++)
			assert_true(history_at(&history, i - 1)->t_ns <= history_at(&history, i)->t_ns);
	}
}

static void what_is_pinned_is_not_let_go(void **state)
{
	(void)state;
	for (int i = 1; i <= 10; i++)
		note((uint64_t)i, i);
	history_pin(&history, history.count);
	for (int i = 11; i <= 30; i++)
		note((uint64_t)i, i);
	EXPECT(3, 4, 5, 6, 7, 8, 9, 10);
	assert_int_equal(history.base.nr_facts, 2);
	assert_int_equal(history.now.nr_facts, 30);
	assert_int_equal(history.now.note, 30);
	assert_int_equal(history.not_kept, 20);
	history_release(&history);
	assert_int_equal(history.count, 0);
	assert_int_equal(history.not_kept, 0);
	assert_int_equal(history.base.nr_facts, 30);
	note(31, 31);
	EXPECT(31);
	assert_int_equal(history.now.nr_facts, 31);
}

static void a_pin_that_lost_nothing_leaves_no_gap(void **state)
{
	struct fact facts[] = { FACT(NOTE, 2, 1, 1), FACT(NOTE, 3, 1, 1), FACT(NOTE, 4, 1, 1) };

	(void)state;
	for (int i = 0; i < 6; i++)
		note(1, 1);
	history_pin(&history, history.count);
	history_add_all(&history, facts, 2);
	history_release(&history);
	EXPECT(1, 1, 1, 1, 1, 1, 2, 3);
	history_pin(&history, history.count);
	history_release(&history);
	history_add_all(&history, facts + 2, 1);
	EXPECT(1, 1, 1, 1, 1, 2, 3, 4);
}

static void a_moment_is_found_by_its_time(void **state)
{
	(void)state;
	assert_int_equal(history_after(&history, 0), 0);
	for (uint64_t t = 10; t <= 40; t += 10)
		note(t, 1);
	note(20, 1);
	assert_int_equal(history_after(&history, 9), 0);
	assert_int_equal(history_after(&history, 10), 1);
	assert_int_equal(history_after(&history, 20), 3);
	assert_int_equal(history_after(&history, 25), 3);
	assert_int_equal(history_after(&history, 40), 5);
	assert_int_equal(history_after(&history, UINT64_MAX), 5);
}

static void every_moment_can_be_shown_again(void **state)
{
	struct model model;

	(void)state;
	model_init(&model);
	for (uint32_t pid = 1; pid <= 12; pid++) {
		struct fact fact = FACT(PROCESS_FORKED, pid, pid, 7, { F_PARENT, pid - 1 });
		history_add(&history, &fact);
	}
	for (size_t position = 0; position <= CAPACITY; position++) {
		assert_int_equal(history_rebuild(&history, position, &model), 0);
		assert_int_equal(model.processes.count, 4 + position);
		assert_int_equal(model.now_ns, 4 + position);
		assert_null(model_process(&model, (uint32_t)(5 + position), 7));
	}
	assert_int_equal(history_rebuild(&history, 1000, &model), 0);
	assert_int_equal(model.nr_facts, history.now.nr_facts);
	assert_int_equal(history.base.processes.count, 4); /* showing changes nothing */
	assert_int_equal(history.now.processes.count, 12);
	model_finish(&model);
}

static void only_trouble_is_an_incident(void **state)
{
	struct fact exited = FACT(PROCESS_EXITED, 1, 1, 1, { F_EXIT_CODE, 1 }, { F_SIGNAL, 0 });
	struct fact reaped = FACT(PROCESS_REAPED, 1, 1, 1, { F_REAPER, 2 }, { F_ZOMBIE_NS, 999999999 });
	struct fact zombie = FACT(PROCESS_ZOMBIE, 1, 1, 1), idle = FACT(WORKER_IDLE, 1, 1, 1), died = FACT(WORKER_DIED, 1, 1, 1);

	(void)state;
	assert_false(fact_is_incident(&exited));
	fact_set(&exited, F_SIGNAL, 9);
	assert_true(fact_is_incident(&exited));
	assert_false(fact_is_incident(&zombie)); /* as everybody is, for a moment */
	assert_false(fact_is_incident(&reaped));
	fact_set(&reaped, F_ZOMBIE_NS, 1000000000);
	assert_true(fact_is_incident(&reaped));
	assert_false(fact_is_incident(&idle));
	assert_true(fact_is_incident(&died));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_latest_are_kept_and_the_oldest_become_the_base),
		TEST(a_late_fact_finds_its_place),
		TEST(a_tick_is_merged_in_one_go),
		TEST(a_tick_larger_than_all_that_is_kept),
		TEST(whatever_comes_is_in_order_and_none_is_lost),
		TEST(what_is_pinned_is_not_let_go),
		TEST(a_pin_that_lost_nothing_leaves_no_gap),
		TEST(a_moment_is_found_by_its_time),
		TEST(every_moment_can_be_shown_again),
		TEST(only_trouble_is_an_incident),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
