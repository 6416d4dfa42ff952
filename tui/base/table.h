/* table.h: rows and columns that can be sorted, scrolled and chosen from.
 *
 *   refill:  table_begin, table_add for each row, table_end (sorts; the chosen row stays chosen wherever it went)
 *   draw:    table_draw, which allocates nothing and looks at visible rows only
 *
 * A row is a struct of the view's own that begins with a struct row_id. A column is a name, a width and two functions. */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stddef.h>

#include "base/canvas.h"

struct row_id { uint64_t high, low; };

struct column {
	const char *name;
	int width, max_width;   /* needed; wished for (0: as needed) where there is room */
	enum align align;
	int priority;           /* the largest goes first when the screen is narrow; 0 never goes */
	bool largest_first;     /* how it sorts before anybody reverses it */
	/* < 0: a before b. NULL: one cannot sort by it. */
	int (*compare)(const void *a, const void *b);
	void (*draw)(struct area cell, const void *row, const void *context);
};

enum { TABLE_MAX_COLUMNS = 24, TABLE_UNSORTED = -1 };

struct table_kind {
	const struct column *columns;
	int nr_columns;         /* at most TABLE_MAX_COLUMNS */
	size_t row_size;
	int sort;               /* column to begin with, or TABLE_UNSORTED: as added */
};

struct table {
	const struct table_kind *kind;
	char *rows;             /* as added */
	uint32_t *order, *spare; /* position -> row; and room for sorting */
	int count, capacity;
	int sort;
	bool reversed;
	int cursor, top;        /* positions */
	struct row_id chosen;   /* whose row the cursor is on; all zero: nobody's yet */
	struct area body;       /* where the rows were drawn last: for clicks and pages */
};

void table_init(struct table *table, const struct table_kind *kind);
void table_finish(struct table *table);

void table_begin(struct table *table);
void *table_add(struct table *table, struct row_id id); /* zeroed but for the id; NULL: no memory, the row is left out */
void table_end(struct table *table);
void table_draw(struct table *table, struct area area, const void *context);

const void *table_row(const struct table *table, int position);
const void *table_chosen(const struct table *table);    /* NULL: no rows */
void table_choose(struct table *table, struct row_id id);
void table_move(struct table *table, int rows);         /* also pages: table->body.height; ends: INT_MAX, -INT_MAX */
bool table_click(struct table *table, int canvas_x, int canvas_y); /* false: not on a row */
void table_sort_by(struct table *table, int step);      /* the next (1) or previous (-1) column that can be sorted by */
void table_reverse(struct table *table);

/* For column functions. */
void cell_text(struct area cell, unsigned style, const char *text);
void cell_number(struct area cell, unsigned style, const char *text); /* to the right */
int compare_numbers(int64_t a, int64_t b);

#endif
