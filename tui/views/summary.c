/* summary.c: a pool in a few numbers. */
#include "views/summary.h"

#include <stdlib.h>
#include <string.h>

static const struct summary nothing = {.done = UNKNOWN, .failed = UNKNOWN, .queued = UNKNOWN, .rate = -1};

void summaries_finish(struct summaries *summaries)
{
	free(summaries->list);
}

static struct summary *find(const struct summaries *summaries, const struct model *model, uint32_t pool)
{
	const struct pool *found = model_pool(model, pool);
	size_t place;

	if (!found)
		return NULL;
	place = (size_t)(found - (const struct pool *)model->pools.entries);
	return place < summaries->count ? &summaries->list[place] : NULL;
}

struct summary summary_of(const struct summaries *summaries, const struct model *model, uint32_t pool)
{
	const struct summary *summary = find(summaries, model, pool);

	return summary ? *summary : nothing;
}

static void add(int64_t *sum, int64_t more)
{
	if (more >= 0)
		*sum = *sum < 0 ? more : *sum + more;
}

static void count_workers(struct summaries *summaries, const struct model *model)
{
	const struct worker *worker;

	for store_each(worker, &model->workers) {
		struct summary *summary = find(summaries, model, worker->key.pool);

		if (!summary)
			continue;
		bool over = pool_is_over(model_pool(model, worker->key.pool));
		summary->has_workers = true;
		add(&summary->done, worker->done);
		add(&summary->failed, worker->failed);
		if (worker->state == WORKER_NEW)
			continue;
		summary->alive += worker->state != WORKER_DIED && !over;
		summary->busy += worker->state == WORKER_BUSY;
	}
}

static const struct process_key *above(const struct process *process)
{
	return process->born_of.pid ? &process->born_of : &process->parent;
}

uint32_t pool_above(const struct model *model, const struct process *process)
{
	enum { FAR_ENOUGH = 64 };

	for (int steps = 0; process && steps < FAR_ENOUGH; steps++) {
		if (process->pool)
			return process->pool;
		process = model_process(model, above(process)->pid, above(process)->start);
	}
	return 0;
}

/* Of a pool found by its shape the workers are children of its parent; of a plain program all that there is counts. */
static bool may_be_worker(const struct pool *pool, const struct process *process)
{
	const struct process_key *parent = above(process);

	return pool->kind != KIND_PROCESS || (parent->pid == pool->parent.pid && parent->start == pool->parent.start);
}

/* Which of the children are workers is not known, but how many: others are there to help, as Python's resource tracker. */
static void leave_out_helpers(struct summary *summary, const struct pool *pool)
{
	if (summary->has_workers || pool->kind != KIND_PROCESS || pool->workers < 0)
		return;
	if (summary->alive > pool->workers)
		summary->alive = (unsigned)pool->workers;
	if (summary->busy > summary->alive)
		summary->busy = summary->alive;
}

/* Pools of others, and plain programs: their processes are all that is known. */
static void count_processes(struct summaries *summaries, const struct model *model)
{
	const struct process *process;

	for store_each(process, &model->processes) {
		uint32_t pool = pool_above(model, process);
		struct summary *summary = find(summaries, model, pool);

		if (!summary || summary->has_workers || !may_be_worker(model_pool(model, pool), process))
			continue;
		summary->alive += process_is_alive(process);
		summary->busy += process->state == THREAD_RUNNING;
	}
	for (uint32_t i = 0; i < summaries->count; i++)
		leave_out_helpers(&summaries->list[i], store_at(&model->pools, i));
}

static void count_queues(struct summaries *summaries, const struct scene *scene)
{
	const struct queue *queue;

	for store_each(queue, &scene->model->queues) {
		struct summary *summary = find(summaries, scene->model, queue->key.pool);
		const char *name = scene_text(scene, queue->key.name);

		if (summary && (!strcmp(name, "backlog") || !strcmp(name, "tasks")))
			add(&summary->queued, queue->depth);
	}
}

static void count_findings(struct summaries *summaries, const struct scene *scene)
{
	for (unsigned i = 0; i < scene->findings->count; i++) {
		struct summary *summary = find(summaries, scene->model, scene->findings->list[i].pool);

		if (summary)
			summary->findings++;
	}
}

static bool make_room(struct summaries *summaries, uint32_t count)
{
	struct summary *list;

	if (count <= summaries->capacity)
		return true;
	list = realloc(summaries->list, (count + 16) * sizeof(*list));
	if (!list)
		return false;
	summaries->list = list;
	summaries->capacity = count + 16;
	return true;
}

void summaries_take(struct summaries *summaries, const struct scene *scene)
{
	const struct model *model = scene->model;

	summaries->count = make_room(summaries, model->pools.count) ? model->pools.count : 0;
	for (uint32_t i = 0; i < summaries->count; i++)
		summaries->list[i] = nothing;
	count_workers(summaries, model);
	count_processes(summaries, model);
	count_queues(summaries, scene);
	count_findings(summaries, scene);
	for (uint32_t i = 0; i < summaries->count; i++) {
		const struct pool *pool = store_at(&model->pools, i);

		summaries->list[i].rate = rates_of(scene->rates, RATE_POOL_DONE, pool->key.id, 0,
		                                   summaries->list[i].done, scene->now_ns);
	}
}
