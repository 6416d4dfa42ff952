/* tree.c: who is whose parent, who is a zombie, who was orphaned and adopted by whom? */
#include <stdlib.h>

#include "base/brief.h"
#include "model/vocabulary.h"
#include "views/columns.h"
#include "views/family.h"
#include "views/look.h"
#include "views/parts.h"
#include "views/views.h"

struct row {
	struct row_id id;
	struct process process;  /* key.pid 0: an adopter that is not watched */
	struct thread thread;    /* key.tid not 0: this row is a thread's */
	const char *name;
	uint32_t pid;            /* or tid */
	unsigned depth;
	uint64_t goes_on;
};

static bool is_thread(const struct row *row)
{
	return row->thread.key.tid != 0;
}

static bool is_adopter(const struct row *row)
{
	return row->process.key.pid == 0;
}

static unsigned state_of(const struct row *row)
{
	return is_thread(row) ? row->thread.state : row->process.state;
}

static enum style style_of(const struct row *row)
{
	return is_adopter(row) ? STYLE_DIM : state_of(row) == THREAD_GONE ? STYLE_DEAD : STYLE_NORMAL;
}

/* Two columns for each level, as far as there is room; then the pid, then the name. */
CELL(process)
{
	int most = cell.width > 24 ? (cell.width - 16) / 2 : 4, depth = (int)row->depth, x = 0;

	for (int level = depth > most ? depth - most + 1 : 1; level <= depth; level++, x += 2) {
		bool brother = row->goes_on >> level & 1;

		if (level == depth) {
			area_glyph(cell, x, 0, STYLE_LINE, brother ? GLYPH_BRANCH : GLYPH_LAST_BRANCH);
			area_glyph(cell, x + 1, 0, STYLE_LINE, GLYPH_HORIZONTAL);
		} else if (brother) {
			area_glyph(cell, x, 0, STYLE_LINE, GLYPH_VERTICAL);
		}
	}
	x = area_print(cell, x, 0, style_of(row), "%u", row->pid) + 1;
	area_field(cell, x, 0, cell.width - x, ALIGN_LEFT,
	           style_of(row) == STYLE_NORMAL && !is_thread(row) ? STYLE_STRONG : style_of(row), row->name);
}

CELL(state)
{
	if (is_adopter(row))
		cell_text(cell, STYLE_DIM, "? unknown");
	else
		draw_thread_state(cell, state_of(row));
}

CELL(since)
{
	uint64_t since = is_thread(row) ? row->thread.since_ns : row->process.since_ns;

	if (!is_adopter(row))
		cell_number(cell, style_of(row), brief_duration(scene_since(scene, since)).text);
}

static void draw_count(struct area cell, const struct row *row, int64_t count)
{
	if (!is_thread(row) && !is_adopter(row))
		cell_number(cell, count > 0 ? style_of(row) : STYLE_DIM, brief_count(count, cell.width).text);
}

CELL(copied)
{
	draw_count(cell, row, row->process.cow_copies);
}

CELL(reused)
{
	draw_count(cell, row, row->process.cow_reuses);
}

CELL(forks)
{
	draw_count(cell, row, row->process.forks);
}

CELL(threads)
{
	draw_count(cell, row, row->process.threads_started);
}

CELL(memory)
{
	if (!is_thread(row) && !is_adopter(row))
		cell_number(cell, style_of(row), brief_bytes(row->process.resident).text);
}

CELL(end)
{
	const struct process *process = &row->process;

	if (is_thread(row) || is_adopter(row))
		return;
	cell_text(cell, process->signal > 0 ? STYLE_BAD : style_of(row),
	          end_phrase(process->exit_code, process->signal, cell.width < 14 ? 0 : process->core).text);
}

/* What is not to be seen from where it stands in the tree: in full where there is room, else in three words. */
CELL(remark)
{
	const struct process *process = &row->process;
	bool brief = cell.width < 40;

	if (is_adopter(row))
		cell_text(cell, STYLE_DIM, "adopts orphans");
	else if (is_thread(row))
		return;
	else if (process->state == THREAD_ZOMBIE)
		area_print(cell, 0, 0, STYLE_BAD, brief ? "not yet reaped" : "zombie: %u has to reap it", process->parent.pid);
	else if (process->orphaned)
		area_print(cell, 0, 0, process->exited ? STYLE_DEAD : STYLE_WARNING,
		           brief ? "orphan of %u" : "orphan: born of %u, now a child of %u", process->born_of.pid,
		           process->parent.pid);
	else if (process->state == THREAD_GONE && process->reaper)
		area_print(cell, 0, 0, STYLE_DEAD, brief ? "reaped by %u" : "reaped by %u after %s", process->reaper,
		           brief_duration(process->zombie_ns).text);
	else if (process->pool && process->slot >= 0)
		area_print(cell, 0, 0, STYLE_DIM, "worker %d of %s", process->slot, pool_label(scene, process->pool));
	else if (process->pool)
		area_print(cell, 0, 0, STYLE_DIM, "parent of %s", pool_label(scene, process->pool));
}

static const struct column columns[] = {
	{"PROCESS", 22, 56, ALIGN_LEFT, 0, false, NULL, draw_process},
	{"STATE", 9, 0, ALIGN_LEFT, 0, false, NULL, draw_state},
	{"SINCE", 6, 0, ALIGN_RIGHT, 2, false, NULL, draw_since},
	{"COPIED", 6, 9, ALIGN_RIGHT, 3, false, NULL, draw_copied},
	{"REUSED", 6, 9, ALIGN_RIGHT, 4, false, NULL, draw_reused},
	{"FORKS", 6, 0, ALIGN_RIGHT, 6, false, NULL, draw_forks},
	{"THREADS", 7, 0, ALIGN_RIGHT, 7, false, NULL, draw_threads},
	{"MEM", 6, 0, ALIGN_RIGHT, 8, false, NULL, draw_memory},
	{"END", 8, 14, ALIGN_LEFT, 1, false, NULL, draw_end},
	{"REMARK", 16, 60, ALIGN_LEFT, 1, false, NULL, draw_remark},
};
static const struct table_kind kind = {columns, sizeof(columns) / sizeof(*columns), sizeof(struct row),
                                       TABLE_UNSORTED};

struct tree {
	struct table table;
	struct family family;
	unsigned wanted;         /* FAMILY_... */
};

static void *create(void)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	if (!tree)
		return NULL;
	table_init(&tree->table, &kind);
	tree->wanted = FAMILY_DEAD;
	return tree;
}

static void destroy(void *state)
{
	struct tree *tree = state;

	if (!tree)
		return;
	table_finish(&tree->table);
	family_finish(&tree->family);
	free(tree);
}

static void add(struct tree *tree, const struct scene *scene, const struct family_line *line)
{
	uint32_t pid = line->thread ? line->thread->key.tid : line->pid;
	struct row_id id = {.high = line->process ? line->process->key.start : 0, .low = pid};
	struct row *row = table_add(&tree->table, id);

	if (!row)
		return;
	row->pid = pid;
	row->depth = line->depth;
	row->goes_on = line->goes_on;
	row->name = "(not watched)";
	row->process.exit_code = row->process.signal = row->process.core = UNKNOWN;
	if (line->process) {
		row->process = *line->process;
		row->name = scene_text(scene, line->process->name);
	}
	if (line->thread) {
		row->thread = *line->thread;
		row->name = scene_text(scene, line->thread->name);
	}
}

static void refresh(void *state, const struct scene *scene)
{
	struct tree *tree = state;

	family_gather(&tree->family, scene->model, tree->wanted);
	table_begin(&tree->table);
	for (uint32_t i = 0; i < tree->family.nr_lines; i++)
		add(tree, scene, &tree->family.lines[i]);
	table_end(&tree->table);
}

/* ---- the line above: how many are what? ------------------------------------------------------------------------- */

/* Behind how many are gone: what to press. */
static int draw_dead_hint(bool with_dead, struct area row, int x)
{
	char key[16];

	press_name(action_entry(ACTION_DEAD)->key, key, sizeof(key));
	x = area_text(row, x - 2, 0, STYLE_KEY, key) + 1;
	return area_text(row, x, 0, STYLE_DIM, with_dead ? "hides" : "shows") + 3;
}

static void draw_census(const struct scene *scene, bool with_dead, struct area row)
{
	const struct process *process;
	unsigned count[NR_THREAD_STATES] = {0}, orphans = 0;
	int x = 0;

	for store_each(process, &scene->model->processes) {
		if (process->state < NR_THREAD_STATES)
			count[process->state]++;
		orphans += process->orphaned && !process->exited;
	}
	x = area_print(row, x, 0, STYLE_STRONG, "%u processes", scene->model->processes.count) + 3;
	for (unsigned state = 0; state < NR_THREAD_STATES; state++) {
		if (!count[state])
			continue;
		x = area_print(row, x, 0, thread_style(state), "%u %s", count[state], word_of(thread_words, state)) + 3;
		if (state == THREAD_GONE)
			x = draw_dead_hint(with_dead, row, x);
	}
	if (orphans)
		area_print(row, x, 0, STYLE_WARNING, "%u %s", orphans, orphans == 1 ? "orphan" : "orphans");
}

static void draw(void *state, const struct scene *scene, struct area area)
{
	struct tree *tree = state;
	int rows = tree->table.count + 1;

	if (!tree->table.count) {
		part_empty(area, "No process is watched.");
		return;
	}
	if (area.height >= 6) {
		draw_census(scene, tree->wanted & FAMILY_DEAD, area_take_top(&area, 1));
		area_take_top(&area, 1);
	}
	if (area.height > rows + 4 && area.height >= 14) {
		table_draw(&tree->table, area_take_top(&area, rows), scene);
		area_take_top(&area, 1);
		part_ticker(scene, 0, area);
		return;
	}
	table_draw(&tree->table, area, scene);
}

static bool act(void *state, const struct scene *scene, enum action action)
{
	struct tree *tree = state;

	if (action != ACTION_THREADS && action != ACTION_DEAD)
		return table_act(&tree->table, action);
	tree->wanted ^= action == ACTION_DEAD ? FAMILY_DEAD : FAMILY_THREADS;
	refresh(tree, scene);
	return true;
}

static bool click(void *state, const struct scene *scene, int x, int y)
{
	struct tree *tree = state;

	(void)scene;
	return table_click(&tree->table, x, y);
}

static struct subject subject(void *state, const struct scene *scene)
{
	const struct tree *tree = state;
	const struct row *row = table_chosen(&tree->table);

	(void)scene;
	if (!row || is_adopter(row))
		return (struct subject){SUBJECT_NONE};
	return (struct subject){.kind = SUBJECT_PROCESS, .process = row->process.key};
}

const struct view view_tree = {
	.name = "tree",
	.question = "Who is whose parent, who is a zombie, who was orphaned and adopted by whom?",
	.key = '3',
	.wants_cow = true,
	.create = create,
	.destroy = destroy,
	.refresh = refresh,
	.draw = draw,
	.act = act,
	.click = click,
	.subject = subject,
};
