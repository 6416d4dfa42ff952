/* glyphs.h: which signs do pictures consist of, in UTF-8 and where there is only ASCII?
 *
 * GLYPH(SYMBOL, character, ascii). Drawing names the glyph; the canvas picks the column, here and nowhere else. All are
 * one column wide and found in every common terminal font. */
#ifndef BASE_GLYPHS_H
#define BASE_GLYPHS_H

#define GLYPHS(GLYPH) \
	GLYPH(HORIZONTAL,   0x2500, '-') \
	GLYPH(VERTICAL,     0x2502, '|') \
	GLYPH(TOP_LEFT,     0x256d, '+') \
	GLYPH(TOP_RIGHT,    0x256e, '+') \
	GLYPH(BOTTOM_LEFT,  0x2570, '+') \
	GLYPH(BOTTOM_RIGHT, 0x256f, '+') \
	GLYPH(BRANCH,       0x251c, '|') \
	GLYPH(LAST_BRANCH,  0x2514, '`') \
	GLYPH(EIGHTH_1,     0x258f, '|') \
	GLYPH(EIGHTH_2,     0x258e, '|') \
	GLYPH(EIGHTH_3,     0x258d, '|') \
	GLYPH(EIGHTH_4,     0x258c, '|') \
	GLYPH(EIGHTH_5,     0x258b, '|') \
	GLYPH(EIGHTH_6,     0x258a, '|') \
	GLYPH(EIGHTH_7,     0x2589, '#') \
	GLYPH(FULL,         0x2588, '#') \
	GLYPH(TRACK,        0x00b7, '.') \
	GLYPH(SPARK_1,      0x2581, '_') \
	GLYPH(SPARK_2,      0x2582, '.') \
	GLYPH(SPARK_3,      0x2583, ':') \
	GLYPH(SPARK_4,      0x2584, '-') \
	GLYPH(SPARK_5,      0x2585, '=') \
	GLYPH(SPARK_6,      0x2586, '+') \
	GLYPH(SPARK_7,      0x2587, '*') \
	GLYPH(SPARK_8,      0x2588, '#') \
	GLYPH(ELLIPSIS,     0x2026, '~') \
	GLYPH(ASCENDING,    0x25b4, '^') \
	GLYPH(DESCENDING,   0x25be, 'v') \
	GLYPH(BULLET,       0x25cf, '*')

#define GLYPH_ENUM_(SYMBOL, character, ascii) GLYPH_##SYMBOL,
enum glyph { GLYPHS(GLYPH_ENUM_) NR_GLYPHS };
#undef GLYPH_ENUM_

#endif
