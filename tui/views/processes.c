/* processes.c: a table of processes, for pools of which no workers are known. */
#include "views/processes.h"

#include <string.h>

#include "base/brief.h"
#include "views/columns.h"
#include "views/look.h"
#include "views/summary.h"

struct row {
	struct row_id id;
	struct process process;
	const char *name;
	double cpu;
};

static enum style style_of(const struct row *row)
{
	return row->process.state == THREAD_GONE ? STYLE_DEAD : STYLE_NORMAL;
}

CELL(pid)
{
	area_print(cell, 0, 0, style_of(row), "%*u", cell.width, row->process.key.pid);
}

CELL(name)
{
	cell_text(cell, row->process.state == THREAD_GONE ? STYLE_DEAD : STYLE_STRONG, row->name);
}

CELL(state)
{
	draw_thread_state(cell, row->process.state);
}

CELL(since)
{
	cell_number(cell, style_of(row), brief_duration(scene_since(scene, row->process.since_ns)).text);
}

CELL(parent)
{
	area_print(cell, 0, 0, style_of(row), "%*u", cell.width, row->process.parent.pid);
}

CELL(cpu)
{
	cell_number(cell, style_of(row), brief_percent(row->cpu).text);
}

CELL(memory)
{
	cell_number(cell, style_of(row), brief_bytes(row->process.resident).text);
}

CELL(copied)
{
	cell_number(cell, style_of(row), brief_count(row->process.cow_copies, cell.width).text);
}

CELL(reused)
{
	cell_number(cell, style_of(row), brief_count(row->process.cow_reuses, cell.width).text);
}

CELL(forks)
{
	cell_number(cell, style_of(row), brief_count(row->process.forks, cell.width).text);
}

CELL(end)
{
	const struct process *process = &row->process;

	cell_text(cell, process->signal > 0 ? STYLE_BAD : style_of(row),
	          end_phrase(process->exit_code, process->signal, process->core).text);
}

ORDER(pid, compare_numbers(a->process.key.pid, b->process.key.pid))
ORDER(name, strcmp(a->name, b->name))
ORDER(state, compare_numbers(a->process.state, b->process.state))
ORDER(since, compare_numbers((int64_t)b->process.since_ns, (int64_t)a->process.since_ns))
ORDER(parent, compare_numbers(a->process.parent.pid, b->process.parent.pid))
ORDER(cpu, compare_numbers((int64_t)(a->cpu * 1000), (int64_t)(b->cpu * 1000)))
ORDER(memory, compare_numbers(a->process.resident, b->process.resident))
ORDER(copied, compare_numbers(a->process.cow_copies, b->process.cow_copies))
ORDER(reused, compare_numbers(a->process.cow_reuses, b->process.cow_reuses))
ORDER(forks, compare_numbers(a->process.forks, b->process.forks))

static const struct column columns[] = {
	{"PID", 7, 8, ALIGN_RIGHT, 0, false, by_pid, draw_pid},
	{"NAME", 16, 32, ALIGN_LEFT, 0, false, by_name, draw_name},
	{"STATE", 9, 0, ALIGN_LEFT, 0, true, by_state, draw_state},
	{"SINCE", 6, 0, ALIGN_RIGHT, 1, true, by_since, draw_since},
	{"PARENT", 7, 8, ALIGN_RIGHT, 2, false, by_parent, draw_parent},
	{"CPU", 5, 0, ALIGN_RIGHT, 3, true, by_cpu, draw_cpu},
	{"MEM", 5, 6, ALIGN_RIGHT, 4, true, by_memory, draw_memory},
	{"COPIED", 7, 9, ALIGN_RIGHT, 3, true, by_copied, draw_copied},
	{"REUSED", 7, 9, ALIGN_RIGHT, 5, true, by_reused, draw_reused},
	{"FORKS", 5, 7, ALIGN_RIGHT, 6, true, by_forks, draw_forks},
	{"END", 8, 16, ALIGN_LEFT, 2, false, NULL, draw_end},
};
const struct table_kind process_table = {columns, sizeof(columns) / sizeof(*columns), sizeof(struct row), 0};

static void add(struct table *table, const struct scene *scene, const struct process *process)
{
	struct row *row = table_add(table, (struct row_id){.high = process->key.start, .low = process->key.pid});

	if (!row)
		return;
	row->process = *process;
	row->name = scene_text(scene, process->name);
	row->cpu = rates_of(scene->rates, RATE_CPU, process->key.pid, process->key.start, process->cpu_ns,
	                    scene->now_ns) / 1e7;
}

void process_table_fill(struct table *table, const struct scene *scene)
{
	const struct process *process;

	table_begin(table);
	for store_each(process, &scene->model->processes)
		if (!scene->pool || pool_above(scene->model, process) == scene->pool)
			add(table, scene, process);
	table_end(table);
}

struct subject process_table_subject(const struct table *table)
{
	const struct row *row = table_chosen(table);

	if (!row)
		return (struct subject){SUBJECT_NONE};
	return (struct subject){.kind = SUBJECT_PROCESS, .process = row->process.key};
}
