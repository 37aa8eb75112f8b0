// SPDX-License-Identifier: GPL-2.0
/* Which tasks a request is about: the five strategies. */
#include <linux/idr.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "symbols.h"
#include "td.h"

static struct task_struct *referenced(struct task_struct *task)
{
	if (task)
		get_task_struct(task);
	return task;
}

static struct task_struct *find_task(struct td *d, pid_t nr)
{
	struct task_struct *task;

	rcu_read_lock();
	task = referenced(pid_task(find_pid_ns(nr, d->ns), PIDTYPE_PID));
	rcu_read_unlock();
	return task;
}

/* The first process with this number or a greater one. */
static struct task_struct *next_process(struct td *d)
{
	struct task_struct *task = NULL;
	struct pid *pid;

	rcu_read_lock();
	for (; !task; d->next_tgid++) {
		pid = idr_get_next(&d->ns->idr, &d->next_tgid);
		if (!pid)
			break;
		task = referenced(pid_task(pid, PIDTYPE_TGID));
	}
	rcu_read_unlock();
	return task;
}

static int make_room(struct td *d, unsigned int count)
{
	kvfree(d->tids);
	d->count = d->at = 0;
	d->tids = kvmalloc_array(count, sizeof(d->tids[0]), GFP_KERNEL);
	return d->tids ? 0 : -ENOMEM;
}

static int list_one(struct td *d, struct task_struct *task)
{
	int err = make_room(d, 1);

	if (!err)
		d->tids[d->count++] = task_pid_nr_ns(task, d->ns);
	return err;
}

/*
 * Lists are taken at once: a list that is followed from task to task ends
 * early when the task that it has come to exits.
 */
static int list_threads(struct td *d, struct task_struct *task)
{
	unsigned int room = READ_ONCE(task->signal->nr_threads);
	struct task_struct *thread;
	unsigned int count;
	int err;

	do {
		room += room / 8 + 16;
		err = make_room(d, room);
		if (err)
			return err;
		count = 0;
		rcu_read_lock();
		/* A process that is reaped by now has none. */
		if (pid_alive(task)) {
			for_each_thread(task, thread) {
				if (count < room)
					d->tids[count] = task_pid_nr_ns(thread, d->ns);
				count++;
			}
		}
		rcu_read_unlock();
	} while (count > room);
	d->count = count;
	return 0;
}

static int list_children(struct td *d, struct task_struct *parent)
{
	struct task_struct *child;
	unsigned int room = 16, count = 0;
	int err;

	do {
		room += count + count / 8;
		err = make_room(d, room);
		if (err)
			return err;
		count = 0;
		read_lock(td_kernel.tasklist_lock);
		list_for_each_entry(child, &parent->children, sibling) {
			if (count < room)
				d->tids[count] = task_pid_nr_ns(child, d->ns);
			count++;
		}
		read_unlock(td_kernel.tasklist_lock);
	} while (count > room);
	d->count = count;
	return 0;
}

/* The list of the next process. 0 and an empty list: there is none. */
static int list_next(struct td *d)
{
	struct task_struct *task = next_process(d);
	int err;

	d->count = d->at = 0;
	if (!task)
		return 0;
	err = td_per_thread(d) ? list_threads(d, task) : list_one(d, task);
	put_task_struct(task);
	return err ? err : 1;
}

/* Starts on a request. */
int td_begin(struct td *d)
{
	struct task_struct *task;
	int err;

	if (d->length < NLMSG_HDRLEN + sizeof(d->req) || d->req.dump_strategy > TASK_DIAG_DUMP_THREAD)
		return -EINVAL;
	if (d->req.dump_strategy == TASK_DIAG_DUMP_ALL || d->req.dump_strategy == TASK_DIAG_DUMP_ALL_THREAD)
		return 0;
	task = d->req.pid > 0 && d->req.pid <= INT_MAX ? find_task(d, d->req.pid) : NULL;
	if (!task)
		return -ESRCH;
	err = d->req.dump_strategy == TASK_DIAG_DUMP_THREAD ? list_threads(d, task)
		: d->req.dump_strategy == TASK_DIAG_DUMP_CHILDREN ? list_children(d, task)
		: list_one(d, task);
	put_task_struct(task);
	return err;
}

/* The task to tell, referenced; NULL: the end, or *err. */
struct task_struct *td_current(struct td *d, int *err)
{
	struct task_struct *task;

	if (d->part)
		return referenced(d->part);
	for (;;) {
		for (; d->at < d->count; td_advance(d)) {
			task = find_task(d, d->tids[d->at]);
			if (task)
				return task;
		}
		if (d->req.dump_strategy != TASK_DIAG_DUMP_ALL && d->req.dump_strategy != TASK_DIAG_DUMP_ALL_THREAD)
			return NULL;
		*err = list_next(d);
		if (*err <= 0)
			return NULL;
		*err = 0;
	}
}

/* Goes to the next task. */
void td_advance(struct td *d)
{
	d->at++;
	d->attr = 0;
	d->from = 0;
	d->odd_pages = false;
	d->gap_count = 0;
	td_forget_part(d);
}
