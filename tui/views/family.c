/* family.c: who stands under whom? */
#include "views/family.h"

#include <stdlib.h>

enum { NOBODY = UINT32_MAX };

struct family_node {
	const struct process *process;
	uint32_t pid;
	uint32_t first, last, next;    /* children, and the next brother */
	uint32_t thread;               /* the first of its threads; the others by next_thread */
	bool has_parent, is_drawn;
};

void family_finish(struct family *family)
{
	free(family->nodes);
	free(family->lines);
	free(family->next_thread);
}

/* ---- nodes ----------------------------------------------------------------------------------------------------- */

static bool add_node(struct family *family, const struct process *process, uint32_t pid)
{
	if (family->nr_nodes == family->node_capacity) {
		uint32_t capacity = family->node_capacity ? family->node_capacity * 2 : 64;
		struct family_node *nodes = realloc(family->nodes, capacity * sizeof(*nodes));

		if (!nodes)
			return false;
		family->nodes = nodes;
		family->node_capacity = capacity;
	}
	family->nodes[family->nr_nodes++] =
		(struct family_node){process, pid, NOBODY, NOBODY, NOBODY, NOBODY, false, false};
	return true;
}

/* By pid, the older of two with the same first; an adopter without a process before both. */
static int by_pid(const void *left, const void *right)
{
	const struct family_node *a = left, *b = right;
	uint64_t a_start = a->process ? a->process->key.start : 0, b_start = b->process ? b->process->key.start : 0;

	if (a->pid != b->pid)
		return a->pid < b->pid ? -1 : 1;
	return (a_start > b_start) - (a_start < b_start);
}

static uint32_t first_with_pid(const struct family *family, uint32_t pid)
{
	uint32_t low = 0, high = family->nr_nodes;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (family->nodes[middle].pid < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A parent known only by its pid is the youngest of that pid: pids are used again. */
static uint32_t find(const struct family *family, const struct process_key *key)
{
	uint32_t found = NOBODY;

	for (uint32_t i = first_with_pid(family, key->pid); i < family->nr_nodes && family->nodes[i].pid == key->pid; i++) {
		const struct process *process = family->nodes[i].process;

		found = i;
		if (process && process->key.start == key->start)
			break;
	}
	return found;
}

static bool needs_adopter(const struct model *model, const struct process *process)
{
	return process->orphaned && process->parent.pid &&
	       !model_process(model, process->parent.pid, process->parent.start) &&
	       !model_process_by_pid(model, process->parent.pid);
}

/* Two orphans of one adopter ask for it twice: the second is dropped once they are sorted. */
static void drop_doubles(struct family *family)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < family->nr_nodes; i++) {
		struct family_node *node = &family->nodes[i];

		if (kept && !node->process && family->nodes[kept - 1].pid == node->pid)
			continue;
		family->nodes[kept++] = *node;
	}
	family->nr_nodes = kept;
}

static bool is_dead(const struct process *process)
{
	return process && process->state == THREAD_GONE;
}

static void gather_nodes(struct family *family, const struct model *model, bool with_dead)
{
	const struct process *process;

	family->nr_nodes = 0;
	for store_each(process, &model->processes) {
		if (is_dead(process) && !with_dead)
			continue;
		if (!add_node(family, process, process->key.pid) ||
		    (needs_adopter(model, process) && !add_node(family, NULL, process->parent.pid)))
			break;
	}
	if (family->nr_nodes)
		qsort(family->nodes, family->nr_nodes, sizeof(*family->nodes), by_pid);
	drop_doubles(family);
}

static void join(struct family *family, bool dead)
{
	for (uint32_t i = 0; i < family->nr_nodes; i++) {
		struct family_node *node = &family->nodes[i];
		uint32_t parent = node->process && node->process->parent.pid ? find(family, &node->process->parent) : NOBODY;

		if (parent == NOBODY || parent == i || is_dead(node->process) != dead)
			continue;
		node->has_parent = true;
		if (family->nodes[parent].first == NOBODY)
			family->nodes[parent].first = i;
		else
			family->nodes[family->nodes[parent].last].next = i;
		family->nodes[parent].last = i;
	}
}

/* Strings the threads of each process together; the first of a process is its name, and no line of its own. */
static void gather_threads(struct family *family, const struct model *model)
{
	if (model->threads.count > family->thread_capacity) {
		uint32_t *next = realloc(family->next_thread, model->threads.count * 2 * sizeof(*next));

		if (!next)
			return;
		family->next_thread = next;
		family->thread_capacity = model->threads.count * 2;
	}
	for (uint32_t i = model->threads.count; i-- > 0;) {
		const struct thread *thread = store_at(&model->threads, i);
		struct process_key key = {.pid = thread->key.pid, .start = thread->key.start};
		uint32_t node = thread->key.tid == thread->key.pid ? NOBODY : find(family, &key);

		if (node == NOBODY)
			continue;
		family->next_thread[i] = family->nodes[node].thread;
		family->nodes[node].thread = i;
	}
}

/* ---- lines ----------------------------------------------------------------------------------------------------- */

static struct family_line *add_line(struct family *family, struct family_line line)
{
	if (family->nr_lines == family->line_capacity) {
		uint32_t capacity = family->line_capacity ? family->line_capacity * 2 : 64;
		struct family_line *lines = realloc(family->lines, capacity * sizeof(*lines));

		if (!lines)
			return NULL;
		family->lines = lines;
		family->line_capacity = capacity;
	}
	family->lines[family->nr_lines] = line;
	return &family->lines[family->nr_lines++];
}

/* Deeper than this nobody can read it, and hostile lineages may be endless: further down all is drawn at one depth. */
static unsigned deeper(unsigned depth)
{
	return depth + 1 < FAMILY_MAX_DEPTH ? depth + 1 : depth;
}

static uint64_t with_brother(uint64_t goes_on, unsigned depth, bool brother)
{
	return (goes_on & (((uint64_t)1 << depth) - 1)) | (uint64_t)brother << depth;
}

/* The first of a string of brothers that has no line yet: the rings that reused pids may form are cut here. */
static uint32_t undrawn(const struct family *family, uint32_t node)
{
	while (node != NOBODY && family->nodes[node].is_drawn)
		node = family->nodes[node].next;
	return node;
}

static void add_threads(struct family *family, const struct model *model, const struct family_node *node,
                        struct family_line line)
{
	line.depth = (uint16_t)deeper(line.depth);
	for (uint32_t i = node->thread; i != NOBODY; i = family->next_thread[i]) {
		bool brother = family->next_thread[i] != NOBODY || undrawn(family, node->first) != NOBODY;

		line.thread = store_at(&model->threads, i);
		line.goes_on = with_brother(line.goes_on, line.depth, brother);
		add_line(family, line);
	}
}

/* Depth first, without recursion: brothers[d] is where to go on at depth d. */
static void walk(struct family *family, const struct model *model, uint32_t at)
{
	uint32_t brothers[FAMILY_MAX_DEPTH] = {NOBODY};
	struct family_line line = {0};
	unsigned depth = 0;

	for (;;) {
		struct family_node *node = &family->nodes[at];

		node->is_drawn = true;
		line.process = node->process;
		line.pid = node->pid;
		line.depth = (uint16_t)depth;
		line.goes_on = with_brother(line.goes_on, depth, brothers[depth] != NOBODY);
		if (!add_line(family, line))
			return;
		add_threads(family, model, node, line);
		at = undrawn(family, node->first);
		if (at != NOBODY)
			depth = deeper(depth);
		while (at == NOBODY) {
			at = undrawn(family, brothers[depth]);
			if (at == NOBODY && depth-- == 0)
				return;
		}
		brothers[depth] = undrawn(family, family->nodes[at].next);
	}
}

void family_gather(struct family *family, const struct model *model, unsigned wanted)
{
	gather_nodes(family, model, wanted & FAMILY_DEAD);
	join(family, false);
	join(family, true);
	if (wanted & FAMILY_THREADS)
		gather_threads(family, model);
	family->nr_lines = 0;
	for (uint32_t i = 0; i < family->nr_nodes; i++)
		if (!family->nodes[i].has_parent && family->nodes[i].process)
			walk(family, model, i);
	for (uint32_t i = 0; i < family->nr_nodes; i++) /* adopters; rings, and what hung too deep */
		if (!family->nodes[i].is_drawn)
			walk(family, model, i);
}
