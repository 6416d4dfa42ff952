/* proc_threads.c: which threads came, went, or changed name or state since the last look at /proc? */
#include <stdlib.h>

#include "sources/proc_inside.h"

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
		proc_push(proc, &fact, FACT_STATE);
	}
	if (fact.tid && (added || thread->state != row->state)) {
		fact.event = EV_THREAD_STATE;
		fact.known = 0;
		fact_set(&fact, F_STATE, row->state);
		proc_push(proc, &fact, FACT_STATE);
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
		proc_push(proc, &fact, 0);
	}
	return false;
}

void proc_sweep_threads(struct proc_source *proc)
{
	pid_t *pids = malloc((proc->known.count + 1) * sizeof(*pids));
	const struct known *known;
	unsigned count = 0;

	if (!pids)
		return;
	for store_each(known, &proc->known) /* a main thread alone has been told as its process */
		if (known->state != THREAD_ZOMBIE && known->nr_threads > 1)
			pids[count++] = (pid_t)known->key.pid;
	proc->thread_sweep++;
	procps_threads(proc->procps, pids, count, compare_thread, proc);
	free(pids);
	store_keep(&proc->threads, keep_thread_if_seen, proc);
}
