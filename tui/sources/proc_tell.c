/* proc_tell.c: which facts does the difference between two looks at /proc say? */
#include <stdio.h>
#include <sys/stat.h>

#include "sources/proc_inside.h"

void proc_push(struct proc_source *proc, struct fact *fact, uint8_t flags)
{
	fact->flags = FACT_SAMPLED | flags;
	stream_push(proc->stream, fact);
}

uint8_t proc_news(const struct proc_source *proc)
{
	return proc->kernel_tells ? FACT_STATE : 0;
}

static struct fact fact_of(const struct proc_source *proc, const struct known *known, enum event event)
{
	return fact_make(event, SOURCE_PROC, proc->now_ns, known->key.pid, known->key.start);
}

static void tell_zombie(struct proc_source *proc, struct known *known, const struct row *row)
{
	struct fact fact = fact_of(proc, known, EV_PROCESS_EXITED);

	proc_push(proc, &fact, proc_news(proc));
	fact = fact_of(proc, known, EV_PROCESS_ZOMBIE);
	fact_set(&fact, F_PARENT, row->ppid);
	proc_push(proc, &fact, proc_news(proc));
	known->zombie_ns = proc->now_ns;
}

void proc_tell_first_sight(struct proc_source *proc, struct known *known, const struct row *row, bool born)
{
	struct fact fact = fact_of(proc, known, born ? EV_PROCESS_FORKED : EV_PROCESS_SEEN);
	char path[32];
	struct stat info;

	if (born) {
		fact_set(&fact, F_PARENT, row->ppid);
		fact_set(&fact, F_NAME, known->name);
		proc_push(proc, &fact, 0);
		fact = fact_of(proc, known, EV_PROCESS_SEEN);
	}
	fact_set(&fact, F_PARENT, row->ppid);
	fact_set(&fact, F_NAME, known->name);
	fact_set(&fact, F_STATE, row->state);
	snprintf(path, sizeof(path), "/proc/%u", known->key.pid);
	if (!stat(path, &info))
		fact_set(&fact, F_UID, info.st_uid);
	proc_push(proc, &fact, FACT_STATE);
	if (born && row->state == THREAD_ZOMBIE)
		tell_zombie(proc, known, row);
}

static void tell_orphaned(struct proc_source *proc, const struct known *known, const struct row *row)
{
	struct fact fact = fact_of(proc, known, EV_PROCESS_ORPHANED);

	fact_set(&fact, F_FROM, known->ppid);
	fact_set(&fact, F_TO, row->ppid);
	proc_push(proc, &fact, 0);
}

static void tell_renamed(struct proc_source *proc, const struct known *known)
{
	struct fact fact = fact_of(proc, known, EV_THREAD_NAMED);

	fact_set(&fact, F_NAME, known->name);
	proc_push(proc, &fact, proc_news(proc));
}

static void tell_state(struct proc_source *proc, const struct known *known)
{
	struct fact fact = fact_of(proc, known, EV_THREAD_STATE);

	fact_set(&fact, F_STATE, known->state);
	proc_push(proc, &fact, FACT_STATE);
}

void proc_tell_cost(struct proc_source *proc, const struct known *known)
{
	struct fact fact = fact_of(proc, known, EV_PROCESS_COUNTED);

	fact_set(&fact, F_RESIDENT, (int64_t)known->resident);
	fact_set(&fact, F_CPU_NS, (int64_t)known->cpu_ns);
	proc_push(proc, &fact, FACT_STATE);
}

void proc_tell_changes(struct proc_source *proc, struct known *known, const struct row *row)
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
		proc_tell_cost(proc, known);
	}
}

/* Died, and if it was a zombie somebody has asked. We cannot know who, nor how; how long it was one, as far as two looks
 * can tell. */
void proc_tell_gone(struct proc_source *proc, const struct known *known)
{
	struct fact fact = fact_of(proc, known, EV_PROCESS_EXITED);

	if (known->state != THREAD_ZOMBIE)
		proc_push(proc, &fact, proc_news(proc));
	fact = fact_of(proc, known, EV_PROCESS_REAPED);
	if (known->zombie_ns)
		fact_set(&fact, F_ZOMBIE_NS, (int64_t)(proc->now_ns - known->zombie_ns));
	proc_push(proc, &fact, proc_news(proc));
}
