/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The kernel's macros that the programs go by. BTF tells of types and not of
 * macros, so the loader cannot fit these to the running kernel: each says why
 * it is the same on every kernel that runs the programs (Linux 5.18 and later).
 * What has moved is probed instead: shown_instead() in names.h does without
 * FMODE_BACKING, and wire_flags() says how it tells the places of a bit apart.
 */
#ifndef CHECKPOINT_BPF_CONSTANTS_H
#define CHECKPOINT_BPF_CONSTANTS_H

/* task_struct.flags are field 9 of /proc/[pid]/stat, where ps and others look for this one. */
#define PF_KTHREAD		0x00200000

/*
 * task_struct.__state and exit_state. The kernel itself takes the number of
 * the bit for the letter in /proc/[pid]/stat (task_state_index), so up to
 * TASK_PARKED they are an interface. The others are where they are since they
 * came (4.14, 5.15, 6.1), and those places were free before.
 */
#define TASK_INTERRUPTIBLE	0x0001
#define TASK_REPORT		0x007f
#define TASK_IDLE		0x0402
#define TASK_RTLOCK_WAIT	0x1000
#define TASK_FROZEN		0x8000

/* task_struct.atomic_flags: bit 0 since 3.17. */
#define NO_NEW_PRIVS		1

/* signal_struct.flags: the lowest three, since 2.6. */
#define SIGNAL_STOP_STOPPED	0x0001
#define SIGNAL_GROUP_EXIT	0x0004

/* task_struct.prio and static_prio less these are fields 18 and 19 of /proc/[pid]/stat. */
#define MAX_RT_PRIO		100
#define DEFAULT_PRIO		120

/* A part of sched_getscheduler(2)'s answer. */
#define SCHED_RESET_ON_FORK	0x40000000U

/* Where mm_struct.rss_stat has what: the first four since 4.5, in an enum without a name. */
#define MM_FILEPAGES		0
#define MM_ANONPAGES		1
#define MM_SWAPENTS		2
#define MM_SHMEMPAGES		3

/* super_block.s_dev and a tty's number: MINORBITS since 2.6. */
#define MAJOR(device)		((device) >> 20)
#define MINOR(device)		((device) & 0xfffff)

/* Numbers of system calls, for x86-64 and its 32-bit programs, and for arm64. Never changed. */
#define X86_64_RT_SIGSUSPEND	130
#define X86_X32_BIT		0x40000000
#define I386_SIGSUSPEND		72
#define I386_RT_SIGSUSPEND	179
#define ARM64_RT_SIGSUSPEND	133

/* thread_info.status of x86, in a system call of a 32-bit program: since 2.6. */
#define TS_COMPAT		0x0002

/* thread_info.flags of arm64, since 3.7. Elsewhere it is a field (restore_sigmask), or not looked at. */
#define ARM64_RESTORE_SIGMASK	(1UL << 20)

/* The kernel nests pid namespaces no deeper (MAX_PID_NS_LEVEL is 32). */
#define MAX_LEVELS		33

/*
 * Not here, since the loader or the program looks: types of maple tree nodes
 * (an enum), the number of slots of the trees' nodes (sizes of fields). That
 * a VMA list was walked right is seen by mm_struct.map_count.
 */

#endif /* CHECKPOINT_BPF_CONSTANTS_H */
