/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Attributes that a thread has of its own, and that are as long as its lists of numbers. */
#ifndef CHECKPOINT_BPF_NUMBERS_H
#define CHECKPOINT_BPF_NUMBERS_H

struct telling {
	struct task_diag_run *run;
	char *slot;
	struct task_struct *task;
};

TURN long tell_ns_pid(__u32 level, struct telling *of)
{
	struct task_diag_run *run = of->run;
	struct pid *pid = of->task->thread_pid;
	struct upid own = {};
	__u32 *number;

	if (level < run->reader_level)
		return 0;
	if (level > pid->level || !pid_on_level(pid, level, &own))
		return 1;
	number = reserve(run, of->slot, sizeof(*number));
	if (!number)
		return 1;
	*number = own.nr;
	return 0;
}

static __noinline int tell_ns_pids(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	struct telling of = { run, slot, task };
	__u32 begin = run->length;

	if (!attribute(run, slot, TASK_DIAG_EXT_NS_PIDS, 0) || !task->thread_pid)
		return 0;
	repeat(MAX_LEVELS, tell_ns_pid, &of);
	end_attribute(run, slot, begin);
	return 0;
}

struct telling_groups {
	struct task_diag_run *run;
	char *slot;
	char *from;
	__u32 count;
};

TURN long tell_some_groups(__u32 number, struct telling_groups *of)
{
	struct task_diag_run *run = of->run;
	__u32 count = of->count, blocks = count / 64;
	__u32 block = number < blocks ? 64 : 1;
	__u32 at = block == 64 ? number * 64 : blocks * 64 + (number - blocks);
	char *slot = of->slot;
	void *to;

	if (at >= count)
		return 1;
	if (message_full(run)) {
		end_attribute(run, slot, run->attribute);
		end_message(run, slot, true);
		if (!begin_message(run, slot))
			return 1;
		run->attribute = run->length;
		if (!attribute(run, slot, TASK_DIAG_EXT_GROUPS, 0))
			return 1;
	}
	to = block == 64 ? reserve(run, slot, 256) : reserve(run, slot, 4);
	if (!to)
		return 1;
	if (block == 64)
		bpf_probe_read_kernel(to, 256, of->from + at * 4);
	else
		bpf_probe_read_kernel(to, 4, of->from + at * 4);
	return 0;
}

/* Supplementary groups: blocks of 64, then what is left, in attributes and messages that are not too long. */
static __noinline int tell_groups(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	const struct cred *cred = task->real_cred;
	struct group_info *groups = cred->group_info;
	struct telling_groups of = {
		run, slot, (char *)__builtin_preserve_access_index(&groups->gid[0]), groups->ngroups,
	};

	run->attribute = run->length;
	if (!attribute(run, slot, TASK_DIAG_EXT_GROUPS, 0))
		return 0;
	repeat(2048, tell_some_groups, &of);
	end_attribute(run, slot, run->attribute);
	run->attribute = 0;
	return 0;
}

#endif /* CHECKPOINT_BPF_NUMBERS_H */
