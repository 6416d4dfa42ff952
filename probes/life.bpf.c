/* life.bpf.c: which processes and threads are born, what do they become, what are they called? */
#include "adopt.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* vfork() and posix_spawn() ask the kernel for the same thing. But who calls vfork() lets the child run on its own
 * stack, while posix_spawn() brings a new one. */
static __always_inline enum fork_manner manner(struct task_struct *parent, struct task_struct *child, __u64 flags)
{
	struct pt_regs *before, *after;

	if (!(flags & KERNEL_CLONE_VM))
		return HOW_FORK;
	if (!(flags & KERNEL_CLONE_VFORK))
		return HOW_CLONE;
	before = (struct pt_regs *)bpf_task_pt_regs(parent);
	after = (struct pt_regs *)bpf_task_pt_regs(child);
	return before->sp == after->sp ? HOW_VFORK : HOW_SPAWN;
}

static __always_inline void thread_born(struct task_struct *task, struct probe_mark *mark, struct probe_slot *slot)
{
	__sync_fetch_and_add(&slot->threads, 1);
	if (!adopt_thread(task, mark->slot - 1))
		__sync_fetch_and_add(&missed, 1);
	tell(RECORD_THREAD, mark->slot - 1, slot, our_number(task), 0, 0, task->comm);
}

static __always_inline void process_born(struct task_struct *child, enum fork_manner how)
{
	struct probe_slot *slot;
	__u32 number;

	slot = adopt_process(child, &number);
	if (!slot || !adopt_thread(child, number)) {
		__sync_fetch_and_add(&missed, 1);
		return;
	}
	slot->how = how;
	slot->cow_epoch = cow_epoch;
	__sync_fetch_and_or(&slot->stage, STAGE_BORN | STAGE_WHOLE);
	tell(RECORD_BORN, number, slot, 0, 0, 0, NULL);
}

SEC("tp_btf/task_newtask")
int BPF_PROG(life_newtask, struct task_struct *task, __u64 flags)
{
	struct task_struct *parent = bpf_get_current_task_btf();
	struct probe_mark *mark = mark_of(parent);
	struct probe_slot *slot = mark ? slot_of(mark) : NULL;

	if (!slot)
		return 0;
	if (flags & KERNEL_CLONE_THREAD) {
		thread_born(task, mark, slot);
	} else {
		__sync_fetch_and_add(&slot->forks, 1);
		process_born(task, manner(parent, task, flags));
	}
	return 0;
}

/* The program that we launched begins here. */
static __always_inline void launched(struct probe_slot *slot)
{
	if (!(slot->stage & STAGE_LAUNCHED))
		return;
	slot->cow_epoch = cow_epoch;
	__sync_fetch_and_or(&slot->stage, STAGE_WHOLE);
	__sync_fetch_and_and(&slot->stage, ~STAGE_LAUNCHED);
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(life_exec, struct task_struct *task, int old_pid)
{
	struct probe_mark *mark = mark_of(task);
	struct probe_slot *slot = mark ? slot_of(mark) : NULL;
	__u32 number;

	if (!slot)
		return 0;
	number = mark->slot - 1;
	lead(number, slot, task);
	launched(slot);
	tell(RECORD_EXECED, number, slot, 0, !our_pid_namespace && old_pid != task->pid ? old_pid : 0, 0, task->comm);
	return 0;
}

SEC("tp_btf/task_rename")
int BPF_PROG(life_rename, struct task_struct *task, const char *name)
{
	struct probe_mark *mark = mark_of(task);
	struct probe_slot *slot = mark ? slot_of(mark) : NULL;

	if (!slot || BPF_CORE_READ_BITFIELD_PROBED(task, in_execve)) /* that name is the exec's to tell */
		return 0;
	tell(RECORD_NAMED, mark->slot - 1, slot, our_number(task), 0, 0, name);
	return 0;
}
