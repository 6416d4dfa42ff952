/* fact.c: is what is known of a fact told from what is not? */
#include "tests/facts.h"

#include <string.h>

static void a_field_stands_where_its_event_says(void **state)
{
	(void)state;
	assert_int_equal(fact_field(EV_PROCESS_FORKED, F_PARENT), 0);
	assert_int_equal(fact_field(EV_PROCESS_FORKED, F_NAME), 2);
	assert_int_equal(fact_field(EV_PROCESS_FORKED, F_SLOT), -1);
	assert_int_equal(fact_field(EV_QUEUE_DEPTH, F_OUT), EVENT_MAX_FIELDS - 1);
	assert_int_equal(fact_field(EV_NONE, F_PARENT), -1);
	assert_int_equal(fact_field(EV_NONE, F_NONE), -1);
	assert_int_equal(fact_field((enum event)60000, F_PARENT), -1);
}

static void what_was_not_said_is_not_known(void **state)
{
	struct fact fact = FACT(PROCESS_EXITED, 5, 10, 20, { F_EXIT_CODE, 0 }, { F_COW_REUSES, -3 });
	int64_t value = 77;

	(void)state;
	assert_true(fact_get(&fact, F_EXIT_CODE, &value));
	assert_int_equal(value, 0);
	assert_int_equal(fact_value(&fact, F_COW_REUSES, 1), -3);
	value = 77;
	assert_false(fact_get(&fact, F_SIGNAL, &value));
	assert_false(fact_get(&fact, F_PARENT, &value)); /* not a field of this event */
	assert_int_equal(value, 77);
	assert_int_equal(fact_value(&fact, F_CORE, UNKNOWN), UNKNOWN);
}

static void every_field_can_be_set_and_got(void **state)
{
	(void)state;
	for (int event = 1; event < NR_EVENTS; event++) {
		struct fact fact = { .event = (uint16_t)event };
		for (int field = 1; field < NR_EVENT_FIELDS; field++)
			if (fact_field(event, field) >= 0)
				fact_set(&fact, field, INT64_MIN + field);
		for (int field = 1; field < NR_EVENT_FIELDS; field++)
			if (fact_field(event, field) >= 0)
				assert_int_equal(fact_value(&fact, field, 0), INT64_MIN + field);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_field_stands_where_its_event_says),
		cmocka_unit_test(what_was_not_said_is_not_known),
		cmocka_unit_test(every_field_can_be_set_and_got),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
