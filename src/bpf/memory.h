/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What the threads of a process share, but for its VMAs. */
#ifndef CHECKPOINT_BPF_MEMORY_H
#define CHECKPOINT_BPF_MEMORY_H

/*
 * How far each CPU's copy of per-CPU memory is from its address: what the
 * kernel keeps in __per_cpu_offset, which no program may read. This map has
 * such memory, and tells both its address and where each copy is.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} probe SEC(".maps");

struct bpf_array {
	void *pptrs[1];
} __attribute__((preserve_access_index));

#define MAX_CPUS 8192

/* Through memory, which turns the map's pointer into a number that can be added to. */
static __always_inline void note_probe(struct task_diag_run *run)
{
	volatile __u64 *scratch = &run->scratch;
	__u64 address;

	*scratch = (__u64)&probe;
	address = *scratch + bpf_core_field_offset(struct bpf_array, pptrs);
	bpf_probe_read_kernel(&address, sizeof(address), (void *)address);
	run->probe = address;
}

struct summing {
	struct task_diag_run *run;
	__u64 copies;
};

TURN long add_cpu(__u32 cpu, struct summing *of)
{
	volatile __u64 *scratch = &of->run->scratch;
	__u32 key = 0;
	char *copy = bpf_map_lookup_percpu_elem(&probe, &key, cpu);
	__s32 part = 0;

	if (!copy)
		return 1;
	*scratch = (__u64)copy;
	bpf_probe_read_kernel(&part, sizeof(part), (void *)(of->copies + (*scratch - of->run->probe)));
	of->run->sum += part;
	return 0;
}

/* Adds what each CPU holds of a counter to what they have handed in. */
static __noinline __u64 counter_sum(struct task_diag_run *run, struct percpu_counter *counter)
{
	struct summing of = { run, (__u64)counter->counters };

	run->sum = counter->count;
	repeat(MAX_CPUS, add_cpu, &of);
	return run->sum < 0 ? 0 : run->sum;
}

static __noinline int tell_statm(struct task_diag_run *run, char *slot, struct mm_struct *mm)
{
	struct task_diag_statm *statm = attribute(run, slot, TASK_DIAG_STATM, sizeof(*statm));
	__u64 text, executable;

	if (!statm)
		return 0;
	statm->file = RSS(run, mm, MM_FILEPAGES);
	statm->anon = RSS(run, mm, MM_ANONPAGES);
	statm->swap = RSS(run, mm, MM_SWAPENTS);
	statm->shmem = RSS(run, mm, MM_SHMEMPAGES);
	statm->total_rss = statm->file + statm->anon + statm->shmem;
	statm->hiwater_rss = mm->hiwater_rss > statm->total_rss ? mm->hiwater_rss : statm->total_rss;
	statm->total_vm = mm->total_vm;
	statm->hiwater_vm = mm->hiwater_vm > statm->total_vm ? mm->hiwater_vm : statm->total_vm;
	/* As fs/proc/task_mmu.c, task_mem: whole pages that hold the code, at most all executable ones. */
	executable = mm->exec_vm;
	text = ((mm->end_code + (1ULL << run->page_shift) - 1) >> run->page_shift) - (mm->start_code >> run->page_shift);
	statm->text = text < executable ? text : executable;
	statm->lib = executable - statm->text;
	statm->ptes = mm->pgtables_bytes.counter;
	statm->pmds = 0;
	statm->locked_vm = mm->locked_vm;
	statm->pinned_vm = mm->pinned_vm.counter;
	statm->data_vm = mm->data_vm;
	statm->stack_vm = mm->stack_vm;
	return 0;
}

static __noinline int tell_mm(struct task_diag_run *run, char *slot, struct mm_struct *mm)
{
	struct task_diag_ext_mm *layout = attribute(run, slot, TASK_DIAG_EXT_MM, sizeof(*layout));

	if (!layout)
		return 0;
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

static __noinline int tell_namespaces(struct task_diag_run *run, char *slot, struct task_struct *task)
{
	struct nsproxy *all = task->nsproxy;
	struct pid *pid = task->thread_pid;
	struct task_diag_ext_namespaces *inodes;
	__u32 begin = run->length;
	struct upid own = {};

	/* A zombie has let go of all but its credentials and pids, and shows those two. */
	inodes = attribute(run, slot, TASK_DIAG_EXT_NAMESPACES, sizeof(*inodes));
	if (!inodes)
		return 0;
	inodes->cgroup = all ? all->cgroup_ns->ns.inum : 0;
	inodes->ipc = all ? all->ipc_ns->ns.inum : 0;
	inodes->mnt = all ? all->mnt_ns->ns.inum : 0;
	inodes->net = all ? all->net_ns->ns.inum : 0;
	inodes->time = all ? all->time_ns->ns.inum : 0;
	inodes->uts = all ? all->uts_ns->ns.inum : 0;
	inodes->user = task->real_cred->user_ns->ns.inum;
	inodes->pid = 0;
	if (pid && pid_on_level(pid, pid->level, &own))
		inodes->pid = BPF_CORE_READ(own.ns, ns.inum);
	/* If it has exited or entered others, what was read may be no nsproxy by now. */
	barrier();
	if (task->nsproxy != all)
		run->length = begin;
	return 0;
}

static __always_inline void put_path(struct task_diag_path_key *key, struct path *path)
{
	key->mnt = (__u64)path->mnt;
	key->dentry = (__u64)path->dentry;
	key->inode = path->dentry ? path->dentry->d_inode->i_ino : 0;
}

static __noinline int tell_keys(struct task_diag_run *run, char *slot, struct task_struct *task, struct mm_struct *mm)
{
	struct task_diag_run_keys *keys = attribute(run, slot, TASK_DIAG_RUN_KEYS, sizeof(*keys));
	struct fs_struct *fs = task->fs;

	if (!keys)
		return 0;
	__builtin_memset(keys, 0, sizeof(*keys));
	keys->flags = task->flags & PF_KTHREAD ? TASK_DIAG_KEYS_KTHREAD : 0;
	keys->owner = task_number(run, task);
	if (mm && SHOWS(run, EXT_EXE)) {
		struct file *exe = mm->exe_file;

		if (exe)
			put_path(&keys->exe, &exe->f_path);
	}
	if (fs && SHOWS(run, EXT_CWD))
		put_path(&keys->cwd, &fs->pwd);
	if (fs && SHOWS(run, EXT_ROOT))
		put_path(&keys->root, &fs->root);
	return 0;
}

#endif /* CHECKPOINT_BPF_MEMORY_H */
