// SPDX-License-Identifier: GPL-2.0
/* All attributes, in the order in which a task tells them. */
#include "td.h"

const struct td_attribute td_attributes[] = {
	{ td_base, TASK_DIAG_BASE },
	{ td_comm, TASK_DIAG_EXT_COMM },
	{ td_cred, TASK_DIAG_CRED },
	{ td_stat, TASK_DIAG_STAT },
	{ td_group_stat, TASK_DIAG_EXT_GROUP_STAT, TD_OF_LEADER },
	{ td_sched, TASK_DIAG_EXT_SCHED },
	{ td_security, TASK_DIAG_EXT_SECURITY },
	{ td_signals, TASK_DIAG_EXT_SIGNALS },
	{ td_ns_pids, TASK_DIAG_EXT_NS_PIDS },
	{ td_groups, TASK_DIAG_EXT_GROUPS },
	{ td_label, TASK_DIAG_EXT_LABEL },
	{ td_statm, TASK_DIAG_STATM },
	{ td_mm, TASK_DIAG_EXT_MM, TD_OF_LEADER | TD_GUARDED },
	{ td_umask, TASK_DIAG_EXT_UMASK, TD_OF_LEADER },
	{ td_exe, TASK_DIAG_EXT_EXE, TD_OF_LEADER | TD_GUARDED },
	{ td_cwd, TASK_DIAG_EXT_CWD, TD_OF_LEADER | TD_GUARDED },
	{ td_root, TASK_DIAG_EXT_ROOT, TD_OF_LEADER | TD_GUARDED },
	{ td_namespaces, TASK_DIAG_EXT_NAMESPACES, TD_OF_LEADER | TD_GUARDED },
	{ td_environ, TASK_DIAG_EXT_ENVIRON, TD_OF_LEADER | TD_GUARDED },
	{ td_vmas, TASK_DIAG_VMA, TD_OF_LEADER | TD_GUARDED },
	{ td_page_sizes, TASK_DIAG_EXT_PAGE_SIZES, TD_OF_LEADER | TD_GUARDED },
	{ td_total_vm, TASK_DIAG_EXT_TOTAL_VM, TD_OF_LEADER | TD_GUARDED },
	/* Last: in the original an answer ends here when it is too long. */
	{ td_cmdline, TASK_DIAG_CMDLINE },
	{ td_gaps, TASK_DIAG_EXT_GAPS },
};

const unsigned int td_attribute_count = ARRAY_SIZE(td_attributes);
