/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Walking the tree of an address space's VMAs (a maple tree since Linux 6.1)
 * under the lock of the address space, which the kernel's own iterator takes
 * for one VMA at a time since 6.18.
 */
#ifndef CHECKPOINT_BPF_MAPLE_H
#define CHECKPOINT_BPF_MAPLE_H

#define MAPLE_LEAF	bpf_core_enum_value(enum maple_type, maple_leaf_64)
#define MAPLE_RANGE	bpf_core_enum_value(enum maple_type, maple_range_64)
#define NODE_SIZE	256
#define RANGE_PIVOTS	15
#define ARANGE_PIVOTS	9

/* Deeper than any tree: a node has at least 5 entries. */
#define MAX_DEPTH	16
#define MAX_LEAVES	(1 << 20)

/* Behind the parent: the pivots, then one slot more. */
struct node_copy {
	__u64 parent;
	__u64 words[31];
};

/* Whether nodes are laid out as this file reads them. */
static __always_inline bool maple_is_known(void)
{
	return bpf_core_field_exists(struct mm_struct, mm_mt)
		&& bpf_core_enum_value_exists(enum maple_type, maple_leaf_64) && bpf_core_enum_value_exists(enum maple_type, maple_range_64)
		&& bpf_core_field_offset(struct maple_range_64, pivot) == 8
		&& bpf_core_field_offset(struct maple_range_64, slot) == 8 + 8 * RANGE_PIVOTS
		&& bpf_core_field_offset(struct maple_arange_64, pivot) == 8
		&& bpf_core_field_offset(struct maple_arange_64, slot) == 8 + 8 * ARANGE_PIVOTS;
}

static __always_inline struct node_copy *node_of(char *slot)
{
	return (struct node_copy *)(slot + TASK_DIAG_SLOT_NODE);
}

/* Copies the leaf that tells of address run->from, and notes where it ends. False: there is none. */
static __noinline int copy_leaf(struct task_diag_run *run, char *slot, struct mm_struct *mm)
{
	struct node_copy *node = node_of(slot);
	struct bpf_iter_num levels, pivots;
	int *turn, *next, found = 0;

	run->last = ~0ULL;
	run->node = (__u64)mm->mm_mt.ma_root;
	if ((run->node & 3) != 2)		/* xa_is_node(): not a tree of more than one entry */
		return false;
	bpf_iter_num_new(&levels, 0, MAX_DEPTH);
	while ((turn = bpf_iter_num_next(&levels))) {
		__u64 entry = run->node;
		__u32 kind = entry >> 3 & 15, count = kind == MAPLE_RANGE ? RANGE_PIVOTS : ARANGE_PIVOTS;

		if (bpf_probe_read_kernel(node, NODE_SIZE, (void *)(entry & ~255ULL)))
			break;
		if (kind == MAPLE_LEAF) {
			found = 1;
			break;
		}
		run->index = count;
		bpf_iter_num_new(&pivots, 0, count);
		while ((next = bpf_iter_num_next(&pivots))) {
			__u32 at = *next & 31;
			__u64 pivot = at < 31 ? node->words[at] : 0;

			/* The last that is used may have none: it ends where the node does. */
			if (pivot && pivot < run->from)
				continue;
			if (pivot)
				run->last = pivot;
			run->index = at;
			break;
		}
		bpf_iter_num_destroy(&pivots);
		count += run->index;
		run->node = count < 31 ? node->words[count] : 0;
	}
	bpf_iter_num_destroy(&levels);
	return found;
}

/* The VMA in an entry of the leaf that was copied, or null; its last address goes to run->entry_last. */
static __always_inline struct vm_area_struct *vma_in_leaf(struct task_diag_run *run, char *slot, __u32 at)
{
	struct node_copy *node = node_of(slot);
	__u64 last, entry;

	if (at >= 16)
		return 0;
	last = at < RANGE_PIVOTS ? node->words[at] : 0;
	entry = node->words[RANGE_PIVOTS + at];
	run->entry_last = last ? last : run->last;
	if (!entry || (entry & 3))
		return 0;
	return bpf_rdonly_cast((void *)entry, bpf_core_type_id_kernel(struct vm_area_struct));
}

/* Where a VMA begins that is not below run->from; 0: there is none. */
static __noinline __u64 vma_start(struct task_diag_run *run, char *slot, struct mm_struct *mm)
{
	struct bpf_iter_num leaves, entries;
	__u64 from = run->from, start = 0;
	int *leaf, *next;

	bpf_iter_num_new(&leaves, 0, MAX_LEAVES);
	while (!start && (leaf = bpf_iter_num_next(&leaves))) {
		if (!copy_leaf(run, slot, mm))
			break;
		bpf_iter_num_new(&entries, 0, 16);
		while ((next = bpf_iter_num_next(&entries))) {
			struct vm_area_struct *vma = vma_in_leaf(run, slot, *next);

			if (vma && vma->vm_end > run->from) {
				start = vma->vm_start;
				break;
			}
			if (run->entry_last == run->last)
				break;
		}
		bpf_iter_num_destroy(&entries);
		if (run->last == ~0ULL)
			break;
		run->from = run->last + 1;
	}
	bpf_iter_num_destroy(&leaves);
	run->from = from;
	return start;
}

#endif /* CHECKPOINT_BPF_MAPLE_H */
