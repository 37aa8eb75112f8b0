// SPDX-License-Identifier: GPL-2.0
/* Messages: one task is one or more of them, as the chunk's room allows. */
#include <linux/pid_namespace.h>
#include <linux/ptrace.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "symbols.h"
#include "td.h"

/* Room in the chunk, or NULL. */
void *td_put(struct td *d, unsigned int n)
{
	void *room;

	n = ALIGN(n, TASK_DIAG_ALIGNTO);
	if (d->size - d->len < n)
		return NULL;
	room = d->chunk + d->len;
	memset(room, READ_ONCE(td_garbage) ? 0xa5 : 0, n);
	d->len += n;
	return room;
}

void *td_attr(struct td *d, u16 type, unsigned int n)
{
	struct nlattr *attr = td_put(d, NLA_HDRLEN + n);

	if (!attr)
		return NULL;
	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + n;
	return attr + 1;
}

/* The rest of a list, from d->from on, as much as fits; cut only between units. */
int td_bytes(struct td *d, u16 type, const void *bytes, u64 n, unsigned int unit)
{
	u64 rest = n - min(d->from, n);
	unsigned int room = d->size - d->len;
	void *to;

	room = room > NLA_HDRLEN ? round_down(room - NLA_HDRLEN, TASK_DIAG_ALIGNTO) : 0;
	if (rest > room) {
		rest = room - room % unit;
		if (rest == 0)
			return -EMSGSIZE;
	}
	to = td_attr(d, type, rest);
	if (!to)
		return -EMSGSIZE;
	memcpy(to, bytes + d->from, rest);
	d->from += rest;
	return d->from < n ? -EMSGSIZE : 0;
}

/* Notes what could not be told. */
void td_gap(struct td *d, u32 part, int err)
{
	if (d->gap_count < ARRAY_SIZE(d->gaps)) {
		d->gaps[d->gap_count].part = part;
		d->gaps[d->gap_count++].err = err;
	}
}

/* Always told, even empty: a reader then knows that gaps would be. */
int td_gaps(struct telling *of)
{
	struct td *d = of->d;

	return td_bytes(d, TASK_DIAG_EXT_GAPS, d->gaps, d->gap_count * sizeof(d->gaps[0]), sizeof(d->gaps[0]));
}

/* When the leader is a zombie, a living thread has what the threads share. Referenced. */
static struct task_struct *owner_of(struct task_struct *task)
{
	struct task_struct *thread, *owner = task;

	rcu_read_lock();
	if (READ_ONCE(task->exit_state) && !task->mm && !td_original && pid_alive(task)) {
		for_each_thread(task, thread) {
			if (READ_ONCE(thread->mm)) {
				owner = thread;
				break;
			}
		}
	}
	get_task_struct(owner);
	rcu_read_unlock();
	return owner;
}

static int tell_attributes(struct telling *of)
{
	struct td *d = of->d;
	int err = 0;

	for (; d->attr < td_attribute_count; d->attr++, d->from = 0) {
		const struct td_attribute *attr = &td_attributes[d->attr];

		if (!(d->show & (1ULL << attr->type)) || ((attr->of & TD_OF_LEADER) && !of->whole))
			continue;
		if ((attr->of & TD_GUARDED) && !of->permitted) {
			/* Told in part, and then it executed what the caller may not look at. */
			if (d->from)
				td_gap(d, attr->type == TASK_DIAG_VMA ? TD_PART_MAPS : TD_PART_ENVIRON, EACCES);
			continue;
		}
		err = attr->tell(of);
		if (err)
			break;
	}
	return err;
}

static int tell_message(struct telling *of)
{
	struct td *d = of->d;
	unsigned int begin = d->len, attr = d->attr;
	u64 from = d->from;
	struct task_diag_frame *frame;
	int err;

	frame = td_put(d, sizeof(*frame));
	if (!frame)
		return -EMSGSIZE;
	frame->nlmsg_type = TASK_DIAG_CMD_GET;
	frame->nlmsg_flags = TASK_DIAG_NLM_F_MULTI;
	frame->nlmsg_seq = d->seq;
	frame->nlmsg_pid = 0;
	/* A task that is reaped amid its messages has no numbers any more. */
	frame->msg.pid = d->tids[d->at];
	frame->msg.tgid = d->part_tgid;
	frame->msg.flags &= ~TASK_DIAG_FLAG_CONT;
	err = tell_attributes(of);
	if (err && (err != -EMSGSIZE || (d->attr == attr && d->from == from))) {
		d->len = begin;
		return err;
	}
	if (err)
		frame->msg.flags |= TASK_DIAG_FLAG_CONT;
	frame->nlmsg_len = d->len - begin;
	d->messages++;
	return err;
}

/* Where a task is hidden from the caller: what /proc would refuse, as errors of reading it. */
static void note_hidden(struct telling *of)
{
	static const struct { u8 type, part; bool memory; } guarded[] = {
		{ TASK_DIAG_EXT_ENVIRON, TD_PART_ENVIRON, true }, { TASK_DIAG_EXT_EXE, TD_PART_EXE },
		{ TASK_DIAG_EXT_CWD, TD_PART_CWD }, { TASK_DIAG_EXT_ROOT, TD_PART_ROOT },
		{ TASK_DIAG_EXT_NAMESPACES, TD_PART_NAMESPACES }, { TASK_DIAG_VMA, TD_PART_MAPS, true },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(guarded); i++)
		if ((of->d->show & (1ULL << guarded[i].type)) && of->whole && (of->mm || !guarded[i].memory))
			td_gap(of->d, guarded[i].part, EACCES);
}

/* Lets go of a task that was told in part. */
void td_forget_part(struct td *d)
{
	if (d->part)
		put_task_struct(d->part);
	if (d->part_mm)
		mmdrop(d->part_mm);
	d->part = NULL;
	d->part_mm = NULL;
}

static void keep_part(struct td *d, struct telling *of)
{
	if (d->part)
		return;
	get_task_struct(of->task);
	d->part = of->task;
	d->part_mm = of->mm;
	if (of->mm)
		mmgrab(of->mm);
}

/* Tells a task, or the rest of it. 0; -EMSGSIZE: the chunk is full. */
int td_task(struct td *d, struct task_struct *task)
{
	struct telling of = { .d = d, .task = task };
	int err;

	/* What is told must be of the program for which the permission holds: it is not to execute another meanwhile. */
	err = down_read_killable(&task->signal->exec_update_lock);
	if (err)
		return err;
	of.permitted = td_kernel.may_access(task, PTRACE_MODE_READ_FSCREDS | PTRACE_MODE_NOAUDIT);
	if (of.permitted || (d->show & TASK_DIAG_SHOW_HIDDEN) || d->part) {
		of.whole = !td_per_thread(d) || thread_group_leader(task);
		of.owner = owner_of(task);
		of.mm = get_task_mm(of.owner);
		if (d->part)
			of.replaced = of.mm != d->part_mm;
		else
			d->part_tgid = task_tgid_nr_ns(task, d->ns);
		if (!of.permitted && !d->part)
			note_hidden(&of);
		err = tell_message(&of);
		if (err == -EMSGSIZE && (d->attr > 0 || d->from > 0))
			keep_part(d, &of);
		if (of.mm)
			mmput(of.mm);
		put_task_struct(of.owner);
	}
	up_read(&task->signal->exec_update_lock);
	return err;
}
