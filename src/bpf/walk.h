/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What the programs of task_diag_iter.bpf.c and the transport that reads their
 * iterators agree on, beside run.h. One read(2) of an iterator is one run: the
 * kernel calls the program for one object after the other until a slot is full
 * (EAGAIN: the next read goes on with the same object) or none is left (0).
 */
#ifndef CHECKPOINT_BPF_WALK_H
#define CHECKPOINT_BPF_WALK_H

#include "run.h"

/* An iterator takes no arguments: a program looks for the slot of the thread that reads. */
#define TASK_DIAG_WALK_SLOTS	16U

/* Offset in a slot, between struct task_diag_run and TASK_DIAG_SLOT_NODE. */
#define TASK_DIAG_SLOT_WALK	1024U

/* task_diag_walk.step: what a program does with the tasks that it is about. */
#define TASK_DIAG_WALK_TELL	0U
#define TASK_DIAG_WALK_CHILDREN	1U	/* puts the tids of its children into the slot */
#define TASK_DIAG_WALK_SHARED	2U	/* tells what it has of the task before */
#define TASK_DIAG_WALK_VMAS	3U	/* likewise its VMAs */

/* task_diag_walk.of: which tasks it is about. Programs look at this also where the kernel narrows the iterator itself. */
#define TASK_DIAG_WALK_LEADERS	0U
#define TASK_DIAG_WALK_ALL	1U
#define TASK_DIAG_WALK_TASK	2U	/* task_diag_walk.pid */
#define TASK_DIAG_WALK_THREADS	3U	/* of task_diag_walk.pid */

struct task_diag_walk {
	__u32	reader;			/* in: tid of the thread that reads, as it numbers itself */
	__u32	begun;			/* the program's: whether it knows the reader's namespace */
	__u32	step;			/* in */
	__u32	of;			/* in */
	__u32	pid;			/* in: of a task, as the caller numbers it */
	__u32	wants;			/* out: the step that must be taken before the walk goes on, 0 = none; the caller clears it */
	__u32	owner;			/* out: …on which task */
	__u32	seen;			/* out: how many tasks or VMAs it was about; the caller clears it */
	__u32	open;			/* the program's: whether a VMA attribute is to be continued */
	__u32	limit;			/* in: a list is interrupted behind so many bytes of messages */
};

#endif /* CHECKPOINT_BPF_WALK_H */
