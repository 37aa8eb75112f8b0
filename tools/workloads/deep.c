/* deep DIR: maps a file whose path is longer than PATH_MAX, which is made folder by folder; and another file above it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "workload.h"

static void map_file(const char *name)
{
	int fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);

	if (fd < 0 || ftruncate(fd, 8192) || mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED)
		die(name);
	close(fd);
}

int main(int argc, char **argv)
{
	char name[256];

	limit_lifetime();
	if (argc != 2 || chdir(argv[1]))
		die("chdir");
	map_file("shallow");
	memset(name, 'd', 255);
	name[255] = 0;
	for (int depth = 0; depth < 20; depth++)
		if (mkdir(name, 0700) || chdir(name))
			die("mkdir");
	map_file("deep");
	if (chdir("/"))
		die("chdir");
	ready();
	wait_forever();
}
