/* death.bpf.c: how does a process end, who is told, who takes its children, and who reaps it when?
 *
 *     exit()          exit_notify()                          last switch      reaped          freed
 *  ------|------------------|--------------------------------------|--------------|---------------|--->
 *    life_exit     children move to their new parent;        life_switch     life_wait,     life_free
 *    remembers     SIGCHLD to its own parent: life_signal.   looks where     life_switch    15 to 44 ms
 *    the children  Both under one lock of the kernel's.      they went       of the reaper  too late
 *
 * The hooks are here, and the end itself. See orphan.bpf.h for the children and reap.bpf.h for the reaping. */
#include "orphan.bpf.h"

/* ---- the end ------------------------------------------------------------------------------------------------ */

/* Whoever sees the end first tells. */
__noinline int process_ended(__u32 number, __u32 status, __u32 nobody)
{
	struct probe_slot *slot = slot_at(number);
	__u64 now = bpf_ktime_get_ns();

	if (!slot || slot->ended_ns || __sync_val_compare_and_swap(&slot->ended_ns, 0, now))
		return 0;
	slot->status = status;
	if (slot->cow_epoch != cow_epoch)
		slot->cow_epoch = 0;
	follow_parent(number);
	if (nobody)
		slot->reaped_ns = now;
	__sync_fetch_and_or(&slot->stage, STAGE_EXITED | (nobody ? STAGE_NOBODY | STAGE_REAPED : STAGE_ZOMBIE));
	tell(RECORD_ENDED, number, slot, 0, 0, 0, NULL);
	if (!nobody)
		await_reaper(number, slot);
	return 0;
}

static __always_inline __u32 exit_status(struct task_struct *leader)
{
	if (BPF_CORE_READ(leader, signal, flags) & KERNEL_SIGNAL_GROUP_EXIT)
		return BPF_CORE_READ(leader, signal, group_exit_code);
	return BPF_CORE_READ(leader, exit_code);
}

/* The last thread of a process is gone, or going: `task`, or another. */
static __always_inline void ended(struct task_struct *task, struct probe_mark *mark, struct probe_slot *slot,
                                  bool nobody)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);

	if (slot->ended_ns)
		return;
	settle(mark, slot);
	lead(mark->slot - 1, slot, leader); /* it may have died on its way to an exec */
	process_ended(mark->slot - 1, exit_status(leader), nobody);
}

static __always_inline bool ignores_children(struct task_struct *parent)
{
	struct sighand_struct *handlers = BPF_CORE_READ(parent, sighand);
	unsigned long handler = (unsigned long)BPF_CORE_READ(handlers, action[KERNEL_SIGCHLD - 1].sa.sa_handler);

	return handler == KERNEL_SIG_IGN ||
	       (BPF_CORE_READ(handlers, action[KERNEL_SIGCHLD - 1].sa.sa_flags) & KERNEL_SA_NOCLDWAIT);
}

/* SIGCHLD, or what clone() asked for in its place, is on its way to the parent. While a dying process still has an
 * exit_state of 0 it is handing over its children, and the signal is about one of these. */
SEC("tp_btf/signal_generate")
int BPF_PROG(life_signal, int signal, struct kernel_siginfo *info, struct task_struct *to)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct probe_mark *mark;
	struct probe_slot *slot;
	bool nobody;
	int code;

	if (!task->exit_state || (unsigned long)info <= 2) /* 0 to 2: no siginfo, but a word about who sends */
		return 0;
	code = BPF_CORE_READ(info, si_code);
	if (code < KERNEL_CLD_EXITED || code > KERNEL_CLD_DUMPED)
		return 0;
	mark = mark_of(task);
	slot = mark ? slot_of(mark) : NULL;
	if (!slot)
		return 0;
	nobody = signal == KERNEL_SIGCHLD && !BPF_CORE_READ(task, group_leader, ptrace) && ignores_children(to);
	ended(task, mark, slot, nobody);
	return 0;
}

/* No signal has told: then either there was to be none (clone() with exit signal 0: a zombie all the same), or the
 * parent ignores SIGCHLD. */
static __always_inline void ended_silently(struct task_struct *task, struct probe_mark *mark, struct probe_slot *slot)
{
	struct task_struct *leader;
	int state;

	if (slot->ended_ns || BPF_CORE_READ(task, signal, nr_threads) > 1)
		return;
	leader = BPF_CORE_READ(task, group_leader);
	state = BPF_CORE_READ(leader, exit_state);
	if (state)
		ended(task, mark, slot,
		      state == KERNEL_EXIT_DEAD && BPF_CORE_READ(leader, exit_signal) == KERNEL_SIGCHLD);
}

/* ---- hooks -------------------------------------------------------------------------------------------------- */

SEC("tp_btf/sched_process_wait")
int BPF_PROG(life_wait)
{
	struct probe_mark *mark = mark_of(bpf_get_current_task_btf());
	struct probe_slot *slot = mark ? slot_of(mark) : NULL;

	if (!slot)
		return 0;
	if (mark->waiting)
		look_at_zombies(mark, slot, true);
	mark->waiting = 1;
	mark->wait_ns = bpf_ktime_get_ns();
	return 0;
}

static __always_inline bool is_leader(struct task_struct *task)
{
	return task->pid == task->tgid;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(life_exit, struct task_struct *task)
{
	struct probe_mark *mark = mark_of(task);
	struct probe_slot *slot = mark ? slot_of(mark) : NULL;

	if (!slot)
		return 0;
	settle(mark, slot);
	if (mark->waiting)
		look_at_zombies(mark, slot, true);
	remember_children(task, mark);
	/* A leader that leaves its threads behind counts as a thread; not so if one of them takes its place to exec. */
	if (!is_leader(task) || (!is_dying(task) && !BPF_CORE_READ(task, signal, notify_count)))
		tell(RECORD_LEFT, mark->slot - 1, slot, our_number(task), task->exit_code, 0, NULL);
	return 0;
}

static __always_inline void switched_out(struct task_struct *task)
{
	struct probe_mark *mark = mark_of(task);
	struct probe_slot *slot = mark && (mark->waiting || task->exit_state) ? slot_of(mark) : NULL;

	if (!slot)
		return;
	if (task->exit_state) {
		ended_silently(task, mark, slot);
		hand_over(task, mark, slot);
	} else {
		look_at_zombies(mark, slot, false);
	}
}

SEC("tp_btf/sched_switch")
int BPF_PROG(life_switch, bool preempted, struct task_struct *before, struct task_struct *after)
{
	struct probe_mark *mark;

	/* This runs at each switch of the machine: those without any storage pass with a look at a pointer. */
	if (before->bpf_storage)
		switched_out(before);
	mark = after->bpf_storage ? mark_of(after) : NULL;
	if (mark && mark->waiting)
		mark->wait_ns = bpf_ktime_get_ns();
	return 0;
}

/* Here the mark may be out of reach: kernels before 6.2 refuse it while they are busy with another task's. */
SEC("tp_btf/sched_process_free")
int BPF_PROG(life_free, struct task_struct *task)
{
	__u64 key = (__u64)task;
	__u32 *found = bpf_map_lookup_elem(&leaders, &key);
	struct probe_slot *slot = found ? slot_at(*found) : NULL;
	__u32 number;

	if (!slot)
		return 0;
	number = *found;
	bpf_map_delete_elem(&leaders, &key);
	if (slot->task != key) /* the loader got tired of waiting for this, and gave the slot to another */
		return 0;
	process_ended(number, exit_status(task), false);
	reaped(number, bpf_ktime_get_ns());
	__sync_fetch_and_or(&slot->stage, STAGE_FREE);
	return 0;
}
