/*
 * tree WIDTH COUNT [VMAS]: COUNT processes, this one included; each has up to WIDTH children, and all are up before "ready".
 * Each has VMAS mappings more than it needs: the program's file and anonymous memory in turn, so that none merge.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
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

static void map_more(int vmas)
{
	int fd = open("/proc/self/exe", O_RDONLY);

	for (int i = 0; i < vmas; i++)
		if (mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | (i % 2 ? MAP_ANONYMOUS : 0), i % 2 ? -1 : fd, 0) == MAP_FAILED)
			die("mmap");
	close(fd);
}

int main(int argc, char **argv)
{
	int count = argc > 2 ? atoi(argv[2]) : 10;
	char byte;

	width = argc > 1 ? atoi(argv[1]) : 3;
	limit_lifetime();
	if (width < 1 || pipe(up) != 0)
		die("pipe");
	map_more(argc > 3 ? atoi(argv[3]) : 0);
	grow(count);
	for (int i = 1; i < count; i++)
		if (read(up[0], &byte, 1) != 1)
			die("read");
	ready();
	wait_forever();
}
