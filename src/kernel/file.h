/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TASK_DIAG_FILE_H
#define TASK_DIAG_FILE_H

#include <linux/proc_fs.h>

extern const struct proc_ops td_file;

#endif /* TASK_DIAG_FILE_H */
