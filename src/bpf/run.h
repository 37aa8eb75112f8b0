/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What the programs of task_diag.bpf.c and the transport that runs them agree
 * on, beside the wire. The C# side is Checkpoint.Linux/Transports/Bpf*.cs; a
 * test holds the two against each other. One run is one bpf(2) call
 * (BPF_PROG_TEST_RUN) with the number of a slot, a u32, as its context.
 */
#ifndef CHECKPOINT_BPF_RUN_H
#define CHECKPOINT_BPF_RUN_H

#include "task_diag.h"

/* Changes whenever programs and transports of two versions do not fit together. */
#define TASK_DIAG_RUN_VERSION	2

/*
 * A slot is memory that both sides see, one for each run at a time: struct
 * task_diag_run, the tids that the run is about, and its messages. A list that
 * is longer than what may be told about in one run goes on where the messages
 * would be.
 */
#define TASK_DIAG_SLOT_SIZE	(6U << 20)	/* takes 65,530 VMAs, the most that a process has by default */
#define TASK_DIAG_SLOT_NODE	2048U		/* offset: the program's, for a node of a tree */
#define TASK_DIAG_SLOT_TIDS	4096U		/* offset */
#define TASK_DIAG_RUN_TIDS	16384U		/* number */
#define TASK_DIAG_SLOT_OUT	(TASK_DIAG_SLOT_TIDS + TASK_DIAG_RUN_TIDS * 4)

/* task_diag_run.steps. */
#define TASK_DIAG_RUN_LIST	1U	/* find the tasks of the strategy */
#define TASK_DIAG_RUN_TELL	2U	/* tell about them */

struct task_diag_run {
	__u64	show_flags;
	__u64	tick_ns;		/* nanoseconds of a clock tick */
	__u64	gate_start;		/* [vsyscall], which is no VMA; 0: none */
	__u64	gate_end;
	__u64	gate_flags;		/* TASK_DIAG_VMA_F_* */
	__u64	from;			/* in, out: the address that the list of task `at` goes on from */
	__u64	reader_ns;		/* the program's: the caller's pid namespace… */
	__u64	probe;			/* the program's: address of memory that each CPU has a copy of */
	__u64	node;			/* the program's: a node of a tree of VMAs… */
	__u64	last;			/* …its last address… */
	__u64	entry_last;		/* …that of one of its entries… */
	__u64	total_vm;		/* the program's: pages of the address space */
	__u64	scratch;		/* the program's: where a pointer becomes a number */
	__s64	sum;			/* the program's */
	__u32	reader_level;		/* the program's: …and its level */
	__u32	steps;			/* in: LIST, TELL; out: what is left to do, 0 = nothing */
	__u32	strategy;
	__u32	pid;			/* as the caller numbers it */
	__u32	sequence;
	__u32	page_shift;
	__u32	room;			/* in: no task is begun behind so many bytes of messages */
	__u32	count;			/* tids in the slot: LIST's answer, TELL's question */
	__u32	at;			/* in, out: index of the tid that is next */
	__u32	length;			/* out: bytes of messages */
	__s32	error;			/* out: errno; EBUSY: the VMAs of task `at` could not be locked */
	__u32	message;		/* the program's: where the message begins */
	__u32	attribute;		/* the program's: where the VMA attribute begins, 0 = none */
	__u32	tid;			/* the program's: of the message */
	__u32	tgid;
	__u32	unsorted;		/* the program's: whether the list does not ascend */
	__u32	whole;			/* the program's: whether the task tells what its process shares */
	__s32	result;			/* the program's: of the VMA list */
	__u32	tries;			/* the program's: how often a list of children changed */
	__u32	own_parts;		/* the program's: number of parts that threads tell… */
	__u32	parts_count;		/* …and of all */
	__u32	number;			/* the program's: of this slot */
	__u32	index;			/* the program's: …and the index of the entry to go on with */
	__u32	at_once;		/* in: tasks may be told while they are listed, in the kernel's order */
	__u32	snapshot;		/* the program's: whether the VMA list is told from its beginning on… */
	__u32	told;			/* …and of how many VMAs */
	__u8	parts[16];		/* the program's: which are asked for */
};

/*
 * Between program and transport only: takes the place of EXT_EXE, EXT_CWD,
 * EXT_ROOT and EXT_COMM, which a program cannot tell. A path is known by where
 * its dentry and mount are in the kernel's memory; the transport asks for the
 * text of each once.
 */
#define TASK_DIAG_RUN_KEYS	61

#define TASK_DIAG_KEYS_KTHREAD	1U	/* has a name that only procfs knows whole */

struct task_diag_path_key {
	__u64	mnt;
	__u64	dentry;			/* 0: there is none */
	__u64	inode;
};

struct task_diag_run_keys {
	__u32	flags;			/* TASK_DIAG_KEYS_* */
	__u32	owner;			/* tid of a thread that has these: a living one, when the leader is a zombie */
	struct task_diag_path_key	exe;
	struct task_diag_path_key	cwd;
	struct task_diag_path_key	root;
};

/*
 * What a VMA record has for a name until the transport has put the number of
 * its file in its place.
 */
struct task_diag_vma_key {
	__u64	mnt;
	__u64	dentry;			/* or one of TASK_DIAG_VMA_IS_* */
};

/* In task_diag_vma.pad: its pages need not be of the system's size. */
#define TASK_DIAG_VMA_KEY_PAGES		1U

/* Not files; real dentries are far above. mnt tells those apart that need it. */
#define TASK_DIAG_VMA_IS_HEAP		1U
#define TASK_DIAG_VMA_IS_STACK		2U
#define TASK_DIAG_VMA_IS_GATE		3U
#define TASK_DIAG_VMA_IS_NAMED		4U	/* by prctl(PR_SET_VMA_ANON_NAME): ask for each */
#define TASK_DIAG_VMA_IS_SPECIAL	5U	/* by its vm_ops, such as [vdso] */

#endif /* CHECKPOINT_BPF_RUN_H */
