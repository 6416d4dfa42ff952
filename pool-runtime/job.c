/* job.c: what is a call made of, and how is it found again?
 *
 * A job is found by its number, as results name it; an unknown number is a result that came twice. */
#include "pool_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- made and given back ------------------------------------------------------------------------------------------- */

struct pool_bytes job_item(const struct pool_result *job, size_t item)
{
	if (job->items)
		return job->items[item];
	return (struct pool_bytes){ job->array + item * job->item_size, job->item_size };
}

static int copy_array(struct pool_result *job)
{
	job->copy = malloc(job->nr_items * job->item_size);
	if (!job->copy)
		return -ENOMEM;
	memcpy(job->copy, job->array, job->nr_items * job->item_size);
	job->array = job->copy;
	return 0;
}

/* One piece: the table of items, then their bytes. */
static int copy_items(struct pool_result *job)
{
	size_t size = job->nr_items * sizeof(struct pool_bytes), used = size;
	struct pool_bytes *items;

	for (size_t i = 0; i < job->nr_items; i++)
		size += job->items[i].size;
	items = job->copy = malloc(size);
	if (!items)
		return -ENOMEM;
	for (size_t i = 0; i < job->nr_items; used += job->items[i++].size) {
		items[i] = (struct pool_bytes){ (unsigned char *)items + used, job->items[i].size };
		if (items[i].size)
			memcpy((unsigned char *)items + used, job->items[i].data, items[i].size);
	}
	job->items = items;
	return 0;
}

static int job_allocate(struct pool_result *job)
{
	job->tasks = job->nr_tasks > 1 ? calloc(job->nr_tasks, sizeof(*job->tasks)) : &job->one_task;
	job->values = job->nr_items > 1 ? calloc(job->nr_items, sizeof(*job->values)) : &job->one_value;
	return job->tasks && job->values ? 0 : -ENOMEM;
}

static void job_free(struct pool_result *job)
{
	while (job->memory) {
		struct job_memory *memory = job->memory;

		job->memory = memory->next;
		free(memory);
	}
	if (job->tasks != &job->one_task)
		free(job->tasks);
	if (job->values != &job->one_value)
		free(job->values);
	free(job->copy);
	free(job->error_text);
	free(job);
}

int job_create(struct pool *pool, const struct pool_result *plan, bool copy, struct pool_result **result)
{
	struct pool_result *job = malloc(sizeof(*job));
	int error;

	if (!job)
		return -ENOMEM;
	*job = *plan;
	job->pool = pool;
	job->arena = pool->arena;
	job->generation = pool->generation;
	job->returned = NO_TASK;
	job->references = 1;
	error = job_allocate(job);
	if (!error && copy && (job->items || job->item_size))
		error = job->items ? copy_items(job) : copy_array(job);
	if (error) {
		job_free(job);
		return error;
	}
	arena_reference(job->arena);
	*result = job;
	return 0;
}

void job_release(struct pool_result *job)
{
	if (atomic_fetch_sub_explicit(&job->references, 1, memory_order_acq_rel) != 1)
		return;
	if (job->generation == fork_generation()) { /* a child has a copy of the heap, and not the arena's locks */
		for (uint32_t i = 0; i < job->nr_tasks; i++)
			if (job->tasks[i].block)
				arena_free(job->arena, job->tasks[i].block);
		arena_release(job->arena);
	}
	job_free(job);
}

/* ---- found ----------------------------------------------------------------------------------------------------------- */

struct pool_result *job_find(struct pool *pool, uint64_t number)
{
	struct pool_result *job = pool->table[number % JOB_TABLE_SIZE];

	while (job && job->number != number)
		job = job->next_in_table;
	return job;
}

void job_insert(struct pool *pool, struct pool_result *job)
{
	struct pool_result **bucket = &pool->table[job->number % JOB_TABLE_SIZE];

	job->next_in_table = *bucket;
	*bucket = job;
	pool->nr_unfinished++;
}

void job_remove(struct pool *pool, struct pool_result *job)
{
	struct pool_result **link = &pool->table[job->number % JOB_TABLE_SIZE];

	while (*link != job)
		link = &(*link)->next_in_table;
	*link = job->next_in_table;
}

void job_queue_add(struct job_queue *queue, struct pool_result *job)
{
	job->next_in_queue = NULL;
	if (queue->last)
		queue->last->next_in_queue = job;
	else
		queue->first = job;
	queue->last = job;
}

void job_queue_add_first(struct job_queue *queue, struct pool_result *job)
{
	job->next_in_queue = queue->first;
	queue->first = job;
	if (!queue->last)
		queue->last = job;
}

struct pool_result *job_queue_take(struct job_queue *queue)
{
	struct pool_result *job = queue->first;

	if (job) {
		queue->first = job->next_in_queue;
		if (!queue->first)
			queue->last = NULL;
	}
	return job;
}
