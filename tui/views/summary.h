/* summary.h: a pool in a few numbers; for all pools in one pass over workers, queues, processes and findings. */
#ifndef VIEWS_SUMMARY_H
#define VIEWS_SUMMARY_H

#include "views/scene.h"

struct summary {
	unsigned alive, busy;      /* workers, or processes where no workers are known */
	bool has_workers;
	int64_t done, failed;      /* UNKNOWN where nobody counts */
	int64_t queued;            /* in backlog and tasks */
	unsigned findings;
	double rate;               /* tasks done a second; negative: not known */
};

struct summaries {
	struct summary *list;      /* by the pools' place in the model's store */
	uint32_t count, capacity;
};

void summaries_finish(struct summaries *summaries);
/* Of the moment in `scene`. Without memory: none. */
void summaries_take(struct summaries *summaries, const struct scene *scene);
/* The pool that a process belongs to: its own, or that of the nearest ancestor by birth that has one; 0: none, or no process. */
uint32_t pool_above(const struct model *model, const struct process *process);
/* An empty one for a pool that was not there. */
struct summary summary_of(const struct summaries *summaries, const struct model *model, uint32_t pool);

#endif
