/* brief.c: are numbers said briefly, and never wrongly? */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tui/base/brief.h"

static void numbers(void **state)
{
	(void)state;
	assert_string_equal(brief_number(0).text, "0");
	assert_string_equal(brief_number(999).text, "999");
	assert_string_equal(brief_number(1000).text, "1.0k");
	assert_string_equal(brief_number(12345).text, "12k");
	assert_string_equal(brief_number(999999).text, "999k"); /* cut: never more than there is */
	assert_string_equal(brief_number(1234567).text, "1.2M");
	assert_string_equal(brief_number(-1).text, "-");
	assert_string_equal(brief_number(INT64_MAX).text, "9.2E");
}

static void counts_keep_their_digits_where_they_fit(void **state)
{
	(void)state;
	assert_string_equal(brief_count(123456, 6).text, "123456");
	assert_string_equal(brief_count(123456, 5).text, "123k");
	assert_string_equal(brief_count(-1, 5).text, "-");
}

static void bytes(void **state)
{
	(void)state;
	assert_string_equal(brief_bytes(1023).text, "1023B");
	assert_string_equal(brief_bytes(1024).text, "1.0K");
	assert_string_equal(brief_bytes(8 << 20).text, "8.0M");
	assert_string_equal(brief_bytes(2047).text, "1.9K");
	assert_string_equal(brief_bytes(INT64_MAX).text, "7.9E");
	assert_string_equal(brief_bytes(-1).text, "-");
}

static void durations(void **state)
{
	static const struct { int64_t ns; const char *text; } cases[] = {
		{0, "0s"}, {12000, "12us"}, {350000000, "350ms"}, {999999999, "999ms"}, {2100000000, "2.1s"},
		{59900000000, "59s"}, {123000000000, "2m03s"}, {3720000000000, "1h02m"}, {273600000000000, "3d04h"},
		{-1, "-"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(brief_duration(cases[i].ns).text, cases[i].text);
}

static void percents_and_clocks(void **state)
{
	(void)state;
	assert_string_equal(brief_percent(0.44).text, "0.4%");
	assert_string_equal(brief_percent(12.6).text, "12%");
	assert_string_equal(brief_percent(-1).text, "-");
	assert_string_equal(brief_percent(0.0 / 0.0).text, "-");
	setenv("TZ", "UTC", 1);
	assert_string_equal(brief_clock(1700000000000000000).text, "22:13:20");
	assert_string_equal(brief_clock_ms(1700000000123456789).text, "22:13:20.123");
	assert_string_equal(brief_clock(-1).text, "-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(counts_keep_their_digits_where_they_fit),
		cmocka_unit_test(bytes),
		cmocka_unit_test(durations),
		cmocka_unit_test(percents_and_clocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
