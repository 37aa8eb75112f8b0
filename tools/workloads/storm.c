/*
 * storm SECONDS: a root that stays, below which processes fork, exec, start threads, orphan their children and exit,
 * hundreds of times a second.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include "workload.h"

enum { WORKERS = 4 };

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void nap(long microseconds)
{
	struct timespec ts = { 0, microseconds * 1000 };

	nanosleep(&ts, NULL);
}

static void *brief(void *arg)
{
	nap(500);
	return arg;
}

static void with_threads(void)
{
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		if (pthread_create(&threads[i], NULL, brief, NULL) != 0)
			_exit(1);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
}

/* One short life; the kinds differ in how they vanish from a reader's hands. */
static void live(int kind, const char *self)
{
	switch (kind % 5) {
	case 0:
		_exit(0);
	case 1:
		execl(self, "storm-leaf", "--leaf", NULL);
		_exit(1);
	case 2:
		with_threads();
		_exit(0);
	case 3:
		if (fork() == 0) {
			nap(1500);
			_exit(0);
		}
		_exit(0);
	default:
		nap(3000);
		prctl(PR_SET_NAME, "storm-late");
		_exit(7);
	}
}

static void work(double end, int seed, const char *self)
{
	for (int kind = seed; now() < end; kind++) {
		pid_t child = fork();

		if (child == 0)
			live(kind, self);
		nap(4000);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		if (kind % 97 == 0)
			execl(self, "storm-worker", "--worker", NULL);
	}
	while (wait(NULL) > 0)
		;
	_exit(0);
}

/* One process that becomes another program again and again. */
static void change(double end, const char *self)
{
	nap(3000);
	if (now() < end)
		execl(self, "storm-change", "--change", NULL);
	_exit(0);
}

int main(int argc, char **argv)
{
	const char *self = "/proc/self/exe";
	const char *until = getenv("STORM_UNTIL");
	double end;

	limit_lifetime();
	if (argc > 1 && strcmp(argv[1], "--leaf") == 0) {
		nap(2000);
		return 3;
	}
	if (argc > 1 && strcmp(argv[1], "--worker") == 0)
		work(until ? atof(until) : 0, getpid(), self);
	if (argc > 1 && strcmp(argv[1], "--change") == 0)
		change(until ? atof(until) : 0, self);
	end = now() + (argc > 1 ? atof(argv[1]) : 1);
	{
		char text[32];

		snprintf(text, sizeof(text), "%.3f", end);
		setenv("STORM_UNTIL", text, 1);
	}
	for (int i = 0; i <= WORKERS; i++)
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			if (i == WORKERS)
				change(end, self);
			work(end, i, self);
		}
	ready();
	while (wait(NULL) > 0 || errno == EINTR)
		;
	wait_forever();
}
