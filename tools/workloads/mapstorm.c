/* mapstorm THREADS: threads that map and unmap without a pause, in all sizes. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/mman.h>
#include "workload.h"

static void *storm(void *seed)
{
	unsigned int random = (unsigned int)(size_t)seed;
	char *areas[64] = { 0 };
	size_t sizes[64] = { 0 };

	for (;;) {
		int i = (int)(rand_r(&random) % 64);

		if (areas[i])
			munmap(areas[i], sizes[i]);
		sizes[i] = (1 + rand_r(&random) % 16) * 4096u;
		areas[i] = mmap(NULL, sizes[i], rand_r(&random) % 2 ? PROT_READ : PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (areas[i] == MAP_FAILED)
			areas[i] = NULL;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 4;

	limit_lifetime();
	for (int i = 0; i < count; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, storm, (void *)(size_t)(i + 1)) != 0)
			die("pthread_create");
	}
	ready();
	wait_forever();
}
