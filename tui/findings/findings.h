/* findings.h: which kinds of trouble do we know? One line each; the order is that of the screen: worst first. */
#ifndef FINDINGS_FINDINGS_H
#define FINDINGS_FINDINGS_H

#include "findings/finding.h"

#define FINDINGS(FINDING) \
	FINDING(pool_lost) \
	FINDING(no_progress) \
	FINDING(worker_died_holding_task) \
	FINDING(zombie_not_reaped) \
	FINDING(records_lost)

#define DECLARE_(name) extern const struct finding_kind finding_##name;
FINDINGS(DECLARE_)
#undef DECLARE_

#endif
