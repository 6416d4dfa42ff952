/* worker.c: what does a worker do from its first line to its last?
 *
 *	initialize -> [ claim -> begin -> run -> hand over -> free the slot ]... -> leave
 *
 * It may be killed between any two instructions. What it held is then known by the slot's word: claimed, another can
 * have it; running, the task is lost, unless its result is in the ring already. */
#include "pool_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <unistd.h>

#include "frame.h"

enum { SHORT_BATCH_NS = 50000 };

/* This process, if it is a worker. */
static struct {
	struct pool *pool;
	unsigned slot;
	uint64_t task;
	uint64_t nr_run;
	unsigned batch; /* how many tasks it would claim at once where enough wait */
	struct arena_owner arena;
	struct pool_output output;
} self;

int pool_worker_slot(void)
{
	return self.pool ? (int)self.slot : -1;
}

const char *pool_worker_pool_name(void)
{
	return self.pool ? self.pool->name : NULL;
}

uint64_t pool_worker_task(void)
{
	return self.task;
}

bool worker_self(struct publisher **publisher)
{
	if (self.pool)
		*publisher = self.pool->publisher;
	return self.pool;
}

static void flush_output(void)
{
	if (__fpending(stdout))
		fflush(stdout);
}

static void __attribute__((noreturn)) leave(enum worker_stage stage, int code)
{
	atomic_store(&self.pool->cells[self.slot].stage, stage);
	publish_worker_state(self.pool->publisher, self.slot, WORKER_EXITING);
	flush_output();
	_exit(code);
}

/* Until it is watched it must not hold anything: if it died with a task now, nobody would know. */
static void wait_until_watched(struct worker_cell *cell)
{
	while (!atomic_load(&cell->watched)) {
		uint32_t bell = atomic_load(&cell->bell);

		if (!atomic_load(&cell->watched))
			wake_wait(&cell->bell, bell, WAKE_NEVER);
	}
}

static void initialize(const struct pool_options *options)
{
	struct publisher *publisher = self.pool->publisher;

	if (options->initializer) {
		atomic_store(&self.pool->cells[self.slot].stage, STAGE_INITIALIZING);
		publish_worker_state(publisher, self.slot, WORKER_INITIALIZING);
		if (options->initializer(options->initializer_argument))
			leave(STAGE_FAILED, 1);
		flush_output();
	}
	atomic_fetch_add(&self.pool->shared->nr_ready, 1);
	atomic_store(&self.pool->cells[self.slot].stage, STAGE_READY);
	publish_worker_state(publisher, self.slot, WORKER_IDLE);
}

/* ---- one task ----------------------------------------------------------------------------------------------------- */

/* Runs the function for one item; false ends the task. */
static bool run_item(pool_function *function, struct pool_bytes item, size_t index, struct result_record *record)
{
	struct pool_output *output = &self.output;

	output_begin_item(output);
	record->returned = function(item.data, item.size, output);
	if (record->returned && !output->error)
		output->error = -EREMOTEIO;
	record->item = (uint32_t)index;
	output_end_item(output, index);
	return !output->error;
}

/* All items of a frame, until one fails. */
static void run_frame(pool_function *function, const unsigned char *frame, size_t nr_items,
                      struct result_record *record)
{
	const uint64_t *sizes = (const uint64_t *)frame;
	size_t offset = frame_begin(nr_items);

	for (size_t i = 0; i < nr_items; i++) {
		struct pool_bytes item = { frame + frame_next(&offset, sizes[i]), sizes[i] };

		if (!run_item(function, item, i, record))
			return;
	}
}

static void run_function(struct task_slot *slot, struct result_record *record)
{
	pool_function *function = (pool_function *)(uintptr_t)slot->function;
	bool in_block = slot->inline_size == TASK_IN_BLOCK;
	size_t nr_items = in_block ? slot->block.nr_items : 1;
	struct pool_bytes argument = { slot->bytes, slot->inline_size };

	if (in_block)
		argument = (struct pool_bytes){ arena_at(self.pool->arena, slot->block.offset), slot->block.size };
	output_begin(&self.output, &self.arena, nr_items);
	if (nr_items > 1)
		run_frame(function, argument.data, nr_items, record);
	else
		run_item(function, argument, 0, record);
	output_finish(&self.output, record);
}

/* The ring is full: nobody collects, because a callback takes its time. */
static void wait_for_room(struct result_ring *ring)
{
	struct worker_cell *cell = &self.pool->cells[self.slot];

	while (result_ring_is_full(ring, self.pool->ring_capacity)) {
		uint32_t bell = atomic_load(&cell->bell);

		atomic_store(&cell->blocked, 1);
		if (result_ring_is_full(ring, self.pool->ring_capacity) && !atomic_load(&self.pool->shared->stop))
			wake_wait(&cell->bell, bell, WAKE_NEVER);
		atomic_store(&cell->blocked, 0);
		if (atomic_load(&self.pool->shared->stop))
			leave(STAGE_LEAVING, 0);
	}
}

static void run_task(uint64_t position)
{
	struct pool *pool = self.pool;
	struct task_slot *slot = task_ring_slot(&pool->shared->tasks, position);
	struct result_ring *results = pool_results_of(pool, self.slot);
	struct result_record record = { .task = slot->task, .job = slot->job };

	self.task = slot->task;
	publish_task_started(pool->publisher, self.slot, slot->task, slot->job, slot->name);
	run_function(slot, &record);
	flush_output();
	publish_task_finished(pool->publisher, self.slot, record.task, record.job,
	                      record.code ? STATUS_FAILED : STATUS_OK);
	self.task = 0;
	if (result_ring_is_full(results, pool->ring_capacity))
		wait_for_room(results);
	result_ring_put(results, pool->ring_capacity, &record);
	task_ring_finish(&pool->shared->tasks, position);
	collect_tell_collector(pool);
	self.nr_run++;
}

/* ---- all tasks ------------------------------------------------------------------------------------------------------ */

/* How many to claim: one where the ring is shallow, so that others have their share, and one where tasks take their
 * time: what waits behind a long one waits until somebody has nothing better to do than to steal it. */
static unsigned batch_size(const struct pool *pool)
{
	uint64_t share = task_ring_depth(&pool->shared->tasks) / (2 * pool->nr_workers);
	uint64_t most = pool->options.max_tasks_per_worker ? pool->options.max_tasks_per_worker - self.nr_run
	                                                   : TASK_MAX_BATCH;

	most = most < self.batch ? most : self.batch;
	return share < 2 ? 1 : (unsigned)(share < most ? share : most);
}

static void run_batch(struct pool *pool, const uint64_t *positions, unsigned nr, bool begun)
{
	uint64_t begin = wake_now_ns();

	for (unsigned i = 0; i < nr && !atomic_load(&pool->shared->stop); i++) {
		if (begun || task_ring_start(&pool->shared->tasks, positions[i], self.slot))
			run_task(positions[i]);
	}
	atomic_store_explicit(&pool->cells[self.slot].batch, 0, memory_order_relaxed);
	if (wake_now_ns() - begin > SHORT_BATCH_NS)
		self.batch = 1;
	else if (self.batch < TASK_MAX_BATCH)
		self.batch *= 2;
}

/* Claims and runs; false: there is nothing. */
static bool run_some(struct pool *pool)
{
	struct task_ring *ring = &pool->shared->tasks;
	uint64_t positions[TASK_MAX_BATCH];
	unsigned max = batch_size(pool);
	unsigned nr = task_ring_claim(ring, self.slot, max, &pool->cells[self.slot].batch, positions);

	if (!nr && worker_steal(pool, self.slot, positions)) {
		run_task(positions[0]);
		return true;
	}
	publish_queue_out(pool->publisher, 1, atomic_load_explicit(&ring->take, memory_order_relaxed));
	if (nr)
		run_batch(pool, positions, nr, max == 1);
	return nr;
}

void worker_run(struct pool *pool, unsigned slot)
{
	uint64_t most = pool->options.max_tasks_per_worker;

	self.pool = pool;
	self.slot = slot;
	self.batch = 1;
	publish_worker_begin(pool->publisher, slot);
	wait_until_watched(&pool->cells[slot]);
	arena_owner_init(&self.arena, pool->arena, ARENA_OWNER_OF(slot));
	initialize(&pool->options);
	while (!atomic_load(&pool->shared->stop)) {
		if (most && self.nr_run >= most)
			break;
		if (!run_some(pool))
			worker_idle(pool, slot);
	}
	leave(STAGE_LEAVING, 0);
}
