/* canvas.h: a screen that needs no terminal.
 *
 *     canvas  +---------------------+     cells: a character, a mark over it, a style
 *             |  area  +------+     |     areas: rectangles inside it, plain values. All drawing goes through an
 *             |        | x, y |     |     area, counts from its corner, and is clipped by it: whatever a view
 *             |        +------+     |     asks for, nothing is ever written outside, nothing fails.
 *             +---------------------+
 *
 * Memory is allocated in canvas_resize() alone. Texts are hostile bytes: area_text() passes them through text.h. */
#ifndef BASE_CANVAS_H
#define BASE_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/glyphs.h"
#include "base/style.h"

struct canvas;

struct cell {
	uint32_t character; /* 0: the right half of the wide character before it */
	uint32_t mark;
	uint8_t style;      /* enum style, maybe with STYLE_SELECTED */
};

struct canvas *canvas_create(bool ascii);                           /* 0 x 0. NULL: no memory */
void canvas_destroy(struct canvas *canvas);
int canvas_resize(struct canvas *canvas, int width, int height);    /* empty afterwards. -ENOMEM: stays as it was */
void canvas_clear(struct canvas *canvas);
int canvas_width(const struct canvas *canvas);
int canvas_height(const struct canvas *canvas);
const struct cell *canvas_cell(const struct canvas *canvas, int x, int y); /* must be inside */
/* Cells that both have; of different sizes nothing else is copied. */
void canvas_copy(struct canvas *to, const struct canvas *from);
/* The whole as lines without trailing blanks; with styles a second block, a letter for each cell. To be freed. */
char *canvas_to_text(const struct canvas *canvas, bool styles);

struct area {
	struct canvas *canvas;
	int left, top, width, height; /* inside the canvas, never negative */
};

struct area canvas_area(struct canvas *canvas);
/* The part of `area` that this rectangle covers; empty if none. */
struct area area_inside(struct area area, int x, int y, int width, int height);
/* Cuts rows or columns off *rest and returns them; as many as there are. */
struct area area_take_top(struct area *rest, int rows);
struct area area_take_bottom(struct area *rest, int rows);
struct area area_take_left(struct area *rest, int columns);
struct area area_take_right(struct area *rest, int columns);
bool area_has(struct area area, int canvas_x, int canvas_y);

/* Draws a text and returns the column behind it, whether or not it was visible. */
int area_text(struct area area, int x, int y, unsigned style, const char *text);
__attribute__((format(printf, 5, 6)))
int area_print(struct area area, int x, int y, unsigned style, const char *format, ...);
enum align { ALIGN_LEFT, ALIGN_RIGHT };
/* A text in exactly `width` columns of row y: padded, or cut with an ellipsis. */
void area_field(struct area area, int x, int y, int width, enum align align, unsigned style, const char *text);
void area_glyph(struct area area, int x, int y, unsigned style, enum glyph glyph);
void area_fill(struct area area, unsigned style);                   /* with blanks */
void area_select(struct area area);                                 /* STYLE_SELECTED for every cell */
void area_restyle(struct area area, unsigned style);                /* every cell, text untouched */

#endif
