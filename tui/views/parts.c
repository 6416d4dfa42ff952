/* parts.c: pictures that more than one view shows. */
#include "views/parts.h"

#include <stdio.h>

#include "base/brief.h"
#include "base/shapes.h"
#include "base/text.h"
#include "model/vocabulary.h"
#include "views/look.h"

/* ---- the head -------------------------------------------------------------------------------------------------- */

static int draw_pair(struct area area, int x, enum style style, const char *label, const char *value)
{
	x = area_text(area, x, 0, STYLE_DIM, label) + 1;
	return area_text(area, x, 0, style, value) + 3;
}

/* As many letters as fit, one for each worker, in the order of their slots. */
static void draw_letters(const struct scene *scene, uint32_t pool, struct area area)
{
	for (uint32_t slot = 0; (int)slot < area.width; slot++) {
		const struct worker *worker = model_worker(scene->model, pool, slot);

		if (!worker)
			return;
		area_print(area, (int)slot, 0, worker_style(worker->state), "%c", letter_of(worker_words, worker->state));
	}
}

static void draw_sentence(const struct scene *scene, const struct pool *pool, struct area row)
{
	const struct process *parent = model_process(scene->model, pool->parent.pid, pool->parent.start);
	int x = area_text(row, 0, 0, STYLE_STRONG, pool_label(scene, pool->key.id)) + 2;

	x = area_print(row, x, 0, pool_style(pool->state), "%s", word_of(pool_words, pool->state)) + 1;
	x = area_print(row, x, 0, STYLE_DIM, "for %s", brief_duration(scene_since(scene, pool->since_ns)).text) + 3;
	x = area_print(row, x, 0, STYLE_NORMAL, "%s%s", word_of(type_words(TYPE_KIND), pool->kind),
	               pool->kind == KIND_PROGRAM ? "" : " pool");
	if (pool->kind == KIND_PROCESS && pool->start_method < NR_START_METHODS)
		x = area_print(row, x, 0, STYLE_NORMAL, " by %s",
		               word_of(type_words(TYPE_START_METHOD), pool->start_method));
	x = area_print(row, x + 3, 0, STYLE_DIM, "pid %u", pool->parent.pid);
	if (parent && parent->name)
		x = area_print(row, x + 1, 0, STYLE_NORMAL, "%s", scene_text(scene, parent->name));
	if (pool->reason)
		area_field(row, x + 3, 0, row.width - x - 3, ALIGN_LEFT, STYLE_BAD, scene_text(scene, pool->reason));
}

static void draw_numbers(const struct scene *scene, const struct pool *pool, struct area row)
{
	struct summary summary = summary_of(scene->summaries, scene->model, pool->key.id);
	char count[32];
	int x;

	snprintf(count, sizeof(count), "%u/%u", summary.busy, summary.alive);
	x = draw_pair(row, 0, summary.busy ? STYLE_BUSY : STYLE_NORMAL, summary.has_workers ? "busy" : "running", count);
	x = draw_pair(row, x, summary.queued > 0 ? STYLE_STRONG : STYLE_NORMAL, "queued", brief_count(summary.queued, 7).text);
	x = draw_pair(row, x, STYLE_NORMAL, "done", brief_count(summary.done, 9).text);
	if (summary.rate >= 0)
		x = draw_pair(row, x, STYLE_NORMAL, "a second", brief_number((int64_t)summary.rate).text);
	if (summary.failed > 0)
		x = draw_pair(row, x, STYLE_WARNING, "failed", brief_count(summary.failed, 7).text);
	if (pool->deaths > 0)
		x = draw_pair(row, x, STYLE_BAD, "deaths", brief_count((int64_t)pool->deaths, 7).text);
	draw_letters(scene, pool->key.id, area_inside(row, x, 0, row.width - x, 1));
}

void part_pool_head(const struct scene *scene, uint32_t key, struct area area)
{
	const struct pool *pool = model_pool(scene->model, key);

	if (!pool)
		return;
	draw_sentence(scene, pool, area_inside(area, 0, 0, area.width, 1));
	draw_numbers(scene, pool, area_inside(area, 0, 1, area.width, 1));
}

/* ---- helpers and queues ---------------------------------------------------------------------------------------- */

static int nr_helpers(const struct scene *scene, uint32_t pool)
{
	const struct helper *helper;
	int count = 0;

	for store_each(helper, &scene->model->helpers)
		count += helper->key.pool == pool;
	return count;
}

static int nr_queues(const struct scene *scene, uint32_t pool)
{
	const struct queue *queue;
	int count = 0;

	for store_each(queue, &scene->model->queues)
		count += queue->key.pool == pool;
	return count;
}

int part_inside_rows(const struct scene *scene, uint32_t pool)
{
	int helpers = nr_helpers(scene, pool), queues = nr_queues(scene, pool);
	int most = helpers > queues ? helpers : queues;

	return most ? most + 1 : 0;
}

/* worker_handler io:workers     S waiting */
static void draw_helper(const struct scene *scene, const struct helper *helper, struct area row)
{
	const struct pool *pool = model_pool(scene->model, helper->key.pool);
	const struct thread *thread = pool ? model_thread(scene->model, pool->parent.pid, pool->parent.start, helper->tid)
	                                   : NULL;
	unsigned style = helper->exited ? STYLE_DEAD : STYLE_NORMAL;

	area_field(row, 0, 0, 14, ALIGN_LEFT, style, word_of(type_words(TYPE_ROLE), helper->key.role));
	area_field(row, 15, 0, 14, ALIGN_LEFT, helper->exited ? STYLE_DEAD : STYLE_STRONG, scene_text(scene, helper->name));
	if (helper->exited)
		area_text(row, 30, 0, STYLE_DEAD, "X gone");
	else if (thread)
		draw_thread_state(area_inside(row, 30, 0, 9, 1), thread->state);
	if (row.width >= 52)
		area_print(row, 41, 0, STYLE_DIM, "tid %u", helper->tid);
	if (thread && thread->on)
		area_print(row, 53, 0, STYLE_DIM, "on %s", scene_text(scene, thread->on));
}

static void draw_helpers(const struct scene *scene, uint32_t pool, struct area area)
{
	const struct helper *helper;
	int y = 1;

	shape_rule(area, 0, "HELPER THREADS");
	for (unsigned role = 0; role < NR_HELPER_ROLES; role++) {
		struct helper_key key = {.pool = pool, .role = role};

		helper = store_find(&scene->model->helpers, &key);
		if (helper)
			draw_helper(scene, helper, area_inside(area, 0, y++, area.width, 1));
	}
}

/* The shorter word where the longer one would cost the number its unit. */
static void draw_high(int64_t high, struct area area)
{
	char text[32];

	snprintf(text, sizeof(text), "high %s", brief_number(high).text);
	if (text_width(text) > area.width)
		snprintf(text, sizeof(text), "max %s", brief_number(high).text);
	area_text(area, 0, 0, STYLE_DIM, text);
}

/* backlog  ######....  12 of 64   highest 40      without a bound the meter's whole is the highest so far */
static void draw_queue(const struct scene *scene, const struct queue *queue, struct area row)
{
	bool bounded = queue->capacity > 0;
	int64_t whole = bounded ? queue->capacity : queue->high;
	bool full = bounded && queue->depth >= queue->capacity, wide = row.width >= 60;
	int meter = row.width - (wide ? 52 : 33), x;

	area_field(row, 0, 0, 8, ALIGN_LEFT, STYLE_NORMAL, scene_text(scene, queue->key.name));
	shape_meter(row, 9, 0, meter, full ? STYLE_WARNING : STYLE_BUSY, queue->depth, whole);
	x = 9 + (meter > 0 ? meter : 0) + 1;
	area_field(row, x, 0, 6, ALIGN_RIGHT, queue->depth > 0 ? STYLE_STRONG : STYLE_NORMAL,
	           brief_count(queue->depth, 6).text);
	if (bounded)
		area_print(row, x + 7, 0, STYLE_DIM, "of %s", brief_number(queue->capacity).text);
	if (full)
		area_text(row, x + 15, 0, STYLE_WARNING, "full");
	else
		draw_high(queue->high, area_inside(row, x + 15, 0, row.width - x - 15, 1));
	if (wide && queue->bytes >= 0)
		area_print(row, x + 28, 0, STYLE_DIM, "%s waiting", brief_bytes(queue->bytes).text);
}

static void draw_queues(const struct scene *scene, uint32_t pool, struct area area)
{
	const struct queue *queue;
	int y = 1;

	shape_rule(area, 0, "QUEUES");
	for store_each(queue, &scene->model->queues)
		if (queue->key.pool == pool)
			draw_queue(scene, queue, area_inside(area, 0, y++, area.width, 1));
}

void part_inside(const struct scene *scene, uint32_t pool, struct area area)
{
	enum { LEFT = 41 }; /* a helper's role, name and state */
	struct area right = area;

	if (nr_helpers(scene, pool) && nr_queues(scene, pool)) {
		struct area left = area_take_left(&right, area.width > 2 * LEFT ? area.width / 2 : LEFT);

		left.width -= left.width > 2 ? 2 : 0;
		draw_helpers(scene, pool, left);
		draw_queues(scene, pool, right);
	} else if (nr_helpers(scene, pool)) {
		draw_helpers(scene, pool, area);
	} else if (nr_queues(scene, pool)) {
		draw_queues(scene, pool, area);
	}
}

/* ---- nothing --------------------------------------------------------------------------------------------------- */

void part_empty(struct area area, const char *what)
{
	static const char *const lines[][2] = {
		{"see a live one:", "poolscope demo pool"},
		{"watch a program:", "poolscope run -- CMD..."},
		{"watch what runs:", "poolscope PID"},
		{"what is possible here:", "poolscope doctor"},
	};
	int y = area.height > 12 ? 3 : 1, x = area.width > 60 ? (area.width - 50) / 2 : 1;

	area_text(area, x, y, STYLE_STRONG, what);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		area_text(area, x, y + 2 + (int)i, STYLE_DIM, lines[i][0]);
		area_text(area, x + 24, y + 2 + (int)i, STYLE_KEY, lines[i][1]);
	}
	area_text(area, x, y + 7, STYLE_DIM, "Pools that start now appear here by themselves.");
}
