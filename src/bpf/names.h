/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What the name of a VMA is known by. */
#ifndef CHECKPOINT_BPF_NAMES_H
#define CHECKPOINT_BPF_NAMES_H

/*
 * The dentry and mount that maps shows of a file instead of its own; null:
 * those. A file that stands behind another (struct backing_file: overlayfs,
 * FUSE passthrough) has the other's path behind it in memory. The bit of f_mode
 * that says so is a macro that has moved, so it is not asked: what lies there
 * is a path if its mount and its dentry are of one super block. Behind any other
 * file there is the next one.
 */
static __always_inline struct dentry *shown_instead(struct file *file, struct vfsmount **mount)
{
	struct super_block *of;
	struct dentry *dentry;

	if (!bpf_core_field_exists(struct backing_file, user_path))
		return 0;
	*mount = AT(backing_file, file, user_path.mnt);
	if (!*mount)
		return 0;
	dentry = AT(backing_file, file, user_path.dentry);
	of = AT(vfsmount, *mount, mnt_sb);
	return of && of == AT(dentry, dentry, d_sb) ? dentry : 0;
}

static __always_inline struct anon_vma_name *given_name(struct vm_area_struct *vma)
{
	return bpf_core_field_exists(struct vm_area_struct, anon_name) ? vma->anon_name : 0;
}

/* What the name of a VMA is known by; false: it has none. In the order of the kernel's get_vma_name. */
static __always_inline bool name_key(struct vm_area_struct *vma, struct mm_struct *mm, __u64 start, __u64 end, struct task_diag_vma_key *key)
{
	const struct vm_operations_struct *ops = vma->vm_ops;
	struct anon_vma_name *given;

	key->mnt = 0;
	if (ops->name) {
		key->mnt = (__u64)vma->vm_private_data;
		key->dentry = TASK_DIAG_VMA_IS_SPECIAL;
		return true;
	}
	if (start <= mm->brk && end >= mm->start_brk) {
		key->dentry = TASK_DIAG_VMA_IS_HEAP;
		return true;
	}
	if (start <= mm->start_stack && end >= mm->start_stack) {
		key->dentry = TASK_DIAG_VMA_IS_STACK;
		return true;
	}
	given = given_name(vma);
	key->mnt = (__u64)given;
	key->dentry = TASK_DIAG_VMA_IS_NAMED;
	return given;
}

#endif /* CHECKPOINT_BPF_NAMES_H */
