/* actions.h: which key does what? The one table: dispatch, footer, help and the manual derive from it.
 *
 * ACTION(SYMBOL, key, other key, label in the footer or "", group, help). The number keys of the views stand with the
 * views (views.h). */
#ifndef VIEWS_ACTIONS_H
#define VIEWS_ACTIONS_H

#include <stdint.h>

#include "base/keys.h"

#define ACTIONS(ACTION) \
	ACTION(HELP,         '?',            PRESS_F1,       "help",   "screen", "what this view answers, every key, every state") \
	ACTION(QUIT,         'q',            PRESS_F10,      "quit",   "screen", "end poolscope; the pools go on") \
	ACTION(DETAIL,       PRESS_ENTER,    0,              "detail", "screen", "all that is known of the chosen row; again to close") \
	ACTION(CLOSE,        PRESS_ESCAPE,   0,              "",       "screen", "close what is open, forget the filter") \
	ACTION(PAUSE,        ' ',            0,              "pause",  "time",   "stop the clock here; again: go on") \
	ACTION(STEP_BACK,    '[',            0,              "",       "time",   "one fact back") \
	ACTION(STEP_ON,      ']',            0,              "step",   "time",   "one fact on") \
	ACTION(LAST_INCIDENT, '{',           0,              "",       "time",   "back to the incident before: death, zombie, orphan, loss") \
	ACTION(NEXT_INCIDENT, '}',           0,              "incident", "time", "on to the next incident") \
	ACTION(FASTER,       '+',            '=',            "",       "time",   "a replay: ten times faster") \
	ACTION(SLOWER,       '-',            '_',            "",       "time",   "a replay: ten times slower") \
	ACTION(SORT_NEXT,    's',            '>',            "sort",   "rows",   "sort by the next column") \
	ACTION(SORT_LAST,    'S',            '<',            "",       "rows",   "sort by the column before") \
	ACTION(REVERSE,      'r',            0,              "",       "rows",   "turn the order round") \
	ACTION(POOL_NEXT,    'p',            PRESS_TAB,      "pool",   "rows",   "the next pool") \
	ACTION(POOL_LAST,    'P',            PRESS_BACK_TAB, "",       "rows",   "the pool before") \
	ACTION(THREADS,      't',            0,              "",       "rows",   "tree: show threads, or do not") \
	ACTION(DEAD,         'd',            0,              "",       "rows",   "tree: show who is gone, or do not") \
	ACTION(FILTER,       '/',            0,              "filter", "rows",   "events: only those that contain a text") \
	ACTION(FOLLOW,       'f',            0,              "",       "rows",   "events: stay with the newest") \
	ACTION(UP,           PRESS_UP,       PRESS_WHEEL_UP, "",       "rows",   "the row above") \
	ACTION(DOWN,         PRESS_DOWN,     PRESS_WHEEL_DOWN, "",     "rows",   "the row below") \
	ACTION(PAGE_UP,      PRESS_PAGE_UP,  0,              "",       "rows",   "a page up") \
	ACTION(PAGE_DOWN,    PRESS_PAGE_DOWN, 0,             "",       "rows",   "a page down") \
	ACTION(FIRST,        'g',            PRESS_HOME,     "",       "rows",   "the first row") \
	ACTION(LAST,         'G',            PRESS_END,      "",       "rows",   "the last row") \
	ACTION(VIEW_LEFT,    PRESS_LEFT,     0,              "",       "screen", "the view to the left") \
	ACTION(VIEW_RIGHT,   PRESS_RIGHT,    0,              "",       "screen", "the view to the right") \
	ACTION(OUTPUT,       'o',            0,              "",       "screen", "the output of the program that is run") \
	ACTION(COLOURS,      'c',            0,              "",       "screen", "other colours: default, colour-blind, contrast, mono") \
	ACTION(REDRAW,       PRESS_REDRAW,   0,              "",       "screen", "paint the screen afresh")

#define ACTION_ENUM_(SYMBOL, key, other, label, group, help) ACTION_##SYMBOL,
enum action { ACTION_NONE, ACTIONS(ACTION_ENUM_) NR_ACTIONS };
#undef ACTION_ENUM_

struct action_entry {
	uint32_t key, other;
	const char *label, *group, *help;
};

const struct action_entry *action_entry(enum action action); /* not for ACTION_NONE */
enum action action_of(uint32_t press);                       /* ACTION_NONE if the key does nothing */

#endif
