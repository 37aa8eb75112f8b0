/*
 * threads: eight threads, each with a name, nice value, policy, signal mask and (as root) credentials of its own,
 * which the C library would keep equal: so by raw system calls.
 */
#define _GNU_SOURCE
#include <grp.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include "workload.h"

enum { THREADS = 8 };

static pthread_barrier_t all_up;

static void drop_to(unsigned int uid, unsigned int gid, uint64_t caps)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {
		{ (uint32_t)caps, (uint32_t)caps, 0 },
		{ (uint32_t)(caps >> 32), (uint32_t)(caps >> 32), 0 },
	};
	gid_t groups[3] = { gid + 20, gid + 10, gid + 30 };

	if (syscall(SYS_setgroups, 3, groups) != 0)
		die("setgroups");
	if (syscall(SYS_setresgid, gid, gid + 1, gid + 2) != 0)
		die("setresgid");
	if (syscall(SYS_prctl, PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0)
		die("keepcaps");
	if (syscall(SYS_setresuid, uid, uid + 1, uid + 2) != 0)
		die("setresuid");
	if (syscall(SYS_capset, &head, data) != 0)
		die("capset");
}

static void *one(void *arg)
{
	int n = (int)(intptr_t)arg;
	char name[16];
	sigset_t mask;

	snprintf(name, sizeof(name), "worker-%d", n);
	prctl(PR_SET_NAME, name);
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1 + n);
	sigaddset(&mask, 34 + n);
	pthread_sigmask(SIG_BLOCK, &mask, NULL);
	setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), n);
	if (n == 3 || n == 4) {
		struct sched_param param = { 0 };

		sched_setscheduler(0, n == 3 ? SCHED_BATCH : SCHED_IDLE, &param);
	}
	if (n >= 5 && geteuid() == 0)
		drop_to(1000u * (unsigned int)n, 2000u * (unsigned int)n, 1ull << n | 1ull << 33);
	pthread_barrier_wait(&all_up);
	for (;;)
		pause();
	return NULL;
}

int main(void)
{
	pthread_t thread;

	limit_lifetime();
	signal(SIGHUP, SIG_IGN);
	signal(SIGUSR2, (void (*)(int))wait_forever);
	pthread_barrier_init(&all_up, NULL, THREADS);
	for (intptr_t n = 1; n < THREADS; n++)
		if (pthread_create(&thread, NULL, one, (void *)n) != 0)
			die("pthread_create");
	pthread_barrier_wait(&all_up);
	ready();
	wait_forever();
}
