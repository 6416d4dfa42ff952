/* style.h: what does a cell mean? Views speak of meanings; a theme (theme.h) says how each looks.
 *
 * STYLE(SYMBOL, letter, meaning). The letter stands for the style in the style maps of screen tests. Style is never the
 * only bearer of a fact: words and letters say it too. */
#ifndef BASE_STYLE_H
#define BASE_STYLE_H

#define STYLES(STYLE) \
	STYLE(NORMAL,   ' ', "plain text") \
	STYLE(DIM,      'd', "of less weight: units, labels, what is unknown") \
	STYLE(STRONG,   's', "names that one looks for") \
	STYLE(BAR,      'b', "the header's bar") \
	STYLE(TAB,      't', "the view that is shown") \
	STYLE(HEADING,  'h', "a column's or a section's head") \
	STYLE(KEY,      'k', "a key to press") \
	STYLE(LINE,     'l', "frames, branches, empty parts of meters") \
	STYLE(NOTE,     'n', "narration") \
	STYLE(GOOD,     'G', "as it should be") \
	STYLE(BUSY,     'B', "at work") \
	STYLE(WAITING,  'W', "waits, idle") \
	STYLE(PASSING,  'P', "on its way from one state to another") \
	STYLE(WARNING,  'Y', "look here") \
	STYLE(BAD,      'R', "wrong") \
	STYLE(ALARM,    'A', "wrong, over a whole bar") \
	STYLE(DEAD,     'X', "over: kept to be read")

#define STYLE_ENUM_(SYMBOL, letter, meaning) STYLE_##SYMBOL,
enum style { STYLES(STYLE_ENUM_) NR_STYLES };
#undef STYLE_ENUM_

/* Added to a style: the row that the cursor is on. */
enum { STYLE_SELECTED = 0x80, STYLE_MASK = 0x7f };

#endif
