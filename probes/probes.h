/* probes.h: which questions do we put to the kernel, what does each need, and what if it may not be asked?
 *
 * A probe is one question, answered by one NAME.bpf.c; PROBE(SYMBOL, name, tells, needed). needed: ALWAYS, or ON_DEMAND
 * for one that costs every page fault and is attached only while somebody looks. */
#ifndef PROBES_PROBES_H
#define PROBES_PROBES_H

#define PROBES(PROBE) \
	PROBE(SEED, "seed", "which processes of a tree run already", ALWAYS) \
	PROBE(LIFE, "life", "forks, execs, names, exits, zombies, reaping, orphans", ALWAYS) \
	PROBE(COW,  "cow",  "pages copied on write, and pages reused", ON_DEMAND)

#define PROBE_ENUM_(SYMBOL, name, tells, needed) ASK_##SYMBOL,
enum probe { PROBES(PROBE_ENUM_) PROBE_COUNT };
#undef PROBE_ENUM_

#endif
