/* deepns: a process, its child in a new pid namespace, and that one's child in a further one (needs root). */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include "workload.h"

static int up[2];

static void descend(int levels)
{
	long child;

	if (levels > 0) {
		child = syscall(SYS_clone, CLONE_NEWPID | CLONE_NEWUTS | SIGCHLD, 0, 0, 0, 0);
		if (child < 0)
			die("clone");
		if (child == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			descend(levels - 1);
			if (write(up[1], "+", 1) != 1)
				die("write");
			wait_forever();
		}
	}
}

int main(void)
{
	char byte;

	limit_lifetime();
	if (pipe(up) != 0)
		die("pipe");
	descend(2);
	for (int i = 0; i < 2; i++)
		if (read(up[0], &byte, 1) != 1)
			die("read");
	ready();
	wait_forever();
}
