/* death.bpf.c: how does a process end, who is told, who takes its children, and who reaps it when?
 *
 *     exit()          exit_notify()                          last switch      reaped          freed
 *  ------|------------------|--------------------------------------|--------------|---------------|--->
 *    life_exit     children move to their new parent;        life_switch     life_wait,     life_free
 *    remembers     SIGCHLD to its own parent: life_signal.   looks where     life_switch    15 to 44 ms
 *    the children  Both under one lock of the kernel's.      they went       of the reaper  too late
 *
 * No hook fires for the reaping itself where functions cannot be traced. But a zombie's state shows it, so we look at
 * the zombies of whoever called wait() the next time that it waits or sleeps. It was reaped within some 20 us after it
 * began to look (its wait() began, or it woke up in it): that is the time given. Zombies of a parent that is not
 * watched are told when the kernel frees them. */
#include "tracked.bpf.h"

enum { LOOK_FAR = 256, LOOK_NEAR = 16 };

/* ---- chains of slots: push from anywhere, take all at once ---------------------------------------------------- */

static __always_inline void chain_push(__u32 *chain, __u32 *link, __u32 number)
{
	for (int i = 0; i < 16; i++) {
		__u32 first = *(volatile __u32 *)chain;

		*link = first;
		if (__sync_val_compare_and_swap(chain, first, number + 1) == first)
			return;
	}
}

static __always_inline __u32 chain_take(__u32 *chain)
{
	return *(volatile __u32 *)chain ? __sync_lock_test_and_set(chain, 0) : 0;
}

/* ---- the end of a process ------------------------------------------------------------------------------------- */

/* Puts a zombie where its parent's wait() will make us look. */
static __always_inline void await_reaper(__u32 number, struct probe_slot *slot)
{
	struct task_struct *task = leader_of(slot);
	__u64 key = (__u64)BPF_CORE_READ(task, real_parent, group_leader);
	__u32 *found = bpf_map_lookup_elem(&leaders, &key);
	struct probe_slot *parent = found ? slot_at(*found) : NULL;

	if (parent)
		chain_push(&parent->zombies, &slot->next_zombie, number);
}

/* Tells it if its parent is not the one that we know. (This and the next are functions of their own, with numbers for
 * arguments, because the verifier then looks at them once and not at each call: that halves the time to load.) */
__noinline int follow_parent(__u32 number)
{
	struct probe_slot *slot = slot_at(number);
	__u32 from, to;

	if (!slot)
		return 0;
	from = slot->parent;
	to = our_parent(leader_of(slot));
	if (from == to || __sync_val_compare_and_swap(&slot->parent, from, to) != from)
		return 0;
	slot->from = from;
	slot->orphaned_ns = bpf_ktime_get_ns();
	__sync_fetch_and_add(&slot->orphaned, 1);
	tell(RECORD_ORPHANED, number, slot, 0, from, to, NULL);
	if (slot->stage & STAGE_ZOMBIE)
		await_reaper(number, slot);
	return 0;
}

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

	if (!task->exit_state || (unsigned long)info <= 2) /* 0 to 2: no siginfo, but a word about who sends */
		return 0;
	if (info->si_code < KERNEL_CLD_EXITED || info->si_code > KERNEL_CLD_DUMPED)
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

/* ---- reaped --------------------------------------------------------------------------------------------------- */

__noinline int reaped(__u32 number, __u64 when)
{
	struct probe_slot *slot = slot_at(number);

	if (!slot)
		return 0;
	if (when < slot->ended_ns)
		when = slot->ended_ns;
	if (slot->reaped_ns || __sync_val_compare_and_swap(&slot->reaped_ns, 0, when))
		return 0;
	__sync_fetch_and_or(&slot->stage, STAGE_REAPED);
	tell(RECORD_REAPED, number, slot, 0, 0, 0, NULL);
	return 0;
}

/* A look at the zombies of one parent. */
struct look {
	__u32 next;     /* link to follow */
	__u32 parent;   /* number of the parent's slot */
	__u32 pid;      /* and its pid */
	__u32 keep;     /* the chain was taken: put back who is still a zombie */
	__u32 tail;     /* the first that was put back */
	__u64 when;     /* the parent last began to look for dead children */
};

static long look_at_zombie(__u32 i, struct look *look)
{
	__u32 number = look->next - 1;
	struct probe_slot *slot = look->next ? slot_at(number) : NULL, *parent;
	struct task_struct *task;

	if (!slot)
		return 1;
	look->next = slot->next_zombie;
	if ((slot->stage & STAGE_REAPED) || slot->parent != look->pid)
		return 0;
	task = leader_of(slot);
	if (BPF_CORE_READ(task, exit_state) == KERNEL_EXIT_DEAD) {
		reaped(number, look->when);
	} else if (look->keep) {
		parent = slot_at(look->parent);
		if (!parent)
			return 1;
		chain_push(&parent->zombies, &slot->next_zombie, number);
		if (!look->tail)
			look->tail = number + 1;
	}
	return 0;
}

/* `task` has looked for dead children, and goes on to something else. Which has it found? Before it looks again the
 * chain is rid of those; when it only goes to sleep it is read and left alone. */
static __always_inline void look_at_zombies(struct probe_mark *mark, struct probe_slot *slot, bool tidy)
{
	struct look look = { .parent = mark->slot - 1, .pid = slot->pid, .keep = tidy, .when = mark->wait_ns };
	struct probe_slot *last;

	if (!slot->zombies)
		return;
	look.next = tidy ? chain_take(&slot->zombies) : slot->zombies;
	bpf_loop(tidy ? LOOK_FAR : LOOK_NEAR, look_at_zombie, &look, 0);
	if (!tidy || !look.next)
		return;
	/* a crowd: hang those not looked at behind the others again */
	last = look.tail ? slot_at(look.tail - 1) : NULL;
	__sync_val_compare_and_swap(last ? &last->next_zombie : &slot->zombies, 0, look.next);
}

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

/* ---- orphans -------------------------------------------------------------------------------------------------- */

/* A walk along the kernel's list of the children of a thread that is about to die. The list may change meanwhile: a
 * sibling reaps one, whose link then leads back to itself. */
struct walk {
	__u64 head, at;
	__u32 chain;     /* of those found */
};

static __always_inline __u64 next_in_list(__u64 at)
{
	struct list_head *entry = (struct list_head *)at;

	return (__u64)BPF_CORE_READ(entry, next);
}

static long remember_child(__u32 i, struct walk *walk)
{
	__u64 child, next;
	struct probe_slot *slot;
	__u32 *number;

	if (walk->at == walk->head || !walk->at)
		return 1;
	child = walk->at - bpf_core_field_offset(struct task_struct, sibling);
	next = next_in_list(walk->at);
	number = bpf_map_lookup_elem(&leaders, &child);
	slot = number ? slot_at(*number) : NULL;
	if (slot) {
		slot->next_orphan = walk->chain;
		walk->chain = *number + 1;
	}
	if (next == walk->at)
		return 1;
	walk->at = next;
	return 0;
}

static __always_inline void remember_children(struct task_struct *task, struct probe_mark *mark)
{
	struct walk walk = { .head = (__u64)task + bpf_core_field_offset(struct task_struct, children) };

	walk.at = next_in_list(walk.head);
	if (walk.at == walk.head)
		return;
	bpf_loop(PROBE_SLOTS, remember_child, &walk, 0);
	mark->orphans = walk.chain;
}

struct handover {
	__u32 next;
	__u32 parent;   /* number of the dead parent's slot */
	__u32 pid;
	__u32 dying;    /* all of its threads are to end */
};

/* After its last thread's exit: everyone in the chain has a parent elsewhere. */
static long tell_orphan(__u32 i, struct handover *over)
{
	__u32 number = over->next - 1;
	struct probe_slot *slot = over->next ? slot_at(number) : NULL;

	if (!slot)
		return 1;
	over->next = slot->next_orphan;
	if (slot->parent == over->pid && !(slot->stage & STAGE_REAPED))
		follow_parent(number);
	return 0;
}

/* After the exit of one thread: those that another thread of the process took over are no orphans, unless that one
 * dies too; those that left the process are told when the process has ended. */
static long sort_orphan(__u32 i, struct handover *over)
{
	__u32 number = over->next - 1;
	struct probe_slot *slot = over->next ? slot_at(number) : NULL;
	struct probe_slot *parent = slot_at(over->parent);

	if (!slot || !parent)
		return 1;
	over->next = slot->next_orphan;
	if (over->dying || our_parent(leader_of(slot)) != over->pid)
		chain_push(&parent->orphans, &slot->next_orphan, number);
	return 0;
}

/* All threads of the process are to end. */
static __always_inline bool is_dying(struct task_struct *task)
{
	return !BPF_CORE_READ(task, signal, live.counter) ||
	       (BPF_CORE_READ(task, signal, flags) & KERNEL_SIGNAL_GROUP_EXIT);
}

static __always_inline void hand_over(struct task_struct *task, struct probe_mark *mark, struct probe_slot *slot)
{
	struct handover over = { .next = mark->orphans, .parent = mark->slot - 1, .pid = slot->pid };

	if (over.next) {
		over.dying = is_dying(task);
		mark->orphans = 0;
		bpf_loop(PROBE_SLOTS, sort_orphan, &over, 0);
	}
	if (!slot->orphans || !(slot->stage & STAGE_EXITED))
		return;
	over.next = chain_take(&slot->orphans);
	bpf_loop(PROBE_SLOTS, tell_orphan, &over, 0);
}

/* ---- the hooks that several of these share -------------------------------------------------------------------- */

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
	struct probe_mark *mark = mark_of(after);

	switched_out(before);
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
	process_ended(number, exit_status(task), false);
	reaped(number, bpf_ktime_get_ns());
	bpf_map_delete_elem(&leaders, &key);
	__sync_fetch_and_or(&slot->stage, STAGE_FREE);
	return 0;
}
