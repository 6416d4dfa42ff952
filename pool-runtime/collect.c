/* collect.c: who brings results out of the workers' rings, and how do the others learn of it?
 *
 * At any time one thread collects, for all. A caller that waits does it itself: no helper stands between a result and
 * who wants it. The others that wait follow: they sleep until their own result is ready, or until the one that collects
 * has what it wanted and appoints one of them. When no caller waits, the result handler collects.
 *
 *	caller A  collects, spins, sleeps on caller_bell ........ has its result, appoints B
 *	caller B  ........ follows, sleeps on its condition ....... collects .......... leaves: nobody waits any more
 *	result handler ........ sleeps on handler_bell ................................ collects
 *
 * A worker rings the bell of whoever it is, and only if that one sleeps (wake.h). */
#include "pool_internal.h"

#include <errno.h>

enum { LOOKS_BETWEEN_CLOCKS = 16, RECORDS_BETWEEN_TAILS = 64 };

/* ---- a worker's side -------------------------------------------------------------------------------------------------- */

void collect_tell_collector(struct pool *pool)
{
	struct pool_shared *shared = pool->shared;

	if (atomic_load(&shared->caller_collects)) {
		if (atomic_load(&shared->caller_sleeps) && atomic_exchange(&shared->caller_sleeps, 0))
			wake_all(&shared->caller_bell);
	} else if (atomic_load(&shared->handler_sleeps) && atomic_exchange(&shared->handler_sleeps, 0)) {
		wake_all(&shared->handler_bell);
	}
}

/* ---- out of the rings, under the lock ---------------------------------------------------------------------------------- */

/* The first result of a task counts; what else names it came from a worker that died before it could free the slot. */
static void take_record(struct pool *pool, unsigned slot, const struct result_record *record)
{
	struct pool_result *job = job_find(pool, record->job);
	uint64_t index = job ? record->task - job->first_task : 0;

	pool->nr_collected++;
	if (job && index < job->nr_tasks && !job->tasks[index].done)
		job_task_returned(pool, job, (uint32_t)index, slot, record);
}

/* A worker that found its ring full sleeps until there is room. */
static void tell_blocked(struct pool *pool, unsigned slot)
{
	if (atomic_load(&pool->cells[slot].blocked) && atomic_exchange(&pool->cells[slot].blocked, 0))
		wake_all(&pool->cells[slot].bell);
}

unsigned collect_from(struct pool *pool, unsigned slot)
{
	struct result_ring *ring = pool_results_of(pool, slot);
	uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed), begin = tail;
	uint64_t head = atomic_load_explicit(&ring->head, memory_order_acquire);

	if (head == tail)
		return 0;
	while (tail < head) {
		take_record(pool, slot, &ring->records[tail++ & (pool->ring_capacity - 1)]);
		if (tail % RECORDS_BETWEEN_TAILS == 0)
			atomic_store_explicit(&ring->tail, tail, memory_order_release);
	}
	atomic_store(&ring->tail, tail);
	tell_blocked(pool, slot);
	return (unsigned)(tail - begin);
}

static uint64_t nr_handed_over(const struct pool *pool)
{
	uint64_t nr = 0;

	for (unsigned slot = 0; slot < pool->nr_workers; slot++)
		nr += atomic_load_explicit(&pool_results_of(pool, slot)->head, memory_order_relaxed);
	return nr;
}

unsigned collect_results(struct pool *pool)
{
	unsigned nr = 0;

	publish_queue_in(pool->publisher, 2, nr_handed_over(pool));
	for (unsigned slot = 0; slot < pool->nr_workers; slot++)
		nr += collect_from(pool, slot);
	publish_queue_out(pool->publisher, 2, pool->nr_collected);
	return nr;
}

bool collect_is_there(struct pool *pool)
{
	for (unsigned slot = 0; slot < pool->nr_workers; slot++)
		if (!result_ring_is_empty(pool_results_of(pool, slot)))
			return true;
	return false;
}

void collect_wake_result_handler(struct pool *pool)
{
	wake_all(&pool->shared->handler_bell);
}

/* ---- who waits, under the lock ------------------------------------------------------------------------------------------ */

/* The result handler waits inside a callback: for the tasks alone, since only it could run other callbacks. */
static bool is_over(struct pool *pool, struct pool_result *job)
{
	int state = atomic_load(&job->state);

	return state == JOB_READY || (state == JOB_COMPLETE && pool_is_result_handler(pool));
}

void collect_tell_waiters(struct pool *pool, struct pool_result *job)
{
	for (struct waiter *waiter = pool->waiters; waiter; waiter = waiter->next)
		if (waiter->job == job)
			pthread_cond_signal(&waiter->told);
	if (pool->collecting_for == job && atomic_exchange(&pool->shared->caller_sleeps, 0))
		wake_all(&pool->shared->caller_bell);
}

/* The last act of the caller that collects. */
static void resign(struct pool *pool)
{
	struct waiter *next = pool->waiters;

	if (next) {
		next->appointed = true;
		pool->collecting_for = next->job;
		pthread_cond_signal(&next->told);
		return;
	}
	pool->collecting_for = NULL;
	atomic_store(&pool->shared->caller_collects, 0);
	if (collect_is_there(pool)) /* a worker may have counted on us */
		collect_wake_result_handler(pool);
}

/* ---- the caller that collects ------------------------------------------------------------------------------------------- */

static bool spin(struct pool *pool)
{
	uint64_t end = pool->spin_ns ? wake_now_ns() + pool->spin_ns : 0;

	while (pool->spin_ns && wake_now_ns() < end) {
		for (int i = 0; i < LOOKS_BETWEEN_CLOCKS; i++) {
			if (collect_is_there(pool))
				return true;
			wake_pause();
		}
	}
	return false;
}

/* Without the lock. */
static int wait_for_news(struct pool *pool, struct pool_result *job, uint64_t deadline_ns, bool may_spin)
{
	struct pool_shared *shared = pool->shared;
	uint32_t bell = atomic_load(&shared->caller_bell);
	int error = 0;

	if (may_spin && spin(pool))
		return 0;
	if (may_spin && task_ring_depth(&pool->shared->tasks))
		pool_wake_another(pool);
	atomic_store(&shared->caller_sleeps, 1);
	if (!collect_is_there(pool) && !is_over(pool, job))
		error = wake_wait(&shared->caller_bell, bell, deadline_ns);
	atomic_store(&shared->caller_sleeps, 0);
	return error;
}

/* Under the lock, which it leaves to wait. Has been appointed, or nobody else collects. */
static int collect_for(struct pool *pool, struct pool_result *job, uint64_t deadline_ns, bool may_spin)
{
	int error = 0;

	pool->collecting_for = job;
	atomic_store(&pool->shared->caller_collects, 1);
	while (!error && !is_over(pool, job)) {
		unsigned nr = collect_results(pool);

		if (pool->backlog.first)
			feed_tasks(pool);
		if (is_over(pool, job))
			break;
		pthread_mutex_unlock(&pool->lock);
		if (!nr)
			error = wait_for_news(pool, job, deadline_ns, may_spin);
		may_spin = true;
		pthread_mutex_lock(&pool->lock);
	}
	resign(pool);
	return is_over(pool, job) ? 0 : error;
}

/* ---- the callers that follow ---------------------------------------------------------------------------------------------- */

static void waiter_remove(struct pool *pool, struct waiter *waiter)
{
	struct waiter **link = &pool->waiters;

	while (*link != waiter)
		link = &(*link)->next;
	*link = waiter->next;
	pthread_cond_destroy(&waiter->told);
}

/* Under the lock. Until the job is over (0), the time is (-ETIMEDOUT), or this caller is appointed (-EAGAIN). */
static int follow(struct pool *pool, struct pool_result *job, uint64_t deadline_ns)
{
	struct waiter waiter = { .next = pool->waiters, .job = job };
	int error = 0;

	pool_condition_init(&waiter.told);
	pool->waiters = &waiter;
	while (!error && !waiter.appointed && !is_over(pool, job))
		error = pool_wait(pool, &waiter.told, deadline_ns);
	waiter_remove(pool, &waiter);
	if (waiter.appointed && (error || is_over(pool, job)))
		resign(pool);
	else if (waiter.appointed)
		error = -EAGAIN;
	return is_over(pool, job) ? 0 : error;
}

int collect_until_ready(struct pool *pool, struct pool_result *job, uint64_t deadline_ns, bool may_spin)
{
	int error = 0;

	pthread_mutex_lock(&pool->lock);
	if (!is_over(pool, job) && atomic_load(&pool->shared->caller_collects))
		error = follow(pool, job, deadline_ns);
	else
		error = -EAGAIN;
	if (error == -EAGAIN)
		error = is_over(pool, job) ? 0 : collect_for(pool, job, deadline_ns, may_spin);
	pthread_mutex_unlock(&pool->lock);
	return error;
}
