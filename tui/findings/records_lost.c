/* records_lost.c: did something happen that we were too slow to see?
 *
 * Records are news and may be written over; states and totals come from counters and stay right. So this is a finding
 * about poolscope, not about the pool. */
#include <stdio.h>
#include <string.h>

#include "findings/findings.h"

static void check(const struct model *model, const struct names *names, struct findings *findings)
{
	const struct lost *lost;

	for store_each(lost, &model->lost) {
		if (!lost->count)
			continue;
		struct finding *finding = found(findings, &finding_records_lost);
		finding->since_ns = lost->last_ns;
		snprintf(finding->sentence, sizeof(finding->sentence), "%llu records of %s were lost",
		         (unsigned long long)lost->count, names_text(names, lost->key.ring));
		snprintf(finding->evidence, sizeof(finding->evidence),
		         "they were written over before they could be read, last %.1f s ago",
		         (double)(model->now_ns - lost->last_ns) / 1e9);
		strcpy(finding->advice, "the event list has gaps; states, totals and rates are counted elsewhere and stay exact");
	}
}

const struct finding_kind finding_records_lost = {
	.id = "records-lost",
	.meaning = "events came faster than they could be read; counters stay exact",
	.check = check,
};
