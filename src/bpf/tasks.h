/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Attributes of fixed size that a thread has of its own. */
#ifndef CHECKPOINT_BPF_TASKS_H
#define CHECKPOINT_BPF_TASKS_H

#define SHOWS(run, name) ((run)->show_flags & TASK_DIAG_SHOW_##name)

/* As fs/proc/array.c, get_task_state: the kernel's order of states is the wire's. */
static __always_inline __u8 task_state(struct task_struct *task)
{
	__u32 state, bits;

	if (bpf_core_field_exists(struct task_struct, __state))
		state = task->__state;
	else
		state = (__u32)BPF_CORE_READ((struct task_struct___state *)task, state);
	if ((state & TASK_IDLE) == TASK_IDLE)
		return TASK_DIAG_IDLE;
	bits = (state | task->exit_state) & TASK_REPORT;
	/* Uninterruptible: bit 1. */
	bits |= (state & TASK_RTLOCK_WAIT) >> 11 | (state & TASK_FROZEN) >> 14;
	/* The number of the highest bit, counted from 1. */
	return (bits > 0) + (bits > 1) + (bits > 3) + (bits > 7) + (bits > 15) + (bits > 31) + (bits > 63);
}

static __noinline int tell_base(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	struct task_diag_base *base = attribute(run, slot, TASK_DIAG_BASE, sizeof(*base));
	struct signal_struct *signal = task->signal;
	struct task_struct *parent = task->real_parent;

	if (!base)
		return 0;
	base->tgid = run->tgid;
	base->pid = run->tid;
	base->ppid = process_number(run, parent);
	base->tpid = task->ptrace ? task_number(run, task->parent) : 0;
	base->sid = pid_number(run, signal->pids[PIDTYPE_SID]);
	base->pgid = pid_number(run, signal->pids[PIDTYPE_PGID]);
	base->state = task_state(task);
	put_comm(base->comm, task);
	base->pad[0] = base->pad[1] = base->pad[2] = 0;
	return 0;
}

static __always_inline void put_capabilities(struct task_diag_caps *to, __u64 from)
{
	to->cap[0] = (__u32)from;
	to->cap[1] = from >> 32;
}

static __always_inline void tell_cred(struct task_diag_run *run, char *slot, const struct cred *cred)
{
	struct task_diag_creds *creds = attribute(run, slot, TASK_DIAG_CRED, sizeof(*creds));

	if (!creds)
		return;
	put_capabilities(&creds->cap_inheritable, CAPABILITIES(cred, cap_inheritable));
	put_capabilities(&creds->cap_permitted, CAPABILITIES(cred, cap_permitted));
	put_capabilities(&creds->cap_effective, CAPABILITIES(cred, cap_effective));
	put_capabilities(&creds->cap_bset, CAPABILITIES(cred, cap_bset));
	creds->uid = cred->uid.val;
	creds->euid = cred->euid.val;
	creds->suid = cred->suid.val;
	creds->fsuid = cred->fsuid.val;
	creds->gid = cred->gid.val;
	creds->egid = cred->egid.val;
	creds->sgid = cred->sgid.val;
	creds->fsgid = cred->fsgid.val;
}

static __noinline int tell_security(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	struct task_diag_ext_security *security = attribute(run, slot, TASK_DIAG_EXT_SECURITY, sizeof(*security));

	if (!security)
		return 0;
	security->cap_ambient = CAPABILITIES(task->real_cred, cap_ambient);
	security->no_new_privs = task->atomic_flags & NO_NEW_PRIVS;
	security->known = TASK_DIAG_EXT_KNOWN_AMBIENT | TASK_DIAG_EXT_KNOWN_NO_NEW_PRIVS;
	security->seccomp = security->seccomp_filters = 0;
	if (bpf_core_field_exists(struct task_struct, seccomp.mode)) {
		security->seccomp = task->seccomp.mode;
		security->known |= TASK_DIAG_EXT_KNOWN_SECCOMP;
	}
	if (bpf_core_field_exists(struct task_struct, seccomp.filter_count)) {
		security->seccomp_filters = task->seccomp.filter_count.counter;
		security->known |= TASK_DIAG_EXT_KNOWN_FILTERS;
	}
	return 0;
}

static __noinline int tell_sched(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	struct task_diag_ext_sched *sched = attribute(run, slot, TASK_DIAG_EXT_SCHED, sizeof(*sched));
	struct task_struct *current = untrusted(bpf_get_current_task_btf());
	struct signal_struct *signal = task->signal;
	struct time_namespace *clock = current->nsproxy->time_ns;
	struct tty_struct *tty = signal->tty;
	__u64 start = task->start_boottime;

	if (!sched)
		return 0;
	if (clock)
		start += clock->offsets.boottime.tv_sec * 1000000000ULL + clock->offsets.boottime.tv_nsec;
	sched->start_time = start / run->tick_ns;
	sched->flags = task->flags;
	sched->tty_nr = 0;
	sched->tpgid = -1;
	if (tty) {
		/* new_encode_dev(): 8 bits of the minor, the major, the rest of the minor. */
		__u32 major = tty->driver->major;
		__u32 minor = tty->driver->minor_start + tty->index;

		sched->tty_nr = (minor & 0xff) | (major << 8) | ((minor & ~0xffU) << 12);
		sched->tpgid = pid_number(run, tty->ctrl.pgrp);
	}
	sched->priority = task->prio - MAX_RT_PRIO;
	sched->nice = task->static_prio - DEFAULT_PRIO;
	sched->rt_priority = task->rt_priority;
	sched->policy = task->policy;
	if (BPF_CORE_READ_BITFIELD(task, sched_reset_on_fork))
		sched->policy |= SCHED_RESET_ON_FORK;
	sched->processor = task->thread_info.cpu;
	sched->exit_signal = task->exit_signal;
	/* What the process as a whole has is told with it or its leader; a thread's own file has the thread's. */
	sched->exit_code = run->whole && (signal->flags & (SIGNAL_STOP_STOPPED | SIGNAL_GROUP_EXIT)) ? signal->group_exit_code : task->exit_code;
	sched->exec_id = task->self_exec_id;
	sched->pad = 0;
	return 0;
}

static __always_inline void put_times(struct task_diag_run *run, struct task_diag_stat *stat, struct cpu_times *times)
{
	stat->utime = times->user / run->tick_ns;
	stat->stime = times->system / run->tick_ns;
}

static __noinline int tell_thread_stat(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	struct task_diag_stat *stat = attribute(run, slot, TASK_DIAG_STAT, sizeof(*stat));
	struct signal_struct *signal = task->signal;
	struct cpu_times times = { task->utime, task->stime, task->se.sum_exec_runtime };

	if (!stat)
		return 0;
	adjust(&times, task->prev_cputime.utime, task->prev_cputime.stime);
	put_times(run, stat, &times);
	stat->minflt = task->min_flt;
	stat->majflt = task->maj_flt;
	stat->cminflt = signal->cmin_flt;
	stat->cmajflt = signal->cmaj_flt;
	stat->cutime = signal->cutime / run->tick_ns;
	stat->cstime = signal->cstime / run->tick_ns;
	stat->threads = signal->nr_threads;
	stat->pad = 0;
	return 0;
}

static __always_inline void add_thread(struct task_struct *thread, struct task_diag_stat *sum)
{
	sum->utime += THREAD(thread, utime);
	sum->stime += THREAD(thread, stime);
	sum->cutime += THREAD(thread, se.sum_exec_runtime);
	sum->minflt += THREAD(thread, min_flt);
	sum->majflt += THREAD(thread, maj_flt);
}

FOR_THREADS(add_threads, add_thread, struct task_diag_stat)

/* The sum over a process, threads that have exited among it. */
static __noinline int tell_group_stat(struct task_diag_run *run, char *slot, struct task_struct *task, __u16 type)
{
	struct task_diag_stat *stat = attribute(run, slot, type, sizeof(*stat));
	struct signal_struct *signal = untrusted(task)->signal;
	struct cpu_times times;

	if (!stat)
		return 0;
	times.user = signal->utime;
	times.system = signal->stime;
	times.runtime = signal->sum_sched_runtime;
	stat->minflt = signal->min_flt;
	stat->majflt = signal->maj_flt;
	if (signal->nr_threads < 2) {
		times.user += task->utime;
		times.system += task->stime;
		times.runtime += task->se.sum_exec_runtime;
		stat->minflt += task->min_flt;
		stat->majflt += task->maj_flt;
	} else {
		/* The sums grow in the slot, so that all turns look alike to the verifier. */
		stat->utime = times.user;
		stat->stime = times.system;
		stat->cutime = times.runtime;
		add_threads(task, stat);
		times.user = stat->utime;
		times.system = stat->stime;
		times.runtime = stat->cutime;
	}
	adjust(&times, signal->prev_cputime.utime, signal->prev_cputime.stime);
	put_times(run, stat, &times);
	stat->cminflt = signal->cmin_flt;
	stat->cmajflt = signal->cmaj_flt;
	stat->cutime = signal->cutime / run->tick_ns;
	stat->cstime = signal->cstime / run->tick_ns;
	stat->threads = signal->nr_threads;
	stat->pad = 0;
	return 0;
}

#endif /* CHECKPOINT_BPF_TASKS_H */
