/* apply_pool.c: how do pools, their workers, helpers and queues change?
 *
 * A pool speaks of its workers by slot. Who lives in a slot is told by worker.starting; a fact of the one before it that
 * comes later than that is history, not state. */
#include "model/apply.h"

static uint32_t pool_id(const struct fact *fact)
{
	return (uint32_t)fact_value(fact, F_POOL, 0);
}

/* Who was found by its shape, or stands for itself as a program, is that no more once it publishes. */
static bool keep_if_not_stood_in_for(const void *entry, void *context)
{
	const struct pool *program = entry;
	const struct fact *fact = context;

	return program->source == SOURCE_RUNTIME || program->parent.pid != fact->pid ||
	       program->parent.start != fact->start;
}

void apply_pool_opened(struct model *model, const struct fact *fact)
{
	struct pool_key key = { .id = pool_id(fact) };
	struct process *parent = apply_touch(model, fact->pid, fact->start, fact->t_ns);
	const struct pool *other = parent ? model_pool(model, parent->pool) : NULL;
	bool added;

	if (fact->source == SOURCE_RUNTIME)
		store_keep(&model->pools, keep_if_not_stood_in_for, (void *)fact);
	else if (other && other->source == SOURCE_RUNTIME)
		return;
	struct pool *pool = key.id ? store_add(&model->pools, &key, &added) : NULL;
	if (!pool)
		return;
	if (parent && !model_pool(model, parent->pool))
		parent->pool = key.id;
	pool->parent = (struct process_key){ .pid = fact->pid, .start = fact->start };
	pool->name = (uint32_t)fact_value(fact, F_NAME, 0);
	pool->kind = (uint8_t)fact_value(fact, F_KIND, KIND_PROGRAM);
	pool->start_method = (uint8_t)fact_value(fact, F_START_METHOD, NR_START_METHODS);
	pool->workers = fact_value(fact, F_WORKERS, UNKNOWN);
	pool->source = fact->source;
	if (added) {
		pool->state = POOL_OPEN;
		pool->opened_ns = pool->since_ns = fact->t_ns;
	}
}

static enum pool_state state_after(enum event event)
{
	switch (event) {
	case EV_POOL_CLOSING:     return POOL_CLOSING;
	case EV_POOL_TERMINATING: return POOL_TERMINATING;
	case EV_POOL_JOINED:      return POOL_JOINED;
	case EV_POOL_BROKEN:      return POOL_BROKEN;
	case EV_POOL_DEAD:        return POOL_DEAD;
	default:                  return POOL_OPEN;
	}
}

static bool is_same(const struct process_key *one, const struct process_key *other)
{
	return one->pid == other->pid && one->start == other->start;
}

/* Nobody lives in the slot any more. Where the workers are threads, their process is the parent's and goes on. */
static void move_out(struct model *model, const struct worker *worker, uint64_t t_ns)
{
	const struct pool *pool = model_pool(model, worker->key.pool);

	if (!pool || !is_same(&worker->process, &pool->parent))
		apply_gone_unseen(model, &worker->process, t_ns);
}

/* Of those in mid-task nobody will hear any more; the others leave, as they were told or because there is nothing to do. */
static void end_worker(struct pool *pool, struct worker *worker, uint64_t t_ns)
{
	bool dies = pool->state == POOL_DEAD && worker->state == WORKER_BUSY;

	if (worker->state == WORKER_NEW || worker->state == WORKER_EXITING || worker->state == WORKER_DIED)
		return;
	worker->state = dies ? WORKER_DIED : WORKER_EXITING;
	worker->since_ns = t_ns;
	if (!dies) {
		worker->task = worker->function = 0;
		return;
	}
	pool->deaths++;
	worker->died = worker->process;
	worker->died_ns = t_ns;
	worker->died_task = worker->task;
	worker->died_function = worker->function;
	worker->died_cause = pool->reason;
}

/* Of processes that only the pool told about nobody else will say that they ended: its workers end with it, and it is
 * dead because its parent is. */
static void end_pool(struct model *model, struct pool *pool, uint64_t t_ns)
{
	struct worker *worker;

	for store_each(worker, &model->workers) {
		if (worker->key.pool != pool->key.id)
			continue;
		end_worker(pool, worker, t_ns);
		move_out(model, worker, t_ns);
	}
	if (pool->state == POOL_DEAD)
		apply_gone_unseen(model, &pool->parent, t_ns);
}

void apply_pool_state(struct model *model, const struct fact *fact)
{
	struct pool *pool = model_pool(model, pool_id(fact));

	if (!pool || pool->state == state_after(fact->event))
		return;
	pool->state = (uint8_t)state_after(fact->event);
	pool->since_ns = fact->t_ns;
	pool->reason = (uint32_t)fact_value(fact, F_REASON, pool->reason);
	if (pool_is_over(pool))
		end_pool(model, pool, fact->t_ns);
}

static struct worker *worker_of(struct model *model, const struct fact *fact)
{
	struct worker_key key = { .pool = pool_id(fact), .slot = (uint32_t)fact_value(fact, F_SLOT, 0) };
	bool added;
	struct worker *worker = key.pool ? store_add(&model->workers, &key, &added) : NULL;

	if (worker && added)
		worker->done = worker->failed = worker->busy_ns = UNKNOWN;
	return worker;
}

/* Says who lives in the slot, once. */
static void move_in(struct model *model, struct worker *worker, const struct fact *fact)
{
	struct process_key key = { .pid = fact->pid, .start = fact->start };

	if (is_same(&worker->process, &key))
		return;
	move_out(model, worker, fact->t_ns);
	worker->process = key;
	worker->lives++;
	struct process *process = apply_touch(model, fact->pid, fact->start, fact->t_ns);
	const struct pool *pool = model_pool(model, worker->key.pool);
	if (!process)
		return;
	process->pool = worker->key.pool;
	process->slot = (int32_t)worker->key.slot;
	if (!process->parent.pid && pool)
		process->parent = process->born_of = pool->parent;
}

static bool is_of_an_earlier_life(const struct worker *worker, const struct fact *fact)
{
	return fact->t_ns < worker->since_ns;
}

static void enter(struct worker *worker, enum worker_state state, const struct fact *fact)
{
	worker->state = (uint8_t)state;
	worker->since_ns = fact->t_ns;
	worker->task = (uint64_t)fact_value(fact, F_TASK, 0);
	worker->function = (uint32_t)fact_value(fact, F_FUNCTION, 0);
}

void apply_worker_starting(struct model *model, const struct fact *fact)
{
	struct worker *worker = worker_of(model, fact);

	if (!worker || is_of_an_earlier_life(worker, fact))
		return;
	move_in(model, worker, fact);
	if (fact->event == EV_WORKER_STARTING)
		enter(worker, WORKER_STARTING, fact);
}

void apply_worker_state(struct model *model, const struct fact *fact)
{
	struct worker *worker = worker_of(model, fact);

	if (!worker || is_of_an_earlier_life(worker, fact))
		return;
	move_in(model, worker, fact);
	switch (fact->event) {
	case EV_WORKER_INITIALIZING: enter(worker, WORKER_INITIALIZING, fact); break;
	case EV_WORKER_BUSY:         enter(worker, WORKER_BUSY, fact); break;
	case EV_WORKER_EXITING:      enter(worker, WORKER_EXITING, fact); break;
	default:                     enter(worker, WORKER_IDLE, fact); break;
	}
}

static void bury(struct model *model, const struct worker *worker, const struct fact *fact)
{
	struct process *process = apply_touch(model, fact->pid, fact->start, fact->t_ns);

	if (!process)
		return;
	process->pool = worker->key.pool;
	process->slot = (int32_t)worker->key.slot;
	if (process->exited)
		return;
	process->exited = true; /* the pool has reaped it; the kernel may tell more */
	process->died_ns = process->since_ns = fact->t_ns;
	process->state = THREAD_GONE;
}

/* A death is told by a record, which says all, and perhaps again by the slot, which does not know the cause. */
static bool is_told_again(const struct worker *worker, const struct fact *fact)
{
	return worker->died.pid == fact->pid && worker->died_ns == fact->t_ns;
}

void apply_worker_died(struct model *model, const struct fact *fact)
{
	struct worker *worker = worker_of(model, fact);
	struct pool *pool = model_pool(model, pool_id(fact));

	if (!worker)
		return;
	bool again = is_told_again(worker, fact);
	if (pool && !again)
		pool->deaths++;
	worker->died = (struct process_key){ .pid = fact->pid, .start = fact->start };
	worker->died_ns = fact->t_ns;
	worker->died_task = (uint64_t)fact_value(fact, F_TASK, 0);
	worker->died_function = (uint32_t)fact_value(fact, F_FUNCTION, 0);
	worker->died_cause = (uint32_t)fact_value(fact, F_CAUSE, again ? worker->died_cause : 0);
	bury(model, worker, fact);
	if (is_of_an_earlier_life(worker, fact))
		return;
	enter(worker, WORKER_DIED, fact);
	worker->process = worker->died;
}

void apply_worker_counted(struct model *model, const struct fact *fact)
{
	struct worker *worker = worker_of(model, fact);

	if (!worker)
		return;
	fact_get(fact, F_DONE, &worker->done);
	fact_get(fact, F_FAILED, &worker->failed);
	fact_get(fact, F_BUSY_NS, &worker->busy_ns);
}

void apply_helper(struct model *model, const struct fact *fact)
{
	struct helper_key key = { .pool = pool_id(fact), .role = (uint32_t)fact_value(fact, F_ROLE, 0) };
	struct helper *helper = key.pool ? store_add(&model->helpers, &key, NULL) : NULL;

	if (!helper)
		return;
	helper->exited = fact->event == EV_HELPER_EXITED;
	helper->since_ns = fact->t_ns;
	if (helper->exited)
		return;
	helper->tid = fact->tid ? fact->tid : fact->pid;
	helper->name = (uint32_t)fact_value(fact, F_NAME, 0);
	struct thread *thread = apply_touch_thread(model, fact);
	if (thread && helper->name)
		thread->name = helper->name;
}

void apply_job(struct model *model, const struct fact *fact)
{
	struct pool *pool = model_pool(model, pool_id(fact));

	if (!pool)
		return;
	if (fact->event == EV_JOB_SUBMITTED)
		pool->jobs_submitted++;
	else
		pool->jobs_finished++;
}

void apply_queue_depth(struct model *model, const struct fact *fact)
{
	struct queue_key key = { .pool = pool_id(fact), .name = (uint32_t)fact_value(fact, F_QUEUE, 0) };
	bool added;
	struct queue *queue = key.name ? store_add(&model->queues, &key, &added) : NULL;

	if (!queue)
		return;
	if (added)
		queue->depth = queue->bytes = queue->capacity = queue->high = queue->in = queue->out = UNKNOWN;
	queue->since_ns = fact->t_ns;
	fact_get(fact, F_DEPTH, &queue->depth);
	fact_get(fact, F_BYTES, &queue->bytes);
	fact_get(fact, F_CAPACITY, &queue->capacity);
	fact_get(fact, F_HIGH, &queue->high);
	fact_get(fact, F_IN, &queue->in);
	fact_get(fact, F_OUT, &queue->out);
}
