/* manyvmas N: a process with N VMAs of one page each that cannot merge, for their protections alternate. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include "workload.h"

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 1000;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *area;

	limit_lifetime();
	area = mmap(NULL, (size_t)count * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (area == MAP_FAILED)
		die("mmap");
	for (long i = 0; i < count; i += 2)
		if (mprotect(area + (size_t)i * page, page, PROT_NONE) != 0)
			die("mprotect");
	ready();
	wait_forever();
}
