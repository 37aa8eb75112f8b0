// SPDX-License-Identifier: GPL-2.0
/* The file: one request is written, then its answer is read until 0. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "file.h"
#include "td.h"

static void forget_answer(struct td *d)
{
	td_forget_part(d);
	kfree(d->chunk);
	kvfree(d->tids);
	d->chunk = NULL;
	d->tids = NULL;
	d->busy = false;
}

static ssize_t td_write(struct file *file, const char __user *from, size_t length, loff_t *offset)
{
	struct { struct nlmsghdr head; struct task_diag_pid req; } in = {};
	struct td *d = file->private_data;
	ssize_t result = length;

	mutex_lock(&d->lock);
	if (d->busy) {
		result = -EBUSY;
	} else if (length < NLMSG_HDRLEN) {
		result = -EINVAL;
	} else if (copy_from_user(&in, from, min(length, sizeof(in)))) {
		result = -EFAULT;
	} else {
		d->busy = true;
		d->begun = false;
		d->seq = in.head.nlmsg_seq;
		d->length = in.head.nlmsg_len;
		d->req = in.req;
		d->show = in.req.show_flags & READ_ONCE(td_knows);
		d->next_tgid = 0;
		d->count = d->at = d->attr = d->gap_count = d->messages = 0;
		d->from = d->total_vm = 0;
		d->odd_pages = false;
	}
	mutex_unlock(&d->lock);
	return result;
}

/* As many tasks as fit, from where the last chunk ended. */
static int fill_chunk(struct td *d)
{
	struct task_struct *task;
	int err = 0;

	d->len = 0;
	while (!err && !fatal_signal_pending(current)) {
		task = td_current(d, &err);
		if (!task)
			return err;
		err = td_task(d, task);
		put_task_struct(task);
		if (!err)
			td_advance(d);
		cond_resched();
	}
	if (err != -EMSGSIZE)
		return err;
	/* Something that fits no empty chunk ends the answer: in the original without a word. */
	return d->len > 0 || READ_ONCE(td_original) ? 0 : -EMSGSIZE;
}

static int begin_answer(struct td *d, size_t length)
{
	d->size = min_t(size_t, length, TD_CHUNK);
	d->chunk = kmalloc(d->size, GFP_KERNEL);
	if (!d->chunk)
		return -ENOMEM;
	d->begun = true;
	return td_begin(d);
}

static ssize_t td_read(struct file *file, char __user *to, size_t length, loff_t *offset)
{
	unsigned int fail_after = READ_ONCE(td_fail_after);
	struct td *d = file->private_data;
	size_t copied = 0;
	int err = 0;

	mutex_lock(&d->lock);
	if (!d->busy || length == 0) {
		mutex_unlock(&d->lock);
		return 0;
	}
	if (!d->begun)
		err = begin_answer(d, length);
	while (!err) {
		if (fail_after && d->messages >= fail_after) {
			err = -(int)READ_ONCE(td_fail_errno);
			break;
		}
		err = fill_chunk(d);
		if (err || d->len == 0)
			break;
		if (d->len > length - copied || copy_to_user(to + copied, d->chunk, d->len)) {
			err = -EFAULT;
			break;
		}
		copied += d->len;
		if (d->size > length - copied || signal_pending(current))
			break;
	}
	if (err || copied == 0)
		forget_answer(d);
	mutex_unlock(&d->lock);
	return err ? err : copied;
}

static int td_open(struct inode *inode, struct file *file)
{
	struct td *d;

	/* Or rmmod would go on while the file is open. */
	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	d = kzalloc(sizeof(*d), GFP_KERNEL);
	if (!d) {
		module_put(THIS_MODULE);
		return -ENOMEM;
	}
	mutex_init(&d->lock);
	d->ns = proc_pid_ns(inode->i_sb);
	file->private_data = d;
	return 0;
}

static int td_release(struct inode *inode, struct file *file)
{
	struct td *d = file->private_data;

	forget_answer(d);
	kfree(d);
	module_put(THIS_MODULE);
	return 0;
}

const struct proc_ops td_file = {
	.proc_open = td_open,
	.proc_read = td_read,
	.proc_write = td_write,
	.proc_release = td_release,
};
