/*
 * longargs N BYTES [ENV]: N processes, the first of them the parent of the others, whose command lines are BYTES long. All
 * share one copy of the text; each has its number at the start. With ENV the environment is as long.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <linux/prctl.h>
#include "workload.h"

/* Field NUMBER of /proc/self/stat, as proc_pid_stat(5) counts them. */
static unsigned long long own_stat(int number)
{
	char text[2048];
	char *at;
	FILE *stat = fopen("/proc/self/stat", "r");

	if (stat == NULL || fgets(text, sizeof(text), stat) == NULL)
		die("/proc/self/stat");
	fclose(stat);
	at = strrchr(text, ')');
	for (int field = 2; field < number; field++)
		at = strchr(at + 1, ' ');
	return strtoull(at, NULL, 10);
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 1;
	size_t length = argc > 2 ? (size_t)atol(argv[2]) : 1 << 20;
	char *text = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct prctl_mm_map map = {
		.start_code = own_stat(26),
		.end_code = own_stat(27),
		.start_stack = own_stat(28),
		.start_data = own_stat(45),
		.end_data = own_stat(46),
		.start_brk = own_stat(47),
		.brk = (unsigned long long)sbrk(0),
		.arg_start = (unsigned long)text,
		.arg_end = (unsigned long)text + length,
		.env_start = own_stat(50),
		.env_end = own_stat(51),
		.exe_fd = (__u32)-1,
	};

	if (argc > 3) {
		map.env_start = (unsigned long)text;
		map.env_end = (unsigned long)text + length;
	}

	limit_lifetime();
	if (text == MAP_FAILED)
		die("mmap");
	memset(text, 'a', length);
	text[length - 1] = 0;
	if (prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof(map), 0) != 0)
		die("prctl");
	for (long i = 1; i < count; i++) {
		pid_t child = fork();

		if (child < 0)
			die("fork");
		if (child == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			sprintf(text, "%ld ", i);
			wait_forever();
		}
	}

	ready();
	wait_forever();
}
