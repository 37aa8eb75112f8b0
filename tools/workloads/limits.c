/* limits FOLDER: what is longer than is told of a process: a working directory whose path has more than 4,096 bytes, and an environment of 9 MB. */
#define _GNU_SOURCE
#include <linux/prctl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include "workload.h"

/* Without a capability, all of the layout must be said. */
static void claim_environment(char *area, size_t size)
{
	unsigned long long field[53] = { 0 };
	struct prctl_mm_map map = { .exe_fd = (__u32)-1 };
	char text[4096], *at;
	FILE *stat = fopen("/proc/self/stat", "r");

	if (!stat || !fgets(text, sizeof(text), stat))
		die("stat");
	fclose(stat);
	/* From the state on, which is the third. */
	at = strrchr(text, ')') + 4;
	for (int i = 4; i <= 52; i++)
		field[i] = strtoull(at, &at, 10);
	map.start_code = field[26];
	map.end_code = field[27];
	map.start_stack = field[28];
	map.start_data = field[45];
	map.end_data = field[46];
	map.start_brk = field[47];
	map.brk = (unsigned long)sbrk(0);
	map.arg_start = field[48];
	map.arg_end = field[49];
	map.env_start = (unsigned long)area;
	map.env_end = (unsigned long)area + size;
	if (prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof(map), 0) != 0)
		die("PR_SET_MM_MAP");
}

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
	claim_environment(area, size);
	ready();
	wait_forever();
}
