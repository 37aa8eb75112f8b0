/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* CPU times as /proc/[pid]/stat shows them (kernel/sched/cputime.c, cputime_adjust). */
#ifndef CHECKPOINT_BPF_TIMES_H
#define CHECKPOINT_BPF_TIMES_H

struct cpu_times {
	__u64 user;
	__u64 system;
	__u64 runtime;			/* what the scheduler counted, exactly */
};

/* part * whole / total, for part <= total; exact to 2^-31. */
static __always_inline __u64 share(__u64 part, __u64 whole, __u64 total)
{
	__u32 shift = 0;

	if (total >> 48) {
		total >>= 32;
		part >>= 32;
	}
	if (total >> 32) {
		total >>= 16;
		part >>= 16;
	}
	if (whole >> 48) {
		whole >>= 32;
		shift = 32;
	}
	if (whole >> 32) {
		whole >>= 16;
		shift += 16;
	}
	return total ? (part * whole / total) << shift : 0;
}

/* Scales the times of the ticks to the scheduler's sum, never below what was shown before. */
static __always_inline void adjust(struct cpu_times *times, __u64 shown_user, __u64 shown_system)
{
	__u64 system;

	if (shown_user + shown_system >= times->runtime) {
		times->user = shown_user;
		times->system = shown_system;
		return;
	}
	if (times->system == 0)
		system = 0;
	else if (times->user == 0)
		system = times->runtime;
	else
		system = share(times->system, times->runtime, times->system + times->user);
	if (system > times->runtime)
		system = times->runtime;
	if (system < shown_system)
		system = shown_system;
	times->user = times->runtime - system;
	if (times->user < shown_user) {
		times->user = shown_user;
		system = times->runtime - shown_user;
	}
	times->system = system;
}

#endif /* CHECKPOINT_BPF_TIMES_H */
