/* help.c: what does this view answer, what does each key do, what does each state mean? All from the tables. */
#include "views/help.h"

#include <stdio.h>
#include <string.h>

#include "base/sheet.h"
#include "model/vocabulary.h"
#include "views/look.h"
#include "views/views.h"

enum { LABEL = 16 };

static void tell_view(struct sheet *sheet, const struct view *view, const char *probes)
{
	sheet_line(sheet, view->name, STYLE_STRONG, "%s", view->question);
	if (*probes)
		sheet_line(sheet, "not seen", STYLE_WARNING, "%s", probes);
}

static void tell(struct sheet *sheet, enum style style, const char *label, const char *text)
{
	int y = sheet->y;

	sheet_line(sheet, "", STYLE_NORMAL, "%s", text);
	area_text(sheet->area, 0, y, style, label);
}

static void tell_views(struct sheet *sheet)
{
#define VIEW_ENTRY_(NAME) &view_##NAME,
	static const struct view *const all[] = {VIEWS(VIEW_ENTRY_)};

	sheet_heading(sheet, "VIEWS");
	for (size_t i = 0; i < NR_VIEWS; i++) {
		char label[32];

		snprintf(label, sizeof(label), "%c %s", (int)all[i]->key, all[i]->name);
		tell(sheet, STYLE_KEY, label, all[i]->question);
	}
}

static void tell_keys(struct sheet *sheet, const char *heading, const char *group)
{
	sheet_heading(sheet, heading);
	for (enum action action = ACTION_NONE + 1; action < NR_ACTIONS; action++) {
		const struct action_entry *entry = action_entry(action);
		char key[16], other[16] = "", label[40];

		if (strcmp(entry->group, group) != 0)
			continue;
		press_name(entry->key, key, sizeof(key));
		if (entry->other && entry->other != PRESS_WHEEL_UP && entry->other != PRESS_WHEEL_DOWN)
			press_name(entry->other, other, sizeof(other));
		snprintf(label, sizeof(label), "%s %s", key, other);
		tell(sheet, STYLE_KEY, label, entry->help);
	}
}

static void tell_states(struct sheet *sheet, const char *heading, struct word_list words, enum style (*style)(unsigned))
{
	sheet_heading(sheet, heading);
	for (unsigned state = 0; state < words.count; state++) {
		char label[32];

		snprintf(label, sizeof(label), "%c %s", words.words[state].letter, words.words[state].word);
		tell(sheet, style(state), label, words.words[state].meaning);
	}
}

static void tell_all_keys(struct sheet *sheet)
{
	tell_keys(sheet, "ROWS", "rows");
	tell_keys(sheet, "TIME", "time");
	tell_keys(sheet, "SCREEN", "screen");
}

static void tell_all_states(struct sheet *sheet)
{
	tell_states(sheet, "WORKERS", worker_words, worker_style);
	tell_states(sheet, "PROCESSES AND THREADS", thread_words, thread_style);
	tell_states(sheet, "POOLS", pool_words, pool_style);
}

/* In two columns where there is room: what to press, what is seen. */
int help_draw(const struct view *view, const char *probes, int scrolled, struct area area)
{
	struct sheet sheet = sheet_begin(area, LABEL, scrolled), right;
	int half = area.width / 2;

	tell_view(&sheet, view, probes);
	tell_views(&sheet);
	if (area.width < 120) {
		tell_all_keys(&sheet);
		tell_all_states(&sheet);
		return sheet_height(&sheet);
	}
	right = sheet;
	right.area = area_inside(area, half + 1, 0, area.width - half - 1, area.height);
	sheet.area = area_inside(area, 0, 0, half - 1, area.height);
	tell_all_keys(&sheet);
	tell_all_states(&right);
	return sheet_height(sheet.y > right.y ? &sheet : &right);
}
