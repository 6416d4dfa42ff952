/* pool_lost.c: is a pool gone, or broken, without having been told to end?
 *
 * A dead one is known by the segment that its parent left behind; it is a finding until that is cleaned away, because
 * nobody else will tell that its jobs were never finished. */
#include <stdio.h>

#include "findings/findings.h"

/* When it died, or while it stands. */
static unsigned tasks_running(const struct model *model, const struct pool *pool)
{
	const struct worker *worker;
	unsigned count = pool_count(model, pool, WORKER_BUSY);

	for store_each(worker, &model->workers)
		count += worker_died_with_pool(worker, pool);
	return count;
}

static void say(const struct model *model, const struct names *names, const struct pool *pool, struct finding *finding)
{
	bool dead = pool->state == POOL_DEAD;
	const char *reason = names_text(names, pool->reason);
	unsigned running = tasks_running(model, pool);
	int64_t queued = pool_queued(model, names, pool);

	finding->process = pool->parent;
	finding->pool = pool->key.id;
	finding->since_ns = pool->since_ns;
	snprintf(finding->sentence, sizeof(finding->sentence), "pool %s (%u) is %s", names_text(names, pool->name),
	         pool->parent.pid, dead ? "dead, and was not closed" : "broken: it cannot work any more");
	snprintf(finding->evidence, sizeof(finding->evidence), "%s%s%u %s running, %lld waiting", reason,
	         *reason ? "; " : "", running, running == 1 ? "task was" : "tasks were",
	         (long long)(queued < 0 ? 0 : queued));
	snprintf(finding->advice, sizeof(finding->advice), "%s",
	         dead ? "who ended its parent? poolscope list --clean removes what it left, once you have looked"
	              : "see why its workers do not start: an initializer that fails does so in each of them");
}

static void check(const struct model *model, const struct names *names, struct findings *findings)
{
	const struct pool *pool;

	for store_each(pool, &model->pools)
		if (pool->kind != KIND_PROGRAM && (pool->state == POOL_DEAD || pool->state == POOL_BROKEN))
			say(model, names, pool, found(findings, &finding_pool_lost));
}

const struct finding_kind finding_pool_lost = {
	.id = "pool-lost",
	.meaning = "a pool whose parent is gone without closing it, or that cannot work any more",
	.check = check,
};
