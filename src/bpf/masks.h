/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The signals that a thread has blocked, ignores and catches, and those that wait for it. */
#ifndef CHECKPOINT_BPF_MASKS_H
#define CHECKPOINT_BPF_MASKS_H

/* 1 or 0, without a branch: the verifier would follow each on its own. */
static __always_inline __u64 nonzero(__u64 value)
{
	value |= -value;
	asm volatile("" : "+r"(value));		/* the compiler would make a branch of it again */
	return value >> 63;
}

/* Whether a task sleeps in sigsuspend(2): only when it wakes does that mark the mask as one to be restored. */
static __always_inline bool waits_in_sigsuspend(struct task_struct *task)
{
	struct task_struct *fields = untrusted(task);
	struct pt_regs *regs;
	__u32 state = bpf_core_field_exists(struct task_struct, __state) ? fields->__state : 0;

	if (!(state & TASK_INTERRUPTIBLE) || fields->exit_state || (fields->flags & PF_KTHREAD))
		return false;
	regs = (struct pt_regs *)bpf_task_pt_regs(task);
	if (bpf_core_field_exists(struct pt_regs, orig_ax)) {
		__u64 call = regs->orig_ax;

		if (fields->thread_info.status & TS_COMPAT)
			return call == I386_RT_SIGSUSPEND || call == I386_SIGSUSPEND;
		return (call & ~X86_X32_BIT) == X86_64_RT_SIGSUSPEND;
	}
	if (bpf_core_field_exists(struct pt_regs, syscallno))
		return regs->syscallno == ARM64_RT_SIGSUSPEND;
	return false;
}

/*
 * The signals that a thread has blocked itself. While it waits in a call that
 * takes another mask for so long (sigtimedwait, ppoll, pselect, epoll_pwait,
 * sigsuspend), `blocked` is that, and the kernel keeps its own aside.
 */
static __always_inline __u64 own_mask(struct task_struct *task)
{
	struct task_struct *fields = untrusted(task);
	__u64 real = fields->real_blocked.sig[0];
	bool aside = false;

	if (real)
		return real;
	if (bpf_core_field_exists(struct task_struct, restore_sigmask))
		aside = BPF_CORE_READ_BITFIELD(fields, restore_sigmask);
	else if (bpf_core_field_exists(struct pt_regs, syscallno))
		aside = fields->thread_info.flags & ARM64_RESTORE_SIGMASK;
	return aside || waits_in_sigsuspend(task) ? fields->saved_sigmask.sig[0] : fields->blocked.sig[0];
}

#define SIGNALS		64
#define ACTION_SIZE	32

static __noinline int tell_signals(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	__u32 begin = run->length;
	struct task_diag_ext_signals *signals = attribute(run, slot, TASK_DIAG_EXT_SIGNALS, sizeof(*signals));
	char *copy = reserved(slot, run->length, SIGNALS * ACTION_SIZE);
	struct task_struct *fields = untrusted(task);
	struct sighand_struct *sighand = fields->sighand;
	__u64 ignored = 0, caught = 0;

	if (!signals || !copy)
		return 0;
	/*
	 * A task that has been reaped has none. The actions are copied behind the
	 * message, which is where the next attribute goes; what does not look as
	 * it is known here is not told at all.
	 */
	if (!sighand || bpf_core_type_size(struct k_sigaction) > ACTION_SIZE
		|| bpf_probe_read_kernel(copy, SIGNALS * ACTION_SIZE, &sighand->action) || fields->sighand != sighand) {
		run->length = begin;
		return 0;
	}
	signals->pending = fields->pending.signal.sig[0];
	signals->shared_pending = fields->signal->shared_pending.signal.sig[0];
	signals->blocked = own_mask(task);
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

#endif /* CHECKPOINT_BPF_MASKS_H */
