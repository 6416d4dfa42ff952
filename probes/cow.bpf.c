/* cow.bpf.c: which writes made the kernel copy a page, and which got the page itself?
 *
 *   page_fault_user/_kernel: write          mm_page_alloc: movable, one page, not cleared
 *   ------------+-----------------------------------+------------------------------------>  a copy
 *               |                                   cleared, or huge: the zero page filled
 *               |
 *               +--- no such allocation until the fault is over -------------------------->  a reuse
 *
 * A fault is over at the task's next fault; one raised by the kernel's own access also when it lets go of the memory
 * map; one raised by the program as soon as it is in a system call. A write to a page that was absent is a copy too, if
 * a page of a private file mapping is filled from the file's page. These programs weigh on every page fault of the
 * machine, so that they are attached only while somebody wants to know. x86 only: other kernels lack the first hook. */
#include "tracked.bpf.h"

static __always_inline int fault(unsigned long address, struct pt_regs *regs, unsigned long error, bool by_kernel)
{
	struct probe_mark *mark = mark_of(bpf_get_current_task_btf());
	struct probe_slot *slot = mark ? slot_of(mark) : NULL;

	if (!slot || (slot->stage & STAGE_LAUNCHED)) /* what it touches before its exec is ours */
		return 0;
	settle(mark, slot);
	if (!(error & KERNEL_FAULT_WRITE) || (long)address <= 0)
		return 0;
	mark->pending_address = address;
	mark->pending_regs = (__u64)regs;
	mark->pending_kernel = by_kernel;
	mark->pending_epoch = cow_epoch;
	mark->pending = error & KERNEL_FAULT_PRESENT ? PENDING_PROTECTED : PENDING_ABSENT;
	return 0;
}

SEC("tp_btf/page_fault_user")
int BPF_PROG(cow_user, unsigned long address, struct pt_regs *regs, unsigned long error)
{
	return fault(address, regs, error, false);
}

SEC("tp_btf/page_fault_kernel")
int BPF_PROG(cow_kernel, unsigned long address, struct pt_regs *regs, unsigned long error)
{
	return fault(address, regs, error, true);
}

/* Is the fault still being handled? In a system call the same registers hold its number. */
static __always_inline bool still_in_fault(struct probe_mark *mark)
{
	struct pt_regs *regs = (struct pt_regs *)mark->pending_regs;

	return mark->pending_kernel || (long)BPF_CORE_READ(regs, orig_ax) == -1;
}

static long note_shared(struct task_struct *task, struct vm_area_struct *area, bool *shared)
{
	*shared = area->vm_flags & KERNEL_VM_SHARED;
	return 0;
}

/* Memory that is shared on purpose is never copied on write: this page is a new one of the file. To look costs 0.3 us
 * here, where interrupts are on; in the fault's own hook it would be 17. */
static __always_inline bool is_shared(struct task_struct *task, unsigned long address)
{
	bool shared = false;

	bpf_find_vma(task, address, note_shared, &shared, 0);
	return shared;
}

SEC("tp_btf/mm_page_alloc")
int BPF_PROG(cow_alloc, void *page, unsigned int order, unsigned int flags, int migratetype)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct probe_mark *mark = migratetype == KERNEL_MIGRATE_MOVABLE ? mark_of(task) : NULL;
	struct probe_slot *slot = mark && mark->pending ? slot_of(mark) : NULL;
	__u64 count;
	bool absent;

	if (!slot || !(flags & KERNEL_GFP_HIGHMEM)) /* a file system's own page, on the first write to a page of a file */
		return 0;
	if (!still_in_fault(mark)) {
		settle(mark, slot);
		return 0;
	}
	absent = mark->pending == PENDING_ABSENT;
	mark->pending = PENDING_NOTHING; /* first of all: cow_unlock runs inside is_shared() */
	if (order || (flags & KERNEL_GFP_ZERO) || (absent && is_shared(task, mark->pending_address)))
		return 0;
	count = __sync_fetch_and_add(&slot->cow_copies, 1) + 1;
	if (stands_for(count))
		tell(RECORD_COPIED, mark->slot - 1, slot, our_number(task), mark->pending_address,
		     stands_for(count), NULL);
	return 0;
}

/* The kernel's own access is over when it lets go of the memory map. */
SEC("tp_btf/mmap_lock_released")
int BPF_PROG(cow_unlock)
{
	struct probe_mark *mark = mark_of(bpf_get_current_task_btf());
	struct probe_slot *slot = mark && mark->pending && mark->pending_kernel ? slot_of(mark) : NULL;

	if (slot)
		settle(mark, slot);
	return 0;
}

/* A write to memory that may not be written is neither copy nor reuse. */
SEC("tp_btf/signal_generate")
int BPF_PROG(cow_refused, int signal)
{
	struct probe_mark *mark = signal == KERNEL_SIGSEGV ? mark_of(bpf_get_current_task_btf()) : NULL;

	if (mark)
		mark->pending = PENDING_NOTHING;
	return 0;
}
