/* tracked.bpf.h: who is watched, where are its counts, and how is something told?
 *
 *    task --- mark ---> slot          leaders: leader's task ---> slot
 *    (every thread)     (its process)
 *
 * A task that is watched carries a mark in its task-local storage; a new task gets one because the task that made it
 * has one. All others cost a look at a null pointer. Maps and variables are weak: every file that is compiled brings
 * them, and the linker makes one of each. */
#ifndef PROBES_TRACKED_BPF_H
#define PROBES_TRACKED_BPF_H

#include "kernel.bpf.h"
#include "shared.h"
#include "pool-runtime/contract/states.h"

/* What a write that faulted may turn out to be */
enum pending { PENDING_NOTHING, PENDING_PROTECTED, PENDING_ABSENT };

struct probe_mark {
	__u32 slot;           /* number + 1 */
	__u32 waiting;        /* it has called wait(), and we have not seen the outcome yet */
	__u64 wait_ns;        /* when it last began to look for a dead child */
	__u64 orphans;        /* chain: its children, between its exit and its last switch */
	__u32 pending;        /* enum pending: a write fault whose outcome is open ... */
	__u32 pending_epoch;
	__u32 pending_kernel; /* ... raised by the kernel's own access, as in read(2) */
	__u64 pending_address, pending_regs;
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct probe_mark);
} marks SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, PROBE_SLOTS);
	__type(key, __u32);
	__type(value, struct probe_slot);
} slots SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, PROBE_SLOTS);
	__type(value, __u32);
} used_slots SEC(".maps") __weak; /* that the loader has given back */

struct {
	__uint(type, BPF_MAP_TYPE_HASH); /* its memory allocated beforehand: a storm of forks must not find it short */
	__uint(max_entries, PROBE_SLOTS);
	__type(key, __u64);
	__type(value, __u32);
} leaders SEC(".maps") __weak; /* task of a leader -> number of its slot */

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, PROBE_RING_BYTES);
} ring SEC(".maps") __weak;

/* Where we look from: set by the loader before the load. Inode of our pid namespace (0: the machine's own), our pid. */
const volatile __u32 our_pid_namespace __weak = 0, our_pid __weak = 0;

__u32 fresh_slots __weak = 0;      /* slots from here on have never been used */
__u64 missed __weak = 0;           /* processes and threads that could not be marked */
__u64 lost[NR_RECORDS] __weak = {}; /* records that found the ring full */

/* Rises by one when the copy-on-write programs are attached, and when they are detached: odd means attached. A process
 * whose birth saw the same odd number as its end was counted all through. */
__u32 cow_epoch __weak = 0;

static __always_inline struct probe_slot *slot_at(__u32 number)
{
	return bpf_map_lookup_elem(&slots, &number);
}

/* The mark of a watched task, or NULL. */
static __always_inline struct probe_mark *mark_of(struct task_struct *task)
{
	struct probe_mark *mark = bpf_task_storage_get(&marks, task, 0, 0);

	return mark && mark->slot ? mark : NULL;
}

static __always_inline struct probe_slot *slot_of(struct probe_mark *mark)
{
	return slot_at(mark->slot - 1);
}

/* Of faults the first few of a process are told, then one in 64. The Nth stands for how many? 0: it is not told. */
static __always_inline __u32 stands_for(__u64 nth)
{
	enum { FIRST = 16, ONE_IN = 64 };

	if (nth <= FIRST)
		return 1;
	if (nth % ONE_IN)
		return 0;
	return nth == ONE_IN ? ONE_IN - FIRST : ONE_IN;
}

/* The number that our pid namespace gives to a task; 0 if it has none there. Namespaces are nested, and a task has a
 * number in each from its own outwards: ours is most often its own, and hardly ever eight further out. */
static __always_inline __u32 our_number(struct task_struct *task)
{
	struct upid id = {};
	struct pid *pid;
	int level;

	if (!our_pid_namespace)
		return BPF_CORE_READ(task, pid);
	pid = BPF_CORE_READ(task, thread_pid);
	level = pid ? BPF_CORE_READ(pid, level) : -1;
	for (int i = 0; i < 8 && level >= 0; i++, level--) {
		bpf_core_read(&id, sizeof(id), &pid->numbers[level]);
		if (BPF_CORE_READ(id.ns, ns.inum) == our_pid_namespace)
			return id.nr;
	}
	return 0;
}

/* A thread that execs becomes the leader: it takes over the pid, and the task that had it is gone. */
static __always_inline void lead(__u32 number, struct probe_slot *slot, struct task_struct *leader)
{
	__u64 before = slot->task, now = (__u64)leader;

	if (before == now)
		return;
	slot->task = now;
	bpf_map_update_elem(&leaders, &now, &number, BPF_ANY);
	bpf_map_delete_elem(&leaders, &before);
}

/* Only to be read by BPF_CORE_READ: it may be gone. */
static __always_inline struct task_struct *leader_of(struct probe_slot *slot)
{
	return (struct task_struct *)slot->task;
}

/* The process that has to reap `leader`. */
static __always_inline __u32 our_parent(struct task_struct *leader)
{
	return our_number(BPF_CORE_READ(leader, real_parent, group_leader));
}

/* Says it in the ring. The reader is woken only when a quarter is full; it looks by itself ten times a second. Waking
 * it each time would more than double what a fork costs. */
static __always_inline void tell(enum probe_record_kind kind, __u32 number, struct probe_slot *slot, __u32 tid,
                                 __u64 a, __u64 b, const char *name)
{
	struct probe_record *record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
	__u64 wake = BPF_RB_NO_WAKEUP;

	if (!record) {
		__sync_fetch_and_add(&lost[kind], 1);
		return;
	}
	*record = (struct probe_record){ .t_ns = bpf_ktime_get_ns(), .slot = number, .life = slot->life,
	                                 .kind = kind, .tid = tid, .a = a, .b = b };
	if (name)
		bpf_probe_read_kernel_str(record->name, sizeof(record->name), name);
	if (bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) >= PROBE_RING_BYTES / 4)
		wake = BPF_RB_FORCE_WAKEUP;
	bpf_ringbuf_submit(record, wake);
}

/* A write fault that has neither copied a page nor filled one has got the page itself. */
static __always_inline void settle(struct probe_mark *mark, struct probe_slot *slot)
{
	__u32 pending = mark->pending;
	__u64 count;

	mark->pending = PENDING_NOTHING;
	if (pending != PENDING_PROTECTED || mark->pending_epoch != cow_epoch)
		return;
	count = __sync_fetch_and_add(&slot->cow_reuses, 1) + 1;
	if (stands_for(count))
		tell(RECORD_REUSED, mark->slot - 1, slot, our_number(bpf_get_current_task_btf()),
		     mark->pending_address, stands_for(count), NULL);
}

#endif
