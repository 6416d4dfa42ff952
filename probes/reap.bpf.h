/* reap.bpf.h: when is a zombie reaped?
 *
 * No hook fires for that where functions cannot be traced. But a zombie's state shows it, so we look at the zombies of
 * whoever called wait() the next time that it waits, sleeps or exits:
 *
 *      parent:   wait()------------+ . . . . . . . . . wait(), or sleep
 *                ^ wait_ns         ^ reaps, unseen     ^ look: whose exit_state says dead?
 *
 * It was reaped within some 20 us after the parent began to look for dead children (its wait() began, or it woke up in
 * it): that time is given. Zombies of a parent that is not watched are told when the kernel frees them, 15 to 44 ms
 * late; where even that was not seen, by the loader, when the pid is gone. */
#ifndef PROBES_REAP_BPF_H
#define PROBES_REAP_BPF_H

#include "chain.bpf.h"

enum { LOOK_FAR = 256, LOOK_NEAR = 16 }; /* at how many zombies at a time */

/* Puts a zombie where its parent's wait() will make us look. */
static __always_inline void await_reaper(__u32 number, struct probe_slot *slot)
{
	struct task_struct *task = leader_of(slot);
	__u64 key = (__u64)BPF_CORE_READ(task, real_parent, group_leader);
	__u32 *found = bpf_map_lookup_elem(&leaders, &key);
	struct probe_slot *parent = found ? slot_at(*found) : NULL;

	if (parent)
		chain_push(&parent->zombies, &slot->next_zombie, link_to(number, slot));
}

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
	__u64 next;     /* the one to look at */
	__u64 tail;     /* the first that was put back */
	__u64 when;     /* the parent last began to look for dead children */
	__u32 parent;   /* number of the parent's slot */
	__u32 pid;      /* and its pid */
	__u32 keep;     /* the chain was taken: put back who is still a zombie */
};

static long look_at_zombie(__u32 i, struct look *look)
{
	__u64 link = look->next;
	struct probe_slot *slot = link_slot(link), *parent;
	struct task_struct *task;

	look->next = slot ? slot->next_zombie : 0;
	if (!slot)
		return 1;
	if ((slot->stage & STAGE_REAPED) || slot->parent != look->pid)
		return 0;
	task = leader_of(slot);
	if (BPF_CORE_READ(task, exit_state) == KERNEL_EXIT_DEAD) {
		reaped(link_number(link), look->when);
	} else if (look->keep) {
		parent = slot_at(look->parent);
		if (!parent)
			return 1;
		chain_push(&parent->zombies, &slot->next_zombie, link);
		if (!look->tail)
			look->tail = link;
	}
	return 0;
}

/* The process has looked for dead children, and goes on to something else. Which has it found? Before it looks again
 * the chain is rid of those (`tidy`); when it only goes to sleep it is read and left alone. */
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
	last = link_slot(look.tail);
	__sync_val_compare_and_swap(last ? &last->next_zombie : &slot->zombies, 0, look.next);
}

#endif
