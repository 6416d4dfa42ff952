/* job_end.c: what becomes of a job as its tasks end, well or badly?
 *
 *	running ----------------> complete -----------------> ready
 *	         its last task             its callback ran,
 *	         ended                     or there is none */
#include "pool_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frame.h"

enum { MEMORY_LEAST = 512, MEMORY_MOST = 65536, MEMORY_A_TASK = 32 };

/* ---- values ---------------------------------------------------------------------------------------------------------- */

static struct job_memory *memory_with_room(struct pool_result *job, size_t size)
{
	struct job_memory *memory = job->memory;
	size_t room = (size_t)(job->nr_tasks - job->nr_done) * MEMORY_A_TASK;

	if (memory && frame_aligned(memory->used, size) + size <= memory->size)
		return memory;
	room = room < MEMORY_LEAST ? MEMORY_LEAST : room > MEMORY_MOST ? MEMORY_MOST : room;
	memory = malloc(sizeof(*memory) + room);
	if (!memory)
		return NULL;
	*memory = (struct job_memory){ .next = job->memory, .size = room };
	job->memory = memory;
	return memory;
}

/* Keeps a small value. */
static void *keep(struct pool_result *job, const void *data, size_t size)
{
	struct job_memory *memory;
	size_t begin = frame_aligned(job->small_used, size);

	if (begin + size <= sizeof(job->small)) {
		job->small_used = begin + size;
		return memcpy(job->small + begin, data, size);
	}
	memory = memory_with_room(job, size);
	if (!memory)
		return NULL;
	begin = frame_next(&memory->used, size);
	return memcpy(memory->bytes + begin, data, size);
}

/* Takes a record's bytes: a small one's are copied, a block becomes the task's. */
static int take_bytes(struct pool_result *job, uint32_t index, unsigned slot, const struct result_record *record,
                      struct pool_bytes *bytes)
{
	if (record->inline_size == RESULT_IN_BLOCK) {
		if (!arena_take(job->arena, ARENA_OWNER_OF(slot), record->block.offset, record->block.size))
			return -EREMOTEIO;
		job->tasks[index].block = record->block.offset;
		*bytes = (struct pool_bytes){ arena_at(job->arena, record->block.offset), record->block.size };
		return 0;
	}
	if (record->inline_size > RESULT_INLINE_SIZE)
		return -EREMOTEIO;
	*bytes = (struct pool_bytes){ keep(job, record->bytes, record->inline_size), record->inline_size };
	return bytes->data ? 0 : -ENOMEM;
}

/* Cuts a frame into values; false: it is none. */
static bool take_frame(struct pool_result *job, uint32_t index, struct pool_bytes frame)
{
	size_t begin = job_task_begin(job, index), nr = job_task_items(job, index), offset = frame_begin(nr);
	const uint64_t *sizes = frame.data;

	if (offset > frame.size)
		return false;
	for (size_t i = 0; i < nr; i++) {
		size_t size = sizes[i], at;

		if (size > frame.size)
			return false;
		at = frame_next(&offset, size);
		if (offset > frame.size)
			return false;
		job->values[begin + i] = (struct pool_bytes){ (const unsigned char *)frame.data + at, size };
	}
	return true;
}

/* ---- ends ------------------------------------------------------------------------------------------------------------ */

void job_become_ready(struct pool *pool, struct pool_result *job)
{
	atomic_store(&job->state, JOB_READY);
	collect_tell_waiters(pool, job);
	if (!--pool->nr_unfinished && pool->state != POOL_OPEN)
		pool_call_worker_handler(pool);
	job_release(job);
}

static enum task_status status_of(int code)
{
	return code == 0 ? STATUS_OK : code == -EOWNERDEAD ? STATUS_LOST :
	       code == -ECANCELED || code == -ENOTRECOVERABLE ? STATUS_CANCELLED : STATUS_FAILED;
}

void job_complete(struct pool *pool, struct pool_result *job)
{
	job_remove(pool, job);
	publish_job_finished(pool->publisher, job->number, status_of(job->error.code));
	if (!job->has_callbacks) {
		job_become_ready(pool, job);
		return;
	}
	atomic_store(&job->state, JOB_COMPLETE);
	collect_tell_waiters(pool, job);
	job_queue_add(&pool->callbacks, job);
	collect_wake_result_handler(pool);
}

static void job_task_ended(struct pool *pool, struct pool_result *job, uint32_t index, unsigned slot, int code)
{
	job->tasks[index].done = true;
	publish_task(pool->publisher, EV_TASK_DELIVERED, job->first_task + index, job->number, slot,
	             status_of(code));
	if (atomic_fetch_add_explicit(&job->nr_done, 1, memory_order_relaxed) + 1 == job->nr_tasks)
		job_complete(pool, job);
}

/* Keeps the error of the first item that has one. */
static void keep_error(struct pool_result *job, const struct pool_error *error)
{
	char *text;

	if (job->error.text && job->error.item <= error->item)
		return;
	text = strdup(error->text);
	free(job->error_text);
	job->error_text = text;
	job->error = *error;
	job->error.text = text ? text : "no memory to say what";
}

void job_task_failed(struct pool *pool, struct pool_result *job, uint32_t index, const struct pool_error *error)
{
	feed_forget(pool, job, index);
	keep_error(job, error);
	job_task_ended(pool, job, index, error->slot < 0 ? 0 : (unsigned)error->slot, error->code);
}

static void fail_by_record(struct pool *pool, struct pool_result *job, uint32_t index, unsigned slot,
                           const struct result_record *record, struct pool_bytes words)
{
	struct pool_error error = {
		.code = record->code, .item = job_task_begin(job, index) + record->item,
		.task = record->task, .slot = (int)slot, .pid = pool->workers[slot].pid,
		.exit_code = -1, .returned = record->returned,
	};
	char text[4096];

	if (words.size)
		snprintf(text, sizeof(text), "%.*s", (int)words.size, (const char *)words.data);
	else if (record->code == -ENOMEM)
		snprintf(text, sizeof(text), "no memory for the value of %s", job->name);
	else
		snprintf(text, sizeof(text), "%s returned %d", job->name, record->returned);
	error.text = text;
	job_task_failed(pool, job, index, &error);
}

void job_task_returned(struct pool *pool, struct pool_result *job, uint32_t index, unsigned slot,
                       const struct result_record *record)
{
	struct result_record failed = *record;
	struct pool_bytes bytes = { NULL, 0 };

	feed_forget(pool, job, index);
	failed.code = (int16_t)take_bytes(job, index, slot, record, &bytes);
	if (failed.code)
		bytes.size = 0;
	else if (record->code)
		failed.code = record->code;
	else if (job_task_items(job, index) == 1)
		job->values[job_task_begin(job, index)] = bytes;
	else if (!take_frame(job, index, bytes))
		failed.code = -EREMOTEIO;
	if (failed.code)
		fail_by_record(pool, job, index, slot, &failed, record->code ? bytes : (struct pool_bytes){ 0 });
	else
		job_task_ended(pool, job, index, slot, 0);
}

static void job_cancel(struct pool *pool, struct pool_result *job, const struct pool_error *why)
{
	uint32_t nr_left = job->nr_tasks - job->nr_done;

	/* the last one that ends may free the job */
	for (uint32_t i = 0; nr_left; i++) {
		struct pool_error error = *why;

		if (job->tasks[i].done)
			continue;
		error.item = job_task_begin(job, i);
		error.task = job->first_task + i;
		nr_left--;
		job_task_failed(pool, job, i, &error);
	}
}

void job_cancel_all(struct pool *pool, int code, const char *text)
{
	const struct pool_error why = { .code = code, .text = text, .slot = -1, .exit_code = -1 };

	pool->backlog = (struct job_queue){ NULL, NULL };
	for (unsigned i = 0; i < JOB_TABLE_SIZE; i++)
		while (pool->table[i])
			job_cancel(pool, pool->table[i], &why);
}
