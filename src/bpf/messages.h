/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Writing messages and attributes into a slot. What changes from one to the
 * next is in the context, not in registers: the verifier then sees loops whose
 * turns are all alike.
 */
#ifndef CHECKPOINT_BPF_MESSAGES_H
#define CHECKPOINT_BPF_MESSAGES_H

#define SLOT_ROOM (TASK_DIAG_SLOT_SIZE - TASK_DIAG_SLOT_OUT)

/* A message of more bytes is continued by another. */
#define MESSAGE_FULL 60000U

/* Memory for `size` bytes of messages (a constant), or null: the slot is full. */
static __always_inline void *reserve(struct task_diag_run *run, char *slot, __u32 size)
{
	__u32 at = run->length;

	/* The compared register must be the one that is added: before 6.13 the verifier does not relate copies of it. */
	asm volatile("" : "+r"(at));
	if (at > SLOT_ROOM - size)
		return 0;
	run->length = at + size;
	return slot + TASK_DIAG_SLOT_OUT + at;
}

/* What was reserved at an offset. */
static __always_inline void *reserved(char *slot, __u32 at, __u32 size)
{
	asm volatile("" : "+r"(at));
	if (at > SLOT_ROOM - size)
		return 0;
	return slot + TASK_DIAG_SLOT_OUT + at;
}

/* An attribute with `size` bytes of payload (a constant multiple of 4). */
static __always_inline void *attribute(struct task_diag_run *run, char *slot, __u16 type, __u32 size)
{
	struct task_diag_attr *attr = reserve(run, slot, sizeof(*attr) + size);

	if (!attr)
		return 0;
	attr->nla_len = sizeof(*attr) + size;
	attr->nla_type = type;
	return attr + 1;
}

static __always_inline bool begin_message(struct task_diag_run *run, char *slot)
{
	__u32 at = run->length;
	struct task_diag_frame *frame = reserve(run, slot, sizeof(*frame));

	if (!frame)
		return false;
	frame->nlmsg_type = TASK_DIAG_CMD_GET;
	frame->nlmsg_flags = TASK_DIAG_NLM_F_MULTI;
	frame->nlmsg_seq = run->sequence;
	frame->nlmsg_pid = 0;
	frame->msg.pid = run->tid;
	frame->msg.tgid = run->tgid;
	run->message = at;
	return true;
}

static __always_inline void end_message(struct task_diag_run *run, char *slot, bool continued)
{
	__u32 at = run->message;
	struct task_diag_frame *frame = reserved(slot, at, sizeof(*frame));

	if (!frame)
		return;
	frame->nlmsg_len = run->length - at;
	frame->msg.flags = continued ? TASK_DIAG_FLAG_CONT : 0;
}

/* Writes the length of the attribute that began at `at`. */
static __always_inline void end_attribute(struct task_diag_run *run, char *slot, __u32 at)
{
	struct task_diag_attr *attr = reserved(slot, at, sizeof(*attr));

	if (attr)
		attr->nla_len = run->length - at;
}

static __always_inline bool message_full(struct task_diag_run *run)
{
	return run->length - run->message > MESSAGE_FULL;
}

#endif /* CHECKPOINT_BPF_MESSAGES_H */
