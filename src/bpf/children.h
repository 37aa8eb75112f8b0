/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The children of a task, by the kernel's list of them, for programs that hold no references. */
#ifndef CHECKPOINT_BPF_CHILDREN_H
#define CHECKPOINT_BPF_CHILDREN_H

#define MAX_CHILDREN	TASK_DIAG_RUN_TIDS
#define MAX_TRIES	16

struct listing {
	struct task_diag_run *run;
	char *slot;
	struct list_head *head;
	struct list_head *entry;
	__u64 parent;
};

/* A pid as pid_number() has it, which cannot read what only its address is known of. */
static __always_inline __u32 number_of(struct task_diag_run *run, struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	struct upid own = {};

	if (!pid || BPF_CORE_READ(pid, level) < run->reader_level || !pid_on_level(pid, run->reader_level, &own))
		return 0;
	return (__u64)own.ns == run->reader_ns ? own.nr : 0;
}

static __always_inline void begin_listing(struct listing *of)
{
	struct list_head *head = of->head;

	of->run->count = 0;
	of->entry = 0;
	bpf_core_read(&of->entry, sizeof(of->entry), &head->next);
}

/*
 * The list is not one of RCU: an entry may have moved to another list. Each is
 * asked whose child it is; when it is another's, the listing begins again.
 */
TURN long list_child(__u32 number, struct listing *of)
{
	struct task_diag_run *run = of->run;
	struct list_head *entry = of->entry;
	struct task_struct *child;
	__u32 at = run->count, tid;

	if (!entry || entry == of->head)
		return 1;
	child = (void *)entry - bpf_core_field_offset(struct task_struct, sibling);
	of->entry = 0;
	bpf_core_read(&of->entry, sizeof(of->entry), &entry->next);
	if ((__u64)BPF_CORE_READ(child, real_parent) != of->parent || of->entry == entry) {
		if (++run->tries > MAX_TRIES) {
			run->error = EBUSY;
			return 1;
		}
		begin_listing(of);
		return 0;
	}
	tid = number_of(run, child);
	if (!tid)
		return 0;
	if (at >= MAX_CHILDREN) {
		run->error = E2BIG;
		return 1;
	}
	((__u32 *)(of->slot + TASK_DIAG_SLOT_TIDS))[at] = tid;
	run->count = at + 1;
	return 0;
}

static __always_inline void list_children(struct task_diag_run *run, char *slot, struct task_struct *parent)
{
	struct listing of = { .run = run, .slot = slot, .head = __builtin_preserve_access_index(&parent->children) };
	volatile __u64 *scratch = &run->scratch;

	/* Through memory, which turns a pointer into a number. */
	*scratch = (__u64)parent;
	of.parent = *scratch;
	*scratch = (__u64)of.head;
	of.head = (struct list_head *)*scratch;
	run->tries = 0;
	begin_listing(&of);
	repeat(MAX_TRIES * MAX_CHILDREN, list_child, &of);
	if (of.entry != of.head && !run->error)
		run->error = EBUSY;		/* not to its end: the list changed all the time */
}

#endif /* CHECKPOINT_BPF_CHILDREN_H */
