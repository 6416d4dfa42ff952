/* finding.h: what is wrong, how do we know, what should you do?
 *
 * A kind of finding is one file that ends in a const struct finding_kind, and one line in findings.h. check() looks at
 * the model alone, so findings are the same live and in a replay, and says what it found through found(). */
#ifndef FINDINGS_FINDING_H
#define FINDINGS_FINDING_H

#include "model/model.h"

enum { NR_FINDINGS_MAX = 64 };

struct finding {
	const struct finding_kind *kind;
	struct process_key process;  /* whom it is about; pid 0: nobody in particular */
	uint32_t pool;               /* name id of the pool's key, or 0 */
	uint64_t since_ns;
	char sentence[160];          /* what is wrong */
	char evidence[200];          /* how we know: records, pids, numbers */
	char advice[200];            /* what to do */
};

struct findings {
	unsigned count;              /* of list; more may have been found */
	unsigned dropped;
	struct finding list[NR_FINDINGS_MAX];
};

struct finding_kind {
	const char *id;              /* kebab-case, stable: for scripts */
	const char *meaning;         /* one line for the manual */
	void (*check)(const struct model *model, const struct names *names, struct findings *findings);
};

/* A new finding to be filled in; never NULL (the last one is reused when there are too many, and counted). */
struct finding *found(struct findings *findings, const struct finding_kind *kind);

/* Every check, afresh: the worst kind first, of a kind the newest. */
void findings_collect(const struct model *model, const struct names *names, struct findings *findings);

#endif
