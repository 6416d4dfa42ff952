/* sheet.c: a page of lines that can be scrolled. */
#include "base/sheet.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/shapes.h"

struct sheet sheet_begin(struct area area, int label_width, int scrolled)
{
	return (struct sheet){.area = area, .y = -scrolled, .label = label_width, .scrolled = scrolled};
}

void sheet_heading(struct sheet *sheet, const char *heading)
{
	if (sheet_height(sheet) > 0)
		sheet->y++;
	shape_rule(sheet->area, sheet->y++, heading);
}

void sheet_line(struct sheet *sheet, const char *label, unsigned style, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	area_text(sheet->area, 0, sheet->y, STYLE_DIM, label);
	sheet->y = *text ? shape_paragraph(sheet->area, sheet->label, sheet->y, style, text) : sheet->y + 1;
}

struct area sheet_row(struct sheet *sheet)
{
	int y = sheet->y++;

	return area_inside(sheet->area, 0, y, sheet->area.width, y < 0 ? 0 : 1);
}

int sheet_height(const struct sheet *sheet)
{
	return sheet->y + sheet->scrolled;
}
