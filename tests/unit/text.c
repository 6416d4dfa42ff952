/* text.c: is every byte that anybody can send made safe, and counted as wide as it is drawn? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/base/text.h"
#include "tui/base/width.h"

#define BAD "\xef\xbf\xbd" /* U+FFFD */

static void assert_shown(const char *bytes, const char *expected)
{
	char out[256];

	assert_int_equal(text_printable(out, sizeof(out), bytes), strlen(expected));
	assert_string_equal(out, expected);
}

static void plain_text_stays(void **state)
{
	(void)state;
	assert_shown("worker 3", "worker 3");
	assert_shown("na\xc3\xafve \xe6\xbc\xa2", "na\xc3\xafve \xe6\xbc\xa2");
	assert_shown("", "");
}

static void controls_are_replaced(void **state)
{
	(void)state;
	assert_shown("a\033[2Jb", "a" BAD "[2Jb");
	assert_shown("\x7f\x01", BAD BAD);
	assert_shown("\xc2\x9b" "31m", BAD "31m"); /* C1: CSI in one character */
	assert_shown("one\ttwo\nthree", "one two three");
}

static void broken_utf8_is_replaced(void **state)
{
	(void)state;
	assert_shown("\xff", BAD);
	assert_shown("\xc3", BAD);                         /* cut */
	assert_shown("\xc0\xaf", BAD BAD);                 /* overlong */
	assert_shown("\xed\xa0\x80", BAD BAD BAD);         /* a surrogate */
	assert_shown("\xf4\x90\x80\x80", BAD BAD BAD BAD); /* behind the last character */
	assert_shown("\xe6\xbc" "a", BAD BAD "a");
}

static void what_turns_or_hides_is_replaced(void **state)
{
	(void)state;
	assert_shown("a\xe2\x80\xae" "b", "a" BAD "b"); /* right-to-left override */
	assert_shown("a\xe2\x81\xa6" "b", "a" BAD "b"); /* isolate */
	assert_shown("a\xe2\x80\x8b" "b", "a" BAD "b"); /* zero-width space */
	assert_shown("a\xef\xbb\xbf" "b", "a" BAD "b"); /* byte order mark */
	assert_shown("\xee\x80\x80", BAD);              /* private use */
}

static void floods_of_marks_are_cut(void **state)
{
	(void)state;
	assert_shown("e\xcc\x81\xcc\x82\xcc\x83\xcc\x84x", "e\xcc\x81x");
	assert_shown("\xcc\x81x", BAD "x"); /* a mark over nothing */
}

static void ascii_has_a_question_mark_for_the_rest(void **state)
{
	char out[32];

	(void)state;
	text_printable_ascii(out, sizeof(out), "na\xc3\xafve\033 \xe6\xbc\xa2");
	assert_string_equal(out, "na?ve? ?");
}

static void only_whole_characters_are_written(void **state)
{
	char out[4];

	(void)state;
	assert_int_equal(text_printable(out, sizeof(out), "ab\xc3\xa9"), 2);
	assert_string_equal(out, "ab");
	assert_int_equal(text_printable(out, 1, "ab"), 0);
	assert_string_equal(out, "");
}

static void columns_are_counted(void **state)
{
	(void)state;
	assert_int_equal(text_width("abc"), 3);
	assert_int_equal(text_width("\xe6\xbc\xa2\xe5\xad\x97"), 4);
	assert_int_equal(text_width("e\xcc\x81"), 1);
	assert_int_equal(text_width("\xf0\x9f\x98\x80"), 2);
	assert_int_equal(text_width("\033"), 1);
}

static void every_single_character_is_safe(void **state)
{
	(void)state;
	for (uint32_t c = 1; c < 0x110000; c++) {
		char bytes[5] = "";
		const char *at = bytes;
		struct text_character next;

		text_encode(bytes, c);
		assert_true(text_next(&at, &next));
		assert_true(next.width == 1 || next.width == 2);
		assert_true(next.character >= ' ' && !(next.character >= 0x7f && next.character < 0xa0));
		assert_int_equal(character_width(next.character), next.width);
	}
}

static void escape_sequences_can_be_dropped(void **state)
{
	(void)state;
	assert_string_equal(text_skip_escape("\033[1;31mred"), "red");
	assert_string_equal(text_skip_escape("\033]0;title\ax"), "x");
	assert_string_equal(text_skip_escape("\033]0;title\033\\x"), "x");
	assert_string_equal(text_skip_escape("\033(Bx"), "Bx");
	assert_string_equal(text_skip_escape("\033[1;3"), "");
	assert_string_equal(text_skip_escape("\033"), "");
	assert_string_equal(text_skip_escape("x\033["), "x\033[");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_stays),
		cmocka_unit_test(controls_are_replaced),
		cmocka_unit_test(broken_utf8_is_replaced),
		cmocka_unit_test(what_turns_or_hides_is_replaced),
		cmocka_unit_test(floods_of_marks_are_cut),
		cmocka_unit_test(ascii_has_a_question_mark_for_the_rest),
		cmocka_unit_test(only_whole_characters_are_written),
		cmocka_unit_test(columns_are_counted),
		cmocka_unit_test(every_single_character_is_safe),
		cmocka_unit_test(escape_sequences_can_be_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
