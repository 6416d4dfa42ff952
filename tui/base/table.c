/* table.c: rows and columns that can be sorted, scrolled and chosen from. */
#include "base/table.h"

#include <stdlib.h>
#include <string.h>

void table_init(struct table *table, const struct table_kind *kind)
{
	*table = (struct table){.kind = kind, .sort = kind->sort};
}

void table_finish(struct table *table)
{
	free(table->rows);
	free(table->order);
	free(table->spare);
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

static char *row_at(const struct table *table, uint32_t row)
{
	return table->rows + row * table->kind->row_size;
}

static bool grow(struct table *table)
{
	int capacity = table->capacity ? table->capacity * 2 : 64;
	char *rows = realloc(table->rows, (size_t)capacity * table->kind->row_size);
	uint32_t *order, *spare;

	if (rows)
		table->rows = rows;
	order = realloc(table->order, (size_t)capacity * sizeof(*order));
	if (order)
		table->order = order;
	spare = realloc(table->spare, (size_t)capacity * sizeof(*spare));
	if (spare)
		table->spare = spare;
	if (!rows || !order || !spare)
		return false;
	table->capacity = capacity;
	return true;
}

void table_begin(struct table *table)
{
	table->count = 0;
}

void *table_add(struct table *table, struct row_id id)
{
	char *row;

	if (table->count == table->capacity && !grow(table))
		return NULL;
	row = row_at(table, (uint32_t)table->count);
	memset(row, 0, table->kind->row_size);
	memcpy(row, &id, sizeof(id));
	table->order[table->count] = (uint32_t)table->count;
	table->count++;
	return row;
}

/* ---- order ------------------------------------------------------------------------------------------------------- */

static bool goes_before(const struct table *table, uint32_t a, uint32_t b)
{
	const struct column *column = &table->kind->columns[table->sort];
	int order = column->compare(row_at(table, a), row_at(table, b));

	return table->reversed != column->largest_first ? order > 0 : order < 0;
}

static void merge(struct table *table, int from, int middle, int to)
{
	int left = from, right = middle;

	for (int at = from; at < to; at++) {
		bool take_right = left == middle ||
		                  (right < to && goes_before(table, table->order[right], table->order[left]));

		table->spare[at] = table->order[take_right ? right++ : left++];
	}
}

/* A merge sort, because equals must stay where they are: rows that jump cannot be read. And qsort() allocates. */
static void sort_rows(struct table *table)
{
	for (int run = 1; run < table->count; run *= 2) {
		uint32_t *sorted = table->spare;

		for (int from = 0; from < table->count; from += 2 * run) {
			int middle = from + run < table->count ? from + run : table->count;
			int to = middle + run < table->count ? middle + run : table->count;

			merge(table, from, middle, to);
		}
		table->spare = table->order;
		table->order = sorted;
	}
}

static bool same_id(struct row_id a, struct row_id b)
{
	return a.high == b.high && a.low == b.low;
}

static struct row_id id_at(const struct table *table, int position)
{
	struct row_id id;

	memcpy(&id, table_row(table, position), sizeof(id));
	return id;
}

/* A chosen row that is gone leaves the cursor where it was. */
static void find_chosen(struct table *table)
{
	for (int i = 0; i < table->count; i++)
		if (same_id(id_at(table, i), table->chosen)) {
			table->cursor = i;
			return;
		}
	table_move(table, 0);
}

void table_end(struct table *table)
{
	if (table->sort != TABLE_UNSORTED)
		sort_rows(table);
	find_chosen(table);
}

/* ---- choosing ---------------------------------------------------------------------------------------------------- */

const void *table_row(const struct table *table, int position)
{
	return row_at(table, table->order[position]);
}

const void *table_chosen(const struct table *table)
{
	return table->count ? table_row(table, table->cursor) : NULL;
}

void table_choose(struct table *table, struct row_id id)
{
	table->chosen = id;
	find_chosen(table);
}

void table_move(struct table *table, int rows)
{
	long cursor = (long)table->cursor + rows;

	if (cursor >= table->count)
		cursor = table->count - 1;
	table->cursor = cursor < 0 ? 0 : (int)cursor;
	if (table->count)
		table->chosen = id_at(table, table->cursor);
}

bool table_click(struct table *table, int canvas_x, int canvas_y)
{
	int position = table->top + canvas_y - table->body.top;

	if (!area_has(table->body, canvas_x, canvas_y) || position >= table->count)
		return false;
	table->cursor = position;
	table_move(table, 0);
	return true;
}

void table_sort_by(struct table *table, int step)
{
	int nr = table->kind->nr_columns, next = table->sort;

	for (int tried = 0; tried < nr; tried++) {
		next = (next + step + nr) % nr;
		if (table->kind->columns[next].compare) {
			table->sort = next;
			table->reversed = false;
			table_end(table);
			return;
		}
	}
}

void table_reverse(struct table *table)
{
	table->reversed = !table->reversed;
	table_end(table);
}

/* ---- drawing ----------------------------------------------------------------------------------------------------- */

struct layout {
	int nr;
	int column[TABLE_MAX_COLUMNS], width[TABLE_MAX_COLUMNS];
	int gap;
};

static int needed_width(const struct layout *layout)
{
	int width = 0;

	for (int i = 0; i < layout->nr; i++)
		width += layout->width[i] + (i ? layout->gap : 0);
	return width;
}

/* Leaves out the least important column; false if only those are left that never go. */
static bool drop_column(struct layout *layout, const struct column *columns)
{
	int least = 0;

	for (int i = 1; i < layout->nr; i++)
		if (columns[layout->column[i]].priority >= columns[layout->column[least]].priority)
			least = i;
	if (layout->nr == 0 || columns[layout->column[least]].priority == 0)
		return false;
	layout->nr--;
	for (int i = least; i < layout->nr; i++) {
		layout->column[i] = layout->column[i + 1];
		layout->width[i] = layout->width[i + 1];
	}
	return true;
}

/* Hands out what is left, a column in turn, to those that wish for more. */
static void widen(struct layout *layout, const struct column *columns, int left)
{
	bool wished = true;

	while (left > 0 && wished) {
		wished = false;
		for (int i = 0; i < layout->nr && left > 0; i++) {
			if (layout->width[i] >= columns[layout->column[i]].max_width)
				continue;
			layout->width[i]++;
			left--;
			wished = true;
		}
	}
}

static void lay_out(struct layout *layout, const struct table_kind *kind, int width)
{
	*layout = (struct layout){.nr = kind->nr_columns, .gap = 1};
	for (int i = 0; i < layout->nr; i++) {
		layout->column[i] = i;
		layout->width[i] = kind->columns[i].width;
	}
	while (needed_width(layout) > width && drop_column(layout, kind->columns))
		;
	if (needed_width(layout) + layout->nr - 1 <= width)
		layout->gap = 2;
	widen(layout, kind->columns, width - needed_width(layout));
}

static void draw_head(const struct table *table, const struct layout *layout, struct area area)
{
	for (int i = 0, x = 0; i < layout->nr; x += layout->width[i++] + layout->gap) {
		const struct column *column = &table->kind->columns[layout->column[i]];
		struct area cell = area_inside(area, x, 0, layout->width[i], 1);
		bool down = column->largest_first != table->reversed;

		area_field(cell, 0, 0, cell.width, column->align, STYLE_HEADING, column->name);
		if (layout->column[i] != table->sort)
			continue;
		/* beside the name: behind it, or before it where it stands to the right */
		area_glyph(area, column->align == ALIGN_RIGHT ? x + cell.width - (int)strlen(column->name) - 1
		                                             : x + (int)strlen(column->name),
		           0, STYLE_HEADING, down ? GLYPH_DESCENDING : GLYPH_ASCENDING);
	}
}

static void draw_row(const struct table *table, const struct layout *layout, struct area line, int position,
                     const void *context)
{
	for (int i = 0, x = 0; i < layout->nr; x += layout->width[i++] + layout->gap)
		table->kind->columns[layout->column[i]].draw(area_inside(line, x, 0, layout->width[i], 1),
		                                             table_row(table, position), context);
	if (position == table->cursor)
		area_select(line);
}

/* The cursor is always in sight, and no row is left empty while others are out of it. */
static void scroll(struct table *table, int height)
{
	if (table->top > table->count - height)
		table->top = table->count - height;
	if (table->top > table->cursor)
		table->top = table->cursor;
	if (table->top < table->cursor - height + 1)
		table->top = table->cursor - height + 1;
	if (table->top < 0)
		table->top = 0;
}

static void draw_scroll_bar(const struct table *table, struct area bar)
{
	int length = bar.height * bar.height / table->count, range = table->count - bar.height;
	int thumb = length > 0 ? length : 1;
	int first = (int)((long)table->top * (bar.height - thumb) / range);

	for (int y = 0; y < bar.height; y++)
		area_glyph(bar, 0, y, STYLE_LINE, y >= first && y < first + thumb ? GLYPH_FULL : GLYPH_VERTICAL);
}

void table_draw(struct table *table, struct area area, const void *context)
{
	struct layout layout;
	struct area head;

	head = area_take_top(&area, area.height > 1 ? 1 : 0);
	table->body = area;
	if (area.height == 0)
		return;
	scroll(table, area.height);
	if (table->count > area.height)
		draw_scroll_bar(table, area_take_right(&area, 1));
	lay_out(&layout, table->kind, area.width);
	draw_head(table, &layout, head);
	for (int y = 0; y < area.height && table->top + y < table->count; y++)
		draw_row(table, &layout, area_inside(area, 0, y, area.width, 1), table->top + y, context);
}

void cell_text(struct area cell, unsigned style, const char *text)
{
	area_field(cell, 0, 0, cell.width, ALIGN_LEFT, style, text);
}

void cell_number(struct area cell, unsigned style, const char *text)
{
	area_field(cell, 0, 0, cell.width, ALIGN_RIGHT, style, text);
}

int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}
