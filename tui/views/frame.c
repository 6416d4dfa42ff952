/* frame.c: what stands around every view. */
#include "views/frame.h"

#include <stdio.h>
#include <string.h>

#include "base/brief.h"
#include "base/shapes.h"
#include "base/text.h"
#include "views/look.h"

/* ---- the header: what moment is this, what does looking cost, what cannot be seen? ------------------------------ */

static int draw_live(const struct scene *scene, struct area row, int x)
{
	x = area_text(row, x, 0, STYLE_BAR, "LIVE") + 1;
	return area_text(row, x, 0, STYLE_BAR, brief_clock((int64_t)scene->now_ns + scene->wall_offset_ns).text);
}

static int draw_paused(const struct moment *moment, const struct scene *scene, struct area row, int x)
{
	int64_t behind = moment->told_ns > scene->now_ns ? (int64_t)(moment->told_ns - scene->now_ns) : 0;

	x = area_text(row, x, 0, STYLE_NOTE, " PAUSED ") + 1;
	x = area_text(row, x, 0, STYLE_BAR, brief_clock_ms((int64_t)scene->now_ns + scene->wall_offset_ns).text) + 1;
	if (moment_is_first(moment))
		return area_text(row, x, 0, STYLE_BAR, "history begins here");
	return area_print(row, x, 0, STYLE_BAR, "%s ago", brief_duration(behind).text);
}

/* REPLAY x1 22:13:20.123 12s of 1m30s */
static int draw_replay(const struct moment *moment, const struct scene *scene, struct area row, int x)
{
	const struct history *history = moment->history;
	uint64_t begin = history->count ? history_at(history, 0)->t_ns : 0;
	uint64_t end = history->count ? history_at(history, history->count - 1)->t_ns : 0;
	int64_t at = scene->now_ns > begin ? (int64_t)(scene->now_ns - begin) : 0;

	x = area_text(row, x, 0, moment->standing ? STYLE_NOTE : STYLE_BAR,
	              moment->standing ? at >= (int64_t)(end - begin) ? " REPLAY END " : " REPLAY PAUSED " : "REPLAY") + 1;
	if (!moment->standing)
		x = area_print(row, x, 0, STYLE_BAR, "x%g", moment_times(moment)) + 1;
	x = area_text(row, x, 0, STYLE_BAR, brief_clock_ms((int64_t)scene->now_ns + scene->wall_offset_ns).text) + 1;
	return area_print(row, x, 0, STYLE_BAR, "%s of %s", brief_duration(at).text,
	                  brief_duration((int64_t)(end - begin)).text);
}

static void cost_text(const struct dashboard_status *status, char text[96])
{
	snprintf(text, 96, "cpu %s  mem %s  lost %s ", brief_percent(status->cpu_percent).text,
	         brief_bytes(status->memory_bytes).text, brief_number((int64_t)status->lost).text);
}

void frame_header(const struct moment *moment, const struct scene *scene, const struct dashboard_status *status,
                  struct area row)
{
	char cost[96];
	int x, left;

	area_fill(row, STYLE_BAR);
	x = area_text(row, 1, 0, STYLE_BAR, "poolscope") + 2;
	if (moment->replay)
		x = draw_replay(moment, scene, row, x);
	else if (moment_is_live(moment))
		x = draw_live(scene, row, x);
	else
		x = draw_paused(moment, scene, row, x);
	cost_text(status, cost);
	left = row.width - text_width(cost);
	if (left < x + 2)
		return;
	area_text(row, left, 0, status->lost ? STYLE_ALARM : STYLE_BAR, cost);
	area_field(row, x + 2, 0, left - x - 4, ALIGN_LEFT, STYLE_BAR, status->probes);
}

/* ---- tabs ------------------------------------------------------------------------------------------------------- */

/* " 1 pools " */
static int tab_width(const struct view *view)
{
	return (int)strlen(view->name) + 4;
}

int frame_tab_at(const struct view *const *views, int nr_views, int x)
{
	for (int i = 0, left = 0; i < nr_views; left += tab_width(views[i++]))
		if (x >= left && x < left + tab_width(views[i]))
			return i;
	return -1;
}

/* Which pool the views speak of, where there is more than one. */
static void draw_pool(const struct scene *scene, struct area row, int x)
{
	const struct pool *pool;
	char text[128];
	int place = 0, width;

	if (scene->model->pools.count < 2 || !scene->pool)
		return;
	for store_each(pool, &scene->model->pools) {
		place++;
		if (pool->key.id == scene->pool)
			break;
	}
	snprintf(text, sizeof(text), "pool %.60s (%d of %u) ", pool_label(scene, scene->pool), place,
	         scene->model->pools.count);
	width = text_width(text);
	if (row.width - width > x)
		area_text(row, row.width - width, 0, STYLE_DIM, text);
}

void frame_tabs(const struct view *const *views, int nr_views, int current, const struct scene *scene, struct area row)
{
	int x = 0;

	for (int i = 0; i < nr_views; x += tab_width(views[i++])) {
		bool alarm = views[i]->key == '!' && scene->findings->count;

		if (i == current) {
			area_print(row, x, 0, STYLE_TAB, " %c %s ", (int)views[i]->key, views[i]->name);
			continue;
		}
		area_print(row, x + 1, 0, STYLE_KEY, "%c", (int)views[i]->key);
		area_text(row, x + 3, 0, alarm ? STYLE_BAD : STYLE_NORMAL, views[i]->name);
	}
	draw_pool(scene, row, x + 1);
}

/* ---- narration, findings, footer -------------------------------------------------------------------------------- */

int frame_note_rows(const char *note, int width)
{
	enum { MOST = 3 };
	struct area none = {.width = width};
	int rows = note && *note ? shape_paragraph(none, 1, 0, STYLE_NOTE, note) : 0;

	return rows < MOST ? rows : MOST;
}

void frame_note(const char *note, struct area area)
{
	area_fill(area, STYLE_NOTE);
	shape_paragraph(area, 1, 0, STYLE_NOTE, note);
}

void frame_findings(const struct scene *scene, struct area row)
{
	const struct findings *findings = scene->findings;
	unsigned count = findings->count + findings->dropped;
	static const char hint[] = "  ! shows why ";
	int x, left = row.width - (int)strlen(hint);

	area_fill(row, STYLE_ALARM);
	x = area_print(row, 1, 0, STYLE_ALARM, "%u %s: ", count, count == 1 ? "finding" : "findings");
	if (left - x < 20)
		left = row.width;
	area_field(row, x, 0, left - x, ALIGN_LEFT, STYLE_ALARM, findings->list[0].sentence);
	if (left < row.width)
		area_text(row, left, 0, STYLE_ALARM, hint);
}

void frame_footer(const char *said, struct area row)
{
	int x = 1;

	if (said) {
		area_text(row, x, 0, STYLE_WARNING, said);
		return;
	}
	for (enum action action = ACTION_NONE + 1; action < NR_ACTIONS; action++) {
		const struct action_entry *entry = action_entry(action);
		char key[16];

		press_name(entry->key, key, sizeof(key));
		if (!*entry->label || x + (int)(strlen(key) + strlen(entry->label)) + 1 > row.width)
			continue;
		x = area_text(row, x, 0, STYLE_KEY, key) + 1;
		x = area_text(row, x, 0, STYLE_DIM, entry->label) + 2;
	}
}

/* ---- output ----------------------------------------------------------------------------------------------------- */

static const char *last_lines(const char *output, int lines)
{
	const char *at = output + strlen(output);

	if (at > output && at[-1] == '\n')
		at--;
	while (at > output && (at[-1] != '\n' || --lines > 0))
		at--;
	return at;
}

/* Without colours and carriage returns, which are no damage but a program's usual way to write. */
static const char *draw_output_line(struct area row, const char *at)
{
	char line[1024];
	size_t length = 0;

	while (*at && *at != '\n') {
		const char *behind = text_skip_escape(at);

		if (behind != at) {
			at = behind;
			continue;
		}
		if (*at != '\r' && length + 1 < sizeof(line))
			line[length++] = *at;
		at++;
	}
	line[length] = '\0';
	area_text(row, 1, 0, STYLE_NORMAL, line);
	return *at ? at + 1 : at;
}

int frame_output_rows(const char *output, int most)
{
	int rows = 1;

	for (; *output && rows < most; output++)
		rows += *output == '\n' || !output[1];
	return rows;
}

void frame_output(const char *output, struct area area)
{
	shape_rule(area_take_top(&area, 1), 0, "OUTPUT OF THE PROGRAM");
	output = last_lines(output, area.height);
	for (int y = 0; y < area.height && *output; y++)
		output = draw_output_line(area_inside(area, 0, y, area.width, 1), output);
}
