/* states.h: which states, roles and manners are there, and by which word is each known?
 *
 * Every list is X(SYMBOL, word, letter, meaning) and is the only place where its words stand: enums, labels, JSON,
 * manual and tests derive from it. Numbers are written to segments and recordings, so a new entry goes to the end
 * and none is ever removed. Freestanding: BPF programs compile it. */
#ifndef CONTRACT_STATES_H
#define CONTRACT_STATES_H

/* A worker's life. Before it starts a worker has no pid: "new" is the pool's word for an empty slot.
 *
 *   new -> starting -> initializing -> idle <-> busy        died: from anywhere, by a signal or an
 *            |            |             |        |                exit that nobody asked for
 *            +------------+-> exiting <-+--------+          died, exiting -> starting: replaced       */
#define WORKER_STATES(X) \
	X(NEW,          "new",          'n', "the slot is empty: no process yet") \
	X(STARTING,     "starting",     's', "forked, not yet at its first own line") \
	X(INITIALIZING, "initializing", 'I', "runs the pool's initializer") \
	X(IDLE,         "idle",         '.', "waits for a task") \
	X(BUSY,         "busy",         'B', "runs a task") \
	X(EXITING,      "exiting",      'x', "leaves because it was told to") \
	X(DIED,         "died",         'D', "gone without being told to")

/*   open -> closing -> joined      closing: takes no more jobs, finishes what it has
 *     |        |          ^        terminating: drops what it has
 *     +--------+-> terminating     broken: cannot start workers any more */
#define POOL_STATES(X) \
	X(OPEN,        "open",        'o', "takes jobs") \
	X(CLOSING,     "closing",     'c', "takes no more jobs, finishes those that it has") \
	X(TERMINATING, "terminating", 't', "stops its workers without finishing") \
	X(JOINED,      "joined",      'j', "over: every worker is gone") \
	X(BROKEN,      "broken",      '!', "cannot work any more") \
	X(DEAD,        "dead",        'X', "its parent is gone without a word")

/* The textbook's states, for threads and processes; the kernel's letter is in brackets in the meaning. */
#define THREAD_STATES(X) \
	X(NEW,     "new",     'N', "created, has not yet run") \
	X(READY,   "ready",   'r', "could run, has no processor (R)") \
	X(RUNNING, "running", 'R', "runs on a processor (R)") \
	X(WAITING, "waiting", 'S', "waits for something (S, or D where it cannot be interrupted)") \
	X(STOPPED, "stopped", 'T', "stopped by a signal or a debugger (T, t)") \
	X(ZOMBIE,  "zombie",  'Z', "dead, not yet reaped by its parent (Z)") \
	X(GONE,    "gone",    'X', "dead and reaped")

#define HELPER_ROLES(X) \
	X(WORKER_HANDLER, "worker_handler", 'w', "starts workers, reaps and replaces the dead") \
	X(TASK_HANDLER,   "task_handler",   't', "moves the backlog to the workers") \
	X(RESULT_HANDLER, "result_handler", 'r', "brings results back, runs callbacks") \
	X(FORKSERVER,     "forkserver",     'f', "forks workers from a small, single-threaded process") \
	X(MANAGER,        "manager",        'm', "serves shared objects to other processes") \
	X(FEEDER,         "feeder",         'q', "writes a queue's buffer to its pipe")

#define POOL_KINDS(X) \
	X(PROCESS, "process", 'p', "the workers are processes") \
	X(THREAD,  "thread",  't', "the workers are threads") \
	X(PROGRAM, "program", 'g', "no pool: a program that publishes, or a plain process tree")

#define START_METHODS(X) \
	X(FORK,       "fork",       'f', "a copy of the parent") \
	X(SPAWN,      "spawn",      's', "a fresh exec of the same program") \
	X(FORKSERVER, "forkserver", 'v', "a copy of a small server")

#define JOB_CALLS(X) \
	X(APPLY,            "apply",            'a', "one task, the caller waits") \
	X(APPLY_ASYNC,      "apply_async",      'A', "one task, the caller goes on") \
	X(MAP,              "map",              'm', "one task for each chunk, the caller waits") \
	X(MAP_ASYNC,        "map_async",        'M', "one task for each chunk, the caller goes on") \
	X(IMAP,             "imap",             'i', "results one by one, in order") \
	X(IMAP_UNORDERED,   "imap_unordered",   'u', "results one by one, as they come") \
	X(STARMAP,          "starmap",          's', "map that unpacks its arguments") \
	X(STARMAP_ASYNC,    "starmap_async",    'S', "starmap, the caller goes on") \
	X(SUBMIT,           "submit",           'f', "an executor's task")

#define TASK_STATUSES(X) \
	X(OK,        "ok",        '+', "returned a result") \
	X(FAILED,    "failed",    '-', "its function reported an error") \
	X(LOST,      "lost",      '!', "its worker died holding it") \
	X(CANCELLED, "cancelled", 'c', "dropped before it started") \
	X(TIMEOUT,   "timeout",   't', "took longer than it was allowed")

#define FORK_MANNERS(X) \
	X(FORK,  "fork",  'f', "fork(): address space copied on write") \
	X(VFORK, "vfork", 'v', "vfork(): address space lent, the parent waits") \
	X(SPAWN, "spawn", 's', "posix_spawn(): address space lent until exec") \
	X(CLONE, "clone", 'c', "clone() that shares the address space")

#define PROBE_STATES(X) \
	X(OFF,     "off",     '-', "not available: the reason says why") \
	X(READY,   "ready",   'o', "loaded, not attached: nobody needs it now") \
	X(ON,      "on",      '+', "attached")

/* enum worker_state { WORKER_NEW, ... NR_WORKER_STATES }; and so on for every list */
#define STATES_ENUM_(SYMBOL, word, letter, meaning) STATES_PREFIX_(SYMBOL),
#define STATES_PREFIX_(SYMBOL) WORKER_##SYMBOL
enum worker_state { WORKER_STATES(STATES_ENUM_) NR_WORKER_STATES };
#undef STATES_PREFIX_
#define STATES_PREFIX_(SYMBOL) POOL_##SYMBOL
enum pool_state { POOL_STATES(STATES_ENUM_) NR_POOL_STATES };
#undef STATES_PREFIX_
#define STATES_PREFIX_(SYMBOL) THREAD_##SYMBOL
enum thread_state { THREAD_STATES(STATES_ENUM_) NR_THREAD_STATES };
#undef STATES_PREFIX_
#define STATES_PREFIX_(SYMBOL) ROLE_##SYMBOL
enum helper_role { HELPER_ROLES(STATES_ENUM_) NR_HELPER_ROLES };
#undef STATES_PREFIX_
#define STATES_PREFIX_(SYMBOL) KIND_##SYMBOL
enum pool_kind { POOL_KINDS(STATES_ENUM_) NR_POOL_KINDS };
#undef STATES_PREFIX_
#define STATES_PREFIX_(SYMBOL) START_##SYMBOL
enum start_method { START_METHODS(STATES_ENUM_) NR_START_METHODS };
#undef STATES_PREFIX_
#define STATES_PREFIX_(SYMBOL) CALL_##SYMBOL
enum job_call { JOB_CALLS(STATES_ENUM_) NR_JOB_CALLS };
#undef STATES_PREFIX_
#define STATES_PREFIX_(SYMBOL) STATUS_##SYMBOL
enum task_status { TASK_STATUSES(STATES_ENUM_) NR_TASK_STATUSES };
#undef STATES_PREFIX_
#define STATES_PREFIX_(SYMBOL) HOW_##SYMBOL
enum fork_manner { FORK_MANNERS(STATES_ENUM_) NR_FORK_MANNERS };
#undef STATES_PREFIX_
#define STATES_PREFIX_(SYMBOL) PROBE_##SYMBOL
enum probe_state { PROBE_STATES(STATES_ENUM_) NR_PROBE_STATES };
#undef STATES_PREFIX_
#undef STATES_ENUM_

#endif
