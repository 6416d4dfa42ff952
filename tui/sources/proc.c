/* proc.c: a sweep over /proc, compared with the one before.
 *
 *   sweep -> rows -> those below a root, or known already -> differences -> facts
 *
 * A process is known by pid and start time: a pid that is used again is another row. */
#include "sources/proc.h"

#include <stdlib.h>
#include <string.h>

#include "sources/proc_inside.h"

#define SWEEP_ALONE_NS 200000000u       /* nobody else tells of births and deaths */
#define SWEEP_BESIDE_KERNEL_NS 1000000000u
#define THREADS_NS 1000000000u

/* ---- which rows are ours ---- */

static void collect(void *context, const struct procps_row *from)
{
	struct proc_source *proc = context;
	struct pid_key key = { .pid = (uint32_t)from->pid };
	struct row *row = store_add(&proc->rows, &key, NULL);

	if (!row)
		return;
	row->ppid = from->ppid;
	row->start = from->start;
	row->cpu_ns = from->cpu_ns;
	row->resident = from->resident;
	row->nr_threads = from->nr_threads;
	row->state = from->state;
	strncpy(row->name, from->name ? from->name : "", sizeof(row->name) - 1);
}

static struct row_key key_of(const struct row *row)
{
	return (struct row_key){ .pid = row->key.pid, .start = row->start };
}

static bool is_root(const struct proc_source *proc, const struct row *row)
{
	struct row_key key = key_of(row);

	return store_find(&proc->roots, &key);
}

static bool is_known_to_be_mine(const struct proc_source *proc, const struct row *row)
{
	struct row_key key = key_of(row);

	return row->mine > 0 || is_root(proc, row) || store_find(&proc->known, &key);
}

static struct row *parent_of(const struct proc_source *proc, const struct row *row)
{
	struct pid_key key = { .pid = (uint32_t)row->ppid };

	return store_find(&proc->rows, &key);
}

/* Climbs to a root, to one known, or to the top, and then leaves the answer on the same way: each row is climbed over once.
 * Marking on the way up also ends a circle, which a sweep that is not of one moment can show. */
static bool is_mine(struct proc_source *proc, struct row *row)
{
	struct row *at = row;

	while (at && !at->mine && !is_known_to_be_mine(proc, at)) {
		at->mine = -1;
		at = parent_of(proc, at);
	}
	bool mine = at && is_known_to_be_mine(proc, at);
	if (!mine)
		return false; /* so is everything on the way */
	for (struct row *end = at; row != end; row = parent_of(proc, row))
		row->mine = 1;
	at->mine = 1;
	return true;
}

/* ---- what is new ---- */

static void compare(struct proc_source *proc, const struct row *row, bool first_sweep)
{
	struct row_key key = key_of(row);
	bool added;
	struct known *known = store_add(&proc->known, &key, &added);

	if (!known)
		return;
	known->sweep = proc->sweep;
	known->nr_threads = row->nr_threads;
	if (!added) {
		proc_tell_changes(proc, known, row);
		return;
	}
	known->ppid = row->ppid;
	known->state = row->state;
	known->name = names_id(proc->stream->names, row->name);
	known->cpu_ns = row->cpu_ns;
	known->resident = row->resident;
	proc_tell_first_sight(proc, known, row, !first_sweep && !proc->kernel_tells && !is_root(proc, row));
	proc_tell_cost(proc, known);
}

static bool keep_if_seen(const void *entry, void *context)
{
	const struct known *known = entry;
	struct proc_source *proc = context;

	if (known->sweep != proc->sweep)
		proc_tell_gone(proc, known);
	return known->sweep == proc->sweep;
}

static bool keep_root_if_seen(const void *entry, void *context)
{
	const struct root *root = entry;

	return store_find(&((struct proc_source *)context)->known, &root->key);
}

static void sweep(struct proc_source *proc)
{
	bool first_sweep = !proc->sweep || proc->asked;
	struct row *row;

	store_clear(&proc->rows);
	if (procps_sweep(proc->procps, collect, proc) < 0)
		return;
	proc->sweep++;
	proc->asked = false;
	for store_each(row, &proc->rows)
		if (is_mine(proc, row))
			compare(proc, row, first_sweep);
	store_keep(&proc->known, keep_if_seen, proc);
	store_keep(&proc->roots, keep_root_if_seen, proc);
}

/* ---- the source ---- */

static void drain(struct source *source, struct stream *stream, uint64_t now_ns)
{
	struct proc_source *proc = (struct proc_source *)source;
	uint64_t interval = proc->kernel_tells ? SWEEP_BESIDE_KERNEL_NS : SWEEP_ALONE_NS;

	if ((!proc->roots.count && !proc->known.count) || (!proc->asked && now_ns - proc->swept_ns < interval))
		return;
	proc->stream = stream;
	proc->now_ns = proc->swept_ns = now_ns;
	bool asked = proc->asked;
	sweep(proc);
	if (!asked && now_ns - proc->threads_ns < THREADS_NS)
		return;
	proc->threads_ns = now_ns;
	proc_sweep_threads(proc);
}

static void close_source(struct source *source)
{
	struct proc_source *proc = (struct proc_source *)source;

	procps_close(proc->procps);
	store_finish(&proc->roots);
	store_finish(&proc->rows);
	store_finish(&proc->known);
	store_finish(&proc->threads);
	free(proc);
}

struct source *proc_source_open(void)
{
	struct proc_source *proc = calloc(1, sizeof(*proc));

	if (!proc)
		return NULL;
	proc->source = (struct source){ .drain = drain, .close = close_source, .fd = -1 };
	store_init(&proc->roots, sizeof(struct root), sizeof(struct row_key));
	store_init(&proc->rows, sizeof(struct row), sizeof(struct pid_key));
	store_init(&proc->known, sizeof(struct known), sizeof(struct row_key));
	store_init(&proc->threads, sizeof(struct known_thread), sizeof(struct thread_row_key));
	if (procps_open(&proc->procps)) {
		free(proc);
		return NULL;
	}
	return &proc->source;
}

void proc_source_watch(struct source *source, pid_t pid)
{
	struct proc_source *proc = (struct proc_source *)source;

	struct row_key key = { .pid = (uint32_t)pid };
	bool added = false;

	/* by its start time too: the pid may be another's by the next sweep */
	if (procps_one(pid, &key.start, NULL, NULL, NULL) && store_add(&proc->roots, &key, &added) && added)
		proc->asked = true;
}

void proc_source_kernel_tells(struct source *source, bool it_does)
{
	((struct proc_source *)source)->kernel_tells = it_does;
}
