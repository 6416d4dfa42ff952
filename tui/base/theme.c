/* theme.c: how does each meaning look?
 *
 * The default has to be readable on dark and on light grounds, so its inks are of middle brightness, and where it sets
 * the paper it sets the ink too. */
#include "base/theme.h"

#include <string.h>

#define INK(colour, colour8) .ink = colour, .ink8 = colour8, .paper = -1, .paper8 = -1
#define ON(colour, colour8, on, on8) .ink = colour, .ink8 = colour8, .paper = on, .paper8 = on8
#define PLAIN INK(-1, -1)

enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE };

const struct theme themes[NR_THEMES] = {
	{
		.name = "default", .meaning = "calm, for dark and light grounds", .colours = true,
		.paint = {
			[STYLE_NORMAL]  = {PLAIN},
			[STYLE_DIM]     = {INK(245, -1)},
			[STYLE_STRONG]  = {PLAIN, .attributes = PAINT_BOLD},
			[STYLE_BAR]     = {ON(254, WHITE, 238, BLUE)},
			[STYLE_TAB]     = {ON(231, WHITE, 25, BLUE), .attributes = PAINT_BOLD},
			[STYLE_HEADING] = {INK(68, CYAN), .attributes = PAINT_BOLD},
			[STYLE_KEY]     = {INK(68, CYAN), .attributes = PAINT_BOLD},
			[STYLE_LINE]    = {INK(241, -1)},
			[STYLE_NOTE]    = {ON(232, BLACK, 222, YELLOW)},
			[STYLE_GOOD]    = {INK(71, GREEN)},
			[STYLE_BUSY]    = {INK(71, GREEN), .attributes = PAINT_BOLD},
			[STYLE_WAITING] = {INK(247, -1)},
			[STYLE_PASSING] = {INK(37, CYAN)},
			[STYLE_WARNING] = {INK(172, YELLOW), .attributes = PAINT_BOLD},
			[STYLE_BAD]     = {INK(203, RED), .attributes = PAINT_BOLD},
			[STYLE_ALARM]   = {ON(231, WHITE, 124, RED), .attributes = PAINT_BOLD},
			[STYLE_DEAD]    = {INK(243, -1)},
		},
		.selected = {ON(231, WHITE, 24, BLUE)},
	},
	{
		.name = "colour-blind", .meaning = "blue and orange in place of green and red", .colours = true,
		.paint = {
			[STYLE_NORMAL]  = {PLAIN},
			[STYLE_DIM]     = {INK(245, -1)},
			[STYLE_STRONG]  = {PLAIN, .attributes = PAINT_BOLD},
			[STYLE_BAR]     = {ON(254, WHITE, 238, BLUE)},
			[STYLE_TAB]     = {ON(231, WHITE, 25, BLUE), .attributes = PAINT_BOLD},
			[STYLE_HEADING] = {PLAIN, .attributes = PAINT_BOLD},
			[STYLE_KEY]     = {PLAIN, .attributes = PAINT_BOLD},
			[STYLE_LINE]    = {INK(241, -1)},
			[STYLE_NOTE]    = {ON(232, BLACK, 222, YELLOW)},
			[STYLE_GOOD]    = {INK(74, CYAN)},
			[STYLE_BUSY]    = {INK(74, CYAN), .attributes = PAINT_BOLD},
			[STYLE_WAITING] = {INK(247, -1)},
			[STYLE_PASSING] = {INK(139, MAGENTA)},
			[STYLE_WARNING] = {INK(178, YELLOW), .attributes = PAINT_BOLD},
			[STYLE_BAD]     = {INK(166, YELLOW), .attributes = PAINT_BOLD | PAINT_UNDERLINE},
			[STYLE_ALARM]   = {ON(16, BLACK, 208, YELLOW), .attributes = PAINT_BOLD},
			[STYLE_DEAD]    = {INK(243, -1)},
		},
		.selected = {ON(231, WHITE, 24, BLUE)},
	},
	{
		.name = "contrast", .meaning = "white on black, for projectors and tired eyes", .colours = true,
		.paint = {
			[STYLE_NORMAL]  = {ON(231, WHITE, 16, BLACK)},
			[STYLE_DIM]     = {ON(252, WHITE, 16, BLACK)},
			[STYLE_STRONG]  = {ON(231, WHITE, 16, BLACK), .attributes = PAINT_BOLD},
			[STYLE_BAR]     = {ON(16, BLACK, 255, WHITE), .attributes = PAINT_BOLD},
			[STYLE_TAB]     = {ON(16, BLACK, 226, YELLOW), .attributes = PAINT_BOLD},
			[STYLE_HEADING] = {ON(226, YELLOW, 16, BLACK), .attributes = PAINT_BOLD},
			[STYLE_KEY]     = {ON(226, YELLOW, 16, BLACK), .attributes = PAINT_BOLD},
			[STYLE_LINE]    = {ON(248, WHITE, 16, BLACK)},
			[STYLE_NOTE]    = {ON(16, BLACK, 226, YELLOW), .attributes = PAINT_BOLD},
			[STYLE_GOOD]    = {ON(46, GREEN, 16, BLACK), .attributes = PAINT_BOLD},
			[STYLE_BUSY]    = {ON(46, GREEN, 16, BLACK), .attributes = PAINT_BOLD},
			[STYLE_WAITING] = {ON(255, WHITE, 16, BLACK)},
			[STYLE_PASSING] = {ON(51, CYAN, 16, BLACK), .attributes = PAINT_BOLD},
			[STYLE_WARNING] = {ON(226, YELLOW, 16, BLACK), .attributes = PAINT_BOLD},
			[STYLE_BAD]     = {ON(231, WHITE, 160, RED), .attributes = PAINT_BOLD},
			[STYLE_ALARM]   = {ON(231, WHITE, 160, RED), .attributes = PAINT_BOLD},
			[STYLE_DEAD]    = {ON(250, WHITE, 16, BLACK)},
		},
		.selected = {ON(16, BLACK, 226, YELLOW)},
	},
	[THEME_MONO] = {
		.name = "mono", .meaning = "no colours: bold, underlined, reversed",
		.paint = {
			[STYLE_STRONG]  = {.attributes = PAINT_BOLD},
			[STYLE_BAR]     = {.attributes = PAINT_REVERSE},
			[STYLE_TAB]     = {.attributes = PAINT_REVERSE | PAINT_BOLD},
			[STYLE_HEADING] = {.attributes = PAINT_BOLD | PAINT_UNDERLINE},
			[STYLE_KEY]     = {.attributes = PAINT_BOLD},
			[STYLE_NOTE]    = {.attributes = PAINT_BOLD},
			[STYLE_BUSY]    = {.attributes = PAINT_BOLD},
			[STYLE_WARNING] = {.attributes = PAINT_BOLD},
			[STYLE_BAD]     = {.attributes = PAINT_BOLD | PAINT_UNDERLINE},
			[STYLE_ALARM]   = {.attributes = PAINT_REVERSE | PAINT_BOLD},
			[STYLE_DEAD]    = {.attributes = PAINT_DIM},
		},
		.selected = {.attributes = PAINT_REVERSE},
	},
};

unsigned theme_by_name(const char *name)
{
	for (unsigned i = 0; name && i < NR_THEMES; i++)
		if (!strcmp(name, themes[i].name))
			return i;
	return 0;
}
