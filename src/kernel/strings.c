// SPDX-License-Identifier: GPL-2.0
/* Strings in the task's own memory: CMDLINE, EXT_ENVIRON. As fs/proc/base.c. */
#include <linux/mm.h>
#include <linux/slab.h>

#include "td.h"

/* As much as fits of [start, end), from d->from on. A part that cannot be read ends it, as in /proc. */
static int tell_memory(struct telling *of, u16 type, unsigned long start, unsigned long end)
{
	struct td *d = of->d;
	unsigned int begin = d->len, room = d->size - d->len, n;
	u64 rest;
	char *to;
	int got;

	start += d->from;
	rest = start < end ? end - start : 0;
	if (rest == 0)
		return 0;
	if (room <= NLA_HDRLEN)
		return -EMSGSIZE;
	n = min_t(u64, rest, round_down(room - NLA_HDRLEN, TASK_DIAG_ALIGNTO));
	/* Not a few bytes of what fits the next chunk whole. */
	if (n == 0 || (n < rest && rest < d->size / 2) || (n < rest && READ_ONCE(td_original)))
		return -EMSGSIZE;
	to = td_attr(d, type, n);
	got = access_process_vm(of->owner, start, to, n, FOLL_ANON);
	if (got < (int)n) {
		d->len = begin;
		if (got <= 0 || READ_ONCE(td_original))
			return 0;
		td_attr(d, type, got);	/* the bytes are there already */
		access_process_vm(of->owner, start, to, got, FOLL_ANON);
		return 0;
	}
	d->from += n;
	return n < rest ? -EMSGSIZE : 0;
}

/* A title that overflows its arguments (setproctitle): up to its NUL, a page at most. */
static int tell_title(struct telling *of, unsigned long start)
{
	char *page = (char *)__get_free_page(GFP_KERNEL);
	int got, n, err = 0;

	if (!page)
		return -ENOMEM;
	got = access_process_vm(of->owner, start, page, PAGE_SIZE, FOLL_ANON);
	if (got > 0) {
		n = strnlen(page, got);
		err = td_bytes(of->d, TASK_DIAG_CMDLINE, page, n < got ? n + 1 : n, 1);
	}
	free_page((unsigned long)page);
	return err;
}

int td_cmdline(struct telling *of)
{
	struct mm_struct *mm = of->mm;
	unsigned long start, end, env_start, env_end;
	char last = 0;

	if (of->d->from && of->replaced)
		td_gap(of->d, TD_PART_CMDLINE, ESRCH);
	if (!mm || (of->d->from && of->replaced))
		return 0;
	spin_lock(&mm->arg_lock);
	start = mm->arg_start;
	end = mm->arg_end;
	env_start = mm->env_start;
	env_end = mm->env_end;
	spin_unlock(&mm->arg_lock);
	if (start >= end)
		return 0;
	if (!td_original && access_process_vm(of->owner, end - 1, &last, 1, FOLL_ANON) == 1 && last)
		return tell_title(of, start);
	return tell_memory(of, TASK_DIAG_CMDLINE, start, end);
}

int td_environ(struct telling *of)
{
	struct mm_struct *mm = of->mm;
	unsigned long start, end;

	if (of->d->from && of->replaced)
		td_gap(of->d, TD_PART_ENVIRON, ESRCH);
	if (!mm || (of->d->from && of->replaced))
		return 0;
	spin_lock(&mm->arg_lock);
	start = mm->env_start;
	end = mm->env_end;
	spin_unlock(&mm->arg_lock);
	return tell_memory(of, TASK_DIAG_EXT_ENVIRON, start, end);
}
