/* model.c: the model's life, and the questions that can be put to it. What facts do to it stands in apply_*.c. */
#include "model/model.h"

#include <errno.h>
#include <string.h>

#define STORES(STORE) \
	STORE(processes, struct process, struct process_key) \
	STORE(threads, struct thread, struct thread_key) \
	STORE(pools, struct pool, struct pool_key) \
	STORE(workers, struct worker, struct worker_key) \
	STORE(helpers, struct helper, struct helper_key) \
	STORE(queues, struct queue, struct queue_key) \
	STORE(probes, struct probe_status, struct probe_key) \
	STORE(lost, struct lost, struct lost_key) \
	STORE(latest, struct process_latest, struct pid_key)

void model_init(struct model *model)
{
	*model = (struct model){ 0 };
#define INIT(store, type, key) store_init(&model->store, sizeof(type), sizeof(key));
	STORES(INIT)
#undef INIT
}

void model_finish(struct model *model)
{
#define FINISH(store, type, key) store_finish(&model->store);
	STORES(FINISH)
#undef FINISH
}

int model_copy(struct model *to, const struct model *from)
{
	struct model copy = *from; /* the plain members; the stores keep their own memory */

	/* all the memory first: half a copy would be two moments in one */
#define RESERVE(store, type, key) \
	if (store_reserve(&to->store, from->store.count)) \
		return -ENOMEM;
	STORES(RESERVE)
#undef RESERVE
#define COPY(store, type, key) \
	store_copy(&to->store, &from->store); \
	copy.store = to->store;
	STORES(COPY)
#undef COPY
	*to = copy;
	return 0;
}

void model_tick(struct model *model, uint64_t now_ns)
{
	if (now_ns > model->now_ns)
		model->now_ns = now_ns;
}

/* ---- forgetting ---- */

struct forgetting {
	const struct model *model;
	uint64_t before_ns;
};

static bool keep_pool(const void *entry, void *context)
{
	const struct pool *pool = entry;
	const struct forgetting *forgetting = context;

	return pool->state != POOL_JOINED || pool->since_ns >= forgetting->before_ns;
}

/* Workers, helpers and queues begin with their pool's id. */
static bool keep_of_pool(const void *entry, void *context)
{
	const struct forgetting *forgetting = context;

	return model_pool(forgetting->model, *(const uint32_t *)entry) != NULL;
}

static bool keep_process(const void *entry, void *context)
{
	const struct process *process = entry;
	const struct forgetting *forgetting = context;
	const struct pool *pool = model_pool(forgetting->model, process->pool);

	if (process->state != THREAD_GONE || process->died_ns >= forgetting->before_ns)
		return true;
	return pool && process->slot < 0; /* the parent of a pool that is still shown */
}

static bool keep_thread(const void *entry, void *context)
{
	const struct thread *thread = entry;
	const struct forgetting *forgetting = context;

	if (!model_process(forgetting->model, thread->key.pid, thread->key.start))
		return false;
	return thread->state != THREAD_GONE || thread->died_ns >= forgetting->before_ns;
}

static bool keep_latest(const void *entry, void *context)
{
	const struct process_latest *latest = entry;
	const struct forgetting *forgetting = context;

	return model_process(forgetting->model, latest->key.pid, latest->start) != NULL;
}

/* Those that were let go left holes in the chains of their processes. */
static void chain_threads(struct model *model)
{
	struct process *process;
	struct thread *thread;

	for store_each(process, &model->processes)
		process->last_thread = 0;
	for store_each(thread, &model->threads) {
		process = model_process(model, thread->key.pid, thread->key.start);
		thread->before = process->last_thread;
		process->last_thread = thread->key.tid;
	}
}

void model_forget(struct model *model, uint64_t before_ns)
{
	struct forgetting forgetting = { .model = model, .before_ns = before_ns };

	store_keep(&model->pools, keep_pool, &forgetting);
	store_keep(&model->workers, keep_of_pool, &forgetting);
	store_keep(&model->helpers, keep_of_pool, &forgetting);
	store_keep(&model->queues, keep_of_pool, &forgetting);
	store_keep(&model->processes, keep_process, &forgetting);
	store_keep(&model->threads, keep_thread, &forgetting);
	chain_threads(model);
	store_keep(&model->latest, keep_latest, &forgetting);
}

/* ---- questions ---- */

struct process *model_process(const struct model *model, uint32_t pid, uint64_t start)
{
	return store_find(&model->processes, &(struct process_key){ .pid = pid, .start = start });
}

struct process *model_process_by_pid(const struct model *model, uint32_t pid)
{
	const struct process_latest *latest = store_find(&model->latest, &(struct pid_key){ .pid = pid });

	return latest ? model_process(model, pid, latest->start) : NULL;
}

struct thread *model_thread(const struct model *model, uint32_t pid, uint64_t start, uint32_t tid)
{
	return store_find(&model->threads, &(struct thread_key){ .pid = pid, .tid = tid, .start = start });
}

struct thread *process_newest_thread(const struct model *model, const struct process *process)
{
	return process->last_thread ? model_thread(model, process->key.pid, process->key.start, process->last_thread) : NULL;
}

struct thread *thread_before(const struct model *model, const struct thread *thread)
{
	return thread->before ? model_thread(model, thread->key.pid, thread->key.start, thread->before) : NULL;
}

struct pool *model_pool(const struct model *model, uint32_t key)
{
	return key ? store_find(&model->pools, &(struct pool_key){ .id = key }) : NULL;
}

struct pool *model_pool_of(const struct model *model, uint32_t pid)
{
	const struct process *process = model_process_by_pid(model, pid);

	return process ? model_pool(model, process->pool) : NULL;
}

struct worker *model_worker(const struct model *model, uint32_t pool, uint32_t slot)
{
	return store_find(&model->workers, &(struct worker_key){ .pool = pool, .slot = slot });
}

bool process_is_alive(const struct process *process)
{
	return !process->exited;
}

bool pool_is_over(const struct pool *pool)
{
	return pool->state == POOL_JOINED || pool->state == POOL_DEAD;
}

bool worker_died_with_pool(const struct worker *worker, const struct pool *pool)
{
	return pool->state == POOL_DEAD && worker->key.pool == pool->key.id && worker->state == WORKER_DIED &&
	       worker->died_task && worker->died_ns == pool->since_ns;
}

unsigned pool_count(const struct model *model, const struct pool *pool, enum worker_state state)
{
	const struct worker *worker;
	unsigned count = 0;

	for store_each(worker, &model->workers)
		count += worker->key.pool == pool->key.id && worker->state == state;
	return count;
}

struct worker *pool_next_worker(const struct model *model, const struct pool *pool, int64_t after)
{
	enum { SLOTS_MAX = 65536 }; /* a segment can have no more */
	struct worker *worker = NULL;

	for (int64_t slot = after + 1; !worker && slot < SLOTS_MAX; slot++)
		worker = model_worker(model, pool->key.id, (uint32_t)slot);
	return worker;
}

int64_t pool_queued(const struct model *model, const struct names *names, const struct pool *pool)
{
	const struct queue *queue;
	int64_t queued = UNKNOWN;

	for store_each(queue, &model->queues) {
		const char *name = names_text(names, queue->key.name);
		if (queue->key.pool != pool->key.id || queue->depth < 0 || (strcmp(name, "backlog") && strcmp(name, "tasks")))
			continue;
		queued = queued < 0 ? queue->depth : queued + queue->depth;
	}
	return queued;
}
