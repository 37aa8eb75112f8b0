// SPDX-License-Identifier: GPL-2.0
/* What of a VMA is in memory: by the function that gathers it for smaps. */
#include <linux/mm.h>

#include "symbols.h"
#include "td.h"

/* struct mem_size_stats of fs/proc/task_mmu.c. */
struct smap {
	unsigned long resident, shared_clean, shared_dirty, private_clean, private_dirty;
	unsigned long referenced, anonymous, lazyfree, anonymous_thp, shmem_thp, file_thp, swap;
	unsigned long shared_hugetlb, private_hugetlb;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	unsigned long ksm;
#endif
	u64 pss, pss_anon, pss_file, pss_shmem;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 0, 0)
	u64 pss_dirty;
#endif
	u64 pss_locked, swap_pss;
	u64 room[8];
};

bool td_has_vma_stat(void)
{
	return td_kernel.smap;
}

/* With the address space locked. */
void td_vma_stat(struct vm_area_struct *vma, struct task_diag_ext_vma_stat *stat)
{
	struct smap smap = {};

	td_kernel.smap(vma, &smap, 0);
	stat->stat.resident = smap.resident;
	stat->stat.shared_clean = smap.shared_clean;
	stat->stat.shared_dirty = smap.shared_dirty;
	stat->stat.private_clean = smap.private_clean;
	stat->stat.private_dirty = smap.private_dirty;
	stat->stat.referenced = smap.referenced;
	stat->stat.anonymous = smap.anonymous;
	stat->stat.anonymous_thp = smap.anonymous_thp;
	stat->stat.swap = smap.swap;
	stat->stat.pss = smap.pss;
	stat->locked = smap.pss_locked >> 12;
	stat->shmem_pmd_mapped = smap.shmem_thp;
	stat->file_pmd_mapped = smap.file_thp;
	stat->shared_hugetlb = smap.shared_hugetlb;
	stat->private_hugetlb = smap.private_hugetlb;
	stat->swap_pss = smap.swap_pss >> 12;
}
