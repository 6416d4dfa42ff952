/* seed.bpf.c: which tasks belong to a tree that runs already?
 *
 * One pass over all tasks marks those of process `watch_pid`, of any process that is marked in part, and children of
 * what is marked. A child may stand before its parent, so the loader repeats the pass until it finds nobody new. What
 * is forked meanwhile is marked by its birth, or found by the next pass. */
#include "adopt.bpf.h"

__u32 watch_pid = 0;                             /* asked of a pass */
__u32 seeded_processes = 0, seeded_tasks = 0;    /* found by it */

static __always_inline bool belongs(struct task_struct *task, struct task_struct *leader)
{
	__u64 key = (__u64)leader;

	return bpf_map_lookup_elem(&leaders, &key) || our_number(leader) == watch_pid || mark_of(task->real_parent);
}

/* What a process has done before is not known; but one that we have just forked will begin with its exec. */
static __always_inline void seen(struct task_struct *leader, struct probe_slot *slot)
{
	seeded_processes++;
	if (leader->exit_state && BPF_CORE_READ(leader, signal, nr_threads) <= 1) {
		slot->ended_ns = bpf_ktime_get_ns();
		__sync_fetch_and_or(&slot->stage, STAGE_DEAD | STAGE_EXITED | STAGE_ZOMBIE);
	} else if ((leader->flags & KERNEL_PF_FORKNOEXEC) && slot->parent == our_pid) {
		__sync_fetch_and_or(&slot->stage, STAGE_LAUNCHED);
	}
}

SEC("iter/task")
int seed_task(struct bpf_iter__task *context)
{
	struct task_struct *task = context->task, *leader;
	struct probe_slot *slot;
	__u32 number;

	if (!task || mark_of(task))
		return 0;
	leader = task->group_leader;
	if ((task != leader && task->exit_state) || !belongs(task, leader))
		return 0;
	slot = adopt_process(leader, &number);
	if (!slot || !adopt_thread(task, number)) {
		__sync_fetch_and_add(&missed, 1);
		return 0;
	}
	seeded_tasks++;
	if (task == leader)
		seen(leader, slot);
	return 0;
}
