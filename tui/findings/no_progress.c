/* no_progress.c: does a whole pool stand still while work is waiting?
 *
 * Every worker has been in the same task for seconds, uses no processor, and tasks are queued: they wait for
 * something that does not come, a lock whose holder died or each other. A pool whose tasks really sleep that long looks
 * the same; that is worth knowing too. */
#include <stdio.h>

#include "findings/findings.h"

#define PATIENCE_NS 5000000000u
#define IDLENESS_NS 1000000000u  /* of the processor: known only since we look */

struct standstill {
	unsigned workers;
	uint64_t since_ns;           /* when the last of them took its task */
	uint64_t idle_ns;            /* since when none has been seen to run */
	const struct worker *longest;
};

static uint64_t later(uint64_t one, uint64_t other)
{
	return one > other ? one : other;
}

/* False as soon as one worker moves, or could take a task. */
static bool stands_still(const struct model *model, const struct pool *pool, struct standstill *still)
{
	const struct worker *worker;

	for store_each(worker, &model->workers) {
		const struct process *process = model_process(model, worker->process.pid, worker->process.start);
		if (worker->key.pool != pool->key.id || worker->state == WORKER_NEW || worker->state == WORKER_DIED)
			continue;
		if (worker->state != WORKER_BUSY || !process || process->state != THREAD_WAITING)
			return false;
		still->workers++;
		still->since_ns = later(still->since_ns, worker->since_ns);
		still->idle_ns = later(still->idle_ns, process->since_ns);
		if (!still->longest || worker->since_ns < still->longest->since_ns)
			still->longest = worker;
	}
	return still->workers && model->now_ns >= still->since_ns + PATIENCE_NS &&
	       model->now_ns >= still->idle_ns + IDLENESS_NS;
}

static void say(const struct model *model, const struct names *names, const struct pool *pool,
                const struct standstill *still, int64_t queued, struct finding *finding)
{
	const struct worker *worker = still->longest;

	finding->process = pool->parent;
	finding->pool = pool->key.id;
	finding->since_ns = still->since_ns;
	snprintf(finding->sentence, sizeof(finding->sentence), "pool %s makes no progress: every worker waits, and %lld %s",
	         names_text(names, pool->name), (long long)queued, queued == 1 ? "task is queued" : "tasks are queued");
	snprintf(finding->evidence, sizeof(finding->evidence),
	         "none of %u workers has ended its task for %.0f s, nor runs; longest: worker %u (%u), task %llu %s",
	         still->workers, (double)(model->now_ns - still->since_ns) / 1e9, worker->key.slot, worker->process.pid,
	         (unsigned long long)worker->task, names_text(names, worker->function));
	snprintf(finding->advice, sizeof(finding->advice), "see what they wait for: cat /proc/%u/wchan, or gdb -p %u -batch -ex bt",
	         worker->process.pid, worker->process.pid);
}

static void check(const struct model *model, const struct names *names, struct findings *findings)
{
	const struct pool *pool;

	for store_each(pool, &model->pools) {
		struct standstill still = { 0 };
		int64_t queued = pool_queued(model, names, pool);
		if (queued > 0 && (pool->state == POOL_OPEN || pool->state == POOL_CLOSING) && stands_still(model, pool, &still))
			say(model, names, pool, &still, queued, found(findings, &finding_no_progress));
	}
}

const struct finding_kind finding_no_progress = {
	.id = "no-progress",
	.meaning = "every worker of a pool waits for something, for seconds, while tasks are queued",
	.check = check,
};
