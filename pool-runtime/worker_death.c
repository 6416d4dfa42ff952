/* worker_death.c: what did a dead worker hold, and who gets it?
 *
 *	in its result ring      delivered: it was done
 *	slots it claimed        back to the backlog, before everything else: nobody had begun them
 *	the slot it ran         delivered already: only freed. Else lost: tried again if that is allowed, or failed
 *	blocks in the arena     its slot's again, for the next worker there
 *	a wake-up on its way    everybody is woken, and looks for himself */
#include "pool_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void worker_end_print(const struct worker_end *end, char *text, size_t size)
{
	const char *name = end->signal ? sigabbrev_np(end->signal) : NULL;

	if (name)
		snprintf(text, size, "SIG%s", name);
	else if (end->signal)
		snprintf(text, size, "signal %d", end->signal);
	else if (end->exit_code >= 0)
		snprintf(text, size, "exit %d", end->exit_code);
	else
		snprintf(text, size, "status lost");
}

void worker_end_tell(const struct worker_end *end, char *text, size_t size)
{
	char cause[32];

	worker_end_print(end, cause, sizeof(cause));
	if (end->signal)
		snprintf(text, size, "worker %d died of %s", (int)end->pid, cause);
	else if (end->exit_code >= 0)
		snprintf(text, size, "worker %d exited with status %d", (int)end->pid, end->exit_code);
	else
		snprintf(text, size, "worker %d is gone (status lost: the program ignores or reaps its children)",
		         (int)end->pid);
}

static struct pool_result *job_of(struct pool *pool, const struct task_slot *slot, uint32_t *index)
{
	struct pool_result *job = job_find(pool, slot->job);
	uint64_t at = job ? slot->task - job->first_task : 0;

	*index = (uint32_t)at;
	return job && at < job->nr_tasks && !job->tasks[at].done ? job : NULL;
}

static void fail_lost(struct pool *pool, struct pool_result *job, uint32_t index, unsigned worker,
                      const struct worker_end *end)
{
	char who[128], text[512], tries[64] = "";
	struct pool_error error = {
		.code = -EOWNERDEAD, .text = text, .item = job_task_begin(job, index),
		.task = job->first_task + index, .slot = (int)worker, .pid = end->pid,
		.signal = end->signal, .exit_code = end->exit_code,
	};

	worker_end_tell(end, who, sizeof(who));
	if (job->tasks[index].attempts > 1)
		snprintf(tries, sizeof(tries), " (attempt %u)", job->tasks[index].attempts);
	snprintf(text, sizeof(text), "%s while running %.250s%s", who, job->name, tries);
	job_task_failed(pool, job, index, &error);
}

static void lose(struct pool *pool, struct pool_result *job, uint32_t index, unsigned worker,
                 const struct worker_end *end)
{
	uint64_t task = job->first_task + index;

	publish_task(pool->publisher, EV_TASK_LOST, task, job->number, worker, STATUS_LOST);
	if (++job->tasks[index].attempts > pool->options.retries) {
		fail_lost(pool, job, index, worker, end);
		return;
	}
	publish_task(pool->publisher, EV_TASK_RETRIED, task, job->number, worker, STATUS_OK);
	feed_return(pool, job, index);
}

/* What it ran goes to *ran, what it had only claimed back to the backlog; both slots are free then. */
static void take_back(struct pool *pool, unsigned worker, struct task_slot *ran)
{
	struct task_ring *ring = &pool->shared->tasks;

	for (unsigned i = 0; i < TASK_RING_CAPACITY; i++) {
		struct task_slot *slot = &ring->slots[i];
		uint64_t word = atomic_load_explicit(&slot->word, memory_order_acquire);
		struct pool_result *job;
		uint32_t index;

		if (TASK_OWNER(word) == TASK_RUN_BY(worker))
			memcpy((unsigned char *)ran + sizeof(ran->word), (unsigned char *)slot + sizeof(slot->word),
			       sizeof(*slot) - sizeof(slot->word));
		else if (TASK_OWNER(word) != TASK_CLAIMED_BY(worker))
			continue;
		else if ((job = job_of(pool, slot, &index)))
			feed_return(pool, job, index);
		task_ring_finish(ring, word >> 16);
	}
}

void worker_death(struct pool *pool, unsigned slot, const struct worker_end *end, bool told)
{
	struct task_slot ran = { .task = 0 };
	struct pool_result *job;
	char cause[32];
	uint32_t index;

	collect_from(pool, slot);
	take_back(pool, slot, &ran);
	arena_repair(pool->arena, ARENA_OWNER_OF(slot));
	pool_forget_worker(pool, slot);
	/* what a pool that is stopped by force still runs is cancelled, with all the rest */
	job = ran.task && !pool_is_forced(pool) ? job_of(pool, &ran, &index) : NULL;
	worker_end_print(end, cause, sizeof(cause));
	if (told)
		publish_worker_gone(pool->publisher, slot);
	else
		publish_worker_died(pool->publisher, slot, end->pid, cause, job ? ran.task : 0, job ? ran.name : 0);
	if (job)
		lose(pool, job, index, slot, end);
	if (pool->backlog.first && !pool_is_forced(pool))
		feed_tasks(pool);
	pool_wake_everybody(pool);
}
