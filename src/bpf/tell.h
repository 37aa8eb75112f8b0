/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* TELL: one task after the other, as one or more messages each. */
#ifndef CHECKPOINT_BPF_TELL_H
#define CHECKPOINT_BPF_TELL_H

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

static __noinline int tell_process(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	struct task_struct *owner = owner_of(task);

	if (!owner)
		return 0;
	tell_all_shared(run, slot, owner);
	bpf_task_release(owner);
	return 0;
}

/* 0; or run->at is to be told again: -E2BIG: in the next run; -EBUSY: later; -EIO: by somebody else. */
static __always_inline int tell_task(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	__u32 begin = run->length;
	__u64 from = run->from;
	int result;

	run->tid = task_number(run, untrusted(task));
	run->tgid = process_number(run, untrusted(task));
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
				run->error = result == -E2BIG ? 0 : -result;
				break;
			}
		}
		run->from = 0;
		run->at = at + 1;
	}
	bpf_iter_num_destroy(&turns);
}

#endif /* CHECKPOINT_BPF_TELL_H */
