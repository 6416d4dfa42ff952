/* keys.c: is every key known by its name, in both directions? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/base/keys.h"

static void names_and_keys_are_one_to_one(void **state)
{
	char name[16];

	(void)state;
	for (uint32_t press = PRESS_FIRST_ + 1; press < PRESS_END_; press++) {
		press_name(press, name, sizeof(name));
		assert_int_equal(press_by_name(name), press);
	}
	for (uint32_t press = ' '; press < 0x7f; press++) {
		press_name(press, name, sizeof(name));
		assert_int_equal(press_by_name(name), press);
	}
}

static void what_is_no_key_has_none(void **state)
{
	(void)state;
	assert_int_equal(press_by_name(""), 0);
	assert_int_equal(press_by_name("Hyper"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_keys_are_one_to_one),
		cmocka_unit_test(what_is_no_key_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
