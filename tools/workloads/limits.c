/*
 * limits FOLDER: what is longer than procfs tells: a working directory whose path has more than 4,096 bytes, and an
 * environment of 9 MB, which takes CAP_SYS_RESOURCE.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include "workload.h"

int main(int argc, char **argv)
{
	const size_t size = 9 << 20;
	char name[201], *area;

	limit_lifetime();
	if (argc < 2 || chdir(argv[1]) != 0)
		die("chdir");
	memset(name, 'd', 200);
	name[200] = 0;
	for (int i = 0; i < 25; i++) {
		if (mkdir(name, 0755) != 0 || chdir(name) != 0)
			die(name);
	}
	area = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		die("mmap");
	memset(area, 'e', size);
	if (prctl(PR_SET_MM, PR_SET_MM_ENV_START, area, 0, 0) != 0 || prctl(PR_SET_MM, PR_SET_MM_ENV_END, area + size - 1, 0, 0) != 0)
		die("PR_SET_MM");
	ready();
	wait_forever();
}
