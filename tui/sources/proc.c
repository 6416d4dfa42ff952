/* proc.c: a sweep over /proc, compared with the one before.
 *
 *   sweep -> rows -> those below a root, or known already -> differences -> facts
 *
 * A process is known by pid and start time: a pid that is used again is another row. */
#include "sources/proc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "model/store.h"
#include "sources/procps.h"

#define SWEEP_ALONE_NS 200000000u       /* nobody else tells of births and deaths */
#define SWEEP_BESIDE_KERNEL_NS 1000000000u
#define THREADS_NS 1000000000u

struct pid_key { uint32_t pid, zero; };
struct row_key { uint32_t pid, zero; uint64_t start; };
struct row { /* a process of the last sweep, ours or not */
	struct pid_key key; /* a pid is there once in a sweep */
	pid_t ppid;
	uint64_t start, cpu_ns, resident;
	enum thread_state state;
	char name[64];
	int mine; /* 0 not looked at, 1 below a root, -1 not */
};
struct root { struct row_key key; };
struct known {
	struct row_key key;
	pid_t ppid;
	enum thread_state state;
	uint32_t name;
	uint64_t cpu_ns, resident;
	uint32_t sweep;
};
struct thread_row_key { uint32_t pid, tid; uint64_t start; };
struct known_thread {
	struct thread_row_key key;
	enum thread_state state;
	uint32_t name;
	uint32_t sweep;
};

struct proc_source {
	struct source source;
	struct procps *procps;
	struct store roots, rows, known, threads;
	uint32_t sweep, thread_sweep;
	uint64_t swept_ns, threads_ns;
	bool kernel_tells, asked; /* asked: a root came, sweep at once */
	/* while a sweep is being told */
	struct stream *stream;
	uint64_t now_ns;
	pid_t thread_pid;
	uint64_t thread_start;
};

static void push(struct proc_source *proc, struct fact *fact, uint8_t flags)
{
	fact->flags = FACT_SAMPLED | flags;
	stream_push(proc->stream, fact);
}

/* What the kernel tells as it happens is no news here, but how things stand: a death between the first look at /proc and
 * the probes was told by nobody. */
static uint8_t news(const struct proc_source *proc)
{
	return proc->kernel_tells ? FACT_STATE : 0;
}

static struct fact fact_of(const struct proc_source *proc, const struct known *known, enum event event)
{
	return fact_make(event, SOURCE_PROC, proc->now_ns, known->key.pid, known->key.start);
}

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

static void tell_first_sight(struct proc_source *proc, const struct known *known, const struct row *row, bool born)
{
	struct fact fact = fact_of(proc, known, born ? EV_PROCESS_FORKED : EV_PROCESS_SEEN);
	char path[32];
	struct stat info;

	if (born) {
		fact_set(&fact, F_PARENT, row->ppid);
		fact_set(&fact, F_NAME, known->name);
		push(proc, &fact, 0);
		fact = fact_of(proc, known, EV_PROCESS_SEEN);
	}
	fact_set(&fact, F_PARENT, row->ppid);
	fact_set(&fact, F_NAME, known->name);
	fact_set(&fact, F_STATE, row->state);
	snprintf(path, sizeof(path), "/proc/%u", known->key.pid);
	if (!stat(path, &info))
		fact_set(&fact, F_UID, info.st_uid);
	push(proc, &fact, FACT_STATE);
	if (born && row->state == THREAD_ZOMBIE) {
		fact = fact_of(proc, known, EV_PROCESS_ZOMBIE);
		fact_set(&fact, F_PARENT, row->ppid);
		push(proc, &fact, 0);
	}
}

static void tell_zombie(struct proc_source *proc, const struct known *known, const struct row *row)
{
	struct fact fact = fact_of(proc, known, EV_PROCESS_EXITED);

	push(proc, &fact, news(proc));
	fact = fact_of(proc, known, EV_PROCESS_ZOMBIE);
	fact_set(&fact, F_PARENT, row->ppid);
	push(proc, &fact, news(proc));
}

static void tell_orphaned(struct proc_source *proc, const struct known *known, const struct row *row)
{
	struct fact fact = fact_of(proc, known, EV_PROCESS_ORPHANED);

	fact_set(&fact, F_FROM, known->ppid);
	fact_set(&fact, F_TO, row->ppid);
	push(proc, &fact, 0);
}

static void tell_renamed(struct proc_source *proc, const struct known *known)
{
	struct fact fact = fact_of(proc, known, EV_THREAD_NAMED);

	fact_set(&fact, F_NAME, known->name);
	push(proc, &fact, news(proc));
}

static void tell_state(struct proc_source *proc, const struct known *known)
{
	struct fact fact = fact_of(proc, known, EV_THREAD_STATE);

	fact_set(&fact, F_STATE, known->state);
	push(proc, &fact, FACT_STATE);
}

static void tell_cost(struct proc_source *proc, const struct known *known)
{
	struct fact fact = fact_of(proc, known, EV_PROCESS_COUNTED);

	fact_set(&fact, F_RESIDENT, (int64_t)known->resident);
	fact_set(&fact, F_CPU_NS, (int64_t)known->cpu_ns);
	push(proc, &fact, FACT_STATE);
}

static void tell_changes(struct proc_source *proc, struct known *known, const struct row *row)
{
	uint32_t name = names_id(proc->stream->names, row->name);

	if (!proc->kernel_tells && row->ppid != known->ppid)
		tell_orphaned(proc, known, row);
	if (row->state == THREAD_ZOMBIE && known->state != THREAD_ZOMBIE)
		tell_zombie(proc, known, row);
	known->ppid = row->ppid;
	if (name != known->name) {
		known->name = name;
		tell_renamed(proc, known);
	}
	if (row->state != known->state) {
		known->state = row->state;
		if (row->state != THREAD_ZOMBIE)
			tell_state(proc, known);
	}
	if (row->cpu_ns != known->cpu_ns || row->resident != known->resident) {
		known->cpu_ns = row->cpu_ns;
		known->resident = row->resident;
		tell_cost(proc, known);
	}
}

static void compare(struct proc_source *proc, const struct row *row, bool first_sweep)
{
	struct row_key key = key_of(row);
	bool added;
	struct known *known = store_add(&proc->known, &key, &added);

	if (!known)
		return;
	known->sweep = proc->sweep;
	if (!added) {
		tell_changes(proc, known, row);
		return;
	}
	known->ppid = row->ppid;
	known->state = row->state;
	known->name = names_id(proc->stream->names, row->name);
	known->cpu_ns = row->cpu_ns;
	known->resident = row->resident;
	tell_first_sight(proc, known, row, !first_sweep && !proc->kernel_tells && !is_root(proc, row));
	tell_cost(proc, known);
}

/* Who was there and is not any more: died, and if it was a zombie somebody has asked. We cannot know who, nor how. */
static bool keep_if_seen(const void *entry, void *context)
{
	const struct known *known = entry;
	struct proc_source *proc = context;

	if (known->sweep == proc->sweep)
		return true;
	struct fact fact = fact_of(proc, known, EV_PROCESS_EXITED);
	if (known->state != THREAD_ZOMBIE)
		push(proc, &fact, news(proc));
	fact = fact_of(proc, known, EV_PROCESS_REAPED);
	push(proc, &fact, news(proc));
	return false;
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

/* ---- threads ---- */

static void compare_thread(void *context, const struct procps_row *row)
{
	struct proc_source *proc = context;
	struct pid_key row_key = { .pid = (uint32_t)row->pid };
	const struct row *process = store_find(&proc->rows, &row_key);
	bool added;

	if (process && process->mine > 0) { /* a main thread: those behind it are its siblings */
		proc->thread_pid = row->pid;
		proc->thread_start = process->start;
	}
	struct thread_row_key key = { .pid = (uint32_t)proc->thread_pid, .tid = (uint32_t)row->pid,
	                              .start = proc->thread_start };
	struct known_thread *thread = store_add(&proc->threads, &key, &added);
	if (!thread)
		return;
	thread->sweep = proc->thread_sweep;
	uint32_t name = names_id(proc->stream->names, row->name);
	struct fact fact = fact_make(EV_THREAD_STARTED, SOURCE_PROC, proc->now_ns, key.pid, key.start);
	fact.tid = key.tid == key.pid ? 0 : key.tid;
	if (fact.tid && (added || thread->name != name)) {
		fact_set(&fact, F_NAME, name);
		push(proc, &fact, FACT_STATE);
	}
	if (fact.tid && (added || thread->state != row->state)) {
		fact.event = EV_THREAD_STATE;
		fact.known = 0;
		fact_set(&fact, F_STATE, row->state);
		push(proc, &fact, FACT_STATE);
	}
	thread->name = name;
	thread->state = row->state;
}

static bool keep_thread_if_seen(const void *entry, void *context)
{
	const struct known_thread *thread = entry;
	struct proc_source *proc = context;

	if (thread->sweep == proc->thread_sweep)
		return true;
	if (!proc->kernel_tells && thread->key.tid != thread->key.pid) {
		struct fact fact = fact_make(EV_THREAD_EXITED, SOURCE_PROC, proc->now_ns, thread->key.pid, thread->key.start);
		fact.tid = thread->key.tid;
		push(proc, &fact, 0);
	}
	return false;
}

static void sweep_threads(struct proc_source *proc)
{
	pid_t *pids = malloc((proc->known.count + 1) * sizeof(*pids));
	const struct known *known;
	unsigned count = 0;

	if (!pids)
		return;
	for store_each(known, &proc->known)
		if (known->state != THREAD_ZOMBIE)
			pids[count++] = (pid_t)known->key.pid;
	proc->thread_sweep++;
	procps_threads(proc->procps, pids, count, compare_thread, proc);
	free(pids);
	store_keep(&proc->threads, keep_thread_if_seen, proc);
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
	sweep_threads(proc);
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
