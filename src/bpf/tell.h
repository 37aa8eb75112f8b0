/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* TELL: one task after the other, as one or more messages each. */
#ifndef CHECKPOINT_BPF_TELL_H
#define CHECKPOINT_BPF_TELL_H


/* The fixed attributes must fit behind `room`: without groups they are some 1,200 bytes, those at most 272 KiB. */
#define FIXED_ROOM (320U << 10)

static __always_inline bool per_thread(struct task_diag_run *run)
{
	return run->strategy == TASK_DIAG_DUMP_THREAD || run->strategy == TASK_DIAG_DUMP_ALL_THREAD;
}

static __always_inline struct mm_struct *memory_of(struct task_struct *task)
{
	return task->flags & PF_KTHREAD ? 0 : task->mm;
}

/* What threads share; when the leader is a zombie, a living thread has it. Acquired. */
static __noinline struct task_struct *owner_of(struct task_struct *task)
{
	struct task_struct *thread, *owner = 0;
	struct bpf_iter_task threads;

	if (!task->exit_state || task->mm)
		return bpf_task_acquire(task);
	bpf_rcu_read_lock();
	bpf_iter_task_new(&threads, task, ITER_PROC_THREADS);
	while ((thread = bpf_iter_task_next(&threads))) {
		if (thread->mm) {
			owner = bpf_task_acquire(thread);
			break;
		}
	}
	bpf_iter_task_destroy(&threads);
	bpf_rcu_read_unlock();
	return owner ? owner : bpf_task_acquire(task);
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

/* Once for a run: the parts that are asked for, those of a thread first. */
static __noinline int choose_parts(struct task_diag_run *run)
{
	struct bpf_iter_num parts;
	int *next;

	run->own_parts = run->parts_count = 0;
	bpf_iter_num_new(&parts, 0, PARTS);
	while ((next = bpf_iter_num_next(&parts))) {
		enum part part = *next;
		__u32 at = run->parts_count;

		if (at >= sizeof(run->parts) || !asked(run, part))
			continue;
		run->parts[at] = part;
		run->parts_count = at + 1;
		if (part < PART_OF_PROCESS)
			run->own_parts = at + 1;
	}
	bpf_iter_num_destroy(&parts);
	return 0;
}

static __always_inline void tell_own(struct task_diag_run *run, char *slot, struct task_struct *task, enum part part)
{
	if (part == PART_BASE)
		tell_base(run, slot, task);
	else if (part == PART_CRED)
		tell_cred(run, slot, task->real_cred);
	else if (part == PART_STAT && per_thread(run))
		tell_thread_stat(run, slot, task);
	else if (part == PART_STAT)
		tell_group_stat(run, slot, task, TASK_DIAG_STAT);
	else if (part == PART_GROUP_STAT && run->whole)
		tell_group_stat(run, slot, task, TASK_DIAG_EXT_GROUP_STAT);
	else if (part == PART_SCHED)
		tell_sched(run, slot, task);
	else if (part == PART_SECURITY)
		tell_security(run, slot, task);
	else if (part == PART_SIGNALS)
		tell_signals(run, slot, task);
	else if (part == PART_NS_PIDS)
		tell_ns_pids(run, slot, task);
	else if (part == PART_GROUPS)
		tell_groups(run, slot, task);
}

static __always_inline void tell_shared(struct task_diag_run *run, char *slot, struct task_struct *owner, enum part part)
{
	struct mm_struct *mm = memory_of(owner);

	if (part == PART_UMASK)
		tell_umask(run, slot, owner);
	else if (part == PART_NAMESPACES)
		tell_namespaces(run, slot, owner);
	else if (part == PART_KEYS)
		tell_keys(run, slot, owner, mm);
	else if (!mm)
		return;
	else if (part == PART_STATM)
		tell_statm(run, slot, mm);
	else if (part == PART_MM)
		tell_mm(run, slot, mm);
	else if (part == PART_VMAS)
		run->result = tell_vmas(run, slot, owner, mm);
}

/*
 * A loop over parts, since a sequence of conditions would have the verifier
 * follow every combination of them.
 */
static __noinline int tell_thread(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	struct bpf_iter_num parts;
	int *next;

	bpf_iter_num_new(&parts, 0, run->own_parts & 31);
	while ((next = bpf_iter_num_next(&parts)))
		tell_own(run, slot, task, run->parts[*next & (sizeof(run->parts) - 1)]);
	bpf_iter_num_destroy(&parts);
	return 0;
}

static __noinline int tell_process(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	struct task_struct *owner = owner_of(task);
	struct bpf_iter_num parts;
	int *next;

	if (!owner)
		return 0;
	bpf_iter_num_new(&parts, run->own_parts & 31, run->parts_count & 31);
	while ((next = bpf_iter_num_next(&parts))) {
		enum part part = run->parts[*next & (sizeof(run->parts) - 1)];

		/* A list that goes on: the rest was told before. */
		if (!run->from || part == PART_VMAS)
			tell_shared(run, slot, owner, part);
	}
	bpf_iter_num_destroy(&parts);
	bpf_task_release(owner);
	return 0;
}

/* 0; or run->at is to be told again: -E2BIG: in the next run; -EBUSY: later. */
static __always_inline int tell_task(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	__u32 begin = run->length;
	__u64 from = run->from;
	int result;

	run->tid = task_number(run, task);
	run->tgid = process_number(run, task);
	run->whole = !per_thread(run) || task->pid == task->tgid;
	run->result = 0;
	if (run->tid == 0)		/* gone, or not in the caller's pid namespace */
		return 0;
	if (!begin_message(run, slot))
		return -E2BIG;
	if (!from && run->own_parts)
		tell_thread(run, slot, task);
	if (run->whole && run->parts_count > run->own_parts)
		tell_process(run, slot, task);
	result = run->result == -ENOENT ? 0 : run->result;	/* ENOENT: it has just exited */
	if (result && (result != -E2BIG || begin > 0)) {
		/* Nothing is told twice, and a list that may fit an empty slot is not cut. */
		run->length = begin;
		run->from = from;
		return result;
	}
	end_message(run, slot, result == -E2BIG);
	return result;
}

static __always_inline void tell_tasks(struct task_diag_run *run, char *slot)
{
	struct bpf_iter_num turns;
	int *turn;

	bpf_iter_num_new(&turns, 0, TASK_DIAG_RUN_TIDS + 1);
	while ((turn = bpf_iter_num_next(&turns))) {
		__u32 at = run->at;
		struct task_struct *task;
		int result;

		if (at >= run->count || at >= TASK_DIAG_RUN_TIDS) {
			run->steps = 0;
			break;
		}
		if (run->length > run->room || run->length > SLOT_ROOM - FIXED_ROOM)
			break;
		task = bpf_task_from_pid(((__u32 *)(slot + TASK_DIAG_SLOT_TIDS))[at]);
		if (task) {
			result = tell_task(run, slot, task);
			bpf_task_release(task);
			if (result) {
				run->error = result == -E2BIG ? 0 : EBUSY;
				break;
			}
		}
		run->from = 0;
		run->at = at + 1;
	}
	bpf_iter_num_destroy(&turns);
}

#endif /* CHECKPOINT_BPF_TELL_H */
