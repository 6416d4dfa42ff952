/* orphan.bpf.h: who loses a parent, and to whom does it go?
 *
 *   sched_process_exit          exit_notify()                     last switch
 *   remember the children  -->  the kernel gives them away  -->   whose child is each now?
 *
 * Children belong to a thread. When it ends, they go to another thread of its process: those are no orphans. When none
 * is left they go to a subreaper or init; that is told once the process has told its own end, by whichever of its
 * threads is last. Each child is judged by its own real_parent, and told by whoever changes `parent` in its slot. */
#ifndef PROBES_ORPHAN_BPF_H
#define PROBES_ORPHAN_BPF_H

#include "reap.bpf.h"

/* Tells it if a process's parent is not the one that we know. (Like others here it is a function with numbers for
 * arguments, because the verifier then looks at it once and not at each call.) */
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

/* ---- before: a walk along the kernel's list of children ----------------------------------------------------- */

struct walk {
	__u64 head, at; /* struct list_head of the kernel's */
	__u64 chain;    /* of those found */
};

static __always_inline __u64 next_in_list(__u64 at)
{
	struct list_head *entry = (struct list_head *)at;

	return (__u64)BPF_CORE_READ(entry, next);
}

static long remember_child(__u32 i, struct walk *walk)
{
	__u64 at = walk->at, child = at - bpf_core_field_offset(struct task_struct, sibling);
	struct probe_slot *slot;
	__u32 *number;

	if (at == walk->head || !at)
		return 1;
	number = bpf_map_lookup_elem(&leaders, &child);
	slot = number ? slot_at(*number) : NULL;
	if (slot) {
		slot->next_orphan = walk->chain;
		walk->chain = link_to(*number, slot);
	}
	walk->at = next_in_list(at);
	return walk->at == at; /* a sibling thread has reaped this one meanwhile: it links to itself */
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

/* ---- after -------------------------------------------------------------------------------------------------- */

struct handover {
	__u64 next;
	__u32 parent;   /* number of the parent's slot */
	__u32 pid;
	__u32 dying;    /* all of its threads are to end */
};

/* Those that another thread of the process took over are left alone, unless that one dies too. */
static long sort_orphan(__u32 i, struct handover *over)
{
	__u64 link = over->next;
	struct probe_slot *slot = link_slot(link), *parent = slot_at(over->parent);

	if (!slot || !parent)
		return 1;
	over->next = slot->next_orphan;
	if (over->dying || our_parent(leader_of(slot)) != over->pid)
		chain_push(&parent->orphans, &slot->next_orphan, link);
	return 0;
}

static long tell_orphan(__u32 i, struct handover *over)
{
	__u64 link = over->next;
	struct probe_slot *slot = link_slot(link);

	if (!slot)
		return 1;
	over->next = slot->next_orphan;
	if (slot->parent == over->pid && !(slot->stage & STAGE_REAPED))
		follow_parent(link_number(link));
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

#endif
