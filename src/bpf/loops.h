/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What the two objects do each in their own way, so that they share the rest:
 * task_diag.bpf.c by kernel functions (kfuncs), task_diag_iter.bpf.c, for
 * kernels that lack these, by what is older.
 *
 * repeat(count, turn, state) calls turn(0, state), turn(1, state)… until one of
 * them returns 1, and `count` times at most. FOR_THREADS(name, turn, type)
 * makes a function name(task, state) that calls turn(thread, state) for each
 * thread of a task's process, whose fields THREAD(thread, field) reads.
 */
#ifndef CHECKPOINT_BPF_LOOPS_H
#define CHECKPOINT_BPF_LOOPS_H

#ifndef TASK_DIAG_ITERATORS

#define TURN			static __always_inline
#define THREAD(thread, field)	((thread)->field)
#define CAPABILITIES(cred, set)	((cred)->set.val)
#define RSS(run, mm, member)	counter_sum(run, &(mm)->rss_stat[member])

/* A field of what an address leads to, or is taken to lead to: 0 when nothing is there. */
#define AT(type, address, field) \
	(((struct type *)bpf_rdonly_cast(address, bpf_core_type_id_kernel(struct type)))->field)

/* While it is held, the kernel frees none of what it frees by RCU: credentials, parents, pids. */
#define hold_rcu()		bpf_rcu_read_lock()
#define release_rcu()		bpf_rcu_read_unlock()

#define repeat(count, turn, state)						\
	do {									\
		struct bpf_iter_num turns;					\
		int *number;							\
										\
		bpf_iter_num_new(&turns, 0, count);				\
		while ((number = bpf_iter_num_next(&turns))) {			\
			if (turn(*number, state))				\
				break;						\
		}								\
		bpf_iter_num_destroy(&turns);					\
	} while (0)

#define FOR_THREADS(name, turn, type)						\
	static __always_inline void name(struct task_struct *task, type *state) \
	{									\
		struct bpf_iter_task threads;					\
		struct task_struct *leader, *thread;				\
										\
		bpf_rcu_read_lock();						\
		/* It goes on from the thread that it is given, and never round. */ \
		leader = bpf_task_acquire(task->group_leader);			\
		if (leader) {							\
			bpf_iter_task_new(&threads, leader, ITER_PROC_THREADS);	\
			while ((thread = bpf_iter_task_next(&threads)))		\
				turn(thread, state);				\
			bpf_iter_task_destroy(&threads);			\
			bpf_task_release(leader);				\
		}								\
		bpf_rcu_read_unlock();						\
	}

/*
 * A task whose pointers the verifier does not trust: it may be read all the
 * same, and is not looked up by name, among all types of the kernel, at every
 * pointer that is followed. That is half of the time that loading takes.
 */
static __always_inline struct task_struct *untrusted(struct task_struct *task)
{
	return bpf_rdonly_cast(task, bpf_core_type_id_kernel(struct task_struct));
}

/* Two words at an address; any struct of the kernel's that begins with two serves to read them. */
static __always_inline void put_comm(char *to, struct task_struct *task)
{
	struct timespec64 *words = bpf_rdonly_cast((char *)task + bpf_core_field_offset(struct task_struct, comm), bpf_core_type_id_kernel(struct timespec64));

	((__s64 *)to)[0] = words->tv_sec;
	((__s64 *)to)[1] = words->tv_nsec;
}

#else

#define TURN			static __noinline
#define THREAD(thread, field)	BPF_CORE_READ(thread, field)
#define CAPABILITIES(cred, set)	capabilities_at(__builtin_preserve_access_index(&(cred)->set))

#define AT(type, address, field)	BPF_CORE_READ((struct type *)(address), field)

/* The kernel holds it while it runs a program of an iterator. */
#define hold_rcu()
#define release_rcu()

/* Before Linux 6.2 these counters were plain numbers. */
#define RSS(run, mm, member)							\
	(bpf_core_field_exists(struct mm_rss_stat, count)			\
		? plain_counter(BPF_CORE_READ((struct mm_struct___rss *)(mm), rss_stat.count[member].counter)) \
		: counter_sum(run, &(mm)->rss_stat[member]))

/* Verified once for all turns, where a plain loop is followed turn by turn. Linux 5.17. */
#define repeat(count, turn, state) bpf_loop(count, turn, state, 0)

/* Without the kernel function there is no such way. */
static __always_inline struct task_struct *untrusted(struct task_struct *task)
{
	return task;
}

/* Since Linux 6.3 it is one number; before, two. On little-endian machines they lie alike. */
static __always_inline __u64 capabilities_at(const kernel_cap_t *set)
{
	__u64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), set);
	return value;
}

static __always_inline void put_comm(char *to, struct task_struct *task)
{
	bpf_probe_read_kernel(to, sizeof(task->comm), task->comm);
}

static __always_inline __u64 plain_counter(__s64 count)
{
	return count < 0 ? 0 : count;
}

#define MAX_THREADS	(1 << 22)

struct threads {
	struct list_head *head;
	struct list_head *entry;
};

/* The list that for_threads follows: one of RCU, which programs of iterators run under. */
static __always_inline void first_thread(struct threads *list, struct task_struct *task)
{
	struct signal_struct___threads *signal = (void *)task->signal;

	struct list_head *head = __builtin_preserve_access_index(&signal->thread_head);

	list->head = head;
	list->entry = 0;
	bpf_core_read(&list->entry, sizeof(list->entry), &head->next);
}

/* Null: there are no more. */
static __always_inline struct task_struct *next_thread(struct threads *list)
{
	struct list_head *entry = list->entry;

	if (!entry || entry == list->head)
		return 0;
	list->entry = 0;
	bpf_core_read(&list->entry, sizeof(list->entry), &entry->next);
	return (void *)entry - bpf_core_field_offset(struct task_struct___threads, thread_node);
}

#define FOR_THREADS(name, turn, type)						\
	struct name##_state {							\
		struct threads list;						\
		type *state;							\
	};									\
										\
	TURN long name##_turn(__u32 number, struct name##_state *of)		\
	{									\
		struct task_struct *thread = next_thread(&of->list);		\
										\
		if (!thread)							\
			return 1;						\
		turn(thread, of->state);					\
		return 0;							\
	}									\
										\
	static __always_inline void name(struct task_struct *task, type *state) \
	{									\
		struct name##_state of = { .state = state };			\
										\
		first_thread(&of.list, task);					\
		repeat(MAX_THREADS, name##_turn, &of);				\
	}

#endif

#endif /* CHECKPOINT_BPF_LOOPS_H */
