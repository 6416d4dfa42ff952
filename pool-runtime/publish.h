/* publish.h: how does a pool say what it does, without ever waiting for who listens?
 *
 * The writer's half of contract/segment.h; its other half is reader.h. A publisher owns one segment, maps it shared, and
 * its workers inherit the mapping. Every function takes a NULL publisher and then does nothing: a pool whose segment
 * cannot be made works on unobserved. None waits, takes a lock between processes, makes a system call (but open, close,
 * a worker's begin, a helper's start and the first record of a caller's thread) or changes errno. Times are taken inside.
 *
 * Who writes what: a worker its own slot and ring from publisher_worker_begin() on; the worker handler a worker's slot
 * only while nobody lives in it; a helper its own slot and ring; up to PUBLISH_CALLERS other threads claim a ring each
 * at their first record and give it back when they end (a thread without one only counts). */
#ifndef PUBLISH_H
#define PUBLISH_H

#include <stdint.h>
#include <sys/types.h>

#include "contract/events.h"
#include "contract/segment.h"
#include "contract/states.h"

struct publisher;

enum { PUBLISH_CALLERS = 16 };

struct publisher_plan {
	const char *name;     /* any bytes; what does not fit a segment_name is cut */
	enum pool_kind kind;
	enum start_method start_method;
	unsigned nr_workers;  /* kept now */
	unsigned max_workers; /* slots to provide, at most 65535 */
	unsigned nr_queues;   /* backlog, tasks, results first, then the program's own */
};

/* Makes the segment, all of its space allocated, and shows it under its name when it is whole. POOLSCOPE=off in the
 * environment: -ECANCELED. Otherwise -errno of what failed; nothing is left behind. Tells pool.opened. */
int publisher_open(const struct publisher_plan *plan, struct publisher **publisher);

/* Unlinks the segment and unmaps it. In a process that did not open it (a forked child) it only unmaps. */
void publisher_close(struct publisher *publisher);

/* The segment's name `<pid>.<start>.<n>`, valid as long as the publisher. "" for NULL. */
const char *publisher_key(const struct publisher *publisher);

/* An id for a text, the same for the same text; 0 where the table is full (counted) or publisher is NULL. Any thread. */
uint32_t publisher_name(struct publisher *publisher, const char *text);

/* The pool as a whole; reason only for POOL_BROKEN, else NULL. A state that it is in already is not told again. */
void publish_pool(struct publisher *publisher, enum pool_state state, const char *reason);
void publish_size(struct publisher *publisher, unsigned nr_workers);

/* A worker's life, in this order.
 *   new      worker handler, before the fork: makes slot and ring whole, raises the epoch. old: pid it replaces, or 0
 *   begin    the worker, as its first act: forgets every ring it inherited, takes its own, says who it is
 *   state    the worker: initializing, idle, exiting
 *   died     worker handler, once the worker is reaped: what it left behind becomes readable. cause: "SIGKILL", "exit 3",
 *            "status lost"; task and function: what it held, 0 if nothing
 *   gone     worker handler, once a worker that was told to leave is reaped */
void publish_worker_new(struct publisher *publisher, unsigned slot, pid_t old);
void publish_worker_begin(struct publisher *publisher, unsigned slot);
void publish_worker_state(struct publisher *publisher, unsigned slot, enum worker_state state);
void publish_worker_died(struct publisher *publisher, unsigned slot, pid_t pid, const char *cause,
                         uint64_t task, uint32_t function);
void publish_worker_gone(struct publisher *publisher, unsigned slot);

/* The worker, around a task: slot (busy, idle; its counters) and one record each. function: of publisher_name(). */
void publish_task_started(struct publisher *publisher, unsigned slot, uint64_t task, uint64_t job, uint32_t function);
void publish_task_finished(struct publisher *publisher, unsigned slot, uint64_t task, uint64_t job,
                           enum task_status status);

/* A helper thread: itself, as its first and last act; the name is its OS thread name. */
void publish_helper_started(struct publisher *publisher, enum helper_role role, const char *name);
void publish_helper_state(struct publisher *publisher, enum helper_role role, enum thread_state state);
void publish_helper_exited(struct publisher *publisher, enum helper_role role);

/* Jobs, and what becomes of tasks outside workers: EV_TASK_QUEUED, _LOST, _RETRIED, _DELIVERED. Any thread. */
void publish_job_submitted(struct publisher *publisher, uint64_t job, enum job_call call, uint64_t nr_tasks,
                           uint32_t chunk, uint32_t function);
void publish_job_finished(struct publisher *publisher, uint64_t job, enum task_status status);
void publish_task(struct publisher *publisher, enum event event, uint64_t task, uint64_t job,
                  unsigned slot, enum task_status status);

/* A queue. Name and capacity once; then the totals of entries put in and taken out, and the bytes waiting, by whoever
 * moved them (several may: relaxed stores, a reader takes the larger). Leaves no record: it is state. */
void publish_queue_named(struct publisher *publisher, unsigned queue, const char *name, uint64_t capacity);
void publish_queue_in(struct publisher *publisher, unsigned queue, uint64_t total_in);
void publish_queue_out(struct publisher *publisher, unsigned queue, uint64_t total_out);
void publish_queue_bytes(struct publisher *publisher, unsigned queue, uint64_t bytes);

/* Words for people, from any thread of the publisher or its workers. */
void publish_note(struct publisher *publisher, const char *text);

#endif
