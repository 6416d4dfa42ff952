/* events.h: what can happen, and what is said about it?
 *
 * The vocabulary, one line a fact. The records in the segment and in a recording, the JSON, the event view, the manual
 * page and the tests derive from it. Saved files hold these numbers: new entries go to the end, a number is never
 * reused, and a line gets new fields only behind its old ones. Freestanding: BPF programs compile it. */
#ifndef CONTRACT_EVENTS_H
#define CONTRACT_EVENTS_H

/* FIELD(SYMBOL, name, type, meaning). Types: NUMBER; NS (nanoseconds); PID; FLAG (0 or 1); ADDRESS; TEXT (an id in the
 * names of whoever tells the fact); and the word lists of states.h. */
#define EVENT_FIELDS(FIELD) \
	FIELD(POOL,         "pool",         TEXT,         "the publisher's key: pid.start.number") \
	FIELD(NAME,         "name",         TEXT,         "the name it goes by") \
	FIELD(KIND,         "kind",         KIND,         "what the workers are") \
	FIELD(START_METHOD, "start_method", START_METHOD, "how workers come to life") \
	FIELD(WORKERS,      "workers",      NUMBER,       "how many workers it keeps") \
	FIELD(REASON,       "reason",       TEXT,         "why, in a sentence") \
	FIELD(SLOT,         "slot",         NUMBER,       "the worker's place in its pool, from 0") \
	FIELD(TASK,         "task",         NUMBER,       "the task's number in its pool, from 1") \
	FIELD(FUNCTION,     "function",     TEXT,         "what the task runs") \
	FIELD(CAUSE,        "cause",        TEXT,         "how a worker came to its end") \
	FIELD(OLD,          "old",          PID,          "the worker whose slot it takes over") \
	FIELD(ROLE,         "role",         ROLE,         "a helper's part in the pool") \
	FIELD(JOB,          "job",          NUMBER,       "the call that the task belongs to, from 1") \
	FIELD(CALL,         "call",         CALL,         "which function of the pool was called") \
	FIELD(TASKS,        "tasks",        NUMBER,       "how many tasks the job was cut into") \
	FIELD(CHUNK,        "chunk",        NUMBER,       "items in a task") \
	FIELD(STATUS,       "status",       STATUS,       "how it ended") \
	FIELD(QUEUE,        "queue",        TEXT,         "backlog, tasks, results, or the queue's own name") \
	FIELD(DEPTH,        "depth",        NUMBER,       "entries waiting in it") \
	FIELD(BYTES,        "bytes",        NUMBER,       "bytes waiting in it") \
	FIELD(CAPACITY,     "capacity",     NUMBER,       "entries it can hold; 0: no bound") \
	FIELD(HIGH,         "high",         NUMBER,       "the deepest that it has been") \
	FIELD(PARENT,       "parent",       PID,          "its parent: who should reap it") \
	FIELD(HOW,          "how",          HOW,          "which way it was made") \
	FIELD(EXIT_CODE,    "exit_code",    NUMBER,       "the low byte given to exit()") \
	FIELD(SIGNAL,       "signal",       NUMBER,       "the signal that ended it; 0: none") \
	FIELD(CORE,         "core",         FLAG,         "a core was dumped") \
	FIELD(FORKS,        "forks",        NUMBER,       "processes that it forked") \
	FIELD(THREADS,      "threads",      NUMBER,       "threads that it started, the first not counted") \
	FIELD(COW_COPIES,   "cow_copies",   NUMBER,       "pages copied because it wrote to them") \
	FIELD(COW_REUSES,   "cow_reuses",   NUMBER,       "pages that became its own without a copy") \
	FIELD(REAPER,       "reaper",       PID,          "who collected its exit status; 0: nobody had to") \
	FIELD(ZOMBIE_NS,    "zombie_ns",    NS,           "how long it was a zombie") \
	FIELD(FROM,         "from",         PID,          "its parent until now") \
	FIELD(TO,           "to",           PID,          "its parent from now on") \
	FIELD(STATE,        "state",        STATE,        "the textbook's state") \
	FIELD(ON,           "on",           TEXT,         "what it waits for") \
	FIELD(ADDRESS,      "address",      ADDRESS,      "the address written to") \
	FIELD(COUNT,        "count",        NUMBER,       "how many this one stands for") \
	FIELD(RING,         "ring",         TEXT,         "the buffer that was too small, or its reader too slow") \
	FIELD(TEXT,         "text",         TEXT,         "words for people") \
	FIELD(DONE,         "done",         NUMBER,       "tasks finished so far") \
	FIELD(FAILED,       "failed",       NUMBER,       "of these, tasks that failed") \
	FIELD(BUSY_NS,      "busy_ns",      NS,           "time spent in tasks so far") \
	FIELD(UID,          "uid",          NUMBER,       "the user it runs as") \
	FIELD(PROBE_STATE,  "probe_state",  PROBE_STATE,  "off, ready or on") \
	FIELD(IN,           "in",           NUMBER,       "entries put in so far") \
	FIELD(OUT,          "out",          NUMBER,       "entries taken out so far") \
	FIELD(RESIDENT,     "resident",     NUMBER,       "bytes of memory resident") \
	FIELD(CPU_NS,       "cpu_ns",       NS,           "processor time used so far")

/* EVENT(SYMBOL, name, fields in order, meaning). The pid of the fact is the one that the table in the manual names:
 * the pool's parent for pool, helper and queue; the worker; the caller for job; the process itself. */
#define EVENTS(EVENT) \
	EVENT(POOL_OPENED,      "pool.opened",      FIELDS(F_POOL, F_NAME, F_KIND, F_START_METHOD, F_WORKERS), "a pool began to take jobs") \
	EVENT(POOL_CLOSING,     "pool.closing",     FIELDS(F_POOL), "it takes no more jobs") \
	EVENT(POOL_TERMINATING, "pool.terminating", FIELDS(F_POOL), "it drops its jobs and stops") \
	EVENT(POOL_JOINED,      "pool.joined",      FIELDS(F_POOL), "its last worker is gone") \
	EVENT(POOL_BROKEN,      "pool.broken",      FIELDS(F_POOL, F_REASON), "it cannot work any more") \
	EVENT(WORKER_STARTING,  "worker.starting",  FIELDS(F_POOL, F_SLOT), "a worker was made") \
	EVENT(WORKER_INITIALIZING, "worker.initializing", FIELDS(F_POOL, F_SLOT), "it runs the initializer") \
	EVENT(WORKER_IDLE,      "worker.idle",      FIELDS(F_POOL, F_SLOT), "it waits for a task") \
	EVENT(WORKER_BUSY,      "worker.busy",      FIELDS(F_POOL, F_SLOT, F_TASK, F_FUNCTION), "it runs a task") \
	EVENT(WORKER_EXITING,   "worker.exiting",   FIELDS(F_POOL, F_SLOT), "it leaves as told") \
	EVENT(WORKER_DIED,      "worker.died",      FIELDS(F_POOL, F_SLOT, F_TASK, F_FUNCTION, F_CAUSE), "it is gone without being told to") \
	EVENT(WORKER_REPLACED,  "worker.replaced",  FIELDS(F_POOL, F_SLOT, F_OLD), "a new worker took over the slot") \
	EVENT(HELPER_STARTED,   "helper.started",   FIELDS(F_POOL, F_ROLE, F_NAME), "a helper thread began") \
	EVENT(HELPER_EXITED,    "helper.exited",    FIELDS(F_POOL, F_ROLE), "a helper thread ended") \
	EVENT(JOB_SUBMITTED,    "job.submitted",    FIELDS(F_POOL, F_JOB, F_CALL, F_TASKS, F_CHUNK, F_FUNCTION), "a caller asked for work") \
	EVENT(JOB_FINISHED,     "job.finished",     FIELDS(F_POOL, F_JOB, F_STATUS), "all of its tasks have ended") \
	EVENT(TASK_QUEUED,      "task.queued",      FIELDS(F_POOL, F_TASK, F_JOB), "a task was put into the tasks queue") \
	EVENT(TASK_STARTED,     "task.started",     FIELDS(F_POOL, F_TASK, F_JOB, F_SLOT), "a worker began it") \
	EVENT(TASK_FINISHED,    "task.finished",    FIELDS(F_POOL, F_TASK, F_JOB, F_SLOT, F_STATUS), "its function returned") \
	EVENT(TASK_LOST,        "task.lost",        FIELDS(F_POOL, F_TASK, F_JOB, F_SLOT), "its worker died holding it") \
	EVENT(TASK_RETRIED,     "task.retried",     FIELDS(F_POOL, F_TASK, F_JOB), "it was given to another worker") \
	EVENT(TASK_DELIVERED,   "task.delivered",   FIELDS(F_POOL, F_TASK, F_JOB, F_STATUS), "the caller's side has its result") \
	EVENT(QUEUE_DEPTH,      "queue.depth",      FIELDS(F_POOL, F_QUEUE, F_DEPTH, F_BYTES, F_CAPACITY, F_HIGH, F_IN, F_OUT), "how full a queue is") \
	EVENT(PROCESS_FORKED,   "process.forked",   FIELDS(F_PARENT, F_HOW, F_NAME), "a process was born") \
	EVENT(PROCESS_EXECED,   "process.execed",   FIELDS(F_NAME), "it became another program") \
	EVENT(PROCESS_EXITED,   "process.exited",   FIELDS(F_EXIT_CODE, F_SIGNAL, F_CORE, F_FORKS, F_THREADS, F_COW_COPIES, F_COW_REUSES), "its last thread is gone; its exact totals") \
	EVENT(PROCESS_ZOMBIE,   "process.zombie",   FIELDS(F_PARENT), "dead, and its parent has not yet asked") \
	EVENT(PROCESS_REAPED,   "process.reaped",   FIELDS(F_REAPER, F_ZOMBIE_NS), "its exit status was collected") \
	EVENT(PROCESS_ORPHANED, "process.orphaned", FIELDS(F_FROM, F_TO), "its parent died; another took it over") \
	EVENT(THREAD_STARTED,   "thread.started",   FIELDS(F_NAME), "a thread was born") \
	EVENT(THREAD_NAMED,     "thread.named",     FIELDS(F_NAME), "a thread took a name") \
	EVENT(THREAD_EXITED,    "thread.exited",    FIELDS(F_EXIT_CODE), "a thread ended") \
	EVENT(THREAD_STATE,     "thread.state",     FIELDS(F_STATE, F_ON), "a thread moved to another state") \
	EVENT(MEMORY_COW_COPIED, "memory.cow_copied", FIELDS(F_ADDRESS, F_COUNT), "a write made the kernel copy a shared page") \
	EVENT(MEMORY_COW_REUSED, "memory.cow_reused", FIELDS(F_ADDRESS, F_COUNT), "a write got the page: nobody else had it any more") \
	EVENT(RECORDS_LOST,     "records.lost",     FIELDS(F_RING, F_COUNT), "facts that were written over before they were read") \
	EVENT(NOTE,             "note",             FIELDS(F_TEXT), "narration, or a program's own words") \
	EVENT(WORKER_COUNTED,   "worker.counted",   FIELDS(F_POOL, F_SLOT, F_DONE, F_FAILED, F_BUSY_NS), "a worker's totals") \
	EVENT(PROCESS_SEEN,     "process.seen",     FIELDS(F_PARENT, F_NAME, F_STATE, F_UID), "it was there when we looked") \
	EVENT(PROCESS_COUNTED,  "process.counted",  FIELDS(F_FORKS, F_THREADS, F_COW_COPIES, F_COW_REUSES, F_RESIDENT, F_CPU_NS), "a process's totals so far") \
	EVENT(PROBE_CHANGED,    "probe.changed",    FIELDS(F_NAME, F_PROBE_STATE, F_REASON), "a probe was attached, detached or refused") \
	EVENT(POOL_DEAD,        "pool.dead",        FIELDS(F_POOL, F_REASON), "its parent is gone without a word")

#define EVENT_FIELD_ENUM_(SYMBOL, name, type, meaning) F_##SYMBOL,
enum event_field { F_NONE, EVENT_FIELDS(EVENT_FIELD_ENUM_) NR_EVENT_FIELDS };
#undef EVENT_FIELD_ENUM_

#define EVENT_ENUM_(SYMBOL, name, fields, meaning) EV_##SYMBOL,
enum event { EV_NONE, EVENTS(EVENT_ENUM_) NR_EVENTS };
#undef EVENT_ENUM_

#define EVENT_MAX_FIELDS 8 /* no event has more */

#endif
