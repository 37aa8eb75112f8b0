/* SPDX-License-Identifier: GPL-2.0 */
/* What kernels do not export to modules. */
#ifndef TASK_DIAG_SYMBOLS_H
#define TASK_DIAG_SYMBOLS_H

#include <linux/types.h>
#include <linux/version.h>

struct file;
struct mm_struct;
struct proc_ns_operations;
struct sighand_struct;
struct task_struct;
struct vm_area_struct;

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
typedef int td_lsm;			/* number of a security module, 0: any */
#else
typedef const char *td_lsm;
#endif

struct td_symbols {
	bool (*may_access)(struct task_struct *task, unsigned int mode);
	struct sighand_struct *(*lock_sighand)(struct task_struct *task, unsigned long *flags);
	void (*thread_group_cputime)(struct task_struct *task, u64 *utime, u64 *stime);
	void (*task_cputime)(struct task_struct *task, u64 *utime, u64 *stime);
	const char *(*arch_vma_name)(struct vm_area_struct *vma);
	struct vm_area_struct *(*gate_vma)(struct mm_struct *mm);
	struct file *(*exe_file)(struct mm_struct *mm);
	void (*worker_comm)(char *buffer, size_t size, struct task_struct *task);
	rwlock_t *tasklist_lock;
	const struct proc_ns_operations *namespaces[8];	/* as in task_diag_ext_namespaces */

	/* Not on every kernel. */
	void (*kthread_comm)(char *buffer, size_t size, struct task_struct *task);
	int (*label)(struct task_struct *task, td_lsm lsm, const char *name, char **value);
	void (*smap)(struct vm_area_struct *vma, void *stats, unsigned long start);
};

extern struct td_symbols td_kernel;

int td_find_symbols(void);

#endif /* TASK_DIAG_SYMBOLS_H */
