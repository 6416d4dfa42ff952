/* worker_died_holding_task.c: did a worker take a task with it?
 *
 * Raised for the last death in each slot that was in mid-task; a pool that goes on has replaced the worker, but the task
 * failed (or ran twice, if it was retried), and the same task may kill the next one. Those that died because their pool
 * did are pool_lost's. */
#include <stdio.h>
#include <string.h>

#include "findings/findings.h"

static void say(const struct model *model, const struct names *names, const struct worker *worker,
                struct finding *finding)
{
	const struct pool *pool = model_pool(model, worker->key.pool);
	const char *function = names_text(names, worker->died_function);

	finding->process = worker->died;
	finding->pool = worker->key.pool;
	finding->since_ns = worker->died_ns;
	snprintf(finding->sentence, sizeof(finding->sentence), "worker %u of pool %s died holding task %llu (%s)",
	         worker->key.slot, pool ? names_text(names, pool->name) : "?", (unsigned long long)worker->died_task,
	         *function ? function : "?");
	snprintf(finding->evidence, sizeof(finding->evidence), "pid %u ended by %s; the slot has had %llu %s", worker->died.pid,
	         names_text(names, worker->died_cause), (unsigned long long)worker->lives,
	         worker->lives == 1 ? "life" : "lives");
	if (strcmp(names_text(names, worker->died_cause), "SIGKILL"))
		snprintf(finding->advice, sizeof(finding->advice), "run %s with that argument by itself, under a debugger",
		         *function ? function : "the task");
	else
		strcpy(finding->advice, "who sent SIGKILL? if nobody did, it was the kernel, out of memory: dmesg says so");
}

static void check(const struct model *model, const struct names *names, struct findings *findings)
{
	const struct worker *worker;

	for store_each(worker, &model->workers) {
		const struct pool *pool = model_pool(model, worker->key.pool);

		if (worker->died.pid && worker->died_task && !(pool && worker_died_with_pool(worker, pool)))
			say(model, names, worker, found(findings, &finding_worker_died_holding_task));
	}
}

const struct finding_kind finding_worker_died_holding_task = {
	.id = "worker-died-holding-task",
	.meaning = "a worker died in mid-task: the task failed or has to be run again",
	.check = check,
};
