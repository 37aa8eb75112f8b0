/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What task_diag_iter.bpf.c needs of the kernel's types beside vmlinux_min.h: older forms, and the contexts of iterators. */
#ifndef CHECKPOINT_BPF_OLDER_H
#define CHECKPOINT_BPF_OLDER_H

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct signal_struct___threads {
	struct list_head thread_head;
};

struct task_struct___threads {
	struct list_head thread_node;
};

struct vm_area_struct___mm {
	struct mm_struct *vm_mm;
};

/* Before 6.2. */
struct mm_rss_stat {
	atomic_long_t count[4];
};

struct mm_struct___rss {
	struct mm_rss_stat rss_stat;
};

#pragma clang attribute pop

struct bpf_iter_meta;

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

struct bpf_iter__task_vma {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	struct vm_area_struct *vma;
};

#endif /* CHECKPOINT_BPF_OLDER_H */
