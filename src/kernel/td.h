/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the module share: an open file, and the task that it is telling. */
#ifndef TASK_DIAG_TD_H
#define TASK_DIAG_TD_H

#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "task_diag.h"

struct pid_namespace;

/* Module parameters: how it misbehaves on purpose (module.c). */
extern bool td_garbage, td_original, td_vm_shared;
extern unsigned int td_fail_after, td_fail_errno;
extern unsigned long long td_knows;

/* As the original reads: at most so much at a time. */
#define TD_CHUNK 16384U

/* An open file: a request, and how far its answer has come. */
struct td {
	struct mutex lock;
	bool busy;			/* a request is there */
	bool begun;
	u32 seq;
	u32 length;			/* that the request says it has */
	struct task_diag_pid req;
	u64 show;
	struct pid_namespace *ns;

	char *chunk;			/* as large as the first read */
	unsigned int size, len;

	/* Which tasks: numbers in ns. */
	pid_t next_tgid;		/* ALL, ALL_THREAD: the next process is this or a later one */
	pid_t *tids;			/* of the current process, or all of the answer */
	unsigned int count, at;

	/* Where in the task tids[at] the answer goes on; what it was when its first message was told, referenced. */
	struct task_struct *part;
	struct mm_struct *part_mm;
	pid_t part_tgid;
	unsigned int attr;		/* index in the list of attributes */
	u64 from;			/* in a variable one: bytes told, or an address */
	bool odd_pages;			/* a VMA has pages of another size */
	u64 total_vm;
	struct task_diag_ext_gap gaps[16];
	unsigned int gap_count;
	unsigned int messages;
};

/* The task that a message is about. */
struct telling {
	struct td *d;
	struct task_struct *task;
	struct task_struct *owner;	/* has what threads share: the task, or a living thread of a zombie leader */
	struct mm_struct *mm;		/* the owner's, or NULL */
	bool whole;			/* told as a process, not as one thread of it */
	bool permitted;			/* the caller may ptrace-read it */
	bool replaced;			/* mm is not what the last message was about */
};

/* Parts of a task in a gap. */
#define TD_PART_TASK		0
#define TD_PART_CMDLINE		3
#define TD_PART_ENVIRON		4
#define TD_PART_EXE		5
#define TD_PART_CWD		6
#define TD_PART_ROOT		7
#define TD_PART_NAMESPACES	8
#define TD_PART_LABEL		9
#define TD_PART_MAPS		10

static inline bool td_per_thread(const struct td *d)
{
	return d->req.dump_strategy == TASK_DIAG_DUMP_THREAD || d->req.dump_strategy == TASK_DIAG_DUMP_ALL_THREAD;
}

static inline u64 td_ticks(u64 ns)
{
	return div_u64(ns, NSEC_PER_SEC / USER_HZ);
}

/* message.c: room, attributes, messages. */
void *td_put(struct td *d, unsigned int n);
void *td_attr(struct td *d, u16 type, unsigned int n);
int td_bytes(struct td *d, u16 type, const void *bytes, u64 n, unsigned int unit);
int td_task(struct td *d, struct task_struct *task);
void td_gap(struct td *d, u32 part, int err);
void td_forget_part(struct td *d);

/* tasks.c: which tasks. */
int td_begin(struct td *d);
struct task_struct *td_current(struct td *d, int *err);
void td_advance(struct td *d);

/*
 * One attribute each: 0; -EMSGSIZE when the chunk has no room for it or for
 * all of it, and then goes on at d->from; another errno ends the answer.
 */
typedef int (*td_tell)(struct telling *of);
int td_base(struct telling *of);		/* task.c */
int td_sched(struct telling *of);
int td_comm(struct telling *of);
int td_ns_pids(struct telling *of);
int td_cred(struct telling *of);		/* security.c */
int td_security(struct telling *of);
int td_signals(struct telling *of);
int td_groups(struct telling *of);
int td_label(struct telling *of);
int td_stat(struct telling *of);		/* times.c */
int td_group_stat(struct telling *of);
int td_statm(struct telling *of);		/* memory.c */
int td_mm(struct telling *of);
int td_umask(struct telling *of);
int td_cmdline(struct telling *of);		/* strings.c */
int td_environ(struct telling *of);
int td_exe(struct telling *of);			/* links.c */
int td_cwd(struct telling *of);
int td_root(struct telling *of);
int td_namespaces(struct telling *of);
int td_vmas(struct telling *of);		/* vmas.c */
int td_page_sizes(struct telling *of);
int td_total_vm(struct telling *of);
int td_gaps(struct telling *of);		/* message.c */

/* attributes.c: all of them, in the order in which they are told. */
struct td_attribute {
	td_tell tell;
	u8 type;
	u8 of;				/* TD_OF_* */
};
#define TD_OF_LEADER	1		/* only with a whole process or its leader */
#define TD_GUARDED	2		/* not without permission: a gap instead */
extern const struct td_attribute td_attributes[];
extern const unsigned int td_attribute_count;

/* vma_stat.c */
bool td_has_vma_stat(void);
struct vm_area_struct;
void td_vma_stat(struct vm_area_struct *vma, struct task_diag_ext_vma_stat *stat);

#endif /* TASK_DIAG_TD_H */
