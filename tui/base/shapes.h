/* shapes.h: the few pictures that are more than text: frames, meters, sparklines, paragraphs. */
#ifndef BASE_SHAPES_H
#define BASE_SHAPES_H

#include <stdint.h>

#include "base/canvas.h"

/* A frame with a title (NULL: none) on a cleared ground; returns the area within, one blank column at each side. */
struct area shape_box(struct area area, unsigned style, const char *title);
/* A heading with a line behind it, over the whole width of row y. */
void shape_rule(struct area area, int y, const char *title);
/* part of whole, in eighths of a column, on a track. whole <= 0: an empty track. */
void shape_meter(struct area area, int x, int y, int width, unsigned style, int64_t part, int64_t whole);
/* The last `width` of `values`, the highest at full height of row y. */
void shape_sparkline(struct area area, int x, int y, int width, unsigned style, const int64_t *values, int count);
/* Breaks a text at blanks into rows from (x, y) to the right edge; returns the row behind the last. Drawn or not, the
 * answer is the same: ask with an empty area of the width wanted to learn the height. */
int shape_paragraph(struct area area, int x, int y, unsigned style, const char *text);

#endif
