/* events.c: what happened, in order? The newest is at the bottom; one can stay with it, or go up and stay there. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/brief.h"
#include "base/text.h"
#include "model/vocabulary.h"
#include "views/news.h"
#include "views/sentence.h"
#include "views/views.h"

struct events {
	struct news news;
	bool left;               /* gone up: does not follow the newest */
	uint64_t cursor;         /* position of the fact that it is on, once left */
	size_t top;              /* first line shown, when drawn last */
	struct area body;
	bool typing;
	char typed[64];
};

static void *create(void)
{
	return calloc(1, sizeof(struct events));
}

static void destroy(void *state)
{
	struct events *events = state;

	if (events)
		news_finish(&events->news);
	free(events);
}

static void refresh(void *state, const struct scene *scene)
{
	struct events *events = state;

	news_gather(&events->news, scene);
}

/* The line that the cursor is on; 0 where there are none. */
static size_t cursor_line(const struct events *events, size_t count)
{
	size_t low = 0, high = count;

	if (!events->left)
		return count ? count - 1 : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (news_position(&events->news, middle) < events->cursor)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count ? low : count ? count - 1 : 0;
}

/* ---- drawing ---------------------------------------------------------------------------------------------------- */

/* Columns by the width: time, pid, name, event, sentence. */
struct widths { int time, pid, name, event; };

static struct widths widths_for(int width)
{
	return (struct widths){
		.time = width >= 60 ? 13 : width >= 40 ? 9 : 0,
		.pid = width >= 30 ? 8 : 0,
		.name = width >= 120 ? 18 : 0,
		.event = width >= 90 ? 20 : 0,
	};
}

static void draw_head(struct area row)
{
	struct widths widths = widths_for(row.width);
	int x = 0;

	area_field(row, x, 0, widths.time, ALIGN_LEFT, STYLE_HEADING, "TIME");
	area_field(row, x += widths.time, 0, widths.pid - 1, ALIGN_RIGHT, STYLE_HEADING, "PID");
	area_field(row, x += widths.pid, 0, widths.name, ALIGN_LEFT, STYLE_HEADING, "PROCESS");
	area_field(row, x += widths.name, 0, widths.event, ALIGN_LEFT, STYLE_HEADING, "EVENT");
	area_text(row, x + widths.event, 0, STYLE_HEADING, "WHAT HAPPENED");
}

static void draw_line(const struct scene *scene, const struct fact *fact, struct area row)
{
	const struct process *process = model_process(scene->model, fact->pid, fact->start);
	struct widths widths = widths_for(row.width);
	int64_t wall_ns = (int64_t)fact->t_ns + scene->wall_offset_ns;
	struct brief time = widths.time > 9 ? brief_clock_ms(wall_ns) : brief_clock(wall_ns);
	char pid[16];
	int x = 0;

	snprintf(pid, sizeof(pid), "%u", fact->pid);
	area_field(row, x, 0, widths.time - 1, ALIGN_LEFT, STYLE_DIM, time.text);
	area_field(row, x += widths.time, 0, widths.pid - 1, ALIGN_RIGHT, STYLE_NORMAL, pid);
	area_field(row, x += widths.pid, 0, widths.name - 1, ALIGN_LEFT, STYLE_NORMAL,
	           process ? scene_text(scene, process->name) : "");
	area_field(row, x += widths.name, 0, widths.event - 1, ALIGN_LEFT, STYLE_DIM, event_entry(fact->event)->name);
	x += widths.event;
	area_field(row, x, 0, row.width - x, ALIGN_LEFT, fact_style(fact), fact_sentence(scene, fact).text);
}

static void draw_status(const struct events *events, size_t count, struct area row)
{
	int x = area_print(row, 0, 0, STYLE_STRONG, "%zu events", count) + 3;

	x = area_text(row, x, 0, events->left ? STYLE_WARNING : STYLE_GOOD,
	              events->left ? "holding still (f follows the newest)" : "following the newest") + 3;
	if (events->typing)
		area_print(row, x, 0, STYLE_KEY, "/%s_", events->typed);
	else if (*events->news.filter)
		area_print(row, x, 0, STYLE_KEY, "only with \"%s\" (Esc: all)", events->news.filter);
}

static void draw(void *state, const struct scene *scene, struct area area)
{
	struct events *events = state;
	size_t count = news_count(&events->news, scene), cursor = cursor_line(events, count), height;

	if (area.height >= 4 || events->typing)
		draw_status(events, count, area_take_top(&area, 1));
	if (area.height >= 3)
		draw_head(area_take_top(&area, 1));
	events->body = area;
	height = (size_t)area.height;
	if (!height)
		return;
	if (!events->left)
		events->top = count > height ? count - height : 0;
	else if (cursor < events->top || events->top + height > count)
		events->top = cursor < events->top ? cursor : count > height ? count - height : 0;
	else if (cursor >= events->top + height)
		events->top = cursor - height + 1;
	for (size_t y = 0; y < height && events->top + y < count; y++) {
		struct area row = area_inside(area, 0, (int)y, area.width, 1);

		draw_line(scene, news_at(&events->news, scene, events->top + y), row);
		if (events->left && events->top + y == cursor)
			area_select(row);
	}
}

/* ---- keys ------------------------------------------------------------------------------------------------------- */

static void go_to(struct events *events, long line, size_t count)
{
	if (line >= (long)count - 1 || !count) {
		events->left = false;
		return;
	}
	events->left = true;
	events->cursor = news_position(&events->news, line < 0 ? 0 : (size_t)line);
}

static bool move(struct events *events, const struct scene *scene, long lines)
{
	size_t count = news_count(&events->news, scene);

	go_to(events, (long)cursor_line(events, count) + lines, count);
	return true;
}

static bool act(void *state, const struct scene *scene, enum action action)
{
	struct events *events = state;
	int page = events->body.height > 1 ? events->body.height - 1 : 1;

	switch (action) {
	case ACTION_UP:        return move(events, scene, -1);
	case ACTION_DOWN:      return move(events, scene, 1);
	case ACTION_PAGE_UP:   return move(events, scene, -page);
	case ACTION_PAGE_DOWN: return move(events, scene, page);
	case ACTION_FIRST:     return move(events, scene, -INT_MAX);
	case ACTION_LAST:      return move(events, scene, INT_MAX);
	case ACTION_FOLLOW:
		if (events->left)
			events->left = false;
		else
			move(events, scene, -1);
		return true;
	case ACTION_FILTER:
		events->typing = true;
		snprintf(events->typed, sizeof(events->typed), "%s", events->news.filter);
		return true;
	case ACTION_CLOSE:
		if (!*events->news.filter)
			return false;
		news_filter(&events->news, "");
		news_gather(&events->news, scene);
		return true;
	default:
		return false;
	}
}

static void type(struct events *events, uint32_t press)
{
	size_t length = strlen(events->typed);
	char encoded[4];

	if (press == PRESS_BACKSPACE) {
		while (length > 0 && ((unsigned char)events->typed[--length] & 0xc0) == 0x80)
			; /* the whole of a character */
		events->typed[length] = '\0';
	} else if (press < PRESS_FIRST_) {
		size_t more = (size_t)text_encode(encoded, press);

		if (length + more >= sizeof(events->typed))
			return;
		memcpy(events->typed + length, encoded, more);
		events->typed[length + more] = '\0';
	}
}

/* While one types, the list shows already what it finds. */
static bool press(void *state, const struct key *key)
{
	struct events *events = state;

	if (!events->typing || key->press == PRESS_RESIZE || key->press == PRESS_CLICK)
		return false;
	if (key->press == PRESS_ENTER) {
		events->typing = false;
		return true;
	}
	if (key->press == PRESS_ESCAPE) {
		events->typing = false;
		events->typed[0] = '\0';
	} else {
		type(events, key->press);
	}
	news_filter(&events->news, events->typed);
	return true;
}

static bool click(void *state, const struct scene *scene, int x, int y)
{
	struct events *events = state;
	size_t count = news_count(&events->news, scene);
	long line = (long)events->top + y - events->body.top;

	if (!area_has(events->body, x, y) || line >= (long)count)
		return false;
	go_to(events, line, count);
	return true;
}

static struct subject subject(void *state, const struct scene *scene)
{
	struct events *events = state;
	size_t count = news_count(&events->news, scene);
	const struct fact *fact;

	if (!count)
		return (struct subject){SUBJECT_NONE};
	fact = news_at(&events->news, scene, cursor_line(events, count));
	return (struct subject){.kind = SUBJECT_PROCESS, .process = {.pid = fact->pid, .start = fact->start}};
}

const struct view view_events = {
	.name = "events",
	.question = "What happened, in order?",
	.key = '4',
	.create = create,
	.destroy = destroy,
	.refresh = refresh,
	.draw = draw,
	.act = act,
	.press = press,
	.click = click,
	.subject = subject,
};
