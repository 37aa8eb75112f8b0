// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * task_diag on kernels without open-coded iterators (before Linux 6.7): the
 * kernel's own iterators over tasks and VMAs call these programs, which write
 * the same messages as task_diag.bpf.c into the same slots. They need no
 * kernel function (kfunc), only helpers: bpf_loop (Linux 5.17).
 *
 * A task whose message must be continued from elsewhere (VMAs are another
 * iterator's, and a zombie leader has left all that is shared to its threads)
 * says so in task_diag_walk.wants. See walk.h.
 */
#define TASK_DIAG_ITERATORS
#include "vmlinux_min.h"
#include "older.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "constants.h"
#include "walk.h"

#define EBUSY	16
#define E2BIG	7

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

static __always_inline struct task_diag_walk *walk_of(char *slot)
{
	return (struct task_diag_walk *)(slot + TASK_DIAG_SLOT_WALK);
}

#include "loops.h"
#include "messages.h"
#include "pids.h"
#include "times.h"
#include "tasks.h"
#include "masks.h"
#include "numbers.h"
#include "memory.h"
#include "names.h"
#include "spaces.h"

/* For parts.h: the VMAs follow, by the other iterator. */
static __always_inline int tell_vmas(struct task_diag_run *run, char *slot, struct task_struct *owner, struct mm_struct *mm)
{
	struct task_diag_walk *walk = walk_of(slot);

	walk->wants = TASK_DIAG_WALK_VMAS;
	walk->owner = task_number(run, owner);
	return 0;
}

#include "parts.h"
#include "children.h"

/* What a VMA list ends with. */
#define LIST_END_ROOM	4096U

/* The slot of the thread that reads; null: it is none of ours. */
static __always_inline char *own_slot(void)
{
	struct task_struct *current = bpf_get_current_task_btf();
	struct pid *pid = current->thread_pid;
	struct upid own = {};

	if (!pid_on_level(pid, pid->level, &own))
		return 0;
	for (__u32 i = 0; i < TASK_DIAG_WALK_SLOTS; i++) {
		__u32 key = i;
		char *slot = bpf_map_lookup_elem(&slots, &key);

		if (!slot)
			break;
		if (walk_of(slot)->reader == (__u32)own.nr)
			return slot;
	}
	return 0;
}

static __noinline int leads(struct task_struct *task)
{
	return task->pid == task->tgid;
}

static __always_inline bool is_about(struct task_diag_run *run, struct task_diag_walk *walk, struct task_struct *task)
{
	__u32 of = walk->of;

	if (of == TASK_DIAG_WALK_LEADERS)
		return leads(task);
	if (of == TASK_DIAG_WALK_ALL)
		return true;
	return (of == TASK_DIAG_WALK_TASK ? task_number(run, task) : process_number(run, task)) == walk->pid;
}

/* For a zombie leader: a thread that lives, and has what threads share; 0: there is none. */
struct searching {
	struct threads list;
	struct task_diag_run *run;
	__u32 found;
};

TURN long find_living(__u32 number, struct searching *of)
{
	struct task_struct *thread = next_thread(&of->list);

	if (!thread)
		return 1;
	if (!BPF_CORE_READ(thread, mm))
		return 0;
	of->found = number_of(of->run, thread);
	return of->found != 0;
}

static __always_inline __u32 living_thread(struct task_diag_run *run, struct task_struct *leader)
{
	struct searching of = { .run = run };

	if (!leader->exit_state || leader->mm)
		return 0;
	first_thread(&of.list, leader);
	repeat(MAX_THREADS, find_living, &of);
	return of.found;
}

static __always_inline void tell_task(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	struct task_diag_walk *walk = walk_of(slot);
	__u32 living;

	run->tid = task_number(run, task);
	run->tgid = process_number(run, task);
	run->whole = !per_thread(run) || task->pid == task->tgid;
	if (run->tid == 0 || !begin_message(run, slot))
		return;
	tell_thread(run, slot, task);
	if (run->whole && run->parts_count > run->own_parts) {
		living = living_thread(run, task);
		if (living) {
			walk->wants = TASK_DIAG_WALK_SHARED;
			walk->owner = living;
		} else {
			tell_all_shared(run, slot, task);
		}
	}
	end_message(run, slot, walk->wants);
}

SEC("iter/task")
int task_diag_tasks(struct bpf_iter__task *context)
{
	struct task_struct *task = context->task;
	char *slot = own_slot();
	struct task_diag_run *run = (struct task_diag_run *)slot;
	struct task_diag_walk *walk;

	if (!slot)
		return 0;
	walk = walk_of(slot);
	if (!task) {
		/* The end. A message that was to be continued ends, if the thread that had more has gone. */
		if (walk->step == TASK_DIAG_WALK_SHARED && !walk->seen && begin_message(run, slot))
			end_message(run, slot, false);
		return 0;
	}
	if (!walk->begun) {
		note_reader(run);
		note_probe(run);
		choose_parts(run);
		walk->begun = 1;
	}
	if (!is_about(run, walk, task))
		return 0;
	if (walk->wants || run->length > run->room || run->length > SLOT_ROOM - FIXED_ROOM)
		return 1;
	walk->seen++;
	if (walk->step == TASK_DIAG_WALK_CHILDREN) {
		list_children(run, slot, task);
	} else if (walk->step == TASK_DIAG_WALK_SHARED) {
		if (begin_message(run, slot)) {
			tell_all_shared(run, slot, task);
			end_message(run, slot, walk->wants);
		}
	} else {
		tell_task(run, slot, task);
	}
	return 0;
}

static __always_inline bool open_list(struct task_diag_run *run, char *slot, struct task_diag_walk *walk)
{
	if (!walk->open)
		walk->open = begin_message(run, slot) && begin_vmas(run, slot);
	return walk->open;
}

static __always_inline void end_list(struct task_diag_run *run, char *slot)
{
	struct task_diag_ext_total_vm *total;

	if (run->from > 0xffffffffULL && run->gate_start && make_way(run, slot))
		tell_gate(run, slot);
	end_attribute(run, slot, run->attribute);
	if (SHOWS(run, EXT_TOTAL_VM)) {
		total = attribute(run, slot, TASK_DIAG_EXT_TOTAL_VM, sizeof(*total));
		if (total)
			total->pages = run->total_vm;
	}
	end_message(run, slot, false);
}

/*
 * What of a VMA is above those that were told: while the kernel had let go of
 * the lock, it may have grown or been merged with one of them.
 */
static __always_inline void tell_above(struct task_diag_run *run, char *slot, struct vm_area_struct *vma, struct mm_struct *mm, __u64 told)
{
	struct task_diag_vma *record;
	__u32 at;

	if (vma->vm_end <= told || !make_way(run, slot))
		return;
	at = run->length;
	if (!tell_next(run, slot, vma, mm))
		return;
	record = reserved(slot, at, sizeof(*record));
	if (!record || record->start >= told)
		return;
	if (vma->vm_file)
		record->pgoff += told - record->start;
	record->start = told;
}

/* Called with the address space locked; when somebody waits for the lock, the kernel lets go of it between two calls. */
SEC("iter/task_vma")
int task_diag_vmas(struct bpf_iter__task_vma *context)
{
	struct task_struct *task = context->task;
	struct vm_area_struct *vma = context->vma;
	char *slot = own_slot();
	struct task_diag_run *run = (struct task_diag_run *)slot;
	struct task_diag_walk *walk;
	struct mm_struct *mm;

	if (!slot)
		return 0;
	walk = walk_of(slot);
	if (!task || !vma) {
		if (open_list(run, slot, walk))
			end_list(run, slot);
		walk->open = 0;
		return 0;
	}
	/* A task that exits has no `mm` any more, while the kernel still shows what it had. */
	mm = ((struct vm_area_struct___mm *)vma)->vm_mm;
	if (task_number(run, task) != walk->pid)
		return 0;
	if (run->length > walk->limit || run->length > SLOT_ROOM - LIST_END_ROOM) {
		if (walk->open) {
			end_attribute(run, slot, run->attribute);
			end_message(run, slot, true);
			walk->open = 0;
		}
		return 1;
	}
	if (!open_list(run, slot, walk))
		return 1;
	run->total_vm = mm->total_vm;
	tell_above(run, slot, vma, mm, run->from);
	walk->seen++;
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
