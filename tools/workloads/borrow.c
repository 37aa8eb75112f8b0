/*
 * borrow socket | borrow lease FILE | borrow sparse: maps what must not be read, and says at every line of input what is
 * left of it: the unread bytes of a mapped TCP socket; whether the write lease on a mapped file is held; nothing of interest
 * for shared memory and a memfd that were never written.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include "workload.h"

static int mapped_socket(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int sender = socket(AF_INET, SOCK_STREAM, 0);
	int unread = 0, receiver;

	if (bind(listener, (void *)&address, length) || listen(listener, 1) || getsockname(listener, (void *)&address, &length)
	    || connect(sender, (void *)&address, length))
		die("connect");
	receiver = accept(listener, NULL, NULL);
	if (receiver < 0 || write(sender, "0123456789abcdef", 16) != 16)
		die("accept");
	while (unread < 16)
		if (ioctl(receiver, FIONREAD, &unread))
			die("FIONREAD");
	if (mmap(NULL, 4096, PROT_READ, MAP_SHARED, receiver, 0) == MAP_FAILED)
		die("mmap of a socket");
	return receiver;
}

static int leased_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0700);

	if (fd < 0 || ftruncate(fd, 8192) || mmap(NULL, 8192, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) == MAP_FAILED)
		die(path);
	if (fcntl(fd, F_SETLEASE, F_WRLCK))
		die("F_SETLEASE");
	return fd;
}

static int untouched_memory(void)
{
	int fd = memfd_create("sparse", 0);

	if (ftruncate(fd, 65536) || mmap(NULL, 65536, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED
	    || mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
		die("mmap");
	return fd;
}

int main(int argc, char **argv)
{
	int is_socket = argc == 2 && !strcmp(argv[1], "socket");
	int fd = is_socket ? mapped_socket() : argc == 3 ? leased_file(argv[2]) : untouched_memory();
	char line[100];

	limit_lifetime();
	ready();
	while (fgets(line, sizeof(line), stdin)) {
		int left = 0;

		if (is_socket && ioctl(fd, FIONREAD, &left))
			die("FIONREAD");
		if (!is_socket)
			left = fcntl(fd, F_GETLEASE) == F_WRLCK;
		printf("left %d\n", left);
		fflush(stdout);
	}
	wait_forever();
}
