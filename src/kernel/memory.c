// SPDX-License-Identifier: GPL-2.0
/* What of an address space is not its VMAs: STATM, EXT_MM, EXT_UMASK. As fs/proc/task_mmu.c, task_mem. */
#include <linux/fs_struct.h>
#include <linux/mm.h>
#include <linux/sched/task.h>

#include "td.h"

int td_statm(struct telling *of)
{
	/* The original code looks at the task itself, which as a zombie has none. */
	struct mm_struct *mm = of->whole || of->task->mm ? of->mm : NULL;
	struct task_diag_statm *statm;

	if (!mm)
		return 0;
	statm = td_attr(of->d, TASK_DIAG_STATM, sizeof(*statm));
	if (!statm)
		return -EMSGSIZE;
	statm->anon = get_mm_counter(mm, MM_ANONPAGES);
	statm->file = get_mm_counter(mm, MM_FILEPAGES);
	statm->shmem = get_mm_counter(mm, MM_SHMEMPAGES);
	statm->swap = get_mm_counter(mm, MM_SWAPENTS);
	statm->total_vm = mm->total_vm;
	statm->total_rss = statm->anon + statm->file + statm->shmem;
	statm->hiwater_vm = max_t(u64, mm->hiwater_vm, statm->total_vm);
	statm->hiwater_rss = max_t(u64, mm->hiwater_rss, statm->total_rss);
	statm->text = (PAGE_ALIGN(mm->end_code) - (mm->start_code & PAGE_MASK)) >> PAGE_SHIFT;
	statm->text = min_t(u64, statm->text, mm->exec_vm);
	statm->lib = mm->exec_vm - statm->text;
	statm->ptes = mm_pgtables_bytes(mm);
	statm->pmds = 0;
	statm->locked_vm = mm->locked_vm;
	statm->pinned_vm = atomic64_read(&mm->pinned_vm);
	statm->data_vm = mm->data_vm;
	statm->stack_vm = mm->stack_vm;
	return 0;
}

int td_mm(struct telling *of)
{
	struct mm_struct *mm = of->mm;
	struct task_diag_ext_mm *layout;

	if (!mm)
		return 0;
	layout = td_attr(of->d, TASK_DIAG_EXT_MM, sizeof(*layout));
	if (!layout)
		return -EMSGSIZE;
	layout->start_code = mm->start_code;
	layout->end_code = mm->end_code;
	layout->start_stack = mm->start_stack;
	layout->start_data = mm->start_data;
	layout->end_data = mm->end_data;
	layout->start_brk = mm->start_brk;
	layout->arg_start = mm->arg_start;
	layout->arg_end = mm->arg_end;
	layout->env_start = mm->env_start;
	layout->env_end = mm->env_end;
	return 0;
}

int td_umask(struct telling *of)
{
	struct task_struct *owner = of->owner;
	int umask = -1;
	u32 *to;

	task_lock(owner);
	if (owner->fs)
		umask = owner->fs->umask;
	task_unlock(owner);
	if (umask < 0)
		return 0;
	to = td_attr(of->d, TASK_DIAG_EXT_UMASK, sizeof(*to));
	if (!to)
		return -EMSGSIZE;
	*to = umask;
	return 0;
}
