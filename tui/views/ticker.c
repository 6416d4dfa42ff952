/* ticker.c: what has just happened, in the few lines that there are?
 *
 * A process that writes to shared pages does so by the dozen: such a run is one line, its latest, with how many more. */
#include <stdio.h>
#include <string.h>

#include "base/brief.h"
#include "base/shapes.h"
#include "views/parts.h"
#include "views/sentence.h"

/* Look back from the moment shown, but not for ever: one quiet pool among loud ones may have no news in sight. */
enum { MOST_LINES = 64, LOOK_BACK = 20000 };

struct line {
	const struct fact *fact;
	unsigned more;           /* of its run, older */
};

static bool is_of_pool(const struct scene *scene, const struct fact *fact, uint32_t pool)
{
	if (!pool || fact_value(fact, F_POOL, 0) == pool)
		return true;
	return pool_above(scene->model, model_process(scene->model, fact->pid, fact->start)) == pool;
}

static bool is_page(const struct fact *fact)
{
	return fact->event == EV_MEMORY_COW_COPIED || fact->event == EV_MEMORY_COW_REUSED;
}

/* The line of the same process and kind among the latest gathered, with nothing but pages between; NULL if none. */
static struct line *run_of(const struct fact *older, struct line *lines, int count)
{
	for (int i = count - 1; i >= 0 && is_page(older) && is_page(lines[i].fact); i--)
		if (lines[i].fact->event == older->event && lines[i].fact->pid == older->pid)
			return &lines[i];
	return NULL;
}

/* The newest first. */
static int gather(const struct scene *scene, uint32_t pool, struct line *lines, int most)
{
	size_t at = scene->position, end = at > LOOK_BACK ? at - LOOK_BACK : 0;
	int count = 0;

	while (at-- > end) {
		const struct fact *fact = history_at(scene->history, at);
		struct line *run;

		if (!fact_is_headline(fact) || !is_of_pool(scene, fact, pool))
			continue;
		run = run_of(fact, lines, count);
		if (run)
			run->more++;
		else if (count < most)
			lines[count++] = (struct line){.fact = fact};
		else
			break;
	}
	return count;
}

static void draw_line(const struct scene *scene, const struct line *line, struct area row)
{
	struct sentence sentence = fact_sentence(scene, line->fact);
	size_t length = strlen(sentence.text);

	if (line->more)
		snprintf(sentence.text + length, sizeof(sentence.text) - length, ", and %u like it", line->more);
	area_field(row, 0, 0, 6, ALIGN_RIGHT, STYLE_DIM, brief_duration(scene_since(scene, line->fact->t_ns)).text);
	area_print(row, 8, 0, STYLE_DIM, "%u", line->fact->pid);
	area_field(row, 16, 0, row.width - 16, ALIGN_LEFT, fact_style(line->fact), sentence.text);
}

void part_ticker(const struct scene *scene, uint32_t pool, struct area area)
{
	struct line lines[MOST_LINES];
	int count;

	shape_rule(area_take_top(&area, 1), 0, "LATEST EVENTS");
	count = gather(scene, pool, lines, area.height < MOST_LINES ? area.height : MOST_LINES);
	for (int y = 0; y < count; y++)
		draw_line(scene, &lines[count - 1 - y], area_inside(area, 0, y, area.width, 1));
}
