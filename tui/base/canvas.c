/* canvas.c: a screen that needs no terminal. */
#include "base/canvas.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct canvas {
	int width, height;
	bool ascii;
	struct cell *cells; /* row by row */
};

static const struct cell blank = {.character = ' '};

#define GLYPH_UTF8_(SYMBOL, character, ascii) character,
#define GLYPH_ASCII_(SYMBOL, character, ascii) ascii,
static const uint32_t glyphs[2][NR_GLYPHS] = {{GLYPHS(GLYPH_UTF8_)}, {GLYPHS(GLYPH_ASCII_)}};

struct canvas *canvas_create(bool ascii)
{
	struct canvas *canvas = calloc(1, sizeof(*canvas));

	if (canvas)
		canvas->ascii = ascii;
	return canvas;
}

void canvas_destroy(struct canvas *canvas)
{
	if (canvas)
		free(canvas->cells);
	free(canvas);
}

int canvas_resize(struct canvas *canvas, int width, int height)
{
	struct cell *cells = calloc((size_t)width * (size_t)height + 1, sizeof(*cells));

	if (!cells)
		return -ENOMEM;
	free(canvas->cells);
	canvas->cells = cells;
	canvas->width = width;
	canvas->height = height;
	canvas_clear(canvas);
	return 0;
}

void canvas_clear(struct canvas *canvas)
{
	for (int i = 0; i < canvas->width * canvas->height; i++)
		canvas->cells[i] = blank;
}

int canvas_width(const struct canvas *canvas)
{
	return canvas->width;
}

int canvas_height(const struct canvas *canvas)
{
	return canvas->height;
}

static struct cell *cell_at(const struct canvas *canvas, int x, int y)
{
	return &canvas->cells[y * canvas->width + x];
}

const struct cell *canvas_cell(const struct canvas *canvas, int x, int y)
{
	return cell_at(canvas, x, y);
}

void canvas_copy(struct canvas *to, const struct canvas *from)
{
	int width = to->width < from->width ? to->width : from->width;
	int height = to->height < from->height ? to->height : from->height;

	for (int y = 0; y < height; y++)
		memcpy(cell_at(to, 0, y), cell_at(from, 0, y), (size_t)width * sizeof(struct cell));
}

/* ---- areas ------------------------------------------------------------------------------------------------------ */

struct area canvas_area(struct canvas *canvas)
{
	return (struct area){canvas, 0, 0, canvas->width, canvas->height};
}

static int clamp(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

struct area area_inside(struct area area, int x, int y, int width, int height)
{
	int left = clamp(x, 0, area.width), top = clamp(y, 0, area.height);
	int right = clamp(x + width, left, area.width), bottom = clamp(y + height, top, area.height);

	return (struct area){area.canvas, area.left + left, area.top + top, right - left, bottom - top};
}

struct area area_take_top(struct area *rest, int rows)
{
	struct area taken = area_inside(*rest, 0, 0, rest->width, rows);

	*rest = area_inside(*rest, 0, taken.height, rest->width, rest->height - taken.height);
	return taken;
}

struct area area_take_bottom(struct area *rest, int rows)
{
	int kept = clamp(rest->height - rows, 0, rest->height);
	struct area taken = area_inside(*rest, 0, kept, rest->width, rest->height - kept);

	rest->height = kept;
	return taken;
}

struct area area_take_left(struct area *rest, int columns)
{
	struct area taken = area_inside(*rest, 0, 0, columns, rest->height);

	*rest = area_inside(*rest, taken.width, 0, rest->width - taken.width, rest->height);
	return taken;
}

struct area area_take_right(struct area *rest, int columns)
{
	int kept = clamp(rest->width - columns, 0, rest->width);
	struct area taken = area_inside(*rest, kept, 0, rest->width - kept, rest->height);

	rest->width = kept;
	return taken;
}

bool area_has(struct area area, int canvas_x, int canvas_y)
{
	return canvas_x >= area.left && canvas_x < area.left + area.width && canvas_y >= area.top &&
	       canvas_y < area.top + area.height;
}

/* ---- drawing ---------------------------------------------------------------------------------------------------- */

static bool is_visible(struct area area, int x, int y)
{
	return x >= 0 && x < area.width && y >= 0 && y < area.height;
}

/* Stores one cell. Of a wide character that it cuts in two the other half becomes a blank. */
static void put(struct area area, int x, int y, struct cell cell)
{
	struct canvas *canvas = area.canvas;
	int at = area.left + x;
	struct cell *here = cell_at(canvas, at, area.top + y);

	if (here->character == 0 && cell.character != 0 && at > 0)
		here[-1] = (struct cell){.character = ' ', .style = here[-1].style};
	if (at + 1 < canvas->width && here[1].character == 0 && here->character != 0)
		here[1] = (struct cell){.character = ' ', .style = here[1].style};
	*here = cell;
}

static void put_character(struct area area, int x, int y, unsigned style, const struct text_character *next)
{
	struct cell cell = {.character = next->character, .mark = next->mark, .style = (uint8_t)style};
	bool whole = next->width == 1 || is_visible(area, x + 1, y);

	if (!is_visible(area, x, y))
		return;
	if (area.canvas->ascii) {
		cell.character = cell.character < 0x80 ? cell.character : '?';
		cell.mark = 0;
	}
	if (!whole) /* half of it would stick out */
		cell.character = ' ';
	put(area, x, y, cell);
	if (next->width == 2 && whole) {
		cell.character = area.canvas->ascii ? '?' : 0;
		cell.mark = 0;
		*cell_at(area.canvas, area.left + x + 1, area.top + y) = cell;
	}
}

int area_text(struct area area, int x, int y, unsigned style, const char *text)
{
	struct text_character next;

	while (text_next(&text, &next)) {
		put_character(area, x, y, style, &next);
		x += next.width;
	}
	return x;
}

int area_print(struct area area, int x, int y, unsigned style, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return area_text(area, x, y, style, text);
}

void area_field(struct area area, int x, int y, int width, enum align align, unsigned style, const char *text)
{
	struct area field = area_inside(area, x, y, width, 1);
	int wanted = text_width(text);

	area_fill(field, style);
	if (wanted <= field.width) {
		area_text(field, align == ALIGN_RIGHT ? field.width - wanted : 0, 0, style, text);
		return;
	}
	area_text(area_inside(field, 0, 0, field.width - 1, 1), 0, 0, style, text);
	area_glyph(field, field.width - 1, 0, style, GLYPH_ELLIPSIS);
}

void area_glyph(struct area area, int x, int y, unsigned style, enum glyph glyph)
{
	if (is_visible(area, x, y))
		put(area, x, y, (struct cell){.character = glyphs[area.canvas->ascii][glyph], .style = (uint8_t)style});
}

void area_fill(struct area area, unsigned style)
{
	for (int y = 0; y < area.height; y++)
		for (int x = 0; x < area.width; x++)
			put(area, x, y, (struct cell){.character = ' ', .style = (uint8_t)style});
}

void area_restyle(struct area area, unsigned style)
{
	for (int y = 0; y < area.height; y++)
		for (int x = 0; x < area.width; x++)
			cell_at(area.canvas, area.left + x, area.top + y)->style = (uint8_t)style;
}

void area_select(struct area area)
{
	for (int y = 0; y < area.height; y++)
		for (int x = 0; x < area.width; x++)
			cell_at(area.canvas, area.left + x, area.top + y)->style |= STYLE_SELECTED;
}

/* ---- as text ---------------------------------------------------------------------------------------------------- */

static void print_cell(FILE *out, const struct cell *cell)
{
	char encoded[4];

	if (cell->character)
		fwrite(encoded, 1, (size_t)text_encode(encoded, cell->character), out);
	if (cell->mark)
		fwrite(encoded, 1, (size_t)text_encode(encoded, cell->mark), out);
}

static char style_letter(uint8_t style)
{
#define STYLE_LETTER_(SYMBOL, letter, meaning) letter,
	static const char letters[] = {STYLES(STYLE_LETTER_)};

	return style & STYLE_SELECTED ? '#' : letters[style];
}

/* Columns up to the last that shows something. */
static int used_width(const struct canvas *canvas, int y, bool styles)
{
	int used = canvas->width;

	while (used > 0) {
		const struct cell *cell = cell_at(canvas, used - 1, y);

		if (styles ? style_letter(cell->style) != ' ' : cell->character != ' ')
			break;
		used--;
	}
	return used;
}

static void print_rows(FILE *out, const struct canvas *canvas, bool styles)
{
	for (int y = 0; y < canvas->height; y++) {
		int used = used_width(canvas, y, styles);

		for (int x = 0; x < used; x++)
			if (styles)
				fputc(style_letter(cell_at(canvas, x, y)->style), out);
			else
				print_cell(out, cell_at(canvas, x, y));
		fputc('\n', out);
	}
}

char *canvas_to_text(const struct canvas *canvas, bool styles)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	print_rows(out, canvas, false);
	if (styles)
		print_rows(out, canvas, true);
	fclose(out);
	return text;
}
