/* apply.h: what does each fact do to the model? One handler an event, in apply_process.c and apply_pool.c. */
#ifndef MODEL_APPLY_H
#define MODEL_APPLY_H

#include "model/model.h"

typedef void apply_handler(struct model *model, const struct fact *fact);

#define APPLY_HANDLERS(HANDLER) \
	HANDLER(POOL_OPENED, apply_pool_opened) \
	HANDLER(POOL_CLOSING, apply_pool_state) \
	HANDLER(POOL_TERMINATING, apply_pool_state) \
	HANDLER(POOL_JOINED, apply_pool_state) \
	HANDLER(POOL_BROKEN, apply_pool_state) \
	HANDLER(POOL_DEAD, apply_pool_state) \
	HANDLER(WORKER_STARTING, apply_worker_starting) \
	HANDLER(WORKER_REPLACED, apply_worker_starting) \
	HANDLER(WORKER_INITIALIZING, apply_worker_state) \
	HANDLER(WORKER_IDLE, apply_worker_state) \
	HANDLER(WORKER_BUSY, apply_worker_state) \
	HANDLER(WORKER_EXITING, apply_worker_state) \
	HANDLER(WORKER_DIED, apply_worker_died) \
	HANDLER(WORKER_COUNTED, apply_worker_counted) \
	HANDLER(HELPER_STARTED, apply_helper) \
	HANDLER(HELPER_EXITED, apply_helper) \
	HANDLER(JOB_SUBMITTED, apply_job) \
	HANDLER(JOB_FINISHED, apply_job) \
	HANDLER(QUEUE_DEPTH, apply_queue_depth) \
	HANDLER(PROCESS_SEEN, apply_process_seen) \
	HANDLER(PROCESS_FORKED, apply_process_forked) \
	HANDLER(PROCESS_EXECED, apply_process_execed) \
	HANDLER(PROCESS_EXITED, apply_process_exited) \
	HANDLER(PROCESS_ZOMBIE, apply_process_zombie) \
	HANDLER(PROCESS_REAPED, apply_process_reaped) \
	HANDLER(PROCESS_ORPHANED, apply_process_orphaned) \
	HANDLER(PROCESS_COUNTED, apply_process_counted) \
	HANDLER(THREAD_STARTED, apply_thread_named) \
	HANDLER(THREAD_NAMED, apply_thread_named) \
	HANDLER(THREAD_EXITED, apply_thread_exited) \
	HANDLER(THREAD_STATE, apply_thread_state) \
	HANDLER(RECORDS_LOST, apply_records_lost) \
	HANDLER(PROBE_CHANGED, apply_probe_changed) \
	HANDLER(NOTE, apply_note)

#define DECLARE_(EVENT, handler) apply_handler handler;
APPLY_HANDLERS(DECLARE_) /* a handler may stand there for several events */
#undef DECLARE_

/* The process that the fact speaks of; made where it is new. start 0: the latest of that pid, never a new one. NULL on no
 * memory, or for pid 0. */
struct process *apply_touch(struct model *model, uint32_t pid, uint64_t start, uint64_t t_ns);
/* The thread of the fact (tid, else its main thread). */
struct thread *apply_touch_thread(struct model *model, const struct fact *fact);
/* Its pool has no more use for this process. If nobody but the pool ever told of it, nobody will tell of its end. */
void apply_gone_unseen(struct model *model, const struct process_key *key, uint64_t t_ns);

#endif
