/* theme.h: how does each meaning of style.h look? */
#ifndef BASE_THEME_H
#define BASE_THEME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/style.h"

enum { PAINT_BOLD = 1, PAINT_DIM = 2, PAINT_UNDERLINE = 4, PAINT_REVERSE = 8 };

/* Colours are numbers of the 256-colour palette; ink8 and paper8 stand in where there are only eight. -1: the
 * terminal's own. */
struct paint {
	int16_t ink, paper;
	int8_t ink8, paper8;
	uint8_t attributes;
};

struct theme {
	const char *name, *meaning;
	bool colours;                /* false: attributes only, for every terminal */
	struct paint paint[NR_STYLES];
	struct paint selected;       /* colours in place of the style's own; attributes are added */
};

enum { NR_THEMES = 4, THEME_MONO = NR_THEMES - 1 };
extern const struct theme themes[NR_THEMES];

/* By name; 0, the default, for NULL and for names that do not exist. */
unsigned theme_by_name(const char *name);

#endif
