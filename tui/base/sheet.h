/* sheet.h: a page of lines, headed and labelled, that can be scrolled: written from top to bottom, clipped by its area. */
#ifndef BASE_SHEET_H
#define BASE_SHEET_H

#include "base/canvas.h"

struct sheet {
	struct area area;
	int y;         /* the next line; above the area while it is scrolled past */
	int label;     /* columns for labels */
	int scrolled;
};

struct sheet sheet_begin(struct area area, int label_width, int scrolled);
void sheet_heading(struct sheet *sheet, const char *heading); /* a blank line before it, but for the first */
__attribute__((format(printf, 4, 5)))
void sheet_line(struct sheet *sheet, const char *label, unsigned style, const char *format, ...);
/* A row to draw on. */
struct area sheet_row(struct sheet *sheet);
/* Lines written so far. */
int sheet_height(const struct sheet *sheet);

#endif
