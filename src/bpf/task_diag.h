/* SPDX-License-Identifier: MIT */
/*
 * The task_diag wire: what is written to and read from /proc/task-diag, and
 * what every transport of Checkpoint speaks. The specification in words, with
 * the history of the numbers, is src/Checkpoint/TaskDiag/README.md; a test
 * holds every struct and constant here against the C# side.
 *
 * Names and layouts without EXT are task_diag's own in its newest found form
 * (v4 of 2016 plus STAT, STATM and CMDLINE); older forms number attributes and
 * strategies differently. Names with EXT, and task_diag_frame, _attr and
 * _request, which only give a name to the netlink framing, are Checkpoint's.
 *
 * All fields are little-endian. Padding is spelled out so that a writer zeroes
 * it; the original kernel code does not, so a reader must not look at it.
 */
#ifndef CHECKPOINT_TASK_DIAG_H
#define CHECKPOINT_TASK_DIAG_H

/* A BPF program that brings its own kernel types has these already. */
#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

/* nlmsg_type of every response message. */
#define TASK_DIAG_CMD_GET	0xd101U

/* nlmsg_flags of every response message: NLM_F_MULTI. */
#define TASK_DIAG_NLM_F_MULTI	2

/* task_diag_msg.flags: more attributes of this task follow in the next message. */
#define TASK_DIAG_FLAG_CONT	0x00000001U

/* Messages, attributes and VMA records are padded to this. */
#define TASK_DIAG_ALIGNTO	4

enum task_diag_attribute {
	TASK_DIAG_BASE			= 0,	/* struct task_diag_base */
	TASK_DIAG_CRED			= 1,	/* struct task_diag_creds */
	TASK_DIAG_VMA			= 2,	/* struct task_diag_vma records; v2: STAT */
	TASK_DIAG_VMA_STAT		= 3,	/* only a show flag; v2: VMA */
	TASK_DIAG_STAT			= 4,	/* struct task_diag_stat; v2: VMA_STAT */
	TASK_DIAG_STATM			= 5,	/* struct task_diag_statm */
	TASK_DIAG_CMDLINE		= 6,	/* bytes */

	/* Extensions, in a range of their own up to 62. */
	TASK_DIAG_EXT_SCHED		= 32,	/* struct task_diag_ext_sched */
	TASK_DIAG_EXT_MM		= 33,	/* struct task_diag_ext_mm */
	TASK_DIAG_EXT_SECURITY		= 34,	/* struct task_diag_ext_security */
	TASK_DIAG_EXT_SIGNALS		= 35,	/* struct task_diag_ext_signals */
	TASK_DIAG_EXT_GROUPS		= 36,	/* __u32[], sorted */
	TASK_DIAG_EXT_NS_PIDS		= 37,	/* __u32[], outermost namespace first */
	TASK_DIAG_EXT_EXE		= 38,	/* struct task_diag_ext_exe, then the path */
	TASK_DIAG_EXT_CWD		= 39,	/* bytes, no NUL */
	TASK_DIAG_EXT_ROOT		= 40,	/* bytes, no NUL */
	TASK_DIAG_EXT_LABEL		= 41,	/* bytes, no newline */
	TASK_DIAG_EXT_ENVIRON		= 42,	/* bytes */
	TASK_DIAG_EXT_NAMESPACES	= 43,	/* struct task_diag_ext_namespaces */
	TASK_DIAG_EXT_GROUP_STAT	= 44,	/* struct task_diag_stat of the process */
	TASK_DIAG_EXT_GAPS		= 45,	/* struct task_diag_ext_gap[] */
	TASK_DIAG_EXT_COMM		= 46,	/* bytes: a comm longer than 15 */
	TASK_DIAG_EXT_UMASK		= 47,	/* __u32 */
	TASK_DIAG_EXT_BUILD_IDS		= 48,	/* struct task_diag_ext_build_id[] */
	TASK_DIAG_EXT_PAGE_SIZES	= 49,	/* struct task_diag_ext_page_size[], sorted */
	TASK_DIAG_EXT_TOTAL_VM		= 50,	/* struct task_diag_ext_total_vm */
	TASK_DIAG_EXT_FILES		= 51,	/* struct task_diag_ext_file records */
};

/* What a request asks for: 1 << attribute. */
#define TASK_DIAG_SHOW_BASE		(1ULL << TASK_DIAG_BASE)
#define TASK_DIAG_SHOW_CRED		(1ULL << TASK_DIAG_CRED)
#define TASK_DIAG_SHOW_VMA		(1ULL << TASK_DIAG_VMA)
#define TASK_DIAG_SHOW_VMA_STAT		(1ULL << TASK_DIAG_VMA_STAT)
#define TASK_DIAG_SHOW_STAT		(1ULL << TASK_DIAG_STAT)
#define TASK_DIAG_SHOW_STATM		(1ULL << TASK_DIAG_STATM)
#define TASK_DIAG_SHOW_CMDLINE		(1ULL << TASK_DIAG_CMDLINE)
#define TASK_DIAG_SHOW_EXT_SCHED	(1ULL << TASK_DIAG_EXT_SCHED)
#define TASK_DIAG_SHOW_EXT_MM		(1ULL << TASK_DIAG_EXT_MM)
#define TASK_DIAG_SHOW_EXT_SECURITY	(1ULL << TASK_DIAG_EXT_SECURITY)
#define TASK_DIAG_SHOW_EXT_SIGNALS	(1ULL << TASK_DIAG_EXT_SIGNALS)
#define TASK_DIAG_SHOW_EXT_GROUPS	(1ULL << TASK_DIAG_EXT_GROUPS)
#define TASK_DIAG_SHOW_EXT_NS_PIDS	(1ULL << TASK_DIAG_EXT_NS_PIDS)
#define TASK_DIAG_SHOW_EXT_EXE		(1ULL << TASK_DIAG_EXT_EXE)
#define TASK_DIAG_SHOW_EXT_CWD		(1ULL << TASK_DIAG_EXT_CWD)
#define TASK_DIAG_SHOW_EXT_ROOT		(1ULL << TASK_DIAG_EXT_ROOT)
#define TASK_DIAG_SHOW_EXT_LABEL	(1ULL << TASK_DIAG_EXT_LABEL)
#define TASK_DIAG_SHOW_EXT_ENVIRON	(1ULL << TASK_DIAG_EXT_ENVIRON)
#define TASK_DIAG_SHOW_EXT_NAMESPACES	(1ULL << TASK_DIAG_EXT_NAMESPACES)
#define TASK_DIAG_SHOW_EXT_GROUP_STAT	(1ULL << TASK_DIAG_EXT_GROUP_STAT)
#define TASK_DIAG_SHOW_EXT_GAPS		(1ULL << TASK_DIAG_EXT_GAPS)
#define TASK_DIAG_SHOW_EXT_COMM		(1ULL << TASK_DIAG_EXT_COMM)
#define TASK_DIAG_SHOW_EXT_UMASK	(1ULL << TASK_DIAG_EXT_UMASK)
#define TASK_DIAG_SHOW_EXT_BUILD_IDS	(1ULL << TASK_DIAG_EXT_BUILD_IDS)
#define TASK_DIAG_SHOW_EXT_PAGE_SIZES	(1ULL << TASK_DIAG_EXT_PAGE_SIZES)
#define TASK_DIAG_SHOW_EXT_TOTAL_VM	(1ULL << TASK_DIAG_EXT_TOTAL_VM)
#define TASK_DIAG_SHOW_EXT_FILES	(1ULL << TASK_DIAG_EXT_FILES)

/* Extension, no attribute: also tasks that the caller may not ptrace-read. */
#define TASK_DIAG_SHOW_HIDDEN		(1ULL << 63)

/* Which tasks a request asks for. */
enum task_diag_strategy {
	TASK_DIAG_DUMP_ALL		= 0,	/* group leaders */
	TASK_DIAG_DUMP_ONE		= 1,	/* that task; v2: 3 */
	TASK_DIAG_DUMP_ALL_THREAD	= 2,	/* every thread */
	TASK_DIAG_DUMP_CHILDREN		= 3,	/* of that one task; v2: 1 */
	TASK_DIAG_DUMP_THREAD		= 4,	/* of that task's process; v2: 2 */
};

enum task_diag_state {
	TASK_DIAG_RUNNING		= 0,
	TASK_DIAG_INTERRUPTIBLE		= 1,
	TASK_DIAG_UNINTERRUPTIBLE	= 2,
	TASK_DIAG_STOPPED		= 3,
	TASK_DIAG_TRACE_STOP		= 4,
	TASK_DIAG_DEAD			= 5,
	TASK_DIAG_ZOMBIE		= 6,
	TASK_DIAG_PARKED		= 7,	/* only for kernels from 4.14 on */
	TASK_DIAG_IDLE			= 8,	/* only for kernels from 4.14 on */
};

/* What a request is about, right after its nlmsghdr. */
struct task_diag_pid {
	__u64	show_flags;
	__u64	dump_strategy;
	__u32	pid;
	__u32	pad;
};

/* A whole request. type, flags and pid of the nlmsghdr are not examined. */
struct task_diag_request {
	__u32	nlmsg_len;		/* at least 40 */
	__u16	nlmsg_type;
	__u16	nlmsg_flags;
	__u32	nlmsg_seq;		/* echoed in every response message */
	__u32	nlmsg_pid;
	struct task_diag_pid	req;
};

/* What a response message is about, right after its nlmsghdr. */
struct task_diag_msg {
	__u32	pid;
	__u32	tgid;
	__u32	flags;			/* bit 0: TASK_DIAG_FLAG_CONT; the rest is garbage */
};

/* A response message without its attributes. */
struct task_diag_frame {
	__u32	nlmsg_len;		/* of the whole message */
	__u16	nlmsg_type;		/* TASK_DIAG_CMD_GET */
	__u16	nlmsg_flags;		/* TASK_DIAG_NLM_F_MULTI */
	__u32	nlmsg_seq;
	__u32	nlmsg_pid;		/* 0 */
	struct task_diag_msg	msg;
};

/* struct nlattr: the head of an attribute. */
struct task_diag_attr {
	__u16	nla_len;		/* head and payload, without padding */
	__u16	nla_type;
};

#define TASK_DIAG_COMM_LEN 16

struct task_diag_base {
	__u32	tgid;
	__u32	pid;
	__u32	ppid;
	__u32	tpid;			/* tracer, 0 = none */
	__u32	sid;
	__u32	pgid;
	__u8	state;			/* enum task_diag_state */
	char	comm[TASK_DIAG_COMM_LEN];
	__u8	pad[3];
};

struct task_diag_caps {
	__u32	cap[2];			/* low word first */
};

struct task_diag_creds {
	struct task_diag_caps	cap_inheritable;
	struct task_diag_caps	cap_permitted;
	struct task_diag_caps	cap_effective;
	struct task_diag_caps	cap_bset;
	__u32	uid;
	__u32	euid;
	__u32	suid;
	__u32	fsuid;
	__u32	gid;
	__u32	egid;
	__u32	sgid;
	__u32	fsgid;
};

/*
 * vm_flags: not the kernel's VM_* bits, and up to 27 nothing newer than 2016.
 * The original code sets SHARED for VM_SHARED, Checkpoint for VM_MAYSHARE, as
 * the s of /proc/[pid]/maps.
 */
#define TASK_DIAG_VMA_F_READ		(1ULL <<  0)
#define TASK_DIAG_VMA_F_WRITE		(1ULL <<  1)
#define TASK_DIAG_VMA_F_EXEC		(1ULL <<  2)
#define TASK_DIAG_VMA_F_SHARED		(1ULL <<  3)
#define TASK_DIAG_VMA_F_MAYREAD		(1ULL <<  4)
#define TASK_DIAG_VMA_F_MAYWRITE	(1ULL <<  5)
#define TASK_DIAG_VMA_F_MAYEXEC		(1ULL <<  6)
#define TASK_DIAG_VMA_F_MAYSHARE	(1ULL <<  7)
#define TASK_DIAG_VMA_F_GROWSDOWN	(1ULL <<  8)
#define TASK_DIAG_VMA_F_PFNMAP		(1ULL <<  9)
#define TASK_DIAG_VMA_F_DENYWRITE	(1ULL << 10)
#define TASK_DIAG_VMA_F_MPX		(1ULL << 11)
#define TASK_DIAG_VMA_F_LOCKED		(1ULL << 12)
#define TASK_DIAG_VMA_F_IO		(1ULL << 13)
#define TASK_DIAG_VMA_F_SEQ_READ	(1ULL << 14)
#define TASK_DIAG_VMA_F_RAND_READ	(1ULL << 15)
#define TASK_DIAG_VMA_F_DONTCOPY	(1ULL << 16)
#define TASK_DIAG_VMA_F_DONTEXPAND	(1ULL << 17)
#define TASK_DIAG_VMA_F_ACCOUNT		(1ULL << 18)
#define TASK_DIAG_VMA_F_NORESERVE	(1ULL << 19)
#define TASK_DIAG_VMA_F_HUGETLB		(1ULL << 20)
#define TASK_DIAG_VMA_F_ARCH_1		(1ULL << 21)
#define TASK_DIAG_VMA_F_DONTDUMP	(1ULL << 22)
#define TASK_DIAG_VMA_F_SOFTDIRTY	(1ULL << 23)
#define TASK_DIAG_VMA_F_MIXEDMAP	(1ULL << 24)
#define TASK_DIAG_VMA_F_HUGEPAGE	(1ULL << 25)
#define TASK_DIAG_VMA_F_NOHUGEPAGE	(1ULL << 26)
#define TASK_DIAG_VMA_F_MERGEABLE	(1ULL << 27)

/* Extensions, set only by a source that knows all flags; in comments smaps' codes. */
#define TASK_DIAG_VMA_F_EXT_WIPE_ON_FORK	(1ULL << 32)	/* wf */
#define TASK_DIAG_VMA_F_EXT_LOCK_ON_FAULT	(1ULL << 33)	/* lf */
#define TASK_DIAG_VMA_F_EXT_UFFD_MISSING	(1ULL << 34)	/* um */
#define TASK_DIAG_VMA_F_EXT_UFFD_WRITE_PROTECT	(1ULL << 35)	/* uw */
#define TASK_DIAG_VMA_F_EXT_UFFD_MINOR		(1ULL << 36)	/* ui */
#define TASK_DIAG_VMA_F_EXT_DROPPABLE		(1ULL << 37)	/* dp */
#define TASK_DIAG_VMA_F_EXT_SEALED		(1ULL << 38)	/* sl */
#define TASK_DIAG_VMA_F_EXT_GUARD		(1ULL << 39)	/* gu */
#define TASK_DIAG_VMA_F_EXT_SHADOW_STACK	(1ULL << 40)	/* ss */
#define TASK_DIAG_VMA_F_EXT_SYNC		(1ULL << 41)	/* sf */
#define TASK_DIAG_VMA_F_EXT_BRANCH_TARGETS	(1ULL << 42)	/* bt, arm64's VM_ARCH_1 */
#define TASK_DIAG_VMA_F_EXT_MEMORY_TAGS		(1ULL << 43)	/* mt */

/* The source told every flag it has; without this bit only 0 to 3 are known. */
#define TASK_DIAG_VMA_F_EXT_ALL_KNOWN		(1ULL << 63)

/* Bytes, but for pss, which is shifted left by 12. */
struct task_diag_vma_stat {
	__u64	resident;
	__u64	shared_clean;
	__u64	shared_dirty;		/* never filled by the original code */
	__u64	private_clean;
	__u64	private_dirty;
	__u64	referenced;
	__u64	anonymous;
	__u64	anonymous_thp;
	__u64	swap;
	__u64	pss;
};

/* The stat block with Checkpoint's fields: stat_len tells which one it is. */
struct task_diag_ext_vma_stat {
	struct task_diag_vma_stat	stat;
	__u64	locked;			/* proportional share */
	__u64	shmem_pmd_mapped;
	__u64	file_pmd_mapped;
	__u64	shared_hugetlb;		/* not part of resident */
	__u64	private_hugetlb;	/* not part of resident */
	__u64	swap_pss;
};

/*
 * The fixed part of a VMA record. The stat block and the name follow where the
 * offsets say, counted from the start of the record; the next record follows
 * at vma_len. Records start 4-aligned only: copy before use where the machine
 * or the verifier minds.
 */
struct task_diag_vma {
	__u64	start;
	__u64	end;			/* exclusive */
	__u64	vm_flags;		/* TASK_DIAG_VMA_F_* */
	__u64	pgoff;			/* bytes; 0 when anonymous */
	__u32	major;
	__u32	minor;
	__u64	inode;
	__u32	generation;
	__u16	vma_len;		/* of the whole record, a multiple of 4 */
	__u16	name_off;
	__u16	name_len;		/* with its NUL; 0 = no name */
	__u16	stat_off;
	__u16	stat_len;		/* 0 = no stat block */
	__u16	pad;
};

/* Times in clock ticks. */
struct task_diag_stat {
	__u64	minflt;
	__u64	cminflt;
	__u64	majflt;
	__u64	cmajflt;
	__u64	utime;
	__u64	stime;
	__u64	cutime;
	__u64	cstime;
	__u32	threads;
	__u32	pad;
};

/* Pages, but for ptes. */
struct task_diag_statm {
	__u64	anon;
	__u64	file;
	__u64	shmem;
	__u64	total_vm;
	__u64	total_rss;
	__u64	hiwater_vm;
	__u64	hiwater_rss;
	__u64	text;
	__u64	lib;
	__u64	swap;
	__u64	ptes;			/* bytes (task_diag on old kernels: tables) */
	__u64	pmds;			/* not set on newer kernels; missing in the 120-byte form */
	__u64	locked_vm;
	__u64	pinned_vm;
	__u64	data_vm;
	__u64	stack_vm;
};

/* Fields of /proc/[pid]/stat that task_diag lacks, per thread. */
struct task_diag_ext_sched {
	__u64	start_time;		/* clock ticks since boot */
	__u32	flags;			/* PF_* */
	__s32	tty_nr;
	__s32	tpgid;
	__s32	priority;
	__s32	nice;
	__u32	rt_priority;
	__u32	policy;			/* SCHED_*, with SCHED_RESET_ON_FORK */
	__s32	processor;
	__s32	exit_signal;
	__s32	exit_code;		/* of the process as a whole, with it or its leader */
	__u32	exec_id;		/* missing in the 48-byte form: not known */
	__u32	pad;
};

/* Layout of the address space, with the group leader. */
struct task_diag_ext_mm {
	__u64	start_code;
	__u64	end_code;
	__u64	start_stack;
	__u64	start_data;
	__u64	end_data;
	__u64	start_brk;
	__u64	arg_start;
	__u64	arg_end;
	__u64	env_start;
	__u64	env_end;
};

/* task_diag_ext_security.known: which fields the source told. */
#define TASK_DIAG_EXT_KNOWN_AMBIENT		1U
#define TASK_DIAG_EXT_KNOWN_NO_NEW_PRIVS	2U
#define TASK_DIAG_EXT_KNOWN_SECCOMP		4U
#define TASK_DIAG_EXT_KNOWN_FILTERS		8U

/* What of credentials task_diag_creds lacks, per thread. */
struct task_diag_ext_security {
	__u64	cap_ambient;
	__u32	no_new_privs;		/* 0 or 1 */
	__u32	seccomp;		/* 0 off, 1 strict, 2 filter */
	__u32	seccomp_filters;
	__u32	known;			/* TASK_DIAG_EXT_KNOWN_* */
};

/* Signal masks, per thread; bit n - 1 = signal n. */
struct task_diag_ext_signals {
	__u64	pending;
	__u64	shared_pending;
	__u64	blocked;
	__u64	ignored;
	__u64	caught;
};

/* task_diag_ext_exe.flags: the path no longer leads to the executable. */
#define TASK_DIAG_EXT_EXE_DELETED	1U

/* Before the path of the executable, which is without " (deleted)" and NUL. */
struct task_diag_ext_exe {
	__u32	flags;
};

/* Inode numbers of the namespaces, 0 = not known; with the group leader. */
struct task_diag_ext_namespaces {
	__u64	cgroup;
	__u64	ipc;
	__u64	mnt;
	__u64	net;
	__u64	pid;
	__u64	time;
	__u64	user;
	__u64	uts;
};

/* A part of the task that could not be read. */
struct task_diag_ext_gap {
	__u32	part;			/* numbered as in the specification */
	__s32	err;			/* errno, positive */
};

#define TASK_DIAG_EXT_BUILD_ID_MAX 20

/* flags: the name ends in " (deleted)" because the file is called so. */
#define TASK_DIAG_EXT_BUILD_ID_CALLED_DELETED 1

/* What is known of a mapped file; with the group leader. */
struct task_diag_ext_build_id {
	__u64	start;			/* of the list's first VMA that maps it; 0: see file */
	__u32	file;			/* its number in EXT_FILES; 0: see start */
	__u16	err;			/* why the build id is not known, or 0 */
	__u16	flags;
	__u32	length;			/* up to TASK_DIAG_EXT_BUILD_ID_MAX; 0: none, or not known */
	__u8	id[TASK_DIAG_EXT_BUILD_ID_MAX];
};

/* A VMA whose pages are not of the system's size; with the group leader. */
struct task_diag_ext_page_size {
	__u64	start;			/* of the VMA */
	__u64	page_size;		/* bytes */
};

/* mm->total_vm after the VMA list was walked; with the group leader. */
struct task_diag_ext_total_vm {
	__u64	pages;
};

/*
 * The name of what VMAs map, told once in an answer. A VMA record without a
 * name has the number of its file in place of the inode's generation. The name
 * follows, without NUL; the next record follows at `length`.
 */
struct task_diag_ext_file {
	__u32	number;			/* from 1 */
	__u32	major;
	__u32	minor;
	__u16	length;			/* of the whole record, a multiple of 4 */
	__u16	name_len;
	__u64	inode;			/* 0: no file, the name is special */
};

#endif /* CHECKPOINT_TASK_DIAG_H */
