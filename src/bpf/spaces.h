/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * VMA lists. A whole list comes out under one hold of its address space's
 * lock, if it fits a slot; names are keys until the transport knows them.
 */
#ifndef CHECKPOINT_BPF_SPACES_H
#define CHECKPOINT_BPF_SPACES_H

/* The most of one VMA attribute: nla_len has 16 bits. */
#define ATTRIBUTE_FULL (65535U - sizeof(struct task_diag_vma) - sizeof(struct task_diag_vma_key))

/* VM_* bits (include/linux/mm.h). */
#define VM_MAYSHARE	(1ULL << 7)

/*
 * The kernel's VM_* bits as the wire's. Up to 31 they have been where they are
 * since before 5.18 at the latest. Of the later ones, two have moved, and all
 * their places are looked at, since the kernels of one leave the others unused;
 * only 37 has meant two things on x86, where a type that came with the second
 * tells which. Elsewhere 37 and 38 are the architecture's, and not told.
 */
static __always_inline __u64 wire_flags(__u64 raw)
{
	__u64 wire = TASK_DIAG_VMA_F_EXT_ALL_KNOWN;

	/* Moves the bits of a mask; no branch, of which the verifier would follow each. */
#define UP(mask, by)	wire |= (raw & (mask)) << (by)
#define DOWN(mask, by)	wire |= (raw & (mask)) >> (by)
	UP(0x1f7ULL, 0);				/* rd wr ex, mr mw me ms, gd */
	DOWN(VM_MAYSHARE, 4);				/* the s of maps */
	DOWN(1ULL << 10, 1);				/* pf */
	DOWN(0x3fULL << 13, 1);				/* lo io sr rr dc de */
	DOWN(7ULL << 20, 2);				/* ac nr ht */
	DOWN(1ULL << 24, 3);				/* ar */
	DOWN(0x3fULL << 26, 4);				/* dd sd mm hg nh mg */
	UP(1ULL << 25, 7);				/* wf */
	UP(1ULL << 19, 14);				/* lf */
	UP(1ULL << 9, 25);				/* um */
	UP(1ULL << 12, 23);				/* uw */
	DOWN(1ULL << 41, 5);				/* ui */
	DOWN(1ULL << 40, 3);				/* dp */
	DOWN(1ULL << 42, 4);				/* sl */
	DOWN(1ULL << 63, 25);				/* sl, before */
	UP(1ULL << 11, 28);				/* gu */
	if (bpf_core_field_exists(struct pt_regs, orig_ax)) {
		DOWN(1ULL << 38, 2);			/* ui, from 6.6 to 6.11 */
		if (bpf_core_type_exists(struct thread_shstk))
			UP(1ULL << 37, 3);		/* ss */
		else
			DOWN(1ULL << 37, 1);		/* ui, before */
	}
	UP(1ULL << 23, 18);				/* sf */
#undef UP
#undef DOWN
	return wire;
}

static __always_inline bool begin_vmas(struct task_diag_run *run, char *slot)
{
	run->attribute = run->length;
	return attribute(run, slot, TASK_DIAG_VMA, 0);
}

/* Room for one more record in an attribute and a message that are not too long. */
static __noinline int make_way(struct task_diag_run *run, char *slot)
{
	if (run->length - run->attribute < ATTRIBUTE_FULL && !message_full(run))
		return true;
	end_attribute(run, slot, run->attribute);
	end_message(run, slot, true);
	return begin_message(run, slot) && begin_vmas(run, slot);
}

static __noinline int tell_vma(struct task_diag_run *run, char *slot, struct vm_area_struct *vma, struct mm_struct *mm)
{
	struct task_diag_vma *record;
	struct task_diag_vma_key *key;
	struct file *file = vma->vm_file;
	struct anon_vma_name *given;
	struct super_block *block;
	struct vfsmount *mount;
	struct dentry *shown;
	struct inode *inode;
	__u64 start = vma->vm_start, end = vma->vm_end;
	__u32 device;

	record = reserve(run, slot, sizeof(*record) + sizeof(*key));
	if (!record)
		return 0;
	key = (struct task_diag_vma_key *)(record + 1);
	record->start = start;
	record->end = end;
	record->vm_flags = wire_flags(vma->vm_flags);
	record->generation = 0;
	record->stat_off = record->stat_len = record->pad = 0;
	record->name_off = sizeof(*record);
	if (!file) {
		bool named = name_key(vma, mm, start, end, key);

		record->pgoff = 0;
		record->major = record->minor = 0;
		record->inode = 0;
		record->name_len = named ? sizeof(*key) : 0;
		record->vma_len = named ? sizeof(*record) + sizeof(*key) : sizeof(*record);
		if (!named)
			run->length -= sizeof(*key);
		return true;
	}
	shown = shown_instead(file, &mount);
	if (shown) {
		inode = AT(dentry, shown, d_inode);
		block = AT(inode, inode, i_sb);
		device = AT(super_block, block, s_dev);
		record->inode = AT(inode, inode, i_ino);
	} else {
		shown = file->f_path.dentry;
		mount = file->f_path.mnt;
		inode = file->f_inode;
		device = inode->i_sb->s_dev;
		record->inode = inode->i_ino;
	}
	record->pgoff = vma->vm_pgoff << run->page_shift;
	record->major = MAJOR(device);
	record->minor = MINOR(device);
	record->vma_len = sizeof(*record) + sizeof(*key);
	record->name_len = sizeof(*key);
	given = given_name(vma);
	key->mnt = given ? (__u64)given : (__u64)mount;
	key->dentry = given ? TASK_DIAG_VMA_IS_NAMED : (__u64)shown;
	if (vma->vm_ops->pagesize)
		record->pad = TASK_DIAG_VMA_KEY_PAGES;
	return true;
}

/* [vsyscall]: part of no address space, but in the maps of every 64-bit process. */
static __always_inline bool tell_gate(struct task_diag_run *run, char *slot)
{
	struct task_diag_vma *record = reserve(run, slot, sizeof(*record) + sizeof(struct task_diag_vma_key));
	struct task_diag_vma_key *key;

	if (!record)
		return false;
	__builtin_memset(record, 0, sizeof(*record));
	key = (struct task_diag_vma_key *)(record + 1);
	record->start = run->gate_start;
	record->end = run->gate_end;
	record->vm_flags = run->gate_flags;
	record->vma_len = sizeof(*record) + sizeof(*key);
	record->name_off = sizeof(*record);
	record->name_len = sizeof(*key);
	key->mnt = 0;
	key->dentry = TASK_DIAG_VMA_IS_GATE;
	return true;
}

/* Tells one, noting where to go on. False: the slot is full. */
static __always_inline bool tell_next(struct task_diag_run *run, char *slot, struct vm_area_struct *vma, struct mm_struct *mm)
{
	/* The memory changes: all that is looked up later must be of this turn. */
	run->from = vma->vm_start;
	if (!make_way(run, slot) || !tell_vma(run, slot, vma, mm))
		return false;
	run->from = vma->vm_end;
	run->told++;
	return true;
}

#ifndef TASK_DIAG_ITERATORS

/* By the kernel's iterator, where the tree is not laid out as maple.h knows it. */
static __noinline int tell_by_iterator(struct task_diag_run *run, char *slot, struct task_struct *owner, struct mm_struct *mm)
{
	struct bpf_iter_task_vma list;
	struct vm_area_struct *vma;
	int result;

	result = bpf_iter_task_vma_new(&list, owner, run->from);
	while ((vma = bpf_iter_task_vma_next(&list))) {
		if (!tell_next(run, slot, vma, mm)) {
			result = -E2BIG;
			break;
		}
	}
	bpf_iter_task_vma_destroy(&list);
	return result;
}

static __noinline int tell_leaf(struct task_diag_run *run, char *slot, struct mm_struct *mm)
{
	struct bpf_iter_num entries;
	int *next, result = 0;

	bpf_iter_num_new(&entries, 0, 16);
	while ((next = bpf_iter_num_next(&entries))) {
		struct vm_area_struct *vma = vma_in_leaf(run, slot, *next);

		if (vma && vma->vm_end > run->from && !tell_next(run, slot, vma, mm)) {
			result = -E2BIG;
			break;
		}
		if (run->entry_last == run->last)
			break;
	}
	bpf_iter_num_destroy(&entries);
	return result;
}

static __noinline int tell_by_tree(struct task_diag_run *run, char *slot, struct mm_struct *mm)
{
	struct bpf_iter_num leaves;
	int result = 0;

	bpf_iter_num_new(&leaves, 0, MAX_LEAVES);
	while (bpf_iter_num_next(&leaves)) {
		if (!copy_leaf(run, slot, mm))
			break;
		result = tell_leaf(run, slot, mm);
		if (result || run->last == ~0ULL)
			break;
		run->from = run->last + 1;
	}
	bpf_iter_num_destroy(&leaves);
	return result;
}

/* Called with the address space locked. */
static long tell_list(struct task_struct *owner, struct vm_area_struct *first, __u32 *number)
{
	__u32 key = *number;
	char *slot = bpf_map_lookup_elem(&slots, &key);
	struct task_diag_run *run = (struct task_diag_run *)slot;
	struct mm_struct *mm = owner->mm;

	if (!slot || !mm)
		return 0;
	run->told = 0;
	run->result = maple_is_known() ? tell_by_tree(run, slot, mm) : tell_by_iterator(run, slot, owner, mm);
	run->total_vm = mm->total_vm;
	/* A tree that is not as maple.h has it: fewer VMAs than there are must not pass for all. */
	if (!run->result && run->snapshot && run->told != (__u32)mm->map_count)
		run->result = -EIO;
	return 0;
}

/*
 * Tells the VMAs from run->from on. 0; -EBUSY: the lock could not be had;
 * -E2BIG: the slot is full, run->from is where to go on; -EIO: not all were
 * found. The size of the whole address space, by which a reader sees that a
 * list is not of one moment, comes with lists that were told in parts.
 *
 * The kernel locks an address space for a program only to show it the VMA at
 * an address, so one must be known before: it is looked for without the lock.
 */
static __noinline int tell_vmas(struct task_diag_run *run, char *slot, struct task_struct *owner, struct mm_struct *mm)
{
	struct task_diag_ext_total_vm *total;
	__u32 number = run->number;
	__u64 start;
	long locked;

	if (!begin_vmas(run, slot))
		return -E2BIG;
	run->total_vm = 0;
	run->result = 0;
	run->snapshot = !run->from;
	start = vma_start(run, slot, mm);
	if (start) {
		locked = bpf_find_vma(owner, start, tell_list, &number, 0);
		if (locked)		/* it was unmapped since: as good as busy, unless all is gone */
			return owner->mm ? -EBUSY : -ENOENT;
	}
	if (!run->result && run->from > 0xffffffffULL && run->gate_start && (!make_way(run, slot) || !tell_gate(run, slot)))
		run->result = -E2BIG;
	end_attribute(run, slot, run->attribute);
	if (!run->result && !run->snapshot && SHOWS(run, EXT_TOTAL_VM)) {
		total = attribute(run, slot, TASK_DIAG_EXT_TOTAL_VM, sizeof(*total));
		if (total)
			total->pages = run->total_vm;
	}
	return run->result;
}

#endif /* TASK_DIAG_ITERATORS */

#endif /* CHECKPOINT_BPF_SPACES_H */
