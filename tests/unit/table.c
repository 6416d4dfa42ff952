/* table.c: do rows sort, scroll, and stay chosen; do columns make room for each other? */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tui/base/table.h"

struct thing {
	struct row_id id;
	int size;
	char name[8];
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct thing *)a)->name, ((const struct thing *)b)->name);
}

static int by_size(const void *a, const void *b)
{
	return compare_numbers(((const struct thing *)a)->size, ((const struct thing *)b)->size);
}

static void draw_name(struct area cell, const void *row, const void *context)
{
	(void)context;
	cell_text(cell, STYLE_NORMAL, ((const struct thing *)row)->name);
}

static void draw_size(struct area cell, const void *row, const void *context)
{
	char text[16];

	(void)context;
	snprintf(text, sizeof(text), "%d", ((const struct thing *)row)->size);
	cell_number(cell, STYLE_NORMAL, text);
}

static const struct column columns[] = {
	{.name = "NAME", .width = 5, .max_width = 7, .compare = by_name, .draw = draw_name},
	{.name = "SIZE", .width = 5, .align = ALIGN_RIGHT, .priority = 1, .largest_first = true, .compare = by_size,
	 .draw = draw_size},
	{.name = "NOTE", .width = 5, .priority = 2, .draw = draw_name},
};
static const struct table_kind kind = {columns, 3, sizeof(struct thing), 0};

static void add(struct table *table, uint64_t id, const char *name, int size)
{
	struct thing *thing = table_add(table, (struct row_id){.low = id});

	assert_non_null(thing);
	thing->size = size;
	snprintf(thing->name, sizeof(thing->name), "%s", name);
}

static void fill(struct table *table)
{
	table_begin(table);
	add(table, 1, "cat", 30);
	add(table, 2, "ant", 10);
	add(table, 3, "bee", 10);
	add(table, 4, "dog", 40);
	table_end(table);
}

static void assert_reads(struct table *table, int width, int height, const char *expected)
{
	struct canvas *canvas = canvas_create(true);
	char *text;

	assert_int_equal(canvas_resize(canvas, width, height), 0);
	table_draw(table, canvas_area(canvas), NULL);
	text = canvas_to_text(canvas, false);
	assert_string_equal(text, expected);
	free(text);
	canvas_destroy(canvas);
}

static void rows_are_sorted_and_equals_stay(void **state)
{
	struct table table;

	(void)state;
	table_init(&table, &kind);
	fill(&table);
	assert_reads(&table, 11, 5, "NAME^  SIZE\nant      10\nbee      10\ncat      30\ndog      40\n");
	table_sort_by(&table, 1);
	assert_reads(&table, 11, 5, "NAME  vSIZE\ndog      40\ncat      30\nant      10\nbee      10\n");
	table_reverse(&table);
	assert_reads(&table, 11, 5, "NAME  ^SIZE\nant      10\nbee      10\ncat      30\ndog      40\n");
	table_sort_by(&table, 1); /* NOTE cannot be sorted by: round to NAME */
	assert_int_equal(table.sort, 0);
	table_finish(&table);
}

static void many_rows_sort_right(void **state)
{
	struct table table;
	char name[8];

	(void)state;
	table_init(&table, &kind);
	table.sort = 1;
	for (unsigned count = 0; count < 200; count += 7) {
		table_begin(&table);
		for (unsigned i = 0; i < count; i++) {
			snprintf(name, sizeof(name), "%u", i);
			add(&table, i + 1, name, (int)(i * 7919 % 101));
		}
		table_end(&table);
		for (unsigned i = 1; i < count; i++) {
			const struct thing *before = table_row(&table, (int)i - 1), *after = table_row(&table, (int)i);

			assert_true(before->size > after->size ||
			            (before->size == after->size && before->id.low < after->id.low));
		}
	}
	table_finish(&table);
}

static void the_chosen_row_is_followed(void **state)
{
	struct table table;

	(void)state;
	table_init(&table, &kind);
	fill(&table);
	table_move(&table, 2);
	assert_string_equal(((const struct thing *)table_chosen(&table))->name, "cat");
	table_sort_by(&table, 1);
	assert_string_equal(((const struct thing *)table_chosen(&table))->name, "cat");
	assert_int_equal(table.cursor, 1);
	table_begin(&table); /* it is gone: the cursor stays in place */
	add(&table, 2, "ant", 10);
	table_end(&table);
	assert_string_equal(((const struct thing *)table_chosen(&table))->name, "ant");
	table_begin(&table);
	table_end(&table);
	assert_null(table_chosen(&table));
	table_finish(&table);
}

static void the_cursor_is_always_in_sight(void **state)
{
	struct table table;

	(void)state;
	table_init(&table, &kind);
	fill(&table);
	table_move(&table, INT_MAX);
	assert_reads(&table, 12, 3, "NAME^  SIZE\ncat      30|\ndog      40#\n");
	table_move(&table, -INT_MAX);
	assert_reads(&table, 12, 3, "NAME^  SIZE\nant      10#\nbee      10|\n");
	assert_true(table_click(&table, 4, 2));
	assert_int_equal(table.cursor, 1);
	assert_false(table_click(&table, 4, 0));
	assert_false(table_click(&table, 99, 2));
	table_finish(&table);
}

static void columns_go_and_grow(void **state)
{
	struct table table;

	(void)state;
	table_init(&table, &kind);
	fill(&table);
	assert_reads(&table, 30, 2, "NAME^     SIZE  NOTE\nant         10  ant          #\n");
	assert_reads(&table, 18, 2, "NAME^  SIZE NOTE\nant      10 ant  #\n");
	assert_reads(&table, 7, 2, "NAME^\nant   #\n");
	assert_reads(&table, 2, 2, "N~\n~#\n");
	assert_reads(&table, 1, 1, "#\n");
	table_finish(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_sorted_and_equals_stay),
		cmocka_unit_test(many_rows_sort_right),
		cmocka_unit_test(the_chosen_row_is_followed),
		cmocka_unit_test(the_cursor_is_always_in_sight),
		cmocka_unit_test(columns_go_and_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
