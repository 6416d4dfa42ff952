/* findings.c: what is wrong, how do you know, what should I do? A card each; the cursor moves from card to card. */
#include <limits.h>
#include <stdlib.h>

#include "base/brief.h"
#include "base/shapes.h"
#include "views/look.h"
#include "views/views.h"

struct cards {
	int cursor, top;   /* cards */
	int shown;         /* of them, when drawn last */
	struct area body;
	struct finding chosen;
};

static void *create(void)
{
	return calloc(1, sizeof(struct cards));
}

static bool is_same(const struct finding *a, const struct finding *b)
{
	return a->kind == b->kind && a->process.pid == b->process.pid && a->process.start == b->process.start &&
	       a->pool == b->pool;
}

static void choose(struct cards *cards, const struct scene *scene, long cursor)
{
	long last = (long)scene->findings->count - 1;

	cards->cursor = (int)(cursor > last ? last : cursor);
	if (cards->cursor < 0)
		cards->cursor = 0;
	if (last >= 0)
		cards->chosen = scene->findings->list[cards->cursor];
}

/* They are collected afresh all the time: the card that one reads has to stay. */
static void refresh(void *state, const struct scene *scene)
{
	struct cards *cards = state;

	for (unsigned i = 0; i < scene->findings->count; i++)
		if (is_same(&scene->findings->list[i], &cards->chosen)) {
			choose(cards, scene, (long)i);
			return;
		}
	choose(cards, scene, cards->cursor);
}

static int draw_part(struct area area, int y, const char *label, enum style style, const char *text)
{
	enum { INDENT = 14 };

	area_text(area, 2, y, STYLE_DIM, label);
	return shape_paragraph(area, area.width > 40 ? INDENT : 2, area.width > 40 ? y : y + 1, style, text);
}

/* Returns the row behind the card; with an area without rows nothing is drawn, and that is its height. */
static int draw_card(const struct scene *scene, const struct finding *finding, struct area area)
{
	int y = 0, x;

	area_glyph(area, 0, 0, STYLE_BAD, GLYPH_BULLET);
	y = shape_paragraph(area, 2, 0, STYLE_BAD, finding->sentence);
	y = draw_part(area, y, "how we know", STYLE_NORMAL, finding->evidence);
	y = draw_part(area, y, "what to do", STYLE_STRONG, finding->advice);
	x = area_text(area, 2, y, STYLE_DIM, finding->kind->id) + 2;
	if (finding->since_ns)
		x = area_print(area, x, y, STYLE_DIM, "since %s",
		               brief_duration(scene_since(scene, finding->since_ns)).text) + 2;
	if (finding->pool)
		area_print(area, x, y, STYLE_DIM, "pool %s", pool_label(scene, finding->pool));
	return y + 2;
}

static int height_of(const struct scene *scene, int card, struct area area)
{
	area.height = 0;
	return draw_card(scene, &scene->findings->list[card], area);
}

/* The first card from which on the one with the cursor can be seen whole. */
static void scroll(struct cards *cards, const struct scene *scene, struct area area)
{
	int used = 0, top = cards->cursor;

	if (cards->top > cards->cursor)
		cards->top = cards->cursor;
	used = height_of(scene, top, area);
	while (top > cards->top && used + height_of(scene, top - 1, area) <= area.height)
		used += height_of(scene, --top, area);
	cards->top = top;
}

static void draw(void *state, const struct scene *scene, struct area area)
{
	struct cards *cards = state;
	int count = (int)scene->findings->count;

	cards->body = area;
	cards->shown = 0;
	if (!count) {
		area_text(area, 1, 1, STYLE_GOOD, "Nothing is wrong, as far as we can see.");
		return;
	}
	if (cards->cursor >= count)
		choose(cards, scene, count - 1);
	scroll(cards, scene, area);
	for (int card = cards->top; card < count && area.height > 0; card++, cards->shown++) {
		int rows = height_of(scene, card, area);
		struct area taken = area_take_top(&area, rows);

		draw_card(scene, &scene->findings->list[card], taken);
		if (card == cards->cursor)
			area_select(area_inside(taken, 0, 0, taken.width, 1));
	}
	if (scene->findings->dropped)
		area_print(area, 0, 0, STYLE_WARNING, "and %u more", scene->findings->dropped);
}

static bool act(void *state, const struct scene *scene, enum action action)
{
	struct cards *cards = state;
	int page = cards->shown > 1 ? cards->shown - 1 : 1;

	switch (action) {
	case ACTION_UP:        choose(cards, scene, cards->cursor - 1); break;
	case ACTION_DOWN:      choose(cards, scene, cards->cursor + 1); break;
	case ACTION_PAGE_UP:   choose(cards, scene, cards->cursor - page); break;
	case ACTION_PAGE_DOWN: choose(cards, scene, cards->cursor + page); break;
	case ACTION_FIRST:     choose(cards, scene, 0); break;
	case ACTION_LAST:      choose(cards, scene, INT_MAX); break;
	default:               return false;
	}
	return true;
}

static bool click(void *state, const struct scene *scene, int x, int y)
{
	struct cards *cards = state;
	struct area area = cards->body;

	for (int card = cards->top; card < cards->top + cards->shown && card < (int)scene->findings->count; card++) {
		struct area taken = area_take_top(&area, height_of(scene, card, area));

		if (area_has(taken, x, y)) {
			choose(cards, scene, card);
			return true;
		}
	}
	return false;
}

static struct subject subject(void *state, const struct scene *scene)
{
	const struct cards *cards = state;

	if (!scene->findings->count)
		return (struct subject){SUBJECT_NONE};
	if (!cards->chosen.process.pid)
		return (struct subject){.kind = cards->chosen.pool ? SUBJECT_POOL : SUBJECT_NONE, .pool = cards->chosen.pool};
	return (struct subject){.kind = SUBJECT_PROCESS, .process = cards->chosen.process};
}

const struct view view_findings = {
	.name = "findings",
	.question = "What is wrong, how do you know, what should I do?",
	.key = '!',
	.create = create,
	.destroy = free,
	.refresh = refresh,
	.draw = draw,
	.act = act,
	.click = click,
	.subject = subject,
};
