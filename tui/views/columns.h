/* columns.h: how a view writes its columns: struct row first, then
 *
 *	CELL(name) { cell_text(cell, STYLE_STRONG, row->name); }      draw_name; has cell, row and scene
 *	ORDER(name, strcmp(a->name, b->name))                         by_name; has a and b */
#ifndef VIEWS_COLUMNS_H
#define VIEWS_COLUMNS_H

#include "base/table.h"
#include "views/scene.h"

#define CELL(NAME) \
	static void show_##NAME(struct area, const struct row *, const struct scene *); \
	static void draw_##NAME(struct area cell, const void *row, const void *scene) \
	{ \
		show_##NAME(cell, row, scene); \
	} \
	static void show_##NAME(struct area cell, const struct row *row, const struct scene *scene __attribute__((unused)))

#define ORDER(NAME, expression) \
	static int by_##NAME(const void *left, const void *right) \
	{ \
		const struct row *a = left, *b = right; \
		return expression; \
	}

#endif
