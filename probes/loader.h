/* loader.h: how does the rest of poolscope ask the kernel what happens to a tree of processes?
 *
 * Loads the programs of probes.h, each as far as this kernel and user allow, and hands on what they tell, in the
 * vocabulary of contract/events.h. Nobody outside this folder sees libbpf. One thread at a time; nothing blocks but
 * probes_open() (some 40 ms) and probes_poll() with a timeout. */
#ifndef PROBES_LOADER_H
#define PROBES_LOADER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "pool-runtime/contract/events.h"
#include "pool-runtime/contract/states.h"
#include "probes.h"

struct probes;

/* Finds out what can be loaded, loads it, attaches what has to be. -errno only where not even one program works; then,
 * too, *probes is made, and probes_report() says why for each. NULL only on -ENOMEM. */
int probes_open(struct probes **probes);
void probes_close(struct probes *probes);

struct probe_report {
	const char *name;        /* of probes.h */
	const char *tells;       /* what it tells, in a sentence */
	enum probe_state state;
	char reason[256];        /* why it is off, and what would turn it on; "" if it is not off */
};
/* One of PROBE_COUNT. probes may be NULL: everything off, "not asked". */
void probes_report(const struct probes *probes, enum probe probe, struct probe_report *report);

/* Watches the thread group `pid` (as seen in our pid namespace), all of its descendants that live, and all to come.
 * Returns how many processes were taken into the watch, or -errno. Several trees can be watched. */
int probes_watch(struct probes *probes, pid_t pid);

/* Attach or detach what is costly: page faults. Off at open. */
int probes_need(struct probes *probes, enum probe probe, bool needed);

/* Something happened. `value` by the event's list of fields; `known` has bit i where value[i] is known; the NAME field
 * is in `name`, and so is RING of records.lost (pid 0: the kernel tells). start: field 22 of /proc/PID/stat of the
 * thread group. Times: CLOCK_MONOTONIC. */
struct probe_news {
	uint64_t t_ns;
	uint64_t start;
	uint32_t pid, tid;       /* in our pid namespace */
	enum event event;
	uint32_t known;
	bool sampled;            /* stands for others like it: memory.cow_* */
	int64_t value[EVENT_MAX_FIELDS];
	char name[16];
};
typedef void probe_take(void *context, const struct probe_news *news);

/* A descriptor to poll(2) for POLLIN; wakes when the ring is a quarter full, so ask at least every 100 ms too. */
int probes_fd(const struct probes *probes);

/* Hands over what is there, in time order as far as the kernel has it. Includes EV_RECORDS_LOST when it happened.
 * Returns how many. */
int probes_drain(struct probes *probes, probe_take *take, void *context);

/* An EV_PROCESS_COUNTED for each watched process that lives: its totals so far. */
void probes_count(struct probes *probes, probe_take *take, void *context);

/* What it costs: nanoseconds spent in our programs are not known to us; records lost are. */
uint64_t probes_lost(const struct probes *probes);

#endif
