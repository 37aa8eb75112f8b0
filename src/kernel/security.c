// SPDX-License-Identifier: GPL-2.0
/* What a thread may do: CRED, EXT_SECURITY, EXT_GROUPS, EXT_LABEL; and EXT_SIGNALS. */
#include <linux/cred.h>
#include <linux/sched/signal.h>
#include <linux/seccomp.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>

#include "symbols.h"
#include "td.h"

static void put_capabilities(struct task_diag_caps *to, const kernel_cap_t *from)
{
	BUILD_BUG_ON(sizeof(*to) != sizeof(*from));
	memcpy(to, from, sizeof(*to));
}

int td_cred(struct telling *of)
{
	struct task_diag_creds *creds = td_attr(of->d, TASK_DIAG_CRED, sizeof(*creds));
	struct user_namespace *ns = current_user_ns();
	const struct cred *cred;

	if (!creds)
		return -EMSGSIZE;
	cred = get_task_cred(of->task);
	put_capabilities(&creds->cap_inheritable, &cred->cap_inheritable);
	put_capabilities(&creds->cap_permitted, &cred->cap_permitted);
	put_capabilities(&creds->cap_effective, &cred->cap_effective);
	put_capabilities(&creds->cap_bset, &cred->cap_bset);
	creds->uid = from_kuid_munged(ns, cred->uid);
	creds->euid = from_kuid_munged(ns, cred->euid);
	creds->suid = from_kuid_munged(ns, cred->suid);
	creds->fsuid = from_kuid_munged(ns, cred->fsuid);
	creds->gid = from_kgid_munged(ns, cred->gid);
	creds->egid = from_kgid_munged(ns, cred->egid);
	creds->sgid = from_kgid_munged(ns, cred->sgid);
	creds->fsgid = from_kgid_munged(ns, cred->fsgid);
	put_cred(cred);
	return 0;
}

int td_security(struct telling *of)
{
	struct task_diag_ext_security *security = td_attr(of->d, TASK_DIAG_EXT_SECURITY, sizeof(*security));
	struct task_struct *task = of->task;
	struct task_diag_caps ambient;
	const struct cred *cred;

	if (!security)
		return -EMSGSIZE;
	cred = get_task_cred(task);
	put_capabilities(&ambient, &cred->cap_ambient);
	put_cred(cred);
	security->cap_ambient = ambient.cap[0] | (u64)ambient.cap[1] << 32;
	security->no_new_privs = task_no_new_privs(task);
	security->seccomp = security->seccomp_filters = 0;
	security->known = TASK_DIAG_EXT_KNOWN_AMBIENT | TASK_DIAG_EXT_KNOWN_NO_NEW_PRIVS;
#ifdef CONFIG_SECCOMP
	security->seccomp = task->seccomp.mode;
	security->known |= TASK_DIAG_EXT_KNOWN_SECCOMP;
#endif
#ifdef CONFIG_SECCOMP_FILTER
	security->seccomp_filters = atomic_read(&task->seccomp.filter_count);
	security->known |= TASK_DIAG_EXT_KNOWN_FILTERS;
#endif
	return 0;
}

static u64 set_of(const sigset_t *set)
{
	u64 bits;

	BUILD_BUG_ON(sizeof(bits) != sizeof(*set));
	memcpy(&bits, set, sizeof(bits));
	return bits;
}

int td_signals(struct telling *of)
{
	struct task_diag_ext_signals *signals = td_attr(of->d, TASK_DIAG_EXT_SIGNALS, sizeof(*signals));
	struct task_struct *task = of->task;
	unsigned long flags;
	unsigned int i;

	if (!signals)
		return -EMSGSIZE;
	memset(signals, 0, sizeof(*signals));
	if (!td_kernel.lock_sighand(task, &flags))
		return 0;
	signals->pending = set_of(&task->pending.signal);
	signals->shared_pending = set_of(&task->signal->shared_pending.signal);
	signals->blocked = set_of(&task->blocked);
	for (i = 0; i < _NSIG; i++) {
		__sighandler_t handler = task->sighand->action[i].sa.sa_handler;

		if (handler == SIG_IGN)
			signals->ignored |= 1ULL << i;
		else if (handler != SIG_DFL)
			signals->caught |= 1ULL << i;
	}
	unlock_task_sighand(task, &flags);
	return 0;
}

/* 65,536 groups fill 16 chunks: the list is looked at anew for each. */
int td_groups(struct telling *of)
{
	struct user_namespace *ns = current_user_ns();
	struct td *d = of->d;
	unsigned int room = d->size - d->len, count, i;
	const struct cred *cred;
	u32 *to;

	if (room < NLA_HDRLEN + sizeof(*to))
		return -EMSGSIZE;
	room = (room - NLA_HDRLEN) / sizeof(*to);
	cred = get_task_cred(of->task);
	count = cred->group_info->ngroups - min_t(u64, d->from, cred->group_info->ngroups);
	to = td_attr(d, TASK_DIAG_EXT_GROUPS, min(count, room) * sizeof(*to));
	for (i = 0; to && i < count && i < room; i++)
		to[i] = from_kgid_munged(ns, cred->group_info->gid[d->from + i]);
	put_cred(cred);
	if (!to)
		return -EMSGSIZE;
	d->from += i;
	return i < count ? -EMSGSIZE : 0;
}

/* Empty when no security module has labels. */
int td_label(struct telling *of)
{
	char *label = NULL;
	int n, err;

	n = td_kernel.label ? td_kernel.label(of->task, 0, "current", &label) : -EINVAL;
	if (n < 0 && n != -EINVAL)
		td_gap(of->d, TD_PART_LABEL, -n);
	while (n > 0 && (label[n - 1] == '\n' || label[n - 1] == 0))
		n--;
	err = td_bytes(of->d, TASK_DIAG_EXT_LABEL, label, max(n, 0), 1);
	kfree(label);
	return err;
}
