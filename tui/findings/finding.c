/* finding.c: every check, one after the other. */
#include "findings/finding.h"

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

void findings_collect(const struct model *model, const struct names *names, struct findings *findings)
{
	findings->count = findings->dropped = 0;
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		kinds[i]->check(model, names, findings);
}
