/* procps.h: which processes and threads are there? The only file that knows procps's library (libproc2).
 *
 * Its value macros differ between releases, so procps.c reads the results directly and hands on plain rows. */
#ifndef SOURCES_PROCPS_H
#define SOURCES_PROCPS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "pool-runtime/contract/states.h"

struct procps;

struct procps_row {
	pid_t pid, ppid;       /* for a thread: pid is its tid */
	uint64_t start;        /* field 22 of /proc/PID/stat */
	enum thread_state state;
	uint64_t cpu_ns;
	uint64_t resident;     /* bytes; processes only */
	unsigned nr_threads;   /* of its process */
	const char *name;      /* comm, as it is; valid during the call */
};
typedef void procps_take(void *context, const struct procps_row *row);

/* 0 or -errno. */
int procps_open(struct procps **procps);
void procps_close(struct procps *procps);

/* Every process of the machine that we may see. Returns how many, or -errno. */
int procps_sweep(struct procps *procps, procps_take *take, void *context);
/* Every thread of these processes, each process's main thread first. A pid that is gone gives nothing. */
int procps_threads(struct procps *procps, const pid_t *pids, unsigned count, procps_take *take, void *context);

/* One process; false if there is none. name (16 bytes or NULL) is filled. */
bool procps_one(pid_t pid, uint64_t *start, pid_t *ppid, enum thread_state *state, char *name);

#endif
