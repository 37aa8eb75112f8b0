/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* LIST: the tasks of a strategy, as tids of the initial pid namespace from the slot's beginning on. */
#ifndef CHECKPOINT_BPF_LIST_H
#define CHECKPOINT_BPF_LIST_H

#define LIST_MAX ((TASK_DIAG_SLOT_SIZE - TASK_DIAG_SLOT_TIDS) / 4)

#define SHOW_AT_ONCE (TASK_DIAG_SHOW_BASE | TASK_DIAG_SHOW_CRED | TASK_DIAG_SHOW_EXT_SCHED | TASK_DIAG_SHOW_HIDDEN | TASK_DIAG_SHOW_EXT_GAPS)

/* One more tid; false: the slot is full. */
static __always_inline bool list_tid(struct task_diag_run *run, char *slot, __u32 tid)
{
	__u32 at = run->count;

	/* Where the list would go on, there may be messages. */
	if (at >= LIST_MAX || (at >= TASK_DIAG_RUN_TIDS && run->length))
		return false;
	((__u32 *)(slot + TASK_DIAG_SLOT_TIDS))[at] = tid;
	run->count = at + 1;
	/* `at` serves as the tid before, to see whether they ascend. */
	if (tid < run->at || at >= TASK_DIAG_RUN_TIDS)
		run->unsorted = 1;
	run->at = tid;
	return true;
}

/*
 * Parts of fixed size that need nothing but the task itself are told while the
 * tasks are listed, with all they touch still in the cache; run->tid and tgid
 * are set. False: not told.
 */
static __noinline int tell_at_once(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	if (run->length > SLOT_ROOM - FIXED_ROOM) {
		run->at_once = 0;
		return 0;
	}
	if (run->tid < run->at)		/* `at` is the one before */
		run->unsorted = 1;
	run->at = run->tid;
	if (!begin_message(run, slot))
		return 0;
	if (SHOWS(run, BASE))
		tell_base(run, slot, task);
	if (SHOWS(run, EXT_SCHED))
		tell_sched(run, slot, task);
	if (SHOWS(run, CRED))
		tell_cred(run, slot, task->real_cred);
	end_message(run, slot, false);
	return 1;
}

/* Every process or every thread of the machine; the kernel's own order is that of their creation. */
static __always_inline void list_all(struct task_diag_run *run, char *slot, __u32 flags)
{
	struct bpf_iter_task tasks;
	struct task_struct *task;

	bpf_rcu_read_lock();
	bpf_iter_task_new(&tasks, 0, flags);
	while ((task = bpf_iter_task_next(&tasks))) {
		__u32 tid = task->pid;

		/* Not the idle tasks, and nobody outside the caller's pid namespace. */
		if (tid == 0 || (run->reader_level && !task_number(run, untrusted(task))))
			continue;
		run->tid = task_number(run, untrusted(task));
		run->tgid = process_number(run, untrusted(task));
		run->whole = !per_thread(run) || tid == (__u32)task->tgid;
		if (run->at_once && tell_at_once(run, slot, untrusted(task)))
			continue;
		if (!list_tid(run, slot, tid)) {
			run->error = E2BIG;
			break;
		}
	}
	bpf_iter_task_destroy(&tasks);
	bpf_rcu_read_unlock();
}

#include "leaders.h"

static __always_inline void list_threads(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	struct bpf_iter_task threads;
	struct task_struct *leader, *thread;

	bpf_rcu_read_lock();
	/* The iterator goes on from the thread that it is given, and never round. */
	leader = bpf_task_acquire(task->group_leader);
	if (!leader) {
		run->error = ESRCH;
		bpf_rcu_read_unlock();
		return;
	}
	bpf_iter_task_new(&threads, leader, ITER_PROC_THREADS);
	while ((thread = bpf_iter_task_next(&threads))) {
		if (!list_tid(run, slot, thread->pid)) {
			run->error = E2BIG;
			break;
		}
	}
	bpf_iter_task_destroy(&threads);
	bpf_task_release(leader);
	bpf_rcu_read_unlock();
}

/*
 * The list of children has no RCU protection: an entry may move to another
 * parent's list under our feet, or out of any. Each is asked whose child it
 * is; when it is another's, what was found so far is forgotten and it is
 * tried again.
 */
static __always_inline void list_children(struct task_diag_run *run, char *slot, struct task_struct *parent)
{
	struct list_head *head = (struct list_head *)__builtin_preserve_access_index(&parent->children);
	struct list_head *entry = 0;
	struct bpf_iter_num turns;
	int *turn;

	run->tries = 0;
	bpf_rcu_read_lock();
	bpf_probe_read_kernel(&entry, sizeof(entry), &head->next);
	bpf_iter_num_new(&turns, 0, LIST_MAX);
	while ((turn = bpf_iter_num_next(&turns))) {
		struct task_struct *child, *of = 0;
		struct list_head *next = 0;
		int tid = 0;

		if (entry == head || !entry)
			break;
		child = (void *)entry - bpf_core_field_offset(struct task_struct, sibling);
		if (bpf_core_read(&of, sizeof(of), &child->real_parent) || of != parent
			|| bpf_core_read(&tid, sizeof(tid), &child->pid) || bpf_probe_read_kernel(&next, sizeof(next), &entry->next) || next == entry) {
			run->count = run->at = run->unsorted = 0;
			if (run->tries++ > 16) {
				run->error = EBUSY;
				break;
			}
			bpf_probe_read_kernel(&entry, sizeof(entry), &head->next);
			continue;
		}
		if ((!run->reader_level || tid) && !list_tid(run, slot, tid))
			break;
		entry = next;
	}
	bpf_iter_num_destroy(&turns);
	bpf_rcu_read_unlock();
	/* Not to its end: too many, or too many changes. */
	if (entry != head && !run->error)
		run->error = E2BIG;
	/* In the order of their birth, as the kernel has it. */
	if (run->count <= TASK_DIAG_RUN_TIDS)
		run->unsorted = 0;
}

/* A pid of the caller's namespace as the task it is; acquired. */
static __always_inline struct task_struct *task_of_caller(struct task_diag_run *run)
{
	struct bpf_iter_task tasks;
	struct task_struct *task, *found = 0;

	if (run->reader_level == 0)
		return bpf_task_from_pid(run->pid);
	bpf_rcu_read_lock();
	bpf_iter_task_new(&tasks, 0, ITER_ALL_THREADS);
	while ((task = bpf_iter_task_next(&tasks))) {
		if (task_number(run, untrusted(task)) == run->pid) {
			found = bpf_task_acquire(task);
			break;
		}
	}
	bpf_iter_task_destroy(&tasks);
	bpf_rcu_read_unlock();
	return found;
}

static __always_inline void list_of_one(struct task_diag_run *run, char *slot)
{
	struct task_struct *task = run->pid ? task_of_caller(run) : 0;

	if (!task) {
		run->error = ESRCH;
		return;
	}
	if (run->strategy == TASK_DIAG_DUMP_ONE)
		list_tid(run, slot, task->pid);
	else if (run->strategy == TASK_DIAG_DUMP_THREAD)
		list_threads(run, slot, task);
	else
		list_children(run, slot, task);
	bpf_task_release(task);
}

/* Leaves LIST in run->steps when the caller has to sort, or to hand over in parts. */
static __always_inline void list_tasks(struct task_diag_run *run, char *slot)
{
	run->count = run->at = run->unsorted = 0;
	run->at_once = run->at_once && (run->steps & TASK_DIAG_RUN_TELL) && !(run->show_flags & ~SHOW_AT_ONCE);
	if (run->strategy == TASK_DIAG_DUMP_ALL && pid_tree_is_known())
		list_processes(run, slot);
	else if (run->strategy == TASK_DIAG_DUMP_ALL || run->strategy == TASK_DIAG_DUMP_ALL_THREAD)
		list_all(run, slot, run->strategy == TASK_DIAG_DUMP_ALL ? ITER_ALL_PROCS : ITER_ALL_THREADS);
	else if (run->strategy <= TASK_DIAG_DUMP_THREAD)
		list_of_one(run, slot);
	else
		run->error = EINVAL;
	if (!run->unsorted)
		run->steps &= ~TASK_DIAG_RUN_LIST;
	if (run->length && !run->count)
		run->steps = 0;
}

#endif /* CHECKPOINT_BPF_LIST_H */
