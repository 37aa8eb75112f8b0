/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The parts of a task: which are asked for, and who tells them. */
#ifndef CHECKPOINT_BPF_PARTS_H
#define CHECKPOINT_BPF_PARTS_H

/* The fixed attributes must fit behind `room`: without groups they are some 1,200 bytes, those at most 272 KiB. */
#define FIXED_ROOM (320U << 10)

static __always_inline bool per_thread(struct task_diag_run *run)
{
	return run->strategy == TASK_DIAG_DUMP_THREAD || run->strategy == TASK_DIAG_DUMP_ALL_THREAD;
}

static __always_inline struct mm_struct *memory_of(struct task_struct *task)
{
	return task->flags & PF_KTHREAD ? 0 : untrusted(task)->mm;
}

static __always_inline void tell_umask(struct task_diag_run *run, char *slot, struct task_struct *owner)
{
	struct fs_struct *fs = owner->fs;
	__u32 *umask;

	if (!fs)
		return;
	umask = attribute(run, slot, TASK_DIAG_EXT_UMASK, sizeof(*umask));
	if (umask)
		*umask = fs->umask;
}

/* The parts of a task in the order in which they are told. */
enum part {
	PART_BASE, PART_STAT, PART_GROUP_STAT, PART_SCHED, PART_CRED, PART_SECURITY, PART_SIGNALS, PART_NS_PIDS, PART_GROUPS,
	PART_OF_PROCESS,
	PART_STATM = PART_OF_PROCESS, PART_MM, PART_UMASK, PART_NAMESPACES, PART_KEYS, PART_VMAS,
	PARTS,
};

#define SHOW_KEYS (TASK_DIAG_SHOW_EXT_EXE | TASK_DIAG_SHOW_EXT_CWD | TASK_DIAG_SHOW_EXT_ROOT | TASK_DIAG_SHOW_EXT_COMM)

/* What is asked for by each part. */
static __always_inline bool asked(struct task_diag_run *run, enum part part)
{
	__u64 flags = part == PART_BASE ? TASK_DIAG_SHOW_BASE
		: part == PART_STAT ? TASK_DIAG_SHOW_STAT
		: part == PART_GROUP_STAT ? (per_thread(run) ? TASK_DIAG_SHOW_EXT_GROUP_STAT : 0)
		: part == PART_SCHED ? TASK_DIAG_SHOW_EXT_SCHED
		: part == PART_CRED ? TASK_DIAG_SHOW_CRED
		: part == PART_SECURITY ? TASK_DIAG_SHOW_EXT_SECURITY
		: part == PART_SIGNALS ? TASK_DIAG_SHOW_EXT_SIGNALS
		: part == PART_NS_PIDS ? TASK_DIAG_SHOW_EXT_NS_PIDS
		: part == PART_GROUPS ? TASK_DIAG_SHOW_EXT_GROUPS
		: part == PART_STATM ? TASK_DIAG_SHOW_STATM
		: part == PART_MM ? TASK_DIAG_SHOW_EXT_MM
		: part == PART_UMASK ? TASK_DIAG_SHOW_EXT_UMASK
		: part == PART_NAMESPACES ? TASK_DIAG_SHOW_EXT_NAMESPACES
		: part == PART_KEYS ? SHOW_KEYS
		: TASK_DIAG_SHOW_VMA;

	return run->show_flags & flags;
}

TURN long choose_part(__u32 part, struct task_diag_run **of)
{
	struct task_diag_run *run = *of;
	__u32 at = run->parts_count;

	if (at >= sizeof(run->parts) || !asked(run, part))
		return 0;
	run->parts[at] = part;
	run->parts_count = at + 1;
	if (part < PART_OF_PROCESS)
		run->own_parts = at + 1;
	return 0;
}

/* Once for a run: the parts that are asked for, those of a thread first. */
static __noinline int choose_parts(struct task_diag_run *run)
{
	run->own_parts = run->parts_count = 0;
	repeat(PARTS, choose_part, &run);
	return 0;
}

static __always_inline void tell_own(struct task_diag_run *run, char *slot, struct task_struct *task, enum part part)
{
	/* Sums over threads hold RCU themselves. */
	if (part == PART_STAT || part == PART_GROUP_STAT) {
		if (part == PART_STAT && per_thread(run))
			tell_thread_stat(run, slot, untrusted(task));
		else if (part == PART_STAT || run->whole)
			tell_group_stat(run, slot, task, part == PART_STAT ? TASK_DIAG_STAT : TASK_DIAG_EXT_GROUP_STAT);
		return;
	}
	hold_rcu();
	if (part == PART_BASE)
		tell_base(run, slot, untrusted(task));
	else if (part == PART_CRED)
		tell_cred(run, slot, untrusted(task)->real_cred);
	else if (part == PART_SCHED)
		tell_sched(run, slot, untrusted(task));
	else if (part == PART_SECURITY)
		tell_security(run, slot, untrusted(task));
	else if (part == PART_SIGNALS)
		tell_signals(run, slot, task);
	else if (part == PART_NS_PIDS)
		tell_ns_pids(run, slot, untrusted(task));
	else if (part == PART_GROUPS)
		tell_groups(run, slot, untrusted(task));
	release_rcu();
}

static __always_inline void tell_shared(struct task_diag_run *run, char *slot, struct task_struct *owner, enum part part)
{
	struct mm_struct *mm = memory_of(owner);
	__u32 begin = run->length;

	if (part == PART_UMASK)
		tell_umask(run, slot, untrusted(owner));
	else if (part == PART_NAMESPACES)
		tell_namespaces(run, slot, untrusted(owner));
	else if (part == PART_KEYS)
		tell_keys(run, slot, untrusted(owner), mm);
	else if (!mm)
		return;
	else if (part == PART_STATM)
		tell_statm(run, slot, mm);
	else if (part == PART_MM)
		tell_mm(run, slot, mm);
	else if (part == PART_VMAS)
		run->result = tell_vmas(run, slot, owner, mm);
	/* If it has exited meanwhile, what was read may be another's by now. */
	barrier();
	if ((part == PART_STATM || part == PART_MM) && memory_of(owner) != mm)
		run->length = begin;
}

TURN long tell_own_part(__u32 number, struct telling *of)
{
	tell_own(of->run, of->slot, of->task, of->run->parts[number & (sizeof(of->run->parts) - 1)]);
	return 0;
}

/*
 * A loop over parts, since a sequence of conditions would have the verifier
 * follow every combination of them.
 */
static __noinline int tell_thread(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	struct telling of = { run, slot, task };

	repeat(run->own_parts & 31, tell_own_part, &of);
	return 0;
}

TURN long tell_shared_part(__u32 number, struct telling *of)
{
	struct task_diag_run *run = of->run;
	__u32 at = run->own_parts + number;
	enum part part = run->parts[at & (sizeof(run->parts) - 1)];

	if (at >= run->parts_count)
		return 1;
	/* A list that goes on: the rest was told before. */
	if (!run->from || part == PART_VMAS)
		tell_shared(run, of->slot, of->task, part);
	return 0;
}

/* What threads share, by one that has it. */
static __always_inline void tell_all_shared(struct task_diag_run *run, char *slot, struct task_struct *owner)
{
	struct telling of = { run, slot, owner };

	repeat(PARTS, tell_shared_part, &of);
}

#endif /* CHECKPOINT_BPF_PARTS_H */
