// SPDX-License-Identifier: GPL-2.0
/* What a thread is: BASE, EXT_SCHED, EXT_COMM, EXT_NS_PIDS. As fs/proc/array.c shows it. */
#include <linux/pid_namespace.h>
#include <linux/ptrace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/time_namespace.h>
#include <linux/tty.h>

#include "symbols.h"
#include "td.h"

#define TD_LONG_COMM 64

/* The name as /proc has it: that of a kernel thread may be longer than the task's own. */
static unsigned int long_comm(struct task_struct *task, char comm[TD_LONG_COMM])
{
	memset(comm, 0, TD_LONG_COMM);
	if (task->flags & PF_WQ_WORKER)
		td_kernel.worker_comm(comm, TD_LONG_COMM, task);
	else if ((task->flags & PF_KTHREAD) && td_kernel.kthread_comm)
		td_kernel.kthread_comm(comm, TD_LONG_COMM, task);
	else
		strscpy_pad(comm, task->comm, TASK_COMM_LEN);
	return strnlen(comm, TD_LONG_COMM - 1);
}

int td_base(struct telling *of)
{
	struct task_diag_base *base = td_attr(of->d, TASK_DIAG_BASE, sizeof(*base));
	struct pid_namespace *ns = of->d->ns;
	struct task_struct *task = of->task, *tracer;
	char comm[TD_LONG_COMM];

	if (!base)
		return -EMSGSIZE;
	rcu_read_lock();
	base->ppid = pid_alive(task) ? task_tgid_nr_ns(rcu_dereference(task->real_parent), ns) : 0;
	tracer = ptrace_parent(task);
	base->tpid = tracer ? task_pid_nr_ns(tracer, ns) : 0;
	rcu_read_unlock();
	base->tgid = of->d->part_tgid;
	base->pid = of->d->tids[of->d->at];
	base->sid = task_session_nr_ns(task, ns);
	base->pgid = task_pgrp_nr_ns(task, ns);
	base->state = task_state_index(task);
	long_comm(task, comm);
	memcpy(base->comm, comm, sizeof(base->comm));
	base->comm[sizeof(base->comm) - 1] = 0;
	return 0;
}

/* Empty when BASE has it all. */
int td_comm(struct telling *of)
{
	char comm[TD_LONG_COMM];
	unsigned int n = long_comm(of->task, comm);

	return td_bytes(of->d, TASK_DIAG_EXT_COMM, comm, n < TASK_COMM_LEN ? 0 : n, 1);
}

static void put_tty(struct telling *of, struct task_diag_ext_sched *sched)
{
	struct task_struct *task = of->task;
	struct signal_struct *signal = task->signal;
	unsigned long flags;
	struct pid *group;

	sched->tty_nr = 0;
	sched->tpgid = -1;
	if (!td_kernel.lock_sighand(task, &flags))
		return;
	if (signal->tty) {
		group = tty_get_pgrp(signal->tty);
		sched->tpgid = pid_nr_ns(group, of->d->ns);
		put_pid(group);
		sched->tty_nr = new_encode_dev(tty_devnum(signal->tty));
	}
	if (LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0) && (signal->flags & (SIGNAL_GROUP_EXIT | SIGNAL_STOP_STOPPED)))
		sched->exit_code = signal->group_exit_code;
	unlock_task_sighand(task, &flags);
}

/* When it started, by the caller's clock. */
static u64 boot_time(struct task_struct *task)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 11, 0)
	return timens_add_boottime_ns(task->start_boottime);
#else
	struct timespec64 time = ns_to_timespec64(task->start_boottime);

	timens_add_boottime(&time);
	return timespec64_to_ns(&time);
#endif
}

int td_sched(struct telling *of)
{
	struct task_diag_ext_sched *sched = td_attr(of->d, TASK_DIAG_EXT_SCHED, sizeof(*sched));
	struct task_struct *task = of->task;

	if (!sched)
		return -EMSGSIZE;
	sched->start_time = td_ticks(boot_time(task));
	sched->flags = task->flags;
	sched->priority = task->prio - MAX_RT_PRIO;
	sched->nice = task_nice(task);
	sched->rt_priority = task->rt_priority;
	sched->policy = task->policy | (task->sched_reset_on_fork ? SCHED_RESET_ON_FORK : 0);
	sched->processor = task_cpu(task);
	sched->exit_signal = task->exit_signal;
	sched->exit_code = task->exit_code;
	put_tty(of, sched);
	if (!of->permitted)
		sched->exit_code = 0;
	return 0;
}

int td_ns_pids(struct telling *of)
{
	unsigned int level = of->d->ns->level, n = 0;
	u32 numbers[MAX_PID_NS_LEVEL + 1];
	struct pid *pid;

	rcu_read_lock();
	pid = task_pid(of->task);
	if (pid)
		for (; level <= pid->level; level++)
			numbers[n++] = task_pid_nr_ns(of->task, pid->numbers[level].ns);
	rcu_read_unlock();
	return td_bytes(of->d, TASK_DIAG_EXT_NS_PIDS, numbers, n * sizeof(numbers[0]), sizeof(numbers[0]));
}
