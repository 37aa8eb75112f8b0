/* zombie: a child that nobody waits for, and a child whose leader has exited while a thread of it lives on. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "workload.h"

static void *survivor(void *arg)
{
	prctl(PR_SET_NAME, "survivor");
	for (;;)
		pause();
	return arg;
}

int main(void)
{
	siginfo_t info;
	pid_t dead, headless;

	limit_lifetime();
	dead = fork();
	if (dead == 0)
		_exit(42);
	headless = fork();
	if (headless == 0) {
		pthread_t thread;

		limit_lifetime();
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, "headless");
		if (pthread_create(&thread, NULL, survivor, NULL) != 0)
			die("pthread_create");
		syscall(SYS_exit, 0);
	}
	if (waitid(P_PID, (id_t)dead, &info, WEXITED | WNOWAIT) != 0)
		die("waitid");
	for (;;) {
		char path[64], text[512];
		FILE *stat;
		int zombie = 0;

		snprintf(path, sizeof(path), "/proc/%d/stat", (int)headless);
		stat = fopen(path, "r");
		if (stat && fgets(text, sizeof(text), stat)) {
			char state = 0;

			zombie = sscanf(text, "%*d (%*[^)]) %c", &state) == 1 && state == 'Z';
		}
		if (stat)
			fclose(stat);
		if (zombie)
			break;
		usleep(1000);
	}
	ready();
	wait_forever();
}
