/* adopt.bpf.h: how does a task come under watch?
 *
 * By its birth, when the one that made it is watched, or by the iterator that seeds a tree. Both may come upon the same
 * task at the same time on two processors: the map of leaders decides who made its slot. */
#ifndef PROBES_ADOPT_BPF_H
#define PROBES_ADOPT_BPF_H

#include "tracked.bpf.h"

static __always_inline bool take_slot(__u32 *number)
{
	if (bpf_map_pop_elem(&used_slots, number) == 0)
		return true;
	if (fresh_slots >= PROBE_SLOTS)
		return false;
	*number = __sync_fetch_and_add(&fresh_slots, 1);
	return *number < PROBE_SLOTS;
}

static __always_inline void begin_slot(struct probe_slot *slot, struct task_struct *leader)
{
	__u32 life = slot->life + 1;

	*slot = (struct probe_slot){ .life = life, .task = (__u64)leader, .start = leader->start_boottime,
	                             .born_ns = bpf_ktime_get_ns(), .pid = our_number(leader),
	                             .parent = our_parent(leader) };
	slot->born_of = slot->parent;
	bpf_probe_read_kernel_str(slot->name, sizeof(slot->name), &leader->comm);
}

/* The slot of the process that `leader` leads, if it has one. A process that has ended is not it: we missed how
 * the kernel freed its task, and now the memory serves another. */
static __always_inline struct probe_slot *slot_of_leader(__u64 leader, __u32 *number)
{
	__u32 *known = bpf_map_lookup_elem(&leaders, &leader);
	struct probe_slot *slot = known ? slot_at(*known) : NULL;

	if (!slot)
		return NULL;
	if (slot->task != leader || slot->ended_ns) {
		bpf_map_delete_elem(&leaders, &leader);
		return NULL;
	}
	*number = *known;
	return slot;
}

/* Finds or makes the slot of the process that `leader` leads. */
static __always_inline struct probe_slot *adopt_process(struct task_struct *leader, __u32 *number)
{
	__u64 key = (__u64)leader;
	struct probe_slot *slot = slot_of_leader(key, number);

	if (slot)
		return slot;
	if (!take_slot(number))
		return NULL;
	slot = slot_at(*number);
	if (!slot)
		return NULL;
	begin_slot(slot, leader);
	if (bpf_map_update_elem(&leaders, &key, number, BPF_NOEXIST) == 0)
		return slot;
	slot->ended_ns = slot->born_ns; /* nobody's: the loader passes over it */
	bpf_map_push_elem(&used_slots, number, 0);
	return slot_of_leader(key, number);
}

/* Marks a thread of the process in slot `number`. */
static __always_inline bool adopt_thread(struct task_struct *task, __u32 number)
{
	struct probe_mark *mark = bpf_task_storage_get(&marks, task, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!mark)
		return false;
	mark->slot = number + 1;
	return true;
}

#endif
