/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Every process of the caller's pid namespace, in the order of their numbers:
 * the tree by which the namespace finds its pids, 64 of them at a time.
 *
 * Nearly all that a task costs is the wait for its memory. The kernel's list
 * of tasks makes it a wait for one after the other; what a node of the tree
 * leads to can be fetched for many tasks at once.
 */
#ifndef CHECKPOINT_BPF_LEADERS_H
#define CHECKPOINT_BPF_LEADERS_H

#define NODE_PIDS	64U
#define MAX_NODES	(1 << 18)

/* Whether the tree is laid out as this file reads it. */
static __always_inline bool pid_tree_is_known(void)
{
	return bpf_core_field_exists(struct pid_namespace, idr) && bpf_core_field_exists(struct xa_node, slots)
		&& bpf_core_field_size(struct xa_node, slots) == NODE_PIDS * 8
		&& bpf_core_field_exists(struct task_struct, pid_links);
}

static __always_inline __u64 *entries_of(char *slot)
{
	return (__u64 *)(slot + TASK_DIAG_SLOT_NODE);
}

/* An entry that leads to a node of the tree: xa_is_node(). */
static __always_inline struct xa_node *node_at(__u64 entry)
{
	if ((entry & 3) != 2 || entry <= 4096)
		return 0;
	return bpf_rdonly_cast((void *)(entry - 2), bpf_core_type_id_kernel(struct xa_node));
}

/* Copies the next leaf from number run->from on, which becomes the number of its first entry. False: there is none. */
static __noinline int copy_pids(struct task_diag_run *run, char *slot)
{
	struct pid_namespace *ns = bpf_rdonly_cast((void *)run->reader_ns, bpf_core_type_id_kernel(struct pid_namespace));
	struct bpf_iter_num turns;
	int found = 0;

	run->node = (__u64)ns->idr.idr_rt.xa_head;
	run->index = 64;		/* bits of a number that the level above leaves */
	bpf_iter_num_new(&turns, 0, MAX_NODES);
	while (bpf_iter_num_next(&turns)) {
		struct xa_node *node = node_at(run->node);
		__u64 *slots;
		__u32 shift;

		if (!node) {
			if (run->index >= 64)
				break;
			/* Nothing below this entry: on with the next, from the top. */
			run->from = ((run->from >> run->index) + 1) << run->index;
			run->node = (__u64)ns->idr.idr_rt.xa_head;
			run->index = 64;
			continue;
		}
		shift = node->shift;
		if (shift > 30 || (run->index >= 64 && run->from >> shift >= NODE_PIDS))
			break;
		slots = (__u64 *)__builtin_preserve_access_index(&node->slots[0]);
		if (!shift) {
			found = !bpf_probe_read_kernel(entries_of(slot), NODE_PIDS * 8, slots);
			run->from &= ~(__u64)(NODE_PIDS - 1);
			break;
		}
		run->index = shift;
		if (bpf_probe_read_kernel(&run->node, sizeof(run->node), slots + (run->from >> shift & (NODE_PIDS - 1))))
			break;
	}
	bpf_iter_num_destroy(&turns);
	return found;
}

static __always_inline struct task_struct *task_at(__u64 entry)
{
	return bpf_rdonly_cast((void *)entry, bpf_core_type_id_kernel(struct task_struct));
}

/*
 * Puts the processes that the pids belong to in their places, 0 = none, and
 * fetches what will be told of them: short loops of reads that do not wait for
 * each other, so that the processor has many of them under way.
 */
static __always_inline void fetch_leaders(char *slot)
{
	__u64 *entries = entries_of(slot);

#pragma clang loop unroll(disable)
	for (__u32 at = 0; at < NODE_PIDS; at++) {
		__u64 entry = entries[at], first = 0;

		if (!(entry & 3) && entry > 4096)
			first = (__u64)((struct pid *)bpf_rdonly_cast((void *)entry, bpf_core_type_id_kernel(struct pid)))->tasks[PIDTYPE_TGID].first;
		if (first)
			first -= bpf_core_field_offset(struct task_struct, pid_links[PIDTYPE_TGID]);
		entries[at] = first;
	}
#pragma clang loop unroll(disable)
	for (__u32 at = 0; at < NODE_PIDS; at++) {
		struct task_struct *task = task_at(entries[at]);

		if (entries[at])
			asm volatile("" : : "r"(task->__state), "r"(task->exit_state), "r"(task->real_parent), "r"(task->real_cred), "r"(task->signal));
	}
#pragma clang loop unroll(disable)
	for (__u32 at = 0; at < NODE_PIDS; at++) {
		struct task_struct *task = task_at(entries[at]);

		if (entries[at])
			asm volatile("" : : "r"(task->real_cred->uid.val), "r"(task->real_cred->cap_bset.val), "r"(task->signal->pids[PIDTYPE_SID]));
	}
}

/* Some kernels keep init from programs. A tree is no way around that. */
static __always_inline bool init_is_shown(void)
{
	struct task_struct *init = bpf_task_from_pid(1);

	if (!init)
		return false;
	bpf_task_release(init);
	return true;
}

/* False: the slot is full. */
static __noinline int list_leaders(struct task_diag_run *run, char *slot)
{
	__u64 *entries = entries_of(slot);
	struct bpf_iter_num turns;
	int *turn, fits = 1;

	bpf_iter_num_new(&turns, 0, NODE_PIDS);
	while ((turn = bpf_iter_num_next(&turns))) {
		__u32 at = *turn & (NODE_PIDS - 1);
		struct task_struct *task = task_at(entries[at]);

		if (!entries[at] || (run->from + at == 1 && !run->reader_level && !init_is_shown()))
			continue;
		run->tid = run->tgid = run->from + at;
		run->whole = 1;
		if (run->at_once && tell_at_once(run, slot, task))
			continue;
		if (!list_tid(run, slot, task->pid)) {
			run->error = E2BIG;
			fits = 0;
			break;
		}
	}
	bpf_iter_num_destroy(&turns);
	return fits;
}

static __always_inline void list_processes(struct task_diag_run *run, char *slot)
{
	struct bpf_iter_num leaves;

	run->from = 0;
	bpf_rcu_read_lock();
	bpf_iter_num_new(&leaves, 0, MAX_NODES);
	while (bpf_iter_num_next(&leaves)) {
		if (!copy_pids(run, slot))
			break;
		fetch_leaders(slot);
		if (!list_leaders(run, slot))
			break;
		run->from += NODE_PIDS;
	}
	bpf_iter_num_destroy(&leaves);
	bpf_rcu_read_unlock();
	/* In order, as the caller numbers them. */
	if (run->count <= TASK_DIAG_RUN_TIDS)
		run->unsorted = 0;
}

#endif /* CHECKPOINT_BPF_LEADERS_H */
