/* chain N: N processes, each the only child of the one before. */
#include <signal.h>
#include <sys/prctl.h>
#include "workload.h"

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 10;
	int done[2];
	char byte;

	limit_lifetime();
	if (pipe(done) != 0)
		die("pipe");
	for (long i = 1; i < count; i++) {
		pid_t child = fork();

		if (child < 0)
			die("fork");
		if (child > 0) {
			close(done[1]);
			if (i == 1) {
				if (read(done[0], &byte, 1) < 0)
					die("read");
				ready();
			}

			wait_forever();
		}

		prctl(PR_SET_PDEATHSIG, SIGKILL);
	}

	close(done[1]);
	wait_forever();
}
