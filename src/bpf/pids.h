/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Pids as the caller's pid namespace numbers them; 0 = not in it. */
#ifndef CHECKPOINT_BPF_PIDS_H
#define CHECKPOINT_BPF_PIDS_H

/* The number of a pid on a level of its namespaces. */
static __always_inline bool pid_on_level(struct pid *pid, __u32 level, struct upid *found)
{
	char *numbers = (char *)__builtin_preserve_access_index(&pid->numbers[0]);
	__u64 offset = (__u64)level * bpf_core_type_size(struct upid);

	/* Before 6.2 the verifier wants a bound for what is added to a kernel's pointer. */
	asm volatile("" : "+r"(offset));
	if (offset > MAX_LEVELS * 64)
		return false;
	return bpf_probe_read_kernel(found, sizeof(*found), numbers + offset) == 0;
}

static __always_inline void note_reader(struct task_diag_run *run)
{
	struct task_struct *current = untrusted(bpf_get_current_task_btf());
	struct pid *pid = current->thread_pid;
	struct upid own = {};

	run->reader_level = pid->level;
	if (pid_on_level(pid, pid->level, &own))
		run->reader_ns = (__u64)own.ns;
}

static __noinline int nested_number(struct task_diag_run *run, struct pid *pid)
{
	struct upid own = {};

	if (pid->level < run->reader_level || !pid_on_level(pid, run->reader_level, &own))
		return 0;
	return (__u64)own.ns == run->reader_ns ? own.nr : 0;
}

static __always_inline __u32 pid_number(struct task_diag_run *run, struct pid *pid)
{
	if (!pid)
		return 0;
	return run->reader_level ? nested_number(run, pid) : pid->numbers[0].nr;
}

static __always_inline __u32 task_number(struct task_diag_run *run, struct task_struct *task)
{
	/* A task that is gone has none any more. */
	if (run->reader_level == 0)
		return task->thread_pid ? task->pid : 0;
	return pid_number(run, task->thread_pid);
}

static __always_inline __u32 process_number(struct task_diag_run *run, struct task_struct *task)
{
	return run->reader_level == 0 ? task->tgid : pid_number(run, task->signal->pids[PIDTYPE_TGID]);
}

#endif /* CHECKPOINT_BPF_PIDS_H */
