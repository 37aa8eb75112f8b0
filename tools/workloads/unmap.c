/* unmap: maps 64 MB of populated memory and unmaps it, over and over. While its pages are freed, the list of VMAs is shorter already, and the size of the address space not yet less. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include "workload.h"

int main(void)
{
	const size_t size = 64 << 20;

	limit_lifetime();
	for (int i = 0;; i++) {
		char *area = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

		if (area == MAP_FAILED || munmap(area, size) != 0)
			die("mmap");
		if (i == 0)
			ready();
	}
}
