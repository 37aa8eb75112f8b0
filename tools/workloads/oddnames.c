/*
 * oddnames DIR: bytes that break parsers and terminals in every place where a process can put them: comm of
 * process and thread, argv, environment, paths of mapped files (deleted ones too), memfd, working directory, executable.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include "workload.h"

#define ODD "a\n) R 1 (\x1b[2J\xff\t\\"

static pthread_barrier_t all_up;

static void map_file(const char *dir, const char *name, int deleted)
{
	long page = sysconf(_SC_PAGESIZE);
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0 || ftruncate(fd, 2 * page) != 0)
		die(path);
	if (mmap(NULL, page, PROT_READ, MAP_PRIVATE, fd, page) == MAP_FAILED)
		die("mmap");
	if (deleted && unlink(path) != 0)
		die("unlink");
	close(fd);
}

static void copy_self(const char *path)
{
	char buffer[65536];
	ssize_t n;
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);

	if (from < 0 || to < 0)
		die(path);
	while ((n = read(from, buffer, sizeof(buffer))) > 0)
		if (write(to, buffer, (size_t)n) != n)
			die(path);
	close(to);
	close(from);
}

static void *named(void *arg)
{
	prctl(PR_SET_NAME, (const char *)arg);
	pthread_barrier_wait(&all_up);
	for (;;)
		pause();
	return NULL;
}

int main(int argc, char **argv)
{
	static char *const odd_environ[] = { "ODD=1\n\x1b]0;x\x07", "\xfe\xff", "=", NULL };
	pthread_t thread;
	int memfd;

	limit_lifetime();
	if (argc == 2) {
		char *const args[] = { "odd\n name\x1b[31m", argv[1], "", " ", "\xc3\x28\xff", "tab\there", "\xe2\x80\xae" "rtl", "last", NULL };
		char path[4096];

		if (chdir(argv[1]) != 0 || mkdir("cwd " ODD, 0700) != 0 || chdir("cwd " ODD) != 0)
			die("chdir");
		snprintf(path, sizeof(path), "%s/exe %s", argv[1], ODD);
		copy_self(path);
		execve(path, args, odd_environ);
		die("execve");
	}
	prctl(PR_SET_NAME, ODD);
	/* The kernel's " (deleted)" then follows a name that ends in odd bytes itself. */
	{
		char path[4096];

		snprintf(path, sizeof(path), "%s/exe %s", argv[1], ODD);
		if (unlink(path) != 0)
			die("unlink");
	}
	map_file(argv[1], "plain", 0);
	map_file(argv[1], "new\nline", 0);
	map_file(argv[1], "gone\n(deleted)", 1);
	map_file(argv[1], "looks gone (deleted)", 0);
	map_file(argv[1], "back\\012slash", 0);
	map_file(argv[1], "esc\x1b[2J\xff\xfe", 0);
	map_file(argv[1], "  spaces  ", 0);
	memfd = memfd_create("mem\nfd \x1b[0m", 0);
	if (memfd < 0 || ftruncate(memfd, 4096) != 0 || mmap(NULL, 4096, PROT_READ, MAP_SHARED, memfd, 0) == MAP_FAILED)
		die("memfd");
	if (mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
		die("mmap");
	pthread_barrier_init(&all_up, NULL, 5);
	pthread_create(&thread, NULL, named, "");
	pthread_create(&thread, NULL, named, ") ) Z 0 0");
	pthread_create(&thread, NULL, named, "\n\n");
	pthread_create(&thread, NULL, named, "\xff\xfe\\n");
	pthread_barrier_wait(&all_up);
	ready();
	wait_forever();
}
