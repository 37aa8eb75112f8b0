// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * task_diag on stock kernels: a program that is run by bpf(2) with a request
 * as its context, and writes the answer, in task_diag's own messages, into
 * memory that it shares with the caller. Run again, it goes on where the
 * memory was full.
 *
 * Needs open-coded iterators (Linux 6.7). See run.h for the two steps of a run
 * and what the caller adds to the answer.
 */
#include "vmlinux_min.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "constants.h"
#include "run.h"

#define ENOENT	2
#define ESRCH	3
#define EIO	5
#define E2BIG	7
#define EBUSY	16
#define EINVAL	22

/* Kernel functions (kfuncs); each must be there, or the program does not load. */
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;
extern int bpf_iter_task_new(struct bpf_iter_task *it, struct task_struct *task, unsigned int flags) __ksym;
extern struct task_struct *bpf_iter_task_next(struct bpf_iter_task *it) __ksym;
extern void bpf_iter_task_destroy(struct bpf_iter_task *it) __ksym;
extern int bpf_iter_task_vma_new(struct bpf_iter_task_vma *it, struct task_struct *task, __u64 addr) __ksym;
extern struct vm_area_struct *bpf_iter_task_vma_next(struct bpf_iter_task_vma *it) __ksym;
extern void bpf_iter_task_vma_destroy(struct bpf_iter_task_vma *it) __ksym;
extern void *bpf_rdonly_cast(const void *obj, __u32 btf_id) __ksym;
extern struct task_struct *bpf_task_from_pid(__s32 pid) __ksym;
extern struct task_struct *bpf_task_acquire(struct task_struct *task) __ksym;
extern void bpf_task_release(struct task_struct *task) __ksym;
extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;

/* Flags of bpf_iter_task_new. */
#define ITER_ALL_PROCS		0
#define ITER_ALL_THREADS	1
#define ITER_PROC_THREADS	2

struct slot {
	char bytes[TASK_DIAG_SLOT_SIZE];
};

/* The loader sets the number of slots. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct slot);
} slots SEC(".maps");

#include "loops.h"
#include "messages.h"
#include "pids.h"
#include "times.h"
#include "tasks.h"
#include "masks.h"
#include "numbers.h"
#include "memory.h"
#include "maple.h"
#include "names.h"
#include "spaces.h"
#include "parts.h"
#include "tell.h"
#include "list.h"

SEC("syscall")
int task_diag(__u32 *number)
{
	__u32 key = *number;
	char *slot = bpf_map_lookup_elem(&slots, &key);
	struct task_diag_run *run = (struct task_diag_run *)slot;

	if (!slot)
		return 1;
	run->number = key;
	run->length = 0;
	run->error = 0;
	note_reader(run);
	note_probe(run);
	choose_parts(run);
	if (run->steps & TASK_DIAG_RUN_LIST) {
		list_tasks(run, slot);
		run->at = 0;
		run->from = 0;
		/* What was told at once goes out first. A long list, or one that is not in order, is for the caller to sort and hand back. */
		if (run->error || (run->steps & TASK_DIAG_RUN_LIST) || run->length)
			return 0;
	}
	if (run->steps & TASK_DIAG_RUN_TELL)
		tell_tasks(run, slot);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
