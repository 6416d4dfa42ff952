/* session.h: everything that looks at running processes, put together: sources, stream, history.
 *
 *   session_open -> session_tick, again and again -> session_close
 *
 * Watches one tree, or every pool that it finds. Each fact goes into the history, and to a tap where there is one. */
#ifndef COMMANDS_SESSION_H
#define COMMANDS_SESSION_H

#include <poll.h>
#include <stdbool.h>
#include <sys/types.h>

#include "model/history.h"
#include "sources/source.h"

struct session {
	struct names *names;
	struct history history;
	struct stream stream;
	struct source *kernel, *proc; /* of the stream; NULL: not there */
	pid_t target;                 /* the root of the tree; 0: every pool */
	uint64_t target_start;
	fact_take *tap;               /* may be NULL */
	void *tap_context;
	uint64_t root_ended_ns;       /* when the target, a child of ours, was seen to end; 0: it has not */
	uint64_t over_ns;             /* since when nobody of the tree has been alive; 0: somebody is */
	uint64_t forgot_ns;
	bool owned;                   /* the target is a child of ours: no pool above it is looked for */
};

struct session_plan {
	pid_t target;       /* 0: every pool */
	bool owned;
	const char *name;   /* of the program that `target` will become; NULL: as it calls itself now */
	bool kernel;        /* load the probes now; else session_load_kernel() later, or never */
	bool cow;           /* count copy-on-write from now on */
	size_t history;     /* facts to keep */
	fact_take *tap;
	void *tap_context;
};

/* 0 or -errno: -ESRCH if there is no such process. */
int session_open(struct session *session, const struct session_plan *plan);
void session_close(struct session *session);

/* Loads the probes (40 to 90 ms) and gives them what is watched already. */
void session_load_kernel(struct session *session, bool cow);
void session_need_cow(struct session *session, bool needed);

/* Drains everything up to now. */
void session_tick(struct session *session);
/* The same, then looks on until the present state of everything has been told (two rounds). */
void session_settle(struct session *session);

/* Waits for news or `timeout_ms`; also wakes for `fds`, if any. What poll() says. */
int session_wait(struct session *session, struct pollfd *fds, unsigned nr_fds, int timeout_ms);

/* The target was a child of ours, and has ended: we know, whether or not any source tells. */
void session_root_ended(struct session *session);

/* Whether the tree has ended: all have exited, and all have been reaped or 200 ms went by in which that could be seen. */
bool session_is_over(const struct session *session);

/* Why births and deaths are not told by the kernel; "" if they are. */
const char *session_kernel_reason(const struct session *session);

#endif
