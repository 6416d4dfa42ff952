/* finding.c: every check, one after the other. */
#include "findings/finding.h"

#include <stdlib.h>

#include "findings/findings.h"

#define KIND(name) &finding_##name,
static const struct finding_kind *const kinds[] = { FINDINGS(KIND) };
#undef KIND

struct finding *found(struct findings *findings, const struct finding_kind *kind)
{
	if (findings->count < NR_FINDINGS_MAX)
		findings->count++;
	else
		findings->dropped++;
	struct finding *finding = &findings->list[findings->count - 1];
	*finding = (struct finding){ .kind = kind };
	return finding;
}

/* Of a kind the newest comes first: the kinds themselves stand in the order of how bad they are. */
static int by_age(const void *one, const void *other)
{
	const struct finding *a = one, *b = other;

	if (a->since_ns != b->since_ns)
		return a->since_ns > b->since_ns ? -1 : 1;
	return a->process.pid < b->process.pid ? -1 : a->process.pid > b->process.pid;
}

void findings_collect(const struct model *model, const struct names *names, struct findings *findings)
{
	findings->count = findings->dropped = 0;
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		unsigned before = findings->count;
		kinds[i]->check(model, names, findings);
		qsort(findings->list + before, findings->count - before, sizeof(findings->list[0]), by_age);
	}
}
