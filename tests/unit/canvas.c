/* canvas.c: does drawing stay inside its area, whatever is asked for, and does what was drawn read as meant? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tui/base/canvas.h"
#include "tui/base/shapes.h"

static struct canvas *canvas_of(int width, int height, bool ascii)
{
	struct canvas *canvas = canvas_create(ascii);

	assert_non_null(canvas);
	assert_int_equal(canvas_resize(canvas, width, height), 0);
	return canvas;
}

static void assert_reads(struct canvas *canvas, const char *expected)
{
	char *text = canvas_to_text(canvas, false);

	assert_string_equal(text, expected);
	free(text);
}

static void text_is_clipped_on_every_side(void **state)
{
	struct canvas *canvas = canvas_of(6, 3, false);
	struct area area = area_inside(canvas_area(canvas), 1, 1, 4, 1);

	(void)state;
	area_text(area, -2, 0, STYLE_NORMAL, "abcdefghij");
	area_text(area, 0, -1, STYLE_NORMAL, "above");
	area_text(area, 0, 1, STYLE_NORMAL, "below");
	assert_reads(canvas, "\n cdef\n\n");
	canvas_destroy(canvas);
}

static void areas_are_cut_but_never_beyond_what_is_there(void **state)
{
	struct canvas *canvas = canvas_of(5, 4, false);
	struct area rest = canvas_area(canvas), top = area_take_top(&rest, 3), bottom = area_take_bottom(&rest, 3);

	(void)state;
	assert_int_equal(top.height, 3);
	assert_int_equal(bottom.height, 1);
	assert_int_equal(bottom.top, 3);
	assert_int_equal(rest.height, 0);
	top = area_take_right(&bottom, 9);
	assert_int_equal(top.width, 5);
	assert_int_equal(bottom.width, 0);
	area_fill(bottom, STYLE_BAD);
	area_glyph(bottom, 0, 0, STYLE_BAD, GLYPH_FULL);
	assert_int_equal(area_inside(canvas_area(canvas), -3, -3, 4, 4).width, 1);
	assert_reads(canvas, "\n\n\n\n");
	canvas_destroy(canvas);
}

static void wide_characters_are_never_cut_in_two(void **state)
{
	struct canvas *canvas = canvas_of(4, 3, false);
	struct area area = canvas_area(canvas);

	(void)state;
	area_text(area, 0, 0, STYLE_NORMAL, "a\xe6\xbc\xa2\xe5\xad\x97"); /* the second would stick out */
	area_text(area, 0, 1, STYLE_NORMAL, "\xe6\xbc\xa2\xe5\xad\x97");
	area_text(area, 1, 1, STYLE_NORMAL, "xy"); /* hits halves of both */
	assert_reads(canvas, "a\xe6\xbc\xa2\n xy\n\n");
	canvas_destroy(canvas);
}

static void fields_are_padded_or_cut(void **state)
{
	struct canvas *canvas = canvas_of(12, 3, false);
	struct area area = canvas_area(canvas);

	(void)state;
	area_text(area, 0, 0, STYLE_NORMAL, "############");
	area_field(area, 1, 0, 4, ALIGN_RIGHT, STYLE_NORMAL, "12");
	area_field(area, 6, 0, 4, ALIGN_LEFT, STYLE_NORMAL, "ab");
	area_field(area, 1, 1, 4, ALIGN_LEFT, STYLE_NORMAL, "abcdef");
	area_field(area, 6, 1, 0, ALIGN_LEFT, STYLE_NORMAL, "abcdef");
	area_field(area, 0, 2, 1, ALIGN_RIGHT, STYLE_NORMAL, "abcdef");
	assert_reads(canvas, "#  12#ab  ##\n abc\xe2\x80\xa6\n\xe2\x80\xa6\n");
	canvas_destroy(canvas);
}

static void ascii_replaces_what_it_cannot_show(void **state)
{
	struct canvas *canvas = canvas_of(9, 3, true);
	struct area area = canvas_area(canvas);

	(void)state;
	area_text(shape_box(area, STYLE_LINE, NULL), 0, 0, STYLE_NORMAL, "\xc3\xa9\xe6\xbc\xa2\033e\xcc\x81");
	assert_reads(canvas, "+-------+\n| ????e |\n+-------+\n");
	canvas_destroy(canvas);
}

static void meters_say_something_as_soon_as_there_is_something(void **state)
{
	struct canvas *canvas = canvas_of(4, 6, true);
	struct area area = canvas_area(canvas);

	(void)state;
	shape_meter(area, 0, 0, 4, STYLE_BUSY, 0, 10);
	shape_meter(area, 0, 1, 4, STYLE_BUSY, 1, 1000000);
	shape_meter(area, 0, 2, 4, STYLE_BUSY, 5, 10);
	shape_meter(area, 0, 3, 4, STYLE_BUSY, 11, 10);
	shape_meter(area, 0, 4, 4, STYLE_BUSY, 11, 0);
	shape_meter(area, 0, 5, 4, STYLE_BUSY, -1, INT64_MAX);
	assert_reads(canvas, "....\n|...\n##..\n####\n....\n....\n");
	canvas_destroy(canvas);
}

static void sparklines_end_at_the_right(void **state)
{
	static const int64_t values[] = {9, 0, 1, 8};
	struct canvas *canvas = canvas_of(6, 2, true);
	struct area area = canvas_area(canvas);

	(void)state;
	shape_sparkline(area, 0, 0, 6, STYLE_BUSY, values, 4);
	shape_sparkline(area, 0, 1, 3, STYLE_BUSY, values, 4);
	assert_reads(canvas, "  # _*\n _#\n");
	canvas_destroy(canvas);
}

static void paragraphs_break_at_blanks(void **state)
{
	struct canvas *canvas = canvas_of(8, 4, false);

	(void)state;
	assert_int_equal(shape_paragraph(canvas_area(canvas), 1, 0, STYLE_NORMAL, "one two three\nabcdefghij"), 4);
	assert_reads(canvas, " one two\n three\n abcdefg\n hij\n");
	canvas_destroy(canvas);
}

static void style_maps_show_meanings(void **state)
{
	struct canvas *canvas = canvas_of(4, 1, false);
	char *text;

	(void)state;
	area_text(canvas_area(canvas), 0, 0, STYLE_BAD, "ab");
	area_select(area_inside(canvas_area(canvas), 1, 0, 1, 1));
	text = canvas_to_text(canvas, true);
	assert_string_equal(text, "ab\nR#\n");
	free(text);
	canvas_destroy(canvas);
}

static void every_tiny_size_can_be_drawn_on(void **state)
{
	struct canvas *canvas = canvas_create(false);

	(void)state;
	for (int width = 0; width < 6; width++)
		for (int height = 0; height < 6; height++) {
			assert_int_equal(canvas_resize(canvas, width, height), 0);
			area_text(shape_box(canvas_area(canvas), STYLE_LINE, "title"), 0, 0, STYLE_NORMAL, "\xe6\xbc\xa2 text");
			shape_rule(canvas_area(canvas), 1, "rule");
			shape_meter(canvas_area(canvas), 1, 1, 9, STYLE_GOOD, 1, 2);
			shape_paragraph(canvas_area(canvas), 3, 0, STYLE_GOOD, "several words");
		}
	canvas_destroy(canvas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_clipped_on_every_side),
		cmocka_unit_test(areas_are_cut_but_never_beyond_what_is_there),
		cmocka_unit_test(wide_characters_are_never_cut_in_two),
		cmocka_unit_test(fields_are_padded_or_cut),
		cmocka_unit_test(ascii_replaces_what_it_cannot_show),
		cmocka_unit_test(meters_say_something_as_soon_as_there_is_something),
		cmocka_unit_test(sparklines_end_at_the_right),
		cmocka_unit_test(paragraphs_break_at_blanks),
		cmocka_unit_test(style_maps_show_meanings),
		cmocka_unit_test(every_tiny_size_can_be_drawn_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
