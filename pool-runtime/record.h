/* record.h: which member of a record says what, written and read side by side?
 *
 *   event                      slot     name      task   argument
 *   -------------------------  -------  --------  -----  -------------------------------
 *   pool.broken                         reason
 *   pool.* (others)
 *   worker.died                worker   cause     task   pid:32, function:32
 *   worker.replaced            worker                    pid:32, old:32
 *   worker.* (others)          worker                    pid:32
 *   helper.*                   role     OS name
 *   job.submitted                       function  job    tasks:32, chunk:24, call:8
 *   job.finished                                  job    status:8 on top
 *   task.started               worker   function  task   job:56
 *   task.finished, .lost       worker             task   job:56, status:8
 *   task.* (others)                               task   job:56, status:8
 *   note                                text
 *
 * The lower bits come first. An empty place holds 0. One record may stand for two facts: task.started also says that
 * its worker is busy, task.finished that it is idle. What is too large for its place is cut to the largest that fits. */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "contract/events.h"
#include "contract/segment.h"
#include "contract/states.h"

#define RECORD_JOB_MAX ((UINT64_C(1) << 56) - 1)
#define RECORD_CHUNK_MAX ((UINT64_C(1) << 24) - 1)

static inline uint64_t record_cut(uint64_t value, uint64_t max)
{
	return value < max ? value : max;
}

/* worker.* */
static inline uint64_t record_put_pid(int32_t pid, uint32_t function_or_old)
{
	return (uint32_t)pid | (uint64_t)function_or_old << 32;
}

static inline int32_t record_pid(const struct segment_record *record)
{
	return (int32_t)(uint32_t)record->argument;
}

static inline int32_t record_old(const struct segment_record *record)
{
	return (int32_t)(uint32_t)(record->argument >> 32);
}

/* worker.died; the others that tell a function have it as their name */
static inline uint32_t record_function(const struct segment_record *record)
{
	return record->event == EV_WORKER_DIED ? (uint32_t)(record->argument >> 32) : record->name;
}

/* task.*, job.finished */
static inline uint64_t record_put_job(uint64_t job, enum task_status status)
{
	return record_cut(job, RECORD_JOB_MAX) | (uint64_t)status << 56;
}

static inline uint64_t record_job(const struct segment_record *record)
{
	return record->event == EV_JOB_SUBMITTED || record->event == EV_JOB_FINISHED ?
	       record->task : record->argument & RECORD_JOB_MAX;
}

static inline enum task_status record_status(const struct segment_record *record)
{
	return (enum task_status)(record->argument >> 56);
}

/* job.submitted */
static inline uint64_t record_put_call(enum job_call call, uint64_t nr_tasks, uint64_t chunk)
{
	return record_cut(nr_tasks, UINT32_MAX) | record_cut(chunk, RECORD_CHUNK_MAX) << 32 | (uint64_t)call << 56;
}

static inline uint32_t record_tasks(const struct segment_record *record)
{
	return (uint32_t)record->argument;
}

static inline uint32_t record_chunk(const struct segment_record *record)
{
	return record->argument >> 32 & RECORD_CHUNK_MAX;
}

static inline enum job_call record_call(const struct segment_record *record)
{
	return (enum job_call)(record->argument >> 56);
}

/* Is this one that a segment tells? The others come from the kernel and /proc. */
static inline bool record_is_told(uint16_t event)
{
	return (event >= EV_POOL_OPENED && event <= EV_TASK_DELIVERED) || event == EV_NOTE;
}

/* Which section a record's slot counts in; SECTION_NONE: it has none. */
static inline enum segment_section_kind record_section(uint16_t event)
{
	switch (event) {
	case EV_WORKER_STARTING ... EV_WORKER_REPLACED:
	case EV_TASK_STARTED ... EV_TASK_LOST:
		return SECTION_WORKERS;
	case EV_HELPER_STARTED ... EV_HELPER_EXITED:
		return SECTION_HELPERS;
	default:
		return SECTION_NONE;
	}
}

#endif
