/* shared.h: what do the programs in the kernel and the loader hold in common?
 *
 *   slots: one a watched process, mapped by both.    ring: news, in order; may overflow.
 *   +-----+-----+-----+-----+--                      +------+--------+------+--------+--
 *   |shell|prog |child|     |   truth: totals        | born | thread | born | ended  |
 *   +-----+-----+-----+-----+--                      +------+--------+------+--------+--
 *
 * Whatever happens to a process as a whole is written to its slot first and then told in the ring. If the ring was
 * full, the loader finds it in the slot: what is lost is an address, a thread's name, an exec; never a process or a
 * count. Included by the kernel's side and by the loader only. */
#ifndef PROBES_SHARED_H
#define PROBES_SHARED_H

#include <linux/types.h>

enum { PROBE_SLOTS = 32768, PROBE_RING_BYTES = 1 << 20, PROBE_NAME = 16 };

/* How far a process has come. A bit is set after the fields that it stands for were written. */
enum probe_stage {
	STAGE_BORN     = 1 << 0, /* we saw its fork */
	STAGE_WHOLE    = 1 << 1, /* its totals are those of its whole life */
	STAGE_LAUNCHED = 1 << 2, /* forked by us, still to exec: whole from there on */
	STAGE_EXITED   = 1 << 3, /* its last thread is gone */
	STAGE_ZOMBIE   = 1 << 4, /* its parent was told, and has to reap it */
	STAGE_NOBODY   = 1 << 5, /* its parent had declared not to care: nobody has to reap it */
	STAGE_REAPED   = 1 << 6,
	STAGE_DEAD     = 1 << 7, /* it was a zombie when it was seeded */
	STAGE_FREE     = 1 << 8, /* we saw the kernel forget it: the slot can be given out again */
};

/* One watched process: all of its threads. */
struct probe_slot {
	__u64 task;              /* of its leader, as the kernel knows it */
	__u64 start;             /* nanoseconds since boot, suspended time too */
	__u64 born_ns;
	__u64 ended_ns, reaped_ns; /* 0: not yet; whoever changes that tells it */
	__u64 orphaned_ns;
	__u64 forks, threads, cow_copies, cow_reuses;
	__u64 zombies;           /* chain (chain.bpf.h): its children that wait to be reaped ... */
	__u64 next_zombie;       /* ... by this link */
	__u64 orphans;           /* chain: its children whose new parent is to be told ... */
	__u64 next_orphan;       /* ... by this link */
	__u32 life;              /* how many processes have lived in this slot */
	__u32 stage;             /* enum probe_stage */
	__u32 pid, parent;       /* as our pid namespace numbers them; 0: not in it */
	__u32 born_of;           /* its parent at birth */
	__u32 status;            /* as wait(2) gives it */
	__u32 cow_epoch;         /* copy-on-write was counted all through, if this is odd; see tracked.bpf.h */
	__u32 orphaned, from;    /* how many times; its parent before the last of them */
	__u32 how;               /* enum fork_manner */
	char name[PROBE_NAME];   /* at birth */
};

/* RECORD(SYMBOL, lost, what a and b are). `lost`: what is gone if the ring had no room; "" where the slot knows it. */
#define PROBE_RECORDS(RECORD) \
	RECORD(BORN,     "",             "none: all in the slot") \
	RECORD(THREAD,   "threads",      "none") \
	RECORD(EXECED,   "execs",        "the thread that did it, if another than the leader") \
	RECORD(NAMED,    "names",        "none") \
	RECORD(LEFT,     "thread exits", "exit status of the thread") \
	RECORD(ENDED,    "",             "none: all in the slot") \
	RECORD(ORPHANED, "",             "from, to") \
	RECORD(REAPED,   "",             "none: all in the slot") \
	RECORD(COPIED,   "addresses",    "address, how many it stands for") \
	RECORD(REUSED,   "addresses",    "address, how many it stands for")

#define PROBE_RECORD_ENUM_(SYMBOL, lost, values) RECORD_##SYMBOL,
enum probe_record_kind { PROBE_RECORDS(PROBE_RECORD_ENUM_) NR_RECORDS };
#undef PROBE_RECORD_ENUM_

struct probe_record {
	__u64 t_ns;              /* CLOCK_MONOTONIC of the machine */
	__u32 slot, life;
	__u32 kind, tid;
	__u64 a, b;
	char name[PROBE_NAME];
};

#endif
