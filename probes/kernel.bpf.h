/* kernel.bpf.h: which fields of which kernel structures do we read?
 *
 * These few, and no more: what they weigh and where they lie is found at load, from the running kernel's own type
 * information. So there is no generated header, and a field that moved costs nothing.
 *
 * What a hook was given is read directly. Pointers in it are followed by BPF_CORE_READ: following one directly makes
 * the verifier search all of the kernel's types for exceptions, half a millisecond each time. */
#ifndef PROBES_KERNEL_BPF_H
#define PROBES_KERNEL_BPF_H

#include <stdbool.h>

#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct list_head {
	struct list_head *next;
};

struct ns_common {
	unsigned int inum;
};
struct pid_namespace {
	struct ns_common ns;
};
struct upid {
	int nr;
	struct pid_namespace *ns;
};
struct pid {
	unsigned int level;
	struct upid numbers[1];
};

typedef struct {
	int counter;
} atomic_t;

/* Shared by the threads of a process; stays until the last of them is freed. */
struct signal_struct {
	atomic_t live;       /* threads that have not begun to exit */
	int nr_threads;      /* threads that have not been released; a leader stays until it is reaped */
	unsigned int flags;
	int group_exit_code;
	int notify_count;    /* not 0 while a thread that execs gets rid of the others */
};

struct sigaction {
	void *sa_handler;
	unsigned long sa_flags;
};
struct k_sigaction {
	struct sigaction sa;
};
struct sighand_struct {
	struct k_sigaction action[64];
};
struct kernel_siginfo {
	int si_code;
};

struct bpf_local_storage;
struct task_struct {
	struct bpf_local_storage *bpf_storage;
	unsigned int flags, ptrace;
	int exit_state, exit_code, exit_signal;
	int pid, tgid;
	unsigned in_execve : 1;
	struct task_struct *real_parent, *group_leader;
	struct list_head children, sibling;
	struct pid *thread_pid;
	unsigned long long start_boottime;
	char comm[16];
	struct signal_struct *signal;
	struct sighand_struct *sighand;
};

struct pt_regs {
	unsigned long sp;
	unsigned long orig_ax; /* x86: the system call's number; -1 in an exception or interrupt */
};

struct vm_area_struct {
	unsigned long vm_flags;
};

struct bpf_iter_meta;
struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

#pragma clang attribute pop

/* Values that are no part of any type */
enum {
	KERNEL_SIGCHLD = 17,
	KERNEL_SIGSEGV = 11,
	KERNEL_SIG_IGN = 1,
	KERNEL_SA_NOCLDWAIT = 2,
	KERNEL_CLD_EXITED = 1, KERNEL_CLD_DUMPED = 3, /* si_code of a child's death: 1 to 3 */
	KERNEL_SIGNAL_GROUP_EXIT = 4,  /* signal_struct.flags: group_exit_code is valid */
	KERNEL_EXIT_DEAD = 16,         /* exit_state: reaped, or nobody has to */
	KERNEL_EXIT_ZOMBIE = 32,
	KERNEL_PF_FORKNOEXEC = 0x40,   /* task_struct.flags: forked, and still the parent's program */
	KERNEL_CLONE_VM = 0x100,
	KERNEL_CLONE_VFORK = 0x4000,
	KERNEL_CLONE_THREAD = 0x10000,
	KERNEL_GFP_HIGHMEM = 2,        /* may lie anywhere, as processes' memory may */
	KERNEL_GFP_ZERO = 0x100,       /* the page is cleared by the allocator */
	KERNEL_MIGRATE_MOVABLE = 1,    /* of the kind that processes' memory is made of */
	KERNEL_VM_SHARED = 8,
	KERNEL_FAULT_PRESENT = 1, KERNEL_FAULT_WRITE = 2, /* x86: error code of a page fault */
};

#endif
