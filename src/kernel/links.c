// SPDX-License-Identifier: GPL-2.0
/* What /proc shows as links: EXT_EXE, EXT_CWD, EXT_ROOT, EXT_NAMESPACES. */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/ns_common.h>
#include <linux/path.h>
#include <linux/proc_ns.h>
#include <linux/sched/task.h>

#include "symbols.h"
#include "td.h"

static const char deleted[] = " (deleted)";

/* Whether the path's text has the mark: that of a file that has no name does too. */
static bool is_marked(const struct path *path, const char *text, unsigned int n)
{
	const unsigned int mark = sizeof(deleted) - 1;
	bool unnamed = path->dentry->d_op && path->dentry->d_op->d_dname && IS_ROOT(path->dentry);

	return (d_unlinked(path->dentry) || unnamed) && n > mark && !memcmp(text + n - mark, deleted, mark);
}

static int tell_path(struct telling *of, u16 type, u32 part, const struct path *path)
{
	char *page = (char *)__get_free_page(GFP_KERNEL), *text;
	unsigned int n, head = type == TASK_DIAG_EXT_EXE ? sizeof(struct task_diag_ext_exe) : 0;
	u32 flags = 0;
	char *to;
	int err = 0;

	if (!page)
		return -ENOMEM;
	text = d_path(path, page, PAGE_SIZE);
	if (IS_ERR(text)) {
		td_gap(of->d, part, -PTR_ERR(text));
		goto out;
	}
	n = strlen(text);
	if (head && is_marked(path, text, n)) {
		n -= sizeof(deleted) - 1;
		flags = TASK_DIAG_EXT_EXE_DELETED;
	}
	to = td_attr(of->d, type, head + n);
	if (to) {
		memcpy(to, &flags, head);
		memcpy(to + head, text, n);
	} else {
		err = -EMSGSIZE;
	}
out:
	free_page((unsigned long)page);
	return err;
}

int td_exe(struct telling *of)
{
	struct file *file;
	int err;

	if (!of->mm || (of->task->flags & PF_KTHREAD))
		return 0;
	file = td_kernel.exe_file(of->mm);
	if (!file)
		return 0;
	err = tell_path(of, TASK_DIAG_EXT_EXE, TD_PART_EXE, &file->f_path);
	fput(file);
	return err;
}

static int tell_fs(struct telling *of, u16 type, u32 part)
{
	struct task_struct *owner = of->owner;
	struct path path = {};
	int err = 0;

	task_lock(owner);
	if (owner->fs && type == TASK_DIAG_EXT_CWD)
		get_fs_pwd(owner->fs, &path);
	else if (owner->fs)
		get_fs_root(owner->fs, &path);
	task_unlock(owner);
	if (path.dentry) {
		err = tell_path(of, type, part, &path);
		path_put(&path);
	}
	return err;
}

int td_cwd(struct telling *of)
{
	return tell_fs(of, TASK_DIAG_EXT_CWD, TD_PART_CWD);
}

int td_root(struct telling *of)
{
	return tell_fs(of, TASK_DIAG_EXT_ROOT, TD_PART_ROOT);
}

/* As the links of /proc/[pid]/ns are made. A zombie has let go of most. */
int td_namespaces(struct telling *of)
{
	struct task_diag_ext_namespaces *inodes = td_attr(of->d, TASK_DIAG_EXT_NAMESPACES, sizeof(*inodes));
	u64 *inode = (u64 *)inodes;
	unsigned int i;

	BUILD_BUG_ON(sizeof(*inodes) != sizeof(td_kernel.namespaces) / sizeof(void *) * sizeof(*inode));
	if (!inodes)
		return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(td_kernel.namespaces); i++) {
		const struct proc_ns_operations *operations = td_kernel.namespaces[i];
		struct ns_common *ns = operations ? operations->get(of->owner) : NULL;
		u64 number = ns ? ns->inum : 0;

		memcpy(&inode[i], &number, sizeof(number));
		if (ns)
			operations->put(ns);
	}
	return 0;
}
