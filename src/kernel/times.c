// SPDX-License-Identifier: GPL-2.0
/* What a thread or a process has used: STAT, EXT_GROUP_STAT. As fs/proc/array.c, do_task_stat. */
#include <linux/math64.h>
#include <linux/sched/cputime.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "symbols.h"
#include "td.h"

static int tell_stat(struct telling *of, u16 type, bool whole)
{
	struct task_diag_stat *stat = td_attr(of->d, type, sizeof(*stat));
	struct task_struct *task = of->task, *thread;
	struct signal_struct *signal = task->signal;
	u64 utime = 0, stime = 0;
	unsigned long flags;

	if (!stat)
		return -EMSGSIZE;
	stat->minflt = whole ? 0 : task->min_flt;
	stat->majflt = whole ? 0 : task->maj_flt;
	stat->cminflt = stat->cmajflt = stat->cutime = stat->cstime = 0;
	stat->threads = 0;
	rcu_read_lock();
	if (td_kernel.lock_sighand(task, &flags)) {
		stat->threads = get_nr_threads(task);
		stat->cminflt = signal->cmin_flt;
		stat->cmajflt = signal->cmaj_flt;
		stat->cutime = td_ticks(signal->cutime);
		stat->cstime = td_ticks(signal->cstime);
		if (whole) {
			stat->minflt = signal->min_flt;
			stat->majflt = signal->maj_flt;
			for_each_thread(task, thread) {
				stat->minflt += thread->min_flt;
				stat->majflt += thread->maj_flt;
			}
			td_kernel.thread_group_cputime(task, &utime, &stime);
		}
		unlock_task_sighand(task, &flags);
	}
	rcu_read_unlock();
	if (!whole)
		td_kernel.task_cputime(task, &utime, &stime);
	stat->utime = td_ticks(utime);
	stat->stime = td_ticks(stime);
	return 0;
}

int td_stat(struct telling *of)
{
	return tell_stat(of, TASK_DIAG_STAT, !td_per_thread(of->d));
}

int td_group_stat(struct telling *of)
{
	return td_per_thread(of->d) ? tell_stat(of, TASK_DIAG_EXT_GROUP_STAT, true) : 0;
}
