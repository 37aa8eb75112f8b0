// SPDX-License-Identifier: GPL-2.0
/* VMA lists: VMA, EXT_PAGE_SIZES, EXT_TOTAL_VM. As fs/proc/task_mmu.c, show_map_vma. */
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/slab.h>

#include "symbols.h"
#include "td.h"

#define TD_NAME_ROOM (2 * PAGE_SIZE)

/* Set where a record is one of this project, with names and flags that the original code does not know. */
static bool extended(void)
{
	return !READ_ONCE(td_original) && (READ_ONCE(td_knows) >> 32);
}

static u64 wire_flags(const struct vm_area_struct *vma)
{
	static const struct { u64 vm, wire; } map[] = {
		{ VM_READ, TASK_DIAG_VMA_F_READ }, { VM_WRITE, TASK_DIAG_VMA_F_WRITE }, { VM_EXEC, TASK_DIAG_VMA_F_EXEC },
		{ VM_MAYREAD, TASK_DIAG_VMA_F_MAYREAD }, { VM_MAYWRITE, TASK_DIAG_VMA_F_MAYWRITE },
		{ VM_MAYEXEC, TASK_DIAG_VMA_F_MAYEXEC }, { VM_MAYSHARE, TASK_DIAG_VMA_F_MAYSHARE },
		{ VM_GROWSDOWN, TASK_DIAG_VMA_F_GROWSDOWN }, { VM_PFNMAP, TASK_DIAG_VMA_F_PFNMAP },
#ifdef VM_DENYWRITE
		{ VM_DENYWRITE, TASK_DIAG_VMA_F_DENYWRITE },
#endif
		{ VM_LOCKED, TASK_DIAG_VMA_F_LOCKED }, { VM_IO, TASK_DIAG_VMA_F_IO },
		{ VM_SEQ_READ, TASK_DIAG_VMA_F_SEQ_READ }, { VM_RAND_READ, TASK_DIAG_VMA_F_RAND_READ },
		{ VM_DONTCOPY, TASK_DIAG_VMA_F_DONTCOPY }, { VM_DONTEXPAND, TASK_DIAG_VMA_F_DONTEXPAND },
		{ VM_ACCOUNT, TASK_DIAG_VMA_F_ACCOUNT }, { VM_NORESERVE, TASK_DIAG_VMA_F_NORESERVE },
		{ VM_HUGETLB, TASK_DIAG_VMA_F_HUGETLB }, { VM_ARCH_1, TASK_DIAG_VMA_F_ARCH_1 },
		{ VM_DONTDUMP, TASK_DIAG_VMA_F_DONTDUMP }, { VM_SOFTDIRTY, TASK_DIAG_VMA_F_SOFTDIRTY },
		{ VM_MIXEDMAP, TASK_DIAG_VMA_F_MIXEDMAP }, { VM_HUGEPAGE, TASK_DIAG_VMA_F_HUGEPAGE },
		{ VM_NOHUGEPAGE, TASK_DIAG_VMA_F_NOHUGEPAGE }, { VM_MERGEABLE, TASK_DIAG_VMA_F_MERGEABLE },
	}, ours[] = {
		{ VM_WIPEONFORK, TASK_DIAG_VMA_F_EXT_WIPE_ON_FORK }, { VM_LOCKONFAULT, TASK_DIAG_VMA_F_EXT_LOCK_ON_FAULT },
		{ VM_UFFD_MISSING, TASK_DIAG_VMA_F_EXT_UFFD_MISSING }, { VM_UFFD_WP, TASK_DIAG_VMA_F_EXT_UFFD_WRITE_PROTECT },
#ifdef VM_UFFD_MINOR
		{ VM_UFFD_MINOR, TASK_DIAG_VMA_F_EXT_UFFD_MINOR },
#endif
#ifdef VM_DROPPABLE
		{ VM_DROPPABLE, TASK_DIAG_VMA_F_EXT_DROPPABLE },
#endif
#ifdef VM_SEALED
		{ VM_SEALED, TASK_DIAG_VMA_F_EXT_SEALED },
#endif
#ifdef VM_SHADOW_STACK
		{ VM_SHADOW_STACK, TASK_DIAG_VMA_F_EXT_SHADOW_STACK },
#endif
		{ VM_SYNC, TASK_DIAG_VMA_F_EXT_SYNC },
	};
	u64 vm = vma->vm_flags, wire = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(map); i++)
		wire |= vm & map[i].vm ? map[i].wire : 0;
	for (i = 0; i < ARRAY_SIZE(ours) && extended(); i++)
		wire |= vm & ours[i].vm ? ours[i].wire : 0;
	if (vm & (READ_ONCE(td_vm_shared) ? VM_SHARED : VM_MAYSHARE))
		wire |= TASK_DIAG_VMA_F_SHARED;
	return extended() ? wire | TASK_DIAG_VMA_F_EXT_ALL_KNOWN : wire;
}

static const char *path_of(struct file *file, char *room)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
	const char *name = d_path(file_user_path(file), room, TD_NAME_ROOM);
#else
	const char *name = d_path(&file->f_path, room, TD_NAME_ROOM);
#endif
	/* Longer than any program can name it. */
	return IS_ERR(name) ? NULL : name;
}

static bool is_heap(const struct vm_area_struct *vma, const struct mm_struct *mm)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	return vma->vm_start < mm->brk && vma->vm_end > mm->start_brk;
#else
	return vma->vm_start <= mm->brk && vma->vm_end >= mm->start_brk;
#endif
}

static const char *given_name(const struct vm_area_struct *vma, char *room)
{
#ifdef CONFIG_ANON_VMA_NAME
	if (vma->anon_name) {
		snprintf(room, TD_NAME_ROOM, "[%s:%s]", vma->vm_file ? "anon_shmem" : "anon", vma->anon_name->name);
		return room;
	}
#endif
	return NULL;
}

static const char *name_of(struct vm_area_struct *vma, struct mm_struct *mm, char *room)
{
	const char *name = NULL;

	if (vma->vm_file) {
		name = extended() ? given_name(vma, room) : NULL;
		return name ? name : path_of(vma->vm_file, room);
	}
	if (vma->vm_ops && vma->vm_ops->name)
		name = vma->vm_ops->name(vma);
	if (!name)
		name = td_kernel.arch_vma_name(vma);
	if (name || !extended())
		return name;
	if (!vma->vm_mm)
		return "[vdso]";
	if (is_heap(vma, mm))
		return "[heap]";
	if (vma->vm_start <= mm->start_stack && vma->vm_end >= mm->start_stack)
		return "[stack]";
	return given_name(vma, room);
}

static unsigned int stat_size(struct td *d)
{
	return !(d->show & TASK_DIAG_SHOW_VMA_STAT) || !td_has_vma_stat() ? 0
		: extended() ? sizeof(struct task_diag_ext_vma_stat) : sizeof(struct task_diag_vma_stat);
}

static int tell_vma(struct td *d, struct vm_area_struct *vma, struct mm_struct *mm, char *room)
{
	const char *name = name_of(vma, mm, room);
	unsigned int n = name ? strlen(name) + 1 : 0, stats = stat_size(d);
	struct task_diag_ext_vma_stat stat;
	struct task_diag_vma record = {
		.start = vma->vm_start,
		.end = vma->vm_end,
		.vm_flags = wire_flags(vma),
		.vma_len = ALIGN(sizeof(record) + stats + n, TASK_DIAG_ALIGNTO),
		.name_off = sizeof(record) + stats,
		.name_len = n,
		.stat_off = sizeof(record),
		.stat_len = stats,
	};
	char *to;

	if (vma->vm_file) {
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
		const struct inode *inode = file_user_inode(vma->vm_file);
#else
		const struct inode *inode = file_inode(vma->vm_file);
#endif

		record.pgoff = (u64)vma->vm_pgoff << PAGE_SHIFT;
		record.major = MAJOR(inode->i_sb->s_dev);
		record.minor = MINOR(inode->i_sb->s_dev);
		record.inode = inode->i_ino;
		/* Without a name it would be taken for the number of one in EXT_FILES. */
		record.generation = n ? inode->i_generation : 0;
	}
	if (stats)
		td_vma_stat(vma, &stat);
	to = td_put(d, record.vma_len);
	if (!to)
		return -EMSGSIZE;
	memcpy(to, &record, sizeof(record));
	memcpy(to + sizeof(record), &stat, stats);
	memcpy(to + sizeof(record) + stats, name, n);
	return 0;
}

static struct vm_area_struct *next_vma(struct mm_struct *mm, struct vm_area_struct *vma)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
	return vma->vm_next;
#else
	return find_vma(mm, vma->vm_end);
#endif
}

/* With the address space locked: the VMAs that end above d->from, then [vsyscall], which is part of no address space. */
static int tell_list(struct td *d, struct mm_struct *mm, char *room)
{
	struct vm_area_struct *vma, *gate = extended() ? td_kernel.gate_vma(mm) : NULL;
	int err;

	for (vma = find_vma(mm, d->from); vma; vma = next_vma(mm, vma)) {
		/* The original code does not see what begins at 0. */
		if (READ_ONCE(td_original) && vma->vm_start == 0)
			continue;
		err = tell_vma(d, vma, mm, room);
		if (err)
			return err;
		d->odd_pages |= vma_kernel_pagesize(vma) != PAGE_SIZE;
		d->from = vma->vm_end;
	}
	if (gate && gate->vm_start >= d->from) {
		err = tell_vma(d, gate, mm, room);
		if (err)
			return err;
	}
	d->total_vm = mm->total_vm;
	return 0;
}

int td_vmas(struct telling *of)
{
	struct td *d = of->d;
	unsigned int begin = d->len;
	struct nlattr *attr;
	char *room;
	int err;

	if (d->from && of->replaced)
		td_gap(d, TD_PART_MAPS, ESRCH);
	if (!of->mm || (d->from && of->replaced))
		return 0;
	room = kmalloc(TD_NAME_ROOM, GFP_KERNEL);
	if (!room)
		return -ENOMEM;
	attr = td_put(d, NLA_HDRLEN);
	err = attr ? mmap_read_lock_killable(of->mm) : -EMSGSIZE;
	if (!err) {
		err = tell_list(d, of->mm, room);
		mmap_read_unlock(of->mm);
	}
	kfree(room);
	if (!attr)
		return err;
	attr->nla_type = TASK_DIAG_VMA;
	attr->nla_len = d->len - begin;
	if (attr->nla_len == NLA_HDRLEN)
		d->len = begin;
	return err;
}

/* Empty: all are of the system's size. */
int td_page_sizes(struct telling *of)
{
	struct td *d = of->d;
	struct mm_struct *mm = of->mm;
	struct vm_area_struct *vma;
	struct nlattr *attr;
	unsigned int begin = d->len;
	int err = 0;

	if (!mm || of->replaced)
		return 0;
	attr = td_put(d, NLA_HDRLEN);
	if (!attr)
		return -EMSGSIZE;
	/* Known from the walk over VMA, if that was asked for. */
	if (d->odd_pages || !(d->show & TASK_DIAG_SHOW_VMA)) {
		err = mmap_read_lock_killable(mm);
		for (vma = err ? NULL : find_vma(mm, d->from); vma; vma = next_vma(mm, vma)) {
			struct task_diag_ext_page_size record = { vma->vm_start, vma_kernel_pagesize(vma) };
			void *to = record.page_size == PAGE_SIZE ? NULL : td_put(d, sizeof(record));

			if (!to && record.page_size != PAGE_SIZE) {
				err = -EMSGSIZE;
				break;
			}
			if (to)
				memcpy(to, &record, sizeof(record));
			d->from = vma->vm_end;
		}
		if (err != -EINTR)
			mmap_read_unlock(mm);
	}
	attr->nla_type = TASK_DIAG_EXT_PAGE_SIZES;
	attr->nla_len = d->len - begin;
	return err;
}

/* The size right after the list was told. */
int td_total_vm(struct telling *of)
{
	struct task_diag_ext_total_vm *total;
	u64 pages = of->d->show & TASK_DIAG_SHOW_VMA ? of->d->total_vm : of->mm ? of->mm->total_vm : 0;

	if (!of->mm)
		return 0;
	total = td_attr(of->d, TASK_DIAG_EXT_TOTAL_VM, sizeof(*total));
	if (!total)
		return -EMSGSIZE;
	total->pages = pages;
	return 0;
}
