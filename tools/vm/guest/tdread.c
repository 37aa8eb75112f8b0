/*
 * tdread BUFFER SHOW STRATEGY PID [READS]: a client of /proc/task-diag that shares nothing with the program under test. Checks the
 * framing, and prints tasks, messages and attributes of a kind that came. With READS it leaves after so many.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct request {
	uint32_t length;
	uint16_t type, flags;
	uint32_t sequence, port;
	uint64_t show, strategy;
	uint32_t pid, pad;
};

static void fail(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

static uint32_t u32(const unsigned char *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static uint16_t u16(const unsigned char *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

int main(int argc, char **argv)
{
	size_t size = argc > 4 ? strtoul(argv[1], 0, 0) : 0;
	int reads = argc > 5 ? atoi(argv[5]) : -1, file = open("/proc/task-diag", O_RDWR);
	struct request request = { .length = 40, .sequence = 77 };
	unsigned char *buffer = malloc(size);
	unsigned long tasks = 0, messages = 0, kinds[64] = { 0 };
	uint32_t pid = 0, continued = 0;
	ssize_t got;

	if (!size || !buffer || file < 0)
		fail("open");
	request.show = strtoull(argv[2], 0, 0);
	request.strategy = strtoull(argv[3], 0, 0);
	request.pid = strtoul(argv[4], 0, 0);
	if (write(file, &request, sizeof(request)) != sizeof(request))
		fail("write");
	if (write(file, &request, sizeof(request)) >= 0 || errno != EBUSY)
		fail("second write");
	while (reads-- != 0 && (got = read(file, buffer, size)) != 0) {
		if (got < 0)
			fail("read");
		for (ssize_t at = 0; at < got; messages++) {
			uint32_t length = u32(buffer + at), used = 28;

			if (length < 28 || length > got - at || u16(buffer + at + 4) != 0xd101 || u32(buffer + at + 8) != 77)
				return printf("a bad message at %zd\n", at), 1;
			if (continued && u32(buffer + at + 16) != pid)
				return printf("task %u does not end\n", pid), 1;
			pid = u32(buffer + at + 16);
			continued = u32(buffer + at + 24) & 1;
			tasks += !continued;
			while (used < length) {
				uint16_t part = u16(buffer + at + used), kind = u16(buffer + at + used + 2);

				if (part < 4 || part > length - used || kind > 63)
					return printf("a bad attribute of task %u\n", pid), 1;
				kinds[kind]++;
				used += (part + 3) & ~3;
			}
			at += (length + 3) & ~3;
		}
	}
	if (continued && argc < 6)
		return printf("task %u does not end\n", pid), 1;
	printf("%lu tasks, attributes", tasks);
	for (int i = 0; i < 64; i++)
		if (kinds[i] && i != 2 && i != 6 && i != 42)	/* lists come in as many parts as the buffer makes of them */
			printf(" %d:%lu", i, kinds[i]);
	printf("\n");
	return 0;
}
