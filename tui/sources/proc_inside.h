/* proc_inside.h: one look at /proc after the other, as the files of its source share it. */
#ifndef SOURCES_PROC_INSIDE_H
#define SOURCES_PROC_INSIDE_H

#include "model/store.h"
#include "sources/procps.h"
#include "sources/source.h"

struct pid_key { uint32_t pid, zero; };
struct row_key { uint32_t pid, zero; uint64_t start; };
struct row { /* a process of the last sweep, ours or not */
	struct pid_key key; /* a pid is there once in a sweep */
	pid_t ppid;
	uint64_t start, cpu_ns, resident;
	unsigned nr_threads;
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
	unsigned nr_threads;
	uint64_t zombie_ns; /* when it was seen to have become one; 0: it was one before we looked, or is none */
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

/* proc_tell.c: what the difference between two looks says. */
void proc_push(struct proc_source *proc, struct fact *fact, uint8_t flags);
/* What the kernel tells as it happens is no news here, but how things stand: a death between the first look at /proc and
 * the probes was told by nobody. */
uint8_t proc_news(const struct proc_source *proc);
void proc_tell_first_sight(struct proc_source *proc, struct known *known, const struct row *row, bool born);
void proc_tell_cost(struct proc_source *proc, const struct known *known);
void proc_tell_changes(struct proc_source *proc, struct known *known, const struct row *row);
void proc_tell_gone(struct proc_source *proc, const struct known *known);

/* proc_threads.c: the threads of all that is known. */
void proc_sweep_threads(struct proc_source *proc);

#endif
