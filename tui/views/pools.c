/* pools.c: which pools run here, and which is unhealthy? */
#include <stdlib.h>
#include <string.h>

#include "base/brief.h"
#include "base/shapes.h"
#include "model/vocabulary.h"
#include "views/columns.h"
#include "views/look.h"
#include "views/parts.h"
#include "views/views.h"

struct row {
	struct row_id id;
	struct pool pool;
	struct summary summary;
	const char *label;
};

static const char *const sources[NR_FACT_SOURCES] = {"runtime", "kernel", "proc"};

CELL(name)
{
	cell_text(cell, row->pool.state == POOL_JOINED ? STYLE_DEAD : STYLE_STRONG, row->label);
}

CELL(pid)
{
	area_print(cell, 0, 0, STYLE_NORMAL, "%*u", cell.width, row->pool.parent.pid);
}

CELL(kind)
{
	cell_text(cell, STYLE_NORMAL, word_of(type_words(TYPE_KIND), row->pool.kind));
}

CELL(start)
{
	bool known = row->pool.kind == KIND_PROCESS && row->pool.start_method < NR_START_METHODS;

	cell_text(cell, STYLE_NORMAL, known ? word_of(type_words(TYPE_START_METHOD), row->pool.start_method) : "-");
}

CELL(state)
{
	cell_text(cell, pool_style(row->pool.state), word_of(pool_words, row->pool.state));
}

/* ######....  4/8 */
CELL(workers)
{
	int meter = cell.width - 8;

	area_print(cell, 0, 0, row->summary.busy ? STYLE_BUSY : STYLE_NORMAL, "%3u/%-3u", row->summary.busy,
	           row->summary.alive);
	shape_meter(cell, 8, 0, meter, STYLE_BUSY, row->summary.busy, row->summary.alive);
}

CELL(queued)
{
	cell_number(cell, row->summary.queued > 0 ? STYLE_STRONG : STYLE_NORMAL,
	            brief_count(row->summary.queued, cell.width).text);
}

CELL(done)
{
	cell_number(cell, STYLE_NORMAL, brief_count(row->summary.done, cell.width).text);
}

CELL(rate)
{
	cell_number(cell, STYLE_NORMAL, brief_number((int64_t)row->summary.rate).text);
}

CELL(failed)
{
	cell_number(cell, row->summary.failed > 0 ? STYLE_WARNING : STYLE_NORMAL,
	            brief_count(row->summary.failed, cell.width).text);
}

CELL(deaths)
{
	cell_number(cell, row->pool.deaths ? STYLE_BAD : STYLE_NORMAL, brief_count((int64_t)row->pool.deaths, cell.width).text);
}

CELL(findings)
{
	cell_number(cell, row->summary.findings ? STYLE_BAD : STYLE_NORMAL,
	            row->summary.findings ? brief_number(row->summary.findings).text : "none");
}

CELL(since)
{
	cell_number(cell, STYLE_DIM, brief_duration(scene_since(scene, row->pool.opened_ns)).text);
}

CELL(source)
{
	cell_text(cell, STYLE_DIM, row->pool.source < NR_FACT_SOURCES ? sources[row->pool.source] : "?");
}

ORDER(name, strcmp(a->label, b->label))
ORDER(pid, compare_numbers(a->pool.parent.pid, b->pool.parent.pid))
ORDER(state, compare_numbers(a->pool.state, b->pool.state))
ORDER(workers, compare_numbers(a->summary.busy, b->summary.busy))
ORDER(queued, compare_numbers(a->summary.queued, b->summary.queued))
ORDER(done, compare_numbers(a->summary.done, b->summary.done))
ORDER(rate, compare_numbers((int64_t)a->summary.rate, (int64_t)b->summary.rate))
ORDER(failed, compare_numbers(a->summary.failed, b->summary.failed))
ORDER(deaths, compare_numbers((int64_t)a->pool.deaths, (int64_t)b->pool.deaths))
ORDER(findings, compare_numbers(a->summary.findings, b->summary.findings))
ORDER(since, compare_numbers((int64_t)b->pool.opened_ns, (int64_t)a->pool.opened_ns))

static const struct column columns[] = {
	{"POOL", 10, 24, ALIGN_LEFT, 0, false, by_name, draw_name},
	{"PID", 7, 8, ALIGN_RIGHT, 1, false, by_pid, draw_pid},
	{"STATE", 11, 0, ALIGN_LEFT, 2, false, by_state, draw_state},
	{"BUSY/ALL", 14, 32, ALIGN_LEFT, 1, true, by_workers, draw_workers},
	{"QUEUED", 7, 9, ALIGN_RIGHT, 2, true, by_queued, draw_queued},
	{"DONE", 6, 12, ALIGN_RIGHT, 4, true, by_done, draw_done},
	{"RATE/S", 7, 0, ALIGN_RIGHT, 6, true, by_rate, draw_rate},
	{"FAILED", 7, 9, ALIGN_RIGHT, 7, true, by_failed, draw_failed},
	{"DEATHS", 7, 0, ALIGN_RIGHT, 3, true, by_deaths, draw_deaths},
	{"FINDINGS", 9, 0, ALIGN_RIGHT, 1, true, by_findings, draw_findings},
	{"OPEN", 6, 0, ALIGN_RIGHT, 8, true, by_since, draw_since},
	{"KIND", 7, 0, ALIGN_LEFT, 9, false, NULL, draw_kind},
	{"START", 10, 0, ALIGN_LEFT, 9, false, NULL, draw_start},
	{"SOURCE", 7, 0, ALIGN_LEFT, 10, false, NULL, draw_source},
};
static const struct table_kind kind = {columns, sizeof(columns) / sizeof(*columns), sizeof(struct row), 0};

struct pools { struct table table; };

static void *create(void)
{
	struct pools *pools = calloc(1, sizeof(*pools));

	if (pools)
		table_init(&pools->table, &kind);
	return pools;
}

static void destroy(void *state)
{
	struct pools *pools = state;

	if (pools)
		table_finish(&pools->table);
	free(pools);
}

static void refresh(void *state, const struct scene *scene)
{
	struct pools *pools = state;
	const struct pool *pool;

	table_begin(&pools->table);
	for store_each(pool, &scene->model->pools) {
		struct row *row = table_add(&pools->table, (struct row_id){.low = pool->key.id});

		if (!row)
			break;
		row->pool = *pool;
		row->summary = summary_of(scene->summaries, scene->model, pool->key.id);
		row->label = pool_label(scene, pool->key.id);
	}
	table_end(&pools->table);
	if (scene->pool)
		table_choose(&pools->table, (struct row_id){.low = scene->pool});
}

/* What the chosen pool looks like inside: there is room, and it saves a key. */
static void draw_preview(const struct scene *scene, struct area area)
{
	int inside = part_inside_rows(scene, scene->pool);

	area_take_top(&area, 1);
	part_pool_head(scene, scene->pool, area_take_top(&area, PART_HEAD_ROWS));
	if (inside && area.height > inside + 4) {
		area_take_top(&area, 1);
		part_inside(scene, scene->pool, area_take_top(&area, inside));
	}
	if (area.height < 4)
		return;
	area_take_top(&area, 1);
	part_ticker(scene, scene->pool, area);
}

static void draw(void *state, const struct scene *scene, struct area area)
{
	struct pools *pools = state;
	int rows = pools->table.count + 1, most = area.height / 2;

	if (!pools->table.count) {
		part_empty(area, "No pool runs here now.");
		return;
	}
	if (area.height >= 14)
		table_draw(&pools->table, area_take_top(&area, rows < most ? rows : most), scene);
	else
		table_draw(&pools->table, area_take_top(&area, area.height), scene);
	draw_preview(scene, area);
}

static bool act(void *state, const struct scene *scene, enum action action)
{
	struct pools *pools = state;

	(void)scene;
	return table_act(&pools->table, action);
}

static bool click(void *state, const struct scene *scene, int x, int y)
{
	struct pools *pools = state;

	(void)scene;
	return table_click(&pools->table, x, y);
}

static struct subject subject(void *state, const struct scene *scene)
{
	const struct pools *pools = state;
	const struct row *row = table_chosen(&pools->table);

	(void)scene;
	if (!row)
		return (struct subject){SUBJECT_NONE};
	return (struct subject){.kind = SUBJECT_POOL, .pool = row->pool.key.id, .process = row->pool.parent};
}

const struct view view_pools = {
	.name = "pools",
	.question = "Which pools run here, and which is unhealthy?",
	.key = '1',
	.create = create,
	.destroy = destroy,
	.refresh = refresh,
	.draw = draw,
	.act = act,
	.click = click,
	.subject = subject,
};
