/*
 * masks: one thread for each call that waits with another signal mask than the thread's own, named after it, and one that
 * waits with its own. All have blocked SIGUSR1 and SIGUSR2.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include "workload.h"

static const char *const calls[] = { "pause", "ppoll", "pselect", "epoll_pwait", "sigsuspend", "sigwait" };
static volatile pid_t tids[sizeof(calls) / sizeof(calls[0])];

static void *waiter(void *number)
{
	size_t i = (size_t)number;
	sigset_t own, other;
	struct epoll_event event;
	int epoll = epoll_create1(0), which;

	/* The other mask has neither of the two, and one more. */
	sigemptyset(&own);
	sigaddset(&own, SIGUSR1);
	sigaddset(&own, SIGUSR2);
	sigemptyset(&other);
	sigaddset(&other, SIGWINCH);
	pthread_sigmask(SIG_SETMASK, &own, NULL);
	prctl(PR_SET_NAME, calls[i]);
	tids[i] = (pid_t)syscall(SYS_gettid);
	for (;;) {
		switch (i) {
		case 0: pause(); break;
		case 1: ppoll(NULL, 0, NULL, &other); break;
		case 2: pselect(0, NULL, NULL, NULL, NULL, &other); break;
		case 3: epoll_pwait(epoll, &event, 1, -1, &other); break;
		case 4: sigsuspend(&other); break;
		default: sigwait(&own, &which); break;
		}
	}
	return NULL;
}

/* Whether a thread waits: with another mask than its own, but for the first. */
static int waits(size_t i)
{
	char path[64], line[256], state = 0;
	unsigned long long blocked = 0;
	FILE *status;

	if (!tids[i])
		return 0;
	snprintf(path, sizeof(path), "/proc/self/task/%d/status", (int)tids[i]);
	status = fopen(path, "r");
	if (!status)
		return 0;
	while (fgets(line, sizeof(line), status)) {
		sscanf(line, "State: %c", &state);
		sscanf(line, "SigBlk: %llx", &blocked);
	}
	fclose(status);
	return state == 'S' && (i == 0) == (blocked == (1ULL << (SIGUSR1 - 1) | 1ULL << (SIGUSR2 - 1)));
}

int main(void)
{
	limit_lifetime();
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, waiter, (void *)i) != 0)
			die("pthread_create");
	}
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		while (!waits(i))
			usleep(1000);
	}
	ready();
	wait_forever();
}
