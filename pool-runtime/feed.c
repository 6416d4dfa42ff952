/* feed.c: how does a task get from the backlog into the ring?
 *
 * A job waits in the backlog until all of its tasks are in the ring; each is written only then, so that a million
 * waiting tasks are one job and not a million pieces of memory. What a worker died with goes before everything else. */
#include "pool_internal.h"

#include <errno.h>
#include <string.h>

#include "frame.h"

enum { ANNOUNCE_EVERY = 32, BYTES_IN_FLIGHT = 64 << 20, TASKS_A_WORKER = 2 };

/* The size of a task's argument: bare, or a frame. */
static size_t argument_size(const struct pool_result *job, uint32_t index)
{
	size_t begin = job_task_begin(job, index), nr = job_task_items(job, index), size = frame_begin(nr);

	if (nr == 1)
		return job_item(job, begin).size;
	for (size_t i = 0; i < nr; i++)
		frame_next(&size, job_item(job, begin + i).size);
	return size;
}

static void write_bytes(void *to, struct pool_bytes from)
{
	if (from.size)
		memcpy(to, from.data, from.size);
}

static void write_argument(const struct pool_result *job, uint32_t index, unsigned char *to)
{
	size_t begin = job_task_begin(job, index), nr = job_task_items(job, index), offset = frame_begin(nr);
	uint64_t *sizes = (uint64_t *)to;

	if (nr == 1) {
		write_bytes(to, job_item(job, begin));
		return;
	}
	for (size_t i = 0; i < nr; i++) {
		struct pool_bytes item = job_item(job, begin + i);

		sizes[i] = item.size;
		write_bytes(to + frame_next(&offset, item.size), item);
	}
}

/* Enough is under way: more would only fill memory. */
static bool is_enough(const struct pool *pool, size_t size)
{
	return pool->bytes_in_flight + size > BYTES_IN_FLIGHT &&
	       pool->nr_in_flight >= (uint64_t)TASKS_A_WORKER * pool->nr_workers;
}

static int put_in_block(struct pool *pool, struct pool_result *job, uint32_t index, size_t size,
                        struct task_slot *slot)
{
	struct job_task *task = &job->tasks[index];
	size_t room;
	int error;

	if (is_enough(pool, size))
		return -EAGAIN;
	if (!task->block) { /* a task that is tried again has it still */
		error = arena_allocate(&pool->arguments, size, &task->block, &room);
		if (error)
			return pool->bytes_in_flight ? -EAGAIN : error;
		write_argument(job, index, arena_at(pool->arena, task->block));
	}
	pool->bytes_in_flight += size;
	slot->inline_size = TASK_IN_BLOCK;
	slot->block.offset = task->block;
	slot->block.size = size;
	slot->block.nr_items = job_task_items(job, index);
	return 0;
}

/* -EAGAIN: not now. */
static int feed_task(struct pool *pool, struct pool_result *job, uint32_t index)
{
	struct task_slot *slot = task_ring_room(&pool->shared->tasks, &pool->put);
	size_t size = argument_size(job, index);
	int error = 0;

	if (!slot)
		return -EAGAIN;
	if (size > TASK_INLINE_SIZE || job_task_items(job, index) > 1) {
		error = put_in_block(pool, job, index, size, slot);
	} else {
		slot->inline_size = (uint32_t)size;
		write_argument(job, index, slot->bytes);
	}
	if (error)
		return error;
	slot->task = job->first_task + index;
	slot->job = job->number;
	slot->function = (uintptr_t)job->function;
	slot->name = job->name_id;
	job->tasks[index].in_flight = true;
	pool->nr_in_flight++;
	pool->nr_fed++;
	publish_task(pool->publisher, EV_TASK_QUEUED, slot->task, slot->job, 0, STATUS_OK);
	task_ring_show(slot, pool->put++);
	return 0;
}

void feed_forget(struct pool *pool, struct pool_result *job, uint32_t index)
{
	struct job_task *task = &job->tasks[index];

	if (task->in_flight) {
		pool->nr_in_flight--;
		if (task->block)
			pool->bytes_in_flight -= argument_size(job, index);
	}
	task->in_flight = false;
	if (task->block)
		arena_free(pool->arena, task->block);
	task->block = 0;
}

void feed_return(struct pool *pool, struct pool_result *job, uint32_t index)
{
	struct job_task *task = &job->tasks[index];

	pool->nr_in_flight--;
	if (task->block)
		pool->bytes_in_flight -= argument_size(job, index);
	task->in_flight = false;
	task->next = job->returned;
	job->returned = index;
	pool->nr_queued++;
	if (!job->in_backlog)
		job_queue_add_first(&pool->backlog, job);
	job->in_backlog = true;
}

static uint32_t next_task(const struct pool_result *job)
{
	return job->returned != NO_TASK ? job->returned : job->nr_fed < job->nr_tasks ? job->nr_fed : NO_TASK;
}

static void step(struct pool_result *job, uint32_t index)
{
	if (index == job->returned)
		job->returned = job->tasks[index].next;
	else
		job->nr_fed++;
}

/* No memory for an argument, and nobody to wait for who would free some. */
static void give_up(struct pool *pool, struct pool_result *job, uint32_t index)
{
	struct pool_error error = {
		.code = -ENOMEM, .text = "no memory for the argument", .item = job_task_begin(job, index),
		.task = job->first_task + index, .slot = -1, .exit_code = -1,
	};

	job_task_failed(pool, job, index, &error);
}

static unsigned announce(struct pool *pool, unsigned nr)
{
	task_ring_announce(&pool->shared->tasks, pool->put);
	return nr ? pool_wake_workers(pool, nr) : 0;
}

/* The first job's next task; false: there is none, or not now. */
static bool feed_one(struct pool *pool)
{
	struct pool_result *job = pool->backlog.first;
	uint32_t index = job ? next_task(job) : NO_TASK;
	int error;

	if (index == NO_TASK)
		return false;
	error = feed_task(pool, job, index);
	if (error == -EAGAIN)
		return false;
	step(job, index);
	if (next_task(job) == NO_TASK) {
		job_queue_take(&pool->backlog);
		job->in_backlog = false;
	}
	if (error)
		give_up(pool, job, index);
	return true;
}

unsigned feed_tasks(struct pool *pool)
{
	unsigned nr = 0, woken = 0;

	while (feed_one(pool)) {
		if (++nr < ANNOUNCE_EVERY)
			continue;
		woken += announce(pool, nr);
		nr = 0;
	}
	woken += announce(pool, nr);
	publish_queue_out(pool->publisher, 0, pool->nr_fed);
	publish_queue_in(pool->publisher, 1, pool->put);
	return woken;
}
