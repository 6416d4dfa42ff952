/* inside.h: what do the loader's files share?
 *
 *   loader.c        opens, watches, attaches, closes
 *   loader_try.c    which probes does this kernel refuse, and why?
 *   loader_here.c   from which namespaces do we look?
 *   loader_news.c   a record or a slot becomes a fact, once
 *   loader_scan.c   what did the ring lose, and which slots are free again? */
#ifndef PROBES_INSIDE_H
#define PROBES_INSIDE_H

#include <bpf/libbpf.h>

#include "loader.h"
#include "shared.h"

struct probes_bpf;

/* Numbers and times as we see them, against the machine's own. */
struct here {
	uint32_t pid_namespace;          /* inode of our pid namespace; 0: the machine's own */
	int64_t monotonic_ns, boot_ns;   /* what our time namespace adds to the machine's clocks */
	uint64_t tick_ns;                /* unit of field 22 of /proc/PID/stat */
};

/* What has been told of the process in a slot. */
struct told {
	uint32_t life;                   /* of which all below is */
	uint32_t stage;                  /* enum probe_stage */
	uint32_t orphaned;
	uint32_t rounds;                 /* of scan_gone() since it was reaped */
	uint64_t copies, reuses;         /* sums of what the sampled facts stood for */
};

enum { MAX_PROGRAMS = 32 };
struct program {
	struct bpf_program *bpf;
	struct bpf_link *link;           /* NULL: not attached */
	enum probe probe;
};

struct probes {
	struct here here;
	enum probe_state state[PROBE_COUNT];
	char reason[PROBE_COUNT][sizeof(((struct probe_report *)0)->reason)];

	/* the rest is there only if something could be loaded */
	struct probes_bpf *skeleton;
	struct program programs[MAX_PROGRAMS];
	unsigned nr_programs;
	struct ring_buffer *ring;
	struct probe_slot *slots;        /* PROBE_SLOTS of them, mapped */
	struct told *told;               /* as many */
	uint32_t *ended;                 /* slots of those that have ended, until they are given back */
	unsigned nr_ended, next_gone;
	uint64_t gone_ns;                /* when scan_gone() last looked */
	uint64_t lost_told[NR_RECORDS], missed_told;

	/* while probes_drain() runs */
	probe_take *take;
	void *context;
	int nr_taken;
};

/* loader_here.c */
void here_find(struct here *here);

/* loader_try.c: opens and loads with the probes that are not refused. 0, or -errno if none is left. Sets state and
 * reason of each. */
int try_load(struct probes *probes);
/* Notes why a probe is off: `why`, or what libbpf said. */
void try_refuse(struct probes *probes, enum probe probe, int error);
/* By the name: NAME_what is a program of probe NAME. */
enum probe try_probe_of(const struct bpf_program *program);

/* loader_news.c: hands over one fact. */
int news_take_record(void *probes, void *record, size_t size);
/* The facts of a slot that have not been told, up to now. */
void news_tell_stage(struct probes *probes, uint32_t number, enum probe_stage stage);
void news_tell_orphan(struct probes *probes, uint32_t number);
void news_tell_lost(struct probes *probes, const char *what, uint64_t count);
void news_tell_counts(struct probes *probes, uint32_t number);
/* That it has been reaped, though the kernel did not tell. */
void news_tell_gone(struct probes *probes, uint32_t number);
uint64_t news_now_ns(const struct probes *probes); /* as the machine counts */
/* What has been told of a slot's present process. */
struct told *told_of(struct probes *probes, uint32_t number);

/* loader_scan.c: slots that are free again; what the ring dropped; what no hook told; the dead that a pass found. */
void scan_give_back(struct probes *probes);
void scan_lost(struct probes *probes);
void scan_gone(struct probes *probes);
void scan_seeded(struct probes *probes);
uint32_t scan_end(const struct probes *probes); /* slots from here on were never used */

#endif
