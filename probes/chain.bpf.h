/* chain.bpf.h: how are slots strung together, while others string and unstring them?
 *
 *   slot.zombies --> slot --next_zombie--> slot --next_zombie--> 0
 *
 * Anybody pushes; whoever wants to take one out takes all. A link says of which life of the slot it speaks: a slot that
 * has been given to another process meanwhile ends the chain, and what hung behind it is found in another way. */
#ifndef PROBES_CHAIN_BPF_H
#define PROBES_CHAIN_BPF_H

#include "tracked.bpf.h"

static __always_inline __u64 link_to(__u32 number, struct probe_slot *slot)
{
	return (__u64)slot->life << 32 | (number + 1);
}

static __always_inline __u32 link_number(__u64 link)
{
	return (__u32)link - 1;
}

static __always_inline struct probe_slot *link_slot(__u64 link)
{
	struct probe_slot *slot = link ? slot_at(link_number(link)) : NULL;

	return slot && slot->life == link >> 32 ? slot : NULL;
}

/* Gives up where sixteen others were faster: then it is not in the chain. */
static __always_inline void chain_push(__u64 *chain, __u64 *next, __u64 link)
{
	for (int i = 0; i < 16; i++) {
		__u64 first = *(volatile __u64 *)chain;

		*next = first;
		if (__sync_val_compare_and_swap(chain, first, link) == first)
			return;
	}
}

static __always_inline __u64 chain_take(__u64 *chain)
{
	return *(volatile __u64 *)chain ? __sync_lock_test_and_set(chain, 0) : 0;
}

#endif
