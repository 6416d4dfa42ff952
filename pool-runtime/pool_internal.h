/* pool_internal.h: what does a pool consist of? For the pool's own .c files; everybody else knows poolscope/pool.h.
 *
 *	pool_create.c, pool.c     a pool's life: create; close, terminate, join, destroy
 *	pool_list.c, note.c       the pools of this process at its exit; words for people
 *	pool_shared.c             the memory that parent and workers share
 *	submit.c                  apply and map: a call becomes a job
 *	job.c, job_end.c          a job: its items and tasks; its values, its end
 *	result.c                  what a caller may ask of a result
 *	feed.c                    tasks into the ring
 *	collect.c                 results out of the rings, and who does that
 *	task_handler.c, result_handler.c, worker_handler.c        the three helpers
 *	worker_start.c, worker_death.c                            how a worker is forked; what died with it
 *	worker.c, worker_idle.c, output.c                         in the worker: its loop; without work; a value
 *	task_ring.c, result_ring.c, arena.c, frame.h, wake.c      the pieces, usable alone
 *
 *	                 pool->lock, in the parent                      shared memory, no locks
 *	caller --job--> backlog --feed--> ............................. task ring --claim--> worker
 *	caller <-ready- job <--collect-- .............................. its result ring <--put---/
 *
 * One lock guards all that the parent's threads share. Workers never see it. Whoever waits for a result collects, and
 * feeds; the helpers do so when nobody waits. */
#ifndef POOL_INTERNAL_H
#define POOL_INTERNAL_H

#include <pthread.h>
#include <signal.h>
#include <stdalign.h>

#include "poolscope/pool.h"
#include "publish.h"
#include "arena.h"
#include "result_ring.h"
#include "task_ring.h"
#include "wake.h"

/* ---- shared with the workers ---------------------------------------------------------------------------------------- */

/* How far a worker's life has come; written by the worker, but for the first. */
enum worker_stage {
	STAGE_FORKED,       /* nothing of the program's has run in it */
	STAGE_INITIALIZING,
	STAGE_READY,        /* the initializer, if any, succeeded */
	STAGE_FAILED,       /* the initializer failed */
	STAGE_LEAVING,      /* told to, or it has run as many tasks as it may */
};

struct worker_cell {
	alignas(64) _Atomic uint32_t bell; /* the worker sleeps on it */
	_Atomic uint32_t stage;            /* enum worker_stage */
	_Atomic uint32_t watched;          /* its death will be seen: it may begin */
	_Atomic uint32_t blocked;          /* it sleeps because its result ring is full */
	_Atomic uint64_t batch;            /* TASK_BATCH: what it may have claimed and not begun */
};

enum { NR_IDLE_WORDS = (POOL_MAX_WORKERS + 63) / 64 };

/* What idle workers do: a bit each. A dead worker's bits are cleared one by one: counters could not be repaired. */
struct idle_words {
	_Atomic uint64_t spinning[NR_IDLE_WORDS]; /* looks for tasks: will find what is published now */
	_Atomic uint64_t sleeping[NR_IDLE_WORDS]; /* must be woken */
};

struct pool_shared {
	alignas(64) _Atomic uint32_t stop;     /* workers leave before the next task */
	_Atomic uint32_t nr_ready;             /* workers that ever got through their initializer */
	/* Who collects results (collect.c); written by the parent alone. */
	alignas(64) _Atomic uint32_t caller_collects;
	_Atomic uint32_t caller_sleeps;
	_Atomic uint32_t handler_sleeps;
	_Atomic uint32_t caller_bell;
	_Atomic uint32_t handler_bell;
	alignas(64) struct idle_words idle;
	alignas(64) struct task_ring tasks;
	/* behind it: cells, result rings, arena_shared */
};

/* ---- jobs ------------------------------------------------------------------------------------------------------------ */

enum job_state {
	JOB_RUNNING,
	JOB_COMPLETE, /* every task has ended; a callback must still run */
	JOB_READY,
};

#define NO_TASK UINT32_MAX

struct job_task {
	uint64_t block;   /* in the arena: its argument until it is done, then its value; 0 none */
	uint32_t next;    /* of the job's returned tasks, or NO_TASK */
	uint8_t attempts; /* workers that died running it */
	bool in_flight;   /* fed, not yet ended */
	bool done;
};

/* Memory for small values, given out from the front. */
struct job_memory {
	struct job_memory *next;
	size_t used, size;
	alignas(16) unsigned char bytes[];
};

/* A call: as the caller's handle it is a struct pool_result. */
struct pool_result {
	/* Set when it is made. */
	struct pool *pool;      /* not looked at once it is ready: the pool may be gone */
	struct arena *arena;
	unsigned generation;    /* of the process: fork_generation() */
	uint64_t number, first_task;
	pool_function *function;
	const char *name;
	uint32_t name_id;
	enum job_call call;
	struct pool_callbacks callbacks;
	bool has_callbacks;
	size_t nr_items, chunk;
	uint32_t nr_tasks;
	const struct pool_bytes *items; /* the arguments: these, */
	const unsigned char *array;     /* or nr_items of item_size here */
	size_t item_size;
	void *copy;                     /* of them, ours, or NULL */

	_Atomic unsigned references;    /* the caller's handle; the pool's until it is ready */
	_Atomic int state;              /* enum job_state */
	_Atomic uint32_t nr_done;

	/* Guarded by pool->lock until it is ready; then constant. */
	struct pool_result *next_in_table, *next_in_queue; /* job table; backlog or callbacks */
	bool in_backlog;
	uint32_t nr_fed;                /* tasks before this one have been fed once */
	uint32_t returned;              /* first of those that are to be fed again */
	struct job_task *tasks;
	struct pool_bytes *values;
	struct job_memory *memory;
	struct pool_error error;        /* text NULL: none */
	char *error_text;

	/* What a call of one task needs, without another allocation. */
	struct job_task one_task;
	struct pool_bytes one_value;
	size_t small_used;
	alignas(16) unsigned char small[48];
};

struct job_queue {
	struct pool_result *first, *last;
};

/* ---- the parent's ---------------------------------------------------------------------------------------------------- */

/* Waits under the lock for a condition made by pool_condition_init(). 0 or -ETIMEDOUT. */
int pool_wait(struct pool *pool, pthread_cond_t *condition, uint64_t deadline_ns);
void pool_condition_init(pthread_cond_t *condition);

enum { POOL_NAME_SIZE = 120, JOB_TABLE_SIZE = 1024, REASON_SIZE = 256 };

struct pool_worker {
	pid_t pid;      /* 0: nobody */
	int pidfd;
	pid_t previous; /* who died in this slot before, 0: nobody, or it left as told */
};

/* A caller that waits while another one collects. On its stack; in the list while pool->lock was not left. */
struct waiter {
	struct waiter *next;
	struct pool_result *job;
	pthread_cond_t told;
	bool appointed; /* it collects now */
};

struct pool {
	/* Set when it is made. */
	struct pool_options options;
	char name[POOL_NAME_SIZE];
	unsigned generation;
	pid_t owner;
	unsigned nr_workers, ring_capacity;
	uint64_t spin_ns;             /* how long to look for news before sleeping */
	sigset_t signals;             /* mask of whoever made it: the workers' */
	struct publisher *publisher;
	int unobserved;               /* -errno of why not */
	char unobserved_reason[REASON_SIZE];
	struct arena *arena;
	struct pool_shared *shared;
	struct worker_cell *cells;
	unsigned char *result_rings;
	int epoll, wake_fd;
	pthread_t worker_handler, task_handler, result_handler;
	struct pool *next_open;       /* pool_list.c */

	pthread_mutex_t lock;
	pthread_cond_t changed;       /* started, state, ended: create and join wait for it */
	pthread_cond_t feed_wanted;   /* the task handler's */

	/* Everything below is guarded by the lock. */
	enum pool_state state;
	char reason[REASON_SIZE];     /* why it is broken */
	bool started;                 /* the first workers are forked */
	int start_error;              /* or why not */
	uint64_t kill_ns;             /* when those that got SIGTERM get SIGKILL; 0: not stopping */
	uint64_t retry_ns;            /* when to try again to fork; 0: at once */
	unsigned failed_starts;       /* in a row */
	uint32_t ready_seen;          /* shared->nr_ready at the last of them */
	bool workers_gone;            /* the last one is reaped, and every job is complete */
	bool joining, joined;
	unsigned nr_helpers;          /* of the threads above, how many were made */
	unsigned nr_helpers_over;     /* and have nothing more to do */
	struct pool_worker *workers;
	unsigned nr_alive;

	uint64_t last_job, last_task;
	unsigned nr_unfinished;       /* jobs */
	struct pool_result *table[JOB_TABLE_SIZE];
	struct job_queue backlog, callbacks;
	struct pool_result *collecting_for; /* whose caller collects, NULL none */
	struct waiter *waiters;
	bool feeding_wanted;

	struct arena_owner arguments; /* the parent's blocks */
	uint64_t put;                 /* next position to fill */
	uint64_t nr_in_flight;        /* tasks fed and not yet ended */
	uint64_t bytes_in_flight;     /* of their blocks */
	uint64_t nr_queued, nr_fed, nr_collected; /* totals, for the publisher */
};

/* pool_shared.c */
int pool_shared_create(struct pool *pool);
/* Sees to it that nr_tasks workers look, or as many as are idle. How many had to be woken. */
unsigned pool_wake_workers(struct pool *pool, uint64_t nr_tasks);
/* One that sleeps, if any: the one that spins, for whose sake nobody was woken, may be stopped. */
void pool_wake_another(struct pool *pool);
/* Everybody who may sleep in shared memory: somebody may have died before it woke them. */
void pool_wake_everybody(struct pool *pool);
void pool_forget_worker(struct pool *pool, unsigned slot);
static inline struct result_ring *pool_results_of(const struct pool *pool, unsigned slot)
{
	return (struct result_ring *)(pool->result_rings + slot * result_ring_size(pool->ring_capacity));
}

/* pool.c */
unsigned fork_generation(void); /* changes in every forked child */
static inline bool pool_is_ours(const struct pool *pool)
{
	return pool && pool->generation == fork_generation();
}
void pool_free(struct pool *pool); /* once no thread of it is left */
/* Under the lock: another state, told to all. */
void pool_move(struct pool *pool, enum pool_state state, const char *reason);
/* Under the lock: workers are being stopped whatever they do. */
static inline bool pool_is_forced(const struct pool *pool)
{
	return pool->state == POOL_TERMINATING || pool->state == POOL_BROKEN;
}
void pool_call_worker_handler(struct pool *pool);
/* As pool_join(); -ETIMEDOUT: a callback takes longer than that. */
int pool_join_until(struct pool *pool, uint64_t deadline_ns);
bool pool_is_result_handler(const struct pool *pool);

/* pool_list.c: the pools of this process, the last one first */
void pool_list_add(struct pool *pool);
void pool_list_remove(struct pool *pool);
/* Calls visit with the last one's publisher, while it cannot go away; false: there is no pool. */
bool pool_list_visit_last(void (*visit)(struct publisher *publisher, const char *text), const char *text);

/* job.c, job_end.c. All but create and release under the lock. */
int job_create(struct pool *pool, const struct pool_result *plan, bool copy, struct pool_result **job);
void job_release(struct pool_result *job);
struct pool_result *job_find(struct pool *pool, uint64_t number);
void job_insert(struct pool *pool, struct pool_result *job);
void job_remove(struct pool *pool, struct pool_result *job);
/* The first item of a task, how many it has, and each. */
static inline size_t job_task_begin(const struct pool_result *job, uint32_t index)
{
	return index * job->chunk;
}
static inline size_t job_task_items(const struct pool_result *job, uint32_t index)
{
	size_t left = job->nr_items - job_task_begin(job, index);

	return left < job->chunk ? left : job->chunk;
}
struct pool_bytes job_item(const struct pool_result *job, size_t item);
/* A task ended: its function returned (with a value or an error), or it will not. Either may end the job and free it. */
void job_task_returned(struct pool *pool, struct pool_result *job, uint32_t index, unsigned slot,
                       const struct result_record *record);
void job_task_failed(struct pool *pool, struct pool_result *job, uint32_t index, const struct pool_error *error);
void job_complete(struct pool *pool, struct pool_result *job);
void job_cancel_all(struct pool *pool, int code, const char *text);
void job_become_ready(struct pool *pool, struct pool_result *job);
void job_queue_add(struct job_queue *queue, struct pool_result *job);
void job_queue_add_first(struct job_queue *queue, struct pool_result *job);
struct pool_result *job_queue_take(struct job_queue *queue);

/* feed.c, under the lock. */
unsigned feed_tasks(struct pool *pool); /* how many workers had to be woken */
void feed_return(struct pool *pool, struct pool_result *job, uint32_t index);
void feed_forget(struct pool *pool, struct pool_result *job, uint32_t index); /* its argument is not needed any more */

/* collect.c */
unsigned collect_results(struct pool *pool); /* under the lock */
unsigned collect_from(struct pool *pool, unsigned slot);
bool collect_is_there(struct pool *pool);    /* any thread: is there a result in a ring? */
int collect_until_ready(struct pool *pool, struct pool_result *job, uint64_t deadline_ns, bool spin);
void collect_wake_result_handler(struct pool *pool);
void collect_tell_waiters(struct pool *pool, struct pool_result *job); /* under the lock */
void collect_tell_collector(struct pool *pool);                        /* a worker, after result_ring_put() */

/* task_handler.c, result_handler.c, worker_handler.c: thread functions; their argument is the pool. */
void *task_handler(void *argument);
void *result_handler(void *argument);
void *worker_handler(void *argument);
void helper_begin(struct pool *pool, enum helper_role role, const char *suffix); /* names the thread */
void helper_end(struct pool *pool, enum helper_role role); /* under the lock, which it leaves */

/* worker_start.c: in the worker handler's thread */
int worker_start(struct pool *pool, unsigned slot);
/* worker_death.c: under the lock, once it is reaped */
struct worker_end {
	pid_t pid;
	int signal;    /* 0 none */
	int exit_code; /* -1 none; both none: status lost */
};
void worker_end_print(const struct worker_end *end, char *text, size_t size);  /* "SIGKILL", "exit 3", "status lost" */
void worker_end_tell(const struct worker_end *end, char *text, size_t size);   /* "worker 12 died of SIGKILL" */
void worker_death(struct pool *pool, unsigned slot, const struct worker_end *end, bool told);

/* worker.c, worker_idle.c: in the worker */
void worker_run(struct pool *pool, unsigned slot) __attribute__((noreturn));
bool worker_steal(struct pool *pool, unsigned slot, uint64_t *position);
void worker_idle(struct pool *pool, unsigned slot); /* returns when there may be work, or stop */
bool worker_self(struct publisher **publisher); /* is this process a worker? Its pool's publisher, NULL if unobserved */

/* output.c */
struct pool_output {
	struct arena_owner *arena;
	uint64_t block;        /* offset, 0: inline */
	unsigned char *bytes;  /* what is written: in the block, or in_place */
	size_t used, room;
	size_t item_begin;     /* of the item that is being written */
	size_t nr_items;       /* in a frame; 1: bare */
	size_t frame_end;      /* where the last item that is complete ends */
	int error;             /* 0, -EREMOTEIO, -ENOMEM */
	char *error_text;      /* allocated, or NULL */
	alignas(16) unsigned char in_place[RESULT_INLINE_SIZE];
};
void output_begin(struct pool_output *output, struct arena_owner *arena, size_t nr_items);
void output_begin_item(struct pool_output *output);
void output_end_item(struct pool_output *output, size_t item);
void output_finish(struct pool_output *output, struct result_record *record);

#endif
