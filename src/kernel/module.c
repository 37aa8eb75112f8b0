// SPDX-License-Identifier: GPL-2.0
/* /proc/task-diag as a module, for tests in virtual machines: parameters, start and end. */
#include <linux/module.h>
#include <linux/proc_fs.h>

#include "file.h"
#include "symbols.h"
#include "td.h"

bool td_garbage;
module_param_named(garbage, td_garbage, bool, 0644);
MODULE_PARM_DESC(garbage, "fill what the original code leaves uninitialised: padding, and all flags of a message but CONT");

bool td_original;
module_param_named(original, td_original, bool, 0644);
MODULE_PARM_DESC(original, "lose what the original code loses: answers end at what fits no chunk, zombie leaders have nothing, no names of heap and stack");

bool td_vm_shared;
module_param_named(vm_shared, td_vm_shared, bool, 0644);
MODULE_PARM_DESC(vm_shared, "bit 3 of vm_flags is VM_SHARED as in the original code, not VM_MAYSHARE");

unsigned long long td_knows = ~0ULL;
module_param_named(knows, td_knows, ullong, 0644);
MODULE_PARM_DESC(knows, "the show flags that are heeded; 0x7f: those of the original code");

unsigned int td_fail_after;
module_param_named(fail_after, td_fail_after, uint, 0644);
MODULE_PARM_DESC(fail_after, "the read after so many messages of an answer fails (0: never)");

unsigned int td_fail_errno = ENOMEM;
module_param_named(fail_errno, td_fail_errno, uint, 0644);
MODULE_PARM_DESC(fail_errno, "how it fails");

static int __init td_init(void)
{
	int err = td_find_symbols();

	if (err)
		return err;
	return proc_create("task-diag", 0666, NULL, &td_file) ? 0 : -ENOMEM;
}

static void __exit td_exit(void)
{
	remove_proc_entry("task-diag", NULL);
}

module_init(td_init);
module_exit(td_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("/proc/task-diag: facts about tasks as netlink messages, for tests");
