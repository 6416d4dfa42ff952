/* model.h: what is known of pools, workers, threads and processes at one moment?
 *
 * Facts in, state out: no I/O, no clock, so that live, paused, rewound and replayed are the same code. The model is a few
 * stores that refer to each other by key, never by pointer, so that it can be copied whole: that is how time runs
 * backwards (history.h). A process is pid AND start time. Who is its parent now (`parent`) and who bore it (`born_of`)
 * are two things: an orphan has different ones.
 *
 * The dead stay, with the cause, until model_forget(). */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "model/fact.h"
#include "model/names.h"
#include "model/store.h"
#include "pool-runtime/contract/states.h"

enum { UNKNOWN = -1 }; /* for every int64_t below that may not be known */

struct process_key { uint32_t pid, zero; uint64_t start; };
struct process {
	struct process_key key;
	struct process_key parent;   /* now; pid 0: unknown; start 0: a process that we know only by pid */
	struct process_key born_of;  /* pid 0: born before we looked */
	uint32_t name;               /* as it calls itself */
	uint32_t pool;               /* pool's key as a name id, where it is a worker or a pool's parent; else 0 */
	int32_t slot;                /* its slot there; -1: the parent, or no worker */
	uint8_t state;               /* enum thread_state, of the process as a whole */
	uint8_t how;                 /* enum fork_manner */
	bool orphaned, exited, reaped, from_start; /* from_start: we saw it being born */
	uint8_t source;              /* enum fact_source that knows it best */
	uint64_t since_ns;           /* in this state since */
	uint64_t born_ns;            /* 0: before we looked */
	uint64_t died_ns;            /* 0: lives */
	int64_t exit_code, signal, core;
	int64_t cow_copies, cow_reuses, forks, threads_started; /* UNKNOWN where no probe counts */
	int64_t resident, cpu_ns, uid;
	uint32_t reaper;             /* pid, once reaped */
	int64_t zombie_ns;           /* how long it was one, once reaped */
	uint32_t last_thread;        /* tid of its newest thread, from which thread.before leads to the others; 0 none */
};

struct pid_key { uint32_t pid, zero; };
struct process_latest { struct pid_key key; uint64_t start; };

struct thread_key { uint32_t pid, tid; uint64_t start; };
struct thread {
	struct thread_key key;
	uint32_t name, on;           /* name ids */
	uint32_t before;             /* tid of the thread that its process had got before this one; 0 none */
	uint8_t state;               /* enum thread_state */
	uint64_t since_ns, died_ns;
};

struct pool_key { uint32_t id, zero; }; /* name id of "pid.start.n" */
struct pool {
	struct pool_key key;
	struct process_key parent;
	uint32_t name, reason;
	uint8_t kind, state;         /* enum pool_kind, pool_state */
	uint8_t start_method;        /* enum start_method; NR_START_METHODS: not known */
	uint8_t source;
	int64_t workers;             /* that it keeps */
	uint64_t opened_ns, since_ns;
	uint64_t jobs_submitted, jobs_finished, deaths;
};

struct worker_key { uint32_t pool, slot; };
struct worker {
	struct worker_key key;
	struct process_key process;  /* who lives in the slot, or lived there last */
	uint8_t state;               /* enum worker_state */
	uint64_t since_ns;
	uint64_t task;               /* 0: none */
	uint32_t function;
	int64_t done, failed, busy_ns;
	uint64_t lives;              /* processes that this slot has had */
	/* the last death in this slot; died.pid 0: none */
	struct process_key died;
	uint64_t died_ns, died_task;
	uint32_t died_function, died_cause;
};

struct helper_key { uint32_t pool, role; };
struct helper {
	struct helper_key key;
	uint32_t tid, name;
	bool exited;
	uint64_t since_ns;
};

struct queue_key { uint32_t pool, name; };
struct queue {
	struct queue_key key;
	int64_t depth, bytes, capacity, high, in, out;
	uint64_t since_ns;
};

struct probe_key { uint32_t name, zero; };
struct probe_status { struct probe_key key; uint8_t state; uint32_t reason; };

struct lost_key { uint32_t ring, zero; };
struct lost { struct lost_key key; uint64_t count, last_ns; };

struct model {
	uint64_t now_ns;             /* of the latest fact, or of model_tick() */
	uint64_t nr_facts;           /* applied so far */
	uint64_t event_count[NR_EVENTS];
	uint32_t note;               /* the latest words for people: a name id; 0 none */
	uint64_t note_ns;
	struct store processes, threads, pools, workers, helpers, queues, probes, lost;
	struct store latest;         /* pid -> start of the process that had it last: struct process_latest */
};

void model_init(struct model *model);
void model_finish(struct model *model);
int model_copy(struct model *to, const struct model *from); /* 0 or -ENOMEM, `to` as it was */

/* Facts should come in order of time; one that comes late is applied as far as it still says something. Never fails:
 * without memory a fact is dropped and counted in records.lost's place. */
void model_apply(struct model *model, const struct fact *fact);
/* Time goes on though nothing happens. */
void model_tick(struct model *model, uint64_t now_ns);
/* Lets go of processes and threads that were gone before `before_ns`, and joined pools likewise. */
void model_forget(struct model *model, uint64_t before_ns);

/* Questions. NULL where there is none. */
struct process *model_process(const struct model *model, uint32_t pid, uint64_t start);
struct process *model_process_by_pid(const struct model *model, uint32_t pid); /* the one that lives, else the latest */
struct thread *model_thread(const struct model *model, uint32_t pid, uint64_t start, uint32_t tid);
struct thread *process_newest_thread(const struct model *model, const struct process *process);
struct thread *thread_before(const struct model *model, const struct thread *thread); /* of the same process */
struct pool *model_pool(const struct model *model, uint32_t key);
struct pool *model_pool_of(const struct model *model, uint32_t pid);           /* parent's or worker's pid */
struct worker *model_worker(const struct model *model, uint32_t pool, uint32_t slot);
bool process_is_alive(const struct process *process);                          /* not exited */
bool pool_is_over(const struct pool *pool);                                    /* joined or dead: nobody works there */
bool worker_died_with_pool(const struct worker *worker, const struct pool *pool); /* in mid-task, its pool's parent gone */
unsigned pool_count(const struct model *model, const struct pool *pool, enum worker_state state);
/* Its workers in the order of their slots: the first behind slot `after`; -1 for the first of all. NULL: no more. */
struct worker *pool_next_worker(const struct model *model, const struct pool *pool, int64_t after);
/* Entries waiting in backlog and tasks; UNKNOWN if it has no such queue. */
int64_t pool_queued(const struct model *model, const struct names *names, const struct pool *pool);

#endif
