// SPDX-License-Identifier: GPL-2.0
/* Finds what is not exported: a kprobe tells where kallsyms_lookup_name is, which tells all else. */
#include <linux/kprobes.h>
#include <linux/module.h>

#include "symbols.h"

struct td_symbols td_kernel;

static const struct {
	const char *name;
	void *to;
	bool optional;
} names[] = {
	{ "ptrace_may_access", &td_kernel.may_access },
	{ "__lock_task_sighand", &td_kernel.lock_sighand },
	{ "thread_group_cputime_adjusted", &td_kernel.thread_group_cputime },
	{ "task_cputime_adjusted", &td_kernel.task_cputime },
	{ "arch_vma_name", &td_kernel.arch_vma_name },
	{ "get_gate_vma", &td_kernel.gate_vma },
	{ "get_mm_exe_file", &td_kernel.exe_file },
	{ "wq_worker_comm", &td_kernel.worker_comm },
	{ "tasklist_lock", &td_kernel.tasklist_lock },
	{ "cgroupns_operations", &td_kernel.namespaces[0], true },
	{ "ipcns_operations", &td_kernel.namespaces[1], true },
	{ "mntns_operations", &td_kernel.namespaces[2] },
	{ "netns_operations", &td_kernel.namespaces[3], true },
	{ "pidns_operations", &td_kernel.namespaces[4], true },
	{ "timens_operations", &td_kernel.namespaces[5], true },
	{ "userns_operations", &td_kernel.namespaces[6], true },
	{ "utsns_operations", &td_kernel.namespaces[7], true },
	{ "get_kthread_comm", &td_kernel.kthread_comm, true },
	{ "security_getprocattr", &td_kernel.label, true },
	/* The compiler has its first test inlined where it is called, and that is the rest of it. */
	{ "smap_gather_stats.part.0", &td_kernel.smap, true },
};

int td_find_symbols(void)
{
	struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };
	unsigned long (*lookup)(const char *name);
	unsigned int i;
	int err = register_kprobe(&probe);

	if (err)
		return err;
	lookup = (void *)probe.addr;
	unregister_kprobe(&probe);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		unsigned long address = lookup(names[i].name);

		if (!address && !names[i].optional) {
			pr_err("task_diag: this kernel has no symbol %s\n", names[i].name);
			return -ENOENT;
		}
		*(unsigned long *)names[i].to = address;
	}
	return 0;
}
