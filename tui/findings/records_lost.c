/* records_lost.c: did something happen that we were too slow to see?
 *
 * Records are news and may be written over; states and totals come from counters and stay right. So this is a finding
 * about poolscope, not about the pool. */
#include <stdio.h>
#include <string.h>

#include "findings/findings.h"

static void say(const struct model *model, const struct names *names, const struct lost *lost, struct finding *finding)
{
	const struct pool *pool = model_pool(model, lost->key.ring); /* a pool's loss goes under its key */

	finding->since_ns = lost->last_ns;
	finding->pool = pool ? pool->key.id : 0;
	snprintf(finding->sentence, sizeof(finding->sentence), "%llu record%s of %s%.80s lost", (unsigned long long)lost->count,
	         lost->count == 1 ? "" : "s", pool ? "pool " : "", names_text(names, pool ? pool->name : lost->key.ring));
	snprintf(finding->evidence, sizeof(finding->evidence),
	         "they were written over before they could be read, last %.1f s ago",
	         (double)(model->now_ns - lost->last_ns) / 1e9);
	strcpy(finding->advice, "the event list has gaps; states, totals and rates are counted elsewhere and stay exact");
}

static void check(const struct model *model, const struct names *names, struct findings *findings)
{
	const struct lost *lost;

	for store_each(lost, &model->lost)
		if (lost->count)
			say(model, names, lost, found(findings, &finding_records_lost));
}

const struct finding_kind finding_records_lost = {
	.id = "records-lost",
	.meaning = "events came faster than they could be read; counters stay exact",
	.check = check,
};
