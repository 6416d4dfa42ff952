/* sentences.h: what does each event say, in words for people?
 *
 * SENTENCE(EVENT, template). {field} is the field of contract/events.h; {tid} the fact's thread; {end} how a process
 * ended. What stands in [ ] is left out when a field in it is not known, empty, or the number 0. */
#ifndef VIEWS_SENTENCES_H
#define VIEWS_SENTENCES_H

#define SENTENCES(SENTENCE) \
	SENTENCE(POOL_OPENED,      "pool {name} opened[: {workers} workers][, started by {start_method}]") \
	SENTENCE(POOL_CLOSING,     "pool {pool} takes no more jobs") \
	SENTENCE(POOL_TERMINATING, "pool {pool} drops its jobs and stops") \
	SENTENCE(POOL_JOINED,      "pool {pool} is over: its last worker is gone") \
	SENTENCE(POOL_BROKEN,      "pool {pool} is broken[: {reason}]") \
	SENTENCE(POOL_DEAD,        "pool {pool} is dead[: {reason}]") \
	SENTENCE(WORKER_STARTING,  "worker {slot} of {pool} is starting") \
	SENTENCE(WORKER_INITIALIZING, "worker {slot} of {pool} runs the initializer") \
	SENTENCE(WORKER_IDLE,      "worker {slot} of {pool} waits for a task") \
	SENTENCE(WORKER_BUSY,      "worker {slot} of {pool} runs task {task}[: {function}]") \
	SENTENCE(WORKER_EXITING,   "worker {slot} of {pool} leaves as told") \
	SENTENCE(WORKER_DIED,      "worker {slot} of {pool} died[: {cause}][, holding task {task}][ ({function})]") \
	SENTENCE(WORKER_REPLACED,  "worker {slot} of {pool}: a new one[ in place of {old}]") \
	SENTENCE(WORKER_COUNTED,   "worker {slot} of {pool}: {done} tasks done[, {failed} failed]") \
	SENTENCE(HELPER_STARTED,   "{role} of {pool} began[ as {name}]") \
	SENTENCE(HELPER_EXITED,    "{role} of {pool} ended") \
	SENTENCE(JOB_SUBMITTED,    "job {job}: {call}, tasks {tasks}[, chunk {chunk}][: {function}]") \
	SENTENCE(JOB_FINISHED,     "job {job} ended: {status}") \
	SENTENCE(TASK_QUEUED,      "task {task}[ of job {job}] is queued") \
	SENTENCE(TASK_STARTED,     "task {task} began on worker {slot}") \
	SENTENCE(TASK_FINISHED,    "task {task} ended on worker {slot}: {status}") \
	SENTENCE(TASK_LOST,        "task {task} is lost: worker {slot} died holding it") \
	SENTENCE(TASK_RETRIED,     "task {task} goes to another worker") \
	SENTENCE(TASK_DELIVERED,   "task {task}: its result is delivered, {status}") \
	SENTENCE(QUEUE_DEPTH,      "queue {queue}: {depth} waiting[ of {capacity}]") \
	SENTENCE(PROCESS_FORKED,   "born of {parent} by {how}[: {name}]") \
	SENTENCE(PROCESS_EXECED,   "became {name}") \
	SENTENCE(PROCESS_EXITED,   "ended: {end}[; {cow_copies} pages copied][, {cow_reuses} reused]") \
	SENTENCE(PROCESS_ZOMBIE,   "is a zombie: {parent} has not reaped it") \
	SENTENCE(PROCESS_REAPED,   "was reaped[ by {reaper}][ after {zombie_ns}]") \
	SENTENCE(PROCESS_ORPHANED, "is an orphan: {from} died, {to} is its parent now") \
	SENTENCE(PROCESS_SEEN,     "is there[: child of {parent}][, {name}]") \
	SENTENCE(PROCESS_COUNTED,  "so far[: {forks} forks][, {cow_copies} pages copied][, {cow_reuses} reused]") \
	SENTENCE(THREAD_STARTED,   "thread {tid} began[: {name}]") \
	SENTENCE(THREAD_NAMED,     "thread {tid} is called {name}") \
	SENTENCE(THREAD_EXITED,    "thread {tid} ended") \
	SENTENCE(THREAD_STATE,     "thread {tid} is {state}[ on {on}]") \
	SENTENCE(MEMORY_COW_COPIED, "wrote to {address}: page copied[ (stands for {count})]") \
	SENTENCE(MEMORY_COW_REUSED, "wrote to {address}: page kept, nobody shares it[ (stands for {count})]") \
	SENTENCE(RECORDS_LOST,     "{count} records of {ring} were lost") \
	SENTENCE(NOTE,             "{text}") \
	SENTENCE(PROBE_CHANGED,    "probe {name} is {probe_state}[: {reason}]")

#endif
