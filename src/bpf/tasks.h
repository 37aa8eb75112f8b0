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
	if ((state & 0x402) == 0x402)			/* TASK_IDLE */
		return TASK_DIAG_IDLE;
	bits = (state | task->exit_state) & 0x7f;
	bits |= (state & 0x1000) >> 11;			/* TASK_RTLOCK_WAIT, TASK_FROZEN: uninterruptible */
	bits |= (state & 0x8000) >> 14;
	/* The number of the highest bit, counted from 1. */
	return (bits > 0) + (bits > 1) + (bits > 3) + (bits > 7) + (bits > 15) + (bits > 31) + (bits > 63);
}

/* Two words at an address; any struct of the kernel's that begins with two serves to read them. */
static __always_inline void put_comm(char *to, struct task_struct *task)
{
	struct timespec64 *words = bpf_rdonly_cast((char *)task + bpf_core_field_offset(struct task_struct, comm), bpf_core_type_id_kernel(struct timespec64));

	((__s64 *)to)[0] = words->tv_sec;
	((__s64 *)to)[1] = words->tv_nsec;
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

static __always_inline void put_capabilities(struct task_diag_caps *to, kernel_cap_t from)
{
	to->cap[0] = (__u32)from.val;
	to->cap[1] = from.val >> 32;
}

static __always_inline void tell_cred(struct task_diag_run *run, char *slot, const struct cred *cred)
{
	struct task_diag_creds *creds = attribute(run, slot, TASK_DIAG_CRED, sizeof(*creds));

	if (!creds)
		return;
	put_capabilities(&creds->cap_inheritable, cred->cap_inheritable);
	put_capabilities(&creds->cap_permitted, cred->cap_permitted);
	put_capabilities(&creds->cap_effective, cred->cap_effective);
	put_capabilities(&creds->cap_bset, cred->cap_bset);
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
	security->cap_ambient = task->real_cred->cap_ambient.val;
	security->no_new_privs = task->atomic_flags & 1;
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
	struct task_struct *current = bpf_get_current_task_btf();
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
	sched->priority = task->prio - 100;
	sched->nice = task->static_prio - 120;
	sched->rt_priority = task->rt_priority;
	sched->policy = task->policy;
	sched->processor = task->thread_info.cpu;
	sched->exit_signal = task->exit_signal;
	/* SIGNAL_STOP_STOPPED, SIGNAL_GROUP_EXIT */
	sched->exit_code = signal->flags & (1 | 4) ? signal->group_exit_code : task->exit_code;
	return 0;
}

/* 1 or 0, without a branch: the verifier would follow each on its own. */
static __always_inline __u64 nonzero(__u64 value)
{
	value |= -value;
	asm volatile("" : "+r"(value));		/* the compiler would make a branch of it again */
	return value >> 63;
}

#define SIGNALS		64
#define ACTION_SIZE	32

static __noinline int tell_signals(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	struct task_diag_ext_signals *signals = attribute(run, slot, TASK_DIAG_EXT_SIGNALS, sizeof(*signals));
	char *copy = reserved(slot, run->length, SIGNALS * ACTION_SIZE);
	struct sighand_struct *sighand = task->sighand;
	__u64 ignored = 0, caught = 0;

	if (!signals || !copy)
		return 0;
	__builtin_memset(signals, 0, sizeof(*signals));
	/* A reaped task has none. The actions are copied behind the message, which is where the next attribute goes. */
	if (!sighand || bpf_core_type_size(struct k_sigaction) > ACTION_SIZE
		|| bpf_probe_read_kernel(copy, SIGNALS * ACTION_SIZE, &sighand->action))
		return 0;
	signals->pending = task->pending.signal.sig[0];
	signals->shared_pending = task->signal->shared_pending.signal.sig[0];
	signals->blocked = task->blocked.sig[0];
#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < SIGNALS; i++) {
		__u64 handler = *(__u64 *)(copy + i * ACTION_SIZE);

		/* SIG_DFL is 0, SIG_IGN is 1. */
		ignored |= (1 ^ nonzero(handler ^ 1)) << i;
		caught |= nonzero(handler & ~1ULL) << i;
	}
	signals->ignored = ignored;
	signals->caught = caught;
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

/* The sum over a process, threads that have exited among it. */
static __noinline int tell_group_stat(struct task_diag_run *run, char *slot, struct task_struct *task, __u16 type)
{
	struct task_diag_stat *stat = attribute(run, slot, type, sizeof(*stat));
	struct signal_struct *signal = task->signal;
	struct cpu_times times;
	struct bpf_iter_task threads;
	struct task_struct *leader, *thread;

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
		bpf_rcu_read_lock();
		/* The iterator goes on from the thread that it is given, and never round. */
		leader = bpf_task_acquire(task->group_leader);
		if (!leader) {
			bpf_rcu_read_unlock();
			return 0;
		}
		bpf_iter_task_new(&threads, leader, ITER_PROC_THREADS);
		while ((thread = bpf_iter_task_next(&threads))) {
			stat->utime += thread->utime;
			stat->stime += thread->stime;
			stat->cutime += thread->se.sum_exec_runtime;
			stat->minflt += thread->min_flt;
			stat->majflt += thread->maj_flt;
		}
		bpf_iter_task_destroy(&threads);
		bpf_task_release(leader);
		bpf_rcu_read_unlock();
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

static __noinline int tell_ns_pids(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	struct pid *pid = task->thread_pid;
	__u32 begin = run->length, level;
	struct bpf_iter_num levels;
	int *next;

	if (!attribute(run, slot, TASK_DIAG_EXT_NS_PIDS, 0) || !pid)
		return 0;
	bpf_iter_num_new(&levels, 0, MAX_LEVELS);
	while ((next = bpf_iter_num_next(&levels))) {
		struct upid own = {};
		__u32 *number;

		level = *next;
		if (level < run->reader_level)
			continue;
		if (level > pid->level || !pid_on_level(pid, level, &own))
			break;
		number = reserve(run, slot, sizeof(*number));
		if (!number)
			break;
		*number = own.nr;
	}
	bpf_iter_num_destroy(&levels);
	end_attribute(run, slot, begin);
	return 0;
}

/* Supplementary groups: blocks of 64, then what is left, in attributes and messages that are not too long. */
static __noinline int tell_groups(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	const struct cred *cred = task->real_cred;
	struct group_info *groups = cred->group_info;
	char *from = (char *)__builtin_preserve_access_index(&groups->gid[0]);
	__u32 count = groups->ngroups;
	struct bpf_iter_num turns;
	int *turn;

	run->attribute = run->length;
	if (!attribute(run, slot, TASK_DIAG_EXT_GROUPS, 0))
		return 0;
	bpf_iter_num_new(&turns, 0, 2048);
	while ((turn = bpf_iter_num_next(&turns))) {
		__u32 number = *turn, blocks = count / 64;
		__u32 block = number < blocks ? 64 : 1;
		__u32 at = block == 64 ? number * 64 : blocks * 64 + (number - blocks);
		void *to;

		if (at >= count)
			break;
		if (message_full(run)) {
			end_attribute(run, slot, run->attribute);
			end_message(run, slot, true);
			if (!begin_message(run, slot))
				break;
			run->attribute = run->length;
			if (!attribute(run, slot, TASK_DIAG_EXT_GROUPS, 0))
				break;
		}
		to = block == 64 ? reserve(run, slot, 256) : reserve(run, slot, 4);
		if (!to)
			break;
		if (block == 64)
			bpf_probe_read_kernel(to, 256, from + at * 4);
		else
			bpf_probe_read_kernel(to, 4, from + at * 4);
	}
	bpf_iter_num_destroy(&turns);
	end_attribute(run, slot, run->attribute);
	run->attribute = 0;
	return 0;
}

#endif /* CHECKPOINT_BPF_TASKS_H */
