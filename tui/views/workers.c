/* workers.c: who works on what, in which state, since when?
 *
 * A pool that publishes has workers; of others the processes are shown (processes.h). */
#include <stdlib.h>
#include <string.h>

#include "base/brief.h"
#include "base/shapes.h"
#include "views/columns.h"
#include "views/look.h"
#include "views/parts.h"
#include "views/processes.h"
#include "views/views.h"

struct row {
	struct row_id id;
	struct worker worker;
	const char *function, *died_of, *died_on;
	double rate, cpu;
	int64_t resident, copies;
	bool gone;              /* nobody lives in the slot */
};

CELL(slot)
{
	area_print(cell, 0, 0, row->gone ? STYLE_DEAD : STYLE_STRONG, "%*u", cell.width, row->worker.key.slot);
}

CELL(pid)
{
	area_print(cell, 0, 0, row->gone ? STYLE_DEAD : STYLE_NORMAL, "%*u", cell.width, row->worker.process.pid);
}

CELL(state)
{
	draw_worker_state(cell, row->worker.state);
}

CELL(since)
{
	cell_number(cell, row->gone ? STYLE_DEAD : STYLE_NORMAL,
	            brief_duration(scene_since(scene, row->worker.since_ns)).text);
}

/* A dead worker is shown with what it held. */
CELL(task)
{
	uint64_t task = row->worker.task ? row->worker.task : row->gone ? row->worker.died_task : 0;

	cell_number(cell, row->gone ? STYLE_BAD : STYLE_NORMAL, task ? brief_count((int64_t)task, cell.width).text : "-");
}

CELL(function)
{
	if (row->worker.task)
		cell_text(cell, STYLE_NORMAL, row->function);
	else if (row->gone)
		cell_text(cell, STYLE_DEAD, row->died_on);
}

CELL(done)
{
	cell_number(cell, STYLE_NORMAL, brief_count(row->worker.done, cell.width).text);
}

CELL(failed)
{
	cell_number(cell, row->worker.failed > 0 ? STYLE_WARNING : STYLE_DIM,
	            brief_count(row->worker.failed, cell.width).text);
}

CELL(rate)
{
	cell_number(cell, STYLE_NORMAL, brief_number((int64_t)row->rate).text);
}

CELL(cpu)
{
	cell_number(cell, STYLE_NORMAL, brief_percent(row->cpu).text);
}

CELL(memory)
{
	cell_number(cell, STYLE_NORMAL, brief_bytes(row->resident).text);
}

CELL(copied)
{
	cell_number(cell, STYLE_NORMAL, brief_count(row->copies, cell.width).text);
}

CELL(lives)
{
	cell_number(cell, row->worker.lives > 1 ? STYLE_WARNING : STYLE_DIM,
	            brief_count((int64_t)row->worker.lives, cell.width).text);
}

CELL(death)
{
	if (row->worker.died.pid)
		area_print(cell, 0, 0, row->gone ? STYLE_BAD : STYLE_WARNING, cell.width < 24 ? "%s %s" : "%s, %s ago",
		           *row->died_of ? row->died_of : "?", brief_duration(scene_since(scene, row->worker.died_ns)).text);
}

ORDER(slot, compare_numbers(a->worker.key.slot, b->worker.key.slot))
ORDER(pid, compare_numbers(a->worker.process.pid, b->worker.process.pid))
ORDER(state, compare_numbers(a->worker.state, b->worker.state))
ORDER(since, compare_numbers((int64_t)b->worker.since_ns, (int64_t)a->worker.since_ns))
ORDER(task, compare_numbers((int64_t)a->worker.task, (int64_t)b->worker.task))
ORDER(function, strcmp(a->function, b->function))
ORDER(done, compare_numbers(a->worker.done, b->worker.done))
ORDER(failed, compare_numbers(a->worker.failed, b->worker.failed))
ORDER(rate, compare_numbers((int64_t)(a->rate * 1000), (int64_t)(b->rate * 1000)))
ORDER(cpu, compare_numbers((int64_t)(a->cpu * 1000), (int64_t)(b->cpu * 1000)))
ORDER(memory, compare_numbers(a->resident, b->resident))
ORDER(copied, compare_numbers(a->copies, b->copies))
ORDER(lives, compare_numbers((int64_t)a->worker.lives, (int64_t)b->worker.lives))
ORDER(death, compare_numbers((int64_t)a->worker.died_ns, (int64_t)b->worker.died_ns))

static const struct column columns[] = {
	{"W", 4, 0, ALIGN_RIGHT, 0, false, by_slot, draw_slot},
	{"PID", 7, 8, ALIGN_RIGHT, 1, false, by_pid, draw_pid},
	{"STATE", 14, 0, ALIGN_LEFT, 0, true, by_state, draw_state},
	{"SINCE", 6, 0, ALIGN_RIGHT, 1, true, by_since, draw_since},
	{"TASK", 6, 10, ALIGN_RIGHT, 2, true, by_task, draw_task},
	{"FUNCTION", 10, 32, ALIGN_LEFT, 2, false, by_function, draw_function},
	{"DONE", 6, 10, ALIGN_RIGHT, 3, true, by_done, draw_done},
	{"FAILED", 6, 8, ALIGN_RIGHT, 5, true, by_failed, draw_failed},
	{"RATE/S", 7, 0, ALIGN_RIGHT, 8, true, by_rate, draw_rate},
	{"CPU", 5, 0, ALIGN_RIGHT, 7, true, by_cpu, draw_cpu},
	{"MEM", 5, 6, ALIGN_RIGHT, 7, true, by_memory, draw_memory},
	{"COPIED", 7, 9, ALIGN_RIGHT, 9, true, by_copied, draw_copied},
	{"LIVES", 6, 0, ALIGN_RIGHT, 9, true, by_lives, draw_lives},
	{"LAST DEATH", 13, 28, ALIGN_LEFT, 4, true, by_death, draw_death},
};
static const struct table_kind kind = {columns, sizeof(columns) / sizeof(*columns), sizeof(struct row), 0};

struct workers {
	struct table table, processes;
	bool shows_processes;
};

static void *create(void)
{
	struct workers *workers = calloc(1, sizeof(*workers));

	if (!workers)
		return NULL;
	table_init(&workers->table, &kind);
	table_init(&workers->processes, &process_table);
	return workers;
}

static void destroy(void *state)
{
	struct workers *workers = state;

	if (!workers)
		return;
	table_finish(&workers->table);
	table_finish(&workers->processes);
	free(workers);
}

static void fill(struct row *row, const struct scene *scene, const struct worker *worker)
{
	const struct process *process = model_process(scene->model, worker->process.pid, worker->process.start);
	const struct pool *pool = model_pool(scene->model, worker->key.pool);

	row->worker = *worker;
	row->function = scene_text(scene, worker->function);
	row->died_of = pool && worker_died_with_pool(worker, pool) ? "pool" : scene_text(scene, worker->died_cause);
	row->died_on = scene_text(scene, worker->died_function);
	row->gone = worker->state == WORKER_DIED || worker->state == WORKER_NEW;
	row->rate = rates_of(scene->rates, RATE_DONE, worker->key.pool, worker->key.slot, worker->done, scene->now_ns);
	row->resident = process ? process->resident : UNKNOWN;
	row->copies = process ? process->cow_copies : UNKNOWN;
	row->cpu = process ? rates_of(scene->rates, RATE_CPU, process->key.pid, process->key.start, process->cpu_ns,
	                              scene->now_ns) / 1e7 : -1;
}

static void refresh(void *state, const struct scene *scene)
{
	struct workers *workers = state;
	const struct worker *worker;

	table_begin(&workers->table);
	for store_each(worker, &scene->model->workers) {
		struct row_id id = {.high = worker->key.pool, .low = worker->key.slot};
		struct row *row = worker->key.pool == scene->pool ? table_add(&workers->table, id) : NULL;

		if (row)
			fill(row, scene, worker);
	}
	table_end(&workers->table);
	workers->shows_processes = workers->table.count == 0;
	if (workers->shows_processes)
		process_table_fill(&workers->processes, scene);
}

static struct table *table_of(struct workers *workers)
{
	return workers->shows_processes ? &workers->processes : &workers->table;
}

/* Beside the table where the screen is wide, below it where it is high. */
static struct area take_ticker(struct area *area, int rows)
{
	enum { LEAST = 3 };
	struct area ticker;
	int left;

	if (area->width >= 170) {
		ticker = area_take_right(area, area->width * 2 / 5);
		area_take_right(area, 2);
		return ticker;
	}
	left = area->height - rows - 1; /* its head */
	if (left < LEAST)
		left = area->height >= 12 ? LEAST : 0;
	ticker = area_take_bottom(area, left > LEAST ? left - 1 : left);
	area_take_bottom(area, left > LEAST);
	return ticker;
}

static void draw(void *state, const struct scene *scene, struct area area)
{
	struct workers *workers = state;
	struct table *table = table_of(workers);
	int inside = part_inside_rows(scene, scene->pool);
	struct area ticker;

	if (!table->count && !scene->pool) {
		part_empty(area, "No pool runs here now.");
		return;
	}
	if (scene->pool && area.height >= 6) {
		part_pool_head(scene, scene->pool, area_take_top(&area, PART_HEAD_ROWS));
		if (area.height >= 24)
			area_take_top(&area, 1);
	}
	if (inside && area.height > inside + 8) {
		part_inside(scene, scene->pool, area_take_top(&area, inside));
		area_take_top(&area, 1);
	}
	ticker = take_ticker(&area, table->count);
	table_draw(table, area, scene);
	if (ticker.height)
		part_ticker(scene, scene->pool, ticker);
}

static bool act(void *state, const struct scene *scene, enum action action)
{
	(void)scene;
	return table_act(table_of(state), action);
}

static bool click(void *state, const struct scene *scene, int x, int y)
{
	(void)scene;
	return table_click(table_of(state), x, y);
}

static struct subject subject(void *state, const struct scene *scene)
{
	struct workers *workers = state;
	const struct row *row = table_chosen(&workers->table);

	(void)scene;
	if (workers->shows_processes)
		return process_table_subject(&workers->processes);
	if (!row)
		return (struct subject){SUBJECT_NONE};
	return (struct subject){
		.kind = SUBJECT_WORKER, .pool = row->worker.key.pool, .slot = row->worker.key.slot,
		.process = row->worker.process,
	};
}

const struct view view_workers = {
	.name = "workers",
	.question = "Who works on what, in which state, since when?",
	.key = '2',
	.create = create,
	.destroy = destroy,
	.refresh = refresh,
	.draw = draw,
	.act = act,
	.click = click,
	.subject = subject,
};
