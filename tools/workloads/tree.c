/* tree WIDTH COUNT: COUNT processes, this one included; each has up to WIDTH children, and all are up before "ready". */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/prctl.h>
#include "workload.h"

static int up[2];
static int width;

/* Becomes a process with count - 1 processes below it. */
static void grow(int count)
{
	int rest = count - 1;

	for (int i = 0; i < width && rest > 0; i++) {
		int share = (rest + (width - i) - 1) / (width - i);
		pid_t child;

		fflush(NULL);
		child = fork();
		if (child < 0)
			die("fork");
		if (child == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			grow(share);
			if (write(up[1], "+", 1) != 1)
				die("write");
			wait_forever();
		}
		rest -= share;
	}
}

int main(int argc, char **argv)
{
	int count = argc > 2 ? atoi(argv[2]) : 10;
	char byte;

	width = argc > 1 ? atoi(argv[1]) : 3;
	limit_lifetime();
	if (width < 1 || pipe(up) != 0)
		die("pipe");
	grow(count);
	for (int i = 1; i < count; i++)
		if (read(up[0], &byte, 1) != 1)
			die("read");
	ready();
	wait_forever();
}
