/* moment.c: does going back and forth in time always end where the facts say, even while the history forgets? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tui/views/moment.h"

enum { CAPACITY = 50 };

static struct names *names;
static struct history history;
static struct moment moment;

static void add(uint64_t t_ns, enum event event, uint8_t flags)
{
	struct fact fact = {.t_ns = t_ns, .pid = 7, .start = 1, .event = (uint16_t)event, .flags = flags};

	if (event == EV_NOTE)
		fact_set(&fact, F_TEXT, names_id(names, "note"));
	history_add(&history, &fact);
}

static int set_up(void **state)
{
	(void)state;
	names = names_create();
	if (!names || history_init(&history, names, CAPACITY))
		return -1;
	for (unsigned i = 1; i <= 30; i++)
		add(i * 1000, i == 10 || i == 20 ? EV_TASK_LOST : EV_NOTE, i % 5 == 0 && i % 10 ? FACT_STATE : 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	moment_finish(&moment);
	history_finish(&history);
	names_destroy(names);
	return 0;
}

/* The model shown is what a fresh one is that was given just these facts. */
static void assert_at(uint64_t position)
{
	moment_advance(&moment, moment.told_ns + 1);
	assert_int_equal(moment_position(&moment) + history.base.nr_facts, position);
	assert_int_equal(moment_model(&moment)->nr_facts, position);
}

static void live_is_now(void **state)
{
	(void)state;
	moment_init(&moment, &history, false);
	moment_advance(&moment, 40000);
	assert_true(moment_is_live(&moment));
	assert_ptr_equal(moment_model(&moment), &history.now);
	assert_int_equal(moment.clock_ns, 40000);
}

static void a_pause_holds_while_facts_come(void **state)
{
	(void)state;
	moment_init(&moment, &history, false);
	moment_advance(&moment, 40000);
	moment_pause(&moment);
	add(41000, EV_NOTE, 0);
	assert_at(30);
	assert_int_equal(moment.clock_ns, 40000);
	moment_pause(&moment);
	assert_true(moment_is_live(&moment));
	assert_at(31);
}

static void steps_go_from_news_to_news(void **state)
{
	(void)state;
	moment_init(&moment, &history, false);
	moment_advance(&moment, 40000);
	moment_step(&moment, -1);
	assert_at(29);
	for (int i = 0; i < 4; i++)
		moment_step(&moment, -1);
	assert_at(24); /* over number 25, which only says how things stand */
	assert_int_equal(moment.clock_ns, 24000);
	moment_step(&moment, 1);
	assert_at(26);
	for (int i = 0; i < 99; i++)
		moment_step(&moment, -1);
	assert_at(1);
	for (int i = 0; i < 99; i++)
		moment_step(&moment, 1);
	assert_at(30);
}

static void incidents_are_jumped_to(void **state)
{
	(void)state;
	moment_init(&moment, &history, false);
	moment_advance(&moment, 40000);
	moment_incident(&moment, -1);
	assert_at(20);
	moment_incident(&moment, -1);
	assert_at(10);
	assert_false(moment_incident(&moment, -1));
	assert_at(10); /* there is none before */
	assert_true(moment_incident(&moment, 1));
	assert_at(20);
	assert_false(moment_incident(&moment, 1));
}

/* A busy pool fills the history many times over while somebody looks at a moment of it. */
static void what_is_shown_stays_however_much_comes(void **state)
{
	(void)state;
	moment_init(&moment, &history, false);
	moment_advance(&moment, 30500);
	moment_pause(&moment);
	for (unsigned i = 0; i < 1000; i++)
		add(50000 + i, EV_NOTE, 0);
	assert_at(30);
	assert_int_equal(moment.clock_ns, 30500);
	assert_int_equal(history.now.nr_facts, 1030);
	assert_int_equal(history.not_kept, 1000 - (CAPACITY - 30));
	moment_step(&moment, -1);
	assert_at(29);
	assert_int_equal(moment.clock_ns, 29000);
	assert_int_equal(moment_model(&moment)->now_ns, 29000);
	for (int i = 0; i < 99; i++)
		moment_step(&moment, 1);
	assert_at(CAPACITY); /* the last that is kept, which is not now */
	assert_int_equal(moment_model(&moment)->now_ns, 50019);
}

static void going_on_is_now_and_history_goes_on_from_there(void **state)
{
	(void)state;
	what_is_shown_stays_however_much_comes(state);
	moment_pause(&moment);
	moment_advance(&moment, 60000);
	assert_ptr_equal(moment_model(&moment), &history.now);
	assert_int_equal(moment_position(&moment), 0);
	add(61000, EV_NOTE, 0);
	add(62000, EV_NOTE, 0);
	moment_advance(&moment, 63000);
	moment_step(&moment, -1);
	assert_at(1031);
	moment_step(&moment, -1);
	assert_at(1031);
	assert_true(moment_is_first(&moment));
}

static void the_first_moment_is_known(void **state)
{
	(void)state;
	moment_init(&moment, &history, false);
	moment_advance(&moment, 40000);
	assert_false(moment_is_first(&moment));
	moment_step(&moment, -1);
	assert_false(moment_is_first(&moment));
	for (int i = 0; i < 27; i++)
		moment_step(&moment, -1);
	assert_at(1);
	assert_true(moment_is_first(&moment));
	moment_step(&moment, 1);
	assert_false(moment_is_first(&moment));
}

static void late_facts_are_counted_in(void **state)
{
	(void)state;
	moment_init(&moment, &history, false);
	moment_advance(&moment, 40000);
	moment_incident(&moment, -1);
	assert_at(20);
	add(5500, EV_TASK_LOST, 0);
	assert_int_equal(history.late, 1);
	assert_at(21); /* the same moment, of which one fact more is known */
	assert_int_equal(moment_model(&moment)->event_count[EV_TASK_LOST], 3);
	add(20500, EV_TASK_LOST, 0); /* after it: another moment's */
	assert_int_equal(history.late, 2);
	assert_at(21);
	moment_step(&moment, 1);
	assert_at(22);
	assert_int_equal(moment.clock_ns, 20500);
}

static void a_replay_plays_stops_and_begins_again(void **state)
{
	(void)state;
	moment_init(&moment, &history, true);
	moment_advance(&moment, 1000000);
	assert_int_equal(moment_position(&moment), 1);
	moment_advance(&moment, 1000000 + 4500);
	assert_int_equal(moment_model(&moment)->nr_facts, 5);
	moment_speed(&moment, 1);
	moment_advance(&moment, 1004500 + 1000);
	assert_int_equal(moment_model(&moment)->nr_facts, 15);
	moment_step(&moment, -1);
	moment_advance(&moment, 1009999);
	assert_int_equal(moment_model(&moment)->nr_facts, 14); /* stepping stops it */
	moment_pause(&moment);
	moment_advance(&moment, 2000000);
	assert_true(moment.standing);
	assert_int_equal(moment_model(&moment)->nr_facts, 30);
	moment_pause(&moment);
	moment_advance(&moment, 2000001);
	assert_int_equal(moment_model(&moment)->nr_facts, 1);
}

static void speed_has_bounds(void **state)
{
	(void)state;
	moment_init(&moment, &history, false);
	assert_false(moment_speed(&moment, 1)); /* what happens now happens at its own */
	moment_finish(&moment);
	moment_init(&moment, &history, true);
	for (int i = 0; i < 9; i++)
		moment_speed(&moment, 1);
	assert_true(moment_times(&moment) == 100);
	for (int i = 0; i < 9; i++)
		moment_speed(&moment, -1);
	assert_true(moment_times(&moment) == 0.1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(live_is_now, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_pause_holds_while_facts_come, set_up, tear_down),
		cmocka_unit_test_setup_teardown(steps_go_from_news_to_news, set_up, tear_down),
		cmocka_unit_test_setup_teardown(incidents_are_jumped_to, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_shown_stays_however_much_comes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(going_on_is_now_and_history_goes_on_from_there, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_first_moment_is_known, set_up, tear_down),
		cmocka_unit_test_setup_teardown(late_facts_are_counted_in, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_replay_plays_stops_and_begins_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(speed_has_bounds, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
