/* shapes.c: frames, meters, sparklines, paragraphs. */
#include "base/shapes.h"

#include <string.h>

#include "base/text.h"

static void draw_row(struct area area, int y, unsigned style, enum glyph left, enum glyph right)
{
	for (int x = 1; x < area.width - 1; x++)
		area_glyph(area, x, y, style, GLYPH_HORIZONTAL);
	area_glyph(area, 0, y, style, left);
	area_glyph(area, area.width - 1, y, style, right);
}

struct area shape_box(struct area area, unsigned style, const char *title)
{
	area_fill(area, STYLE_NORMAL);
	draw_row(area, 0, style, GLYPH_TOP_LEFT, GLYPH_TOP_RIGHT);
	for (int y = 1; y < area.height - 1; y++) {
		area_glyph(area, 0, y, style, GLYPH_VERTICAL);
		area_glyph(area, area.width - 1, y, style, GLYPH_VERTICAL);
	}
	draw_row(area, area.height - 1, style, GLYPH_BOTTOM_LEFT, GLYPH_BOTTOM_RIGHT);
	if (title)
		area_print(area_inside(area, 2, 0, area.width - 4, 1), 0, 0, STYLE_STRONG, " %s ", title);
	return area_inside(area, 2, 1, area.width - 4, area.height - 2);
}

void shape_rule(struct area area, int y, const char *title)
{
	int x = area_text(area, 0, y, STYLE_HEADING, title);

	for (x++; x < area.width; x++)
		area_glyph(area, x, y, STYLE_LINE, GLYPH_HORIZONTAL);
}

void shape_meter(struct area area, int x, int y, int width, unsigned style, int64_t part, int64_t whole)
{
	struct area meter = area_inside(area, x, y, width, 1);
	int64_t eighths = 0;

	if (whole > 0 && part > 0)
		eighths = part >= whole ? meter.width * 8 : (int64_t)((double)part / (double)whole * meter.width * 8);
	if (part > 0 && whole > 0 && eighths == 0)
		eighths = 1; /* something is there: say so */
	for (int i = 0; i < meter.width; i++, eighths -= 8) {
		if (eighths >= 8)
			area_glyph(meter, i, 0, style, GLYPH_FULL);
		else if (eighths > 0)
			area_glyph(meter, i, 0, style, (enum glyph)(GLYPH_EIGHTH_1 + eighths - 1));
		else
			area_glyph(meter, i, 0, STYLE_LINE, GLYPH_TRACK);
	}
}

static int64_t highest(const int64_t *values, int count)
{
	int64_t high = 1;

	for (int i = 0; i < count; i++)
		if (values[i] > high)
			high = values[i];
	return high;
}

void shape_sparkline(struct area area, int x, int y, int width, unsigned style, const int64_t *values, int count)
{
	int shown = count < width ? count : width;
	int64_t high;

	values += count - shown;
	high = highest(values, shown);
	for (int i = 0; i < shown; i++) {
		int step = values[i] <= 0 ? -1 : (int)((double)values[i] / (double)high * 7);

		if (step >= 0)
			area_glyph(area, x + width - shown + i, y, style, (enum glyph)(GLYPH_SPARK_1 + step));
	}
}

/* The end of the line that begins at `text`: the last blank that fits, or as much of one long word as does. */
static const char *line_end(const char *text, int width)
{
	const char *end = text, *last_blank = NULL;
	struct text_character next;
	int used = 0;

	while (*end) {
		const char *before = end;

		text_next(&end, &next);
		used += next.width;
		if (*before == '\n')
			return before;
		if (next.character == ' ')
			last_blank = before;
		if (used > width && before > text)
			return last_blank ? last_blank : before;
	}
	return end;
}

int shape_paragraph(struct area area, int x, int y, unsigned style, const char *text)
{
	int width = area.width - x > 1 ? area.width - x : 1;

	while (*text) {
		const char *end = line_end(text, width);
		char line[1024];
		size_t length = (size_t)(end - text) < sizeof(line) ? (size_t)(end - text) : sizeof(line) - 1;

		memcpy(line, text, length);
		line[length] = '\0';
		area_text(area, x, y++, style, line);
		text = *end == ' ' || *end == '\n' ? end + 1 : end;
	}
	return y;
}
