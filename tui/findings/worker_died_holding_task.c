/* worker_died_holding_task.c: did a worker take a task with it?
 *
 * Raised for the last death in each slot that was in mid-task; a pool that goes on has replaced the worker, but the task
 * failed (or ran twice, if it was retried), and the same task may kill the next one. Those that died because their pool
 * did are pool_lost's. */
#include <stdio.h>
#include <string.h>

#include "findings/findings.h"

enum { DEATHS_SHOWN = 3 };

/* The dead of one pool are one finding: mostly they have one cause, however many there are. */
struct toll {
	uint32_t pool;
	unsigned count;
	const struct worker *latest[DEATHS_SHOWN]; /* the last death first */
};

struct tolls {
	unsigned count, dropped;
	struct toll list[NR_FINDINGS_MAX];
};

static struct toll *toll_of(struct tolls *tolls, uint32_t pool)
{
	for (unsigned i = 0; i < tolls->count; i++)
		if (tolls->list[i].pool == pool)
			return &tolls->list[i];
	if (tolls->count == NR_FINDINGS_MAX) {
		tolls->dropped++;
		return NULL;
	}
	tolls->list[tolls->count] = (struct toll){ .pool = pool };
	return &tolls->list[tolls->count++];
}

static void join(struct toll *toll, const struct worker *worker)
{
	unsigned place = toll->count < DEATHS_SHOWN ? toll->count : DEATHS_SHOWN;

	for (; place && toll->latest[place - 1]->died_ns < worker->died_ns; place--)
		if (place < DEATHS_SHOWN)
			toll->latest[place] = toll->latest[place - 1];
	if (place < DEATHS_SHOWN)
		toll->latest[place] = worker;
	toll->count++;
}

static const char *or_unknown(const char *text)
{
	return *text ? text : "?";
}

static void say_one(const struct names *names, const char *pool, const struct worker *worker, struct finding *finding)
{
	finding->process = worker->died;
	snprintf(finding->sentence, sizeof(finding->sentence), "worker %u of pool %s died holding task %llu (%s)",
	         worker->key.slot, pool, (unsigned long long)worker->died_task,
	         or_unknown(names_text(names, worker->died_function)));
	snprintf(finding->evidence, sizeof(finding->evidence), "pid %u ended by %s; the slot has had %llu %s", worker->died.pid,
	         names_text(names, worker->died_cause), (unsigned long long)worker->lives,
	         worker->lives == 1 ? "life" : "lives");
}

static void say_all(const struct names *names, const char *pool, const struct toll *toll, struct finding *finding)
{
	const struct worker *last = toll->latest[0];
	unsigned shown = toll->count < DEATHS_SHOWN ? toll->count : DEATHS_SHOWN;
	size_t length = 0, size = sizeof(finding->evidence);

	snprintf(finding->sentence, sizeof(finding->sentence),
	         "%u workers of pool %.60s died holding a task, last worker %u with task %llu (%s)", toll->count, pool,
	         last->key.slot, (unsigned long long)last->died_task, or_unknown(names_text(names, last->died_function)));
	for (unsigned i = 0; i < shown; i++)
		length += (size_t)snprintf(finding->evidence + length, size - length, "%sworker %u (pid %u) ended by %.20s",
		                           i ? ", " : "", toll->latest[i]->key.slot, toll->latest[i]->died.pid,
		                           or_unknown(names_text(names, toll->latest[i]->died_cause)));
	if (toll->count > shown)
		snprintf(finding->evidence + length, size - length, ", ...");
}

static void advise(const struct names *names, const struct worker *worker, struct finding *finding)
{
	const char *function = names_text(names, worker->died_function);

	if (strcmp(names_text(names, worker->died_cause), "SIGKILL"))
		snprintf(finding->advice, sizeof(finding->advice), "run %s with that argument by itself, under a debugger",
		         *function ? function : "the task");
	else
		strcpy(finding->advice, "who sent SIGKILL? if nobody did, it was the kernel, out of memory: dmesg says so");
}

static void say(const struct model *model, const struct names *names, const struct toll *toll, struct finding *finding)
{
	const struct pool *pool = model_pool(model, toll->pool);
	const char *name = pool ? names_text(names, pool->name) : "?";

	finding->pool = toll->pool;
	finding->since_ns = toll->latest[0]->died_ns;
	if (toll->count == 1) {
		say_one(names, name, toll->latest[0], finding);
	} else {
		finding->process = pool ? pool->parent : (struct process_key){ 0 };
		say_all(names, name, toll, finding);
	}
	advise(names, toll->latest[0], finding);
}

static bool is_found(const struct model *model, const struct worker *worker)
{
	const struct pool *pool = model_pool(model, worker->key.pool);

	return worker->died.pid && worker->died_task && !(pool && worker_died_with_pool(worker, pool));
}

static void check(const struct model *model, const struct names *names, struct findings *findings)
{
	struct tolls tolls = { 0 };
	const struct worker *worker;

	for store_each(worker, &model->workers) {
		struct toll *toll = is_found(model, worker) ? toll_of(&tolls, worker->key.pool) : NULL;
		if (toll)
			join(toll, worker);
	}
	for (unsigned i = 0; i < tolls.count; i++)
		say(model, names, &tolls.list[i], found(findings, &finding_worker_died_holding_task));
	findings->dropped += tolls.dropped;
}

const struct finding_kind finding_worker_died_holding_task = {
	.id = "worker-died-holding-task",
	.meaning = "a worker died in mid-task: the task failed or has to be run again",
	.check = check,
};
