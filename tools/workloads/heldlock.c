/*
 * heldlock FILE: holds its own mmap lock for ever: one thread reads a page of its memory whose file never answers (FUSE, mounted
 * over FILE in a mount namespace of its own), another waits to change a mapping, and whoever wants to read the memory map waits
 * behind it, in a sleep that only SIGKILL ends. Says "ready PID" when that is so. As root.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "workload.h"

#define LENGTH (1 << 20)

static void *page;
static volatile int *asked; /* whether the file's content was asked for; shared with the server */
static volatile int go;
static volatile int started; /* the id of the thread that started last */

/* Answers everything but READ. The mount's root is the file itself, so there is nothing to look up. */
static void serve(int device)
{
	static char request[300000];

	for (;;) {
		struct fuse_in_header *in = (void *)request;
		struct {
			struct fuse_out_header header;
			union {
				struct fuse_init_out init;
				struct fuse_attr_out attr;
				struct fuse_open_out open;
			};
		} out = { .header = { .len = sizeof(out.header) } };

		if (read(device, request, sizeof(request)) <= 0) {
			if (errno == EINTR || errno == ENOENT)
				continue;
			_exit(0);
		}
		out.header.unique = in->unique;
		switch (in->opcode) {
		case FUSE_INIT:
			out.init = (struct fuse_init_out){ .major = 7, .minor = 31, .max_write = 65536 };
			out.header.len += sizeof(out.init);
			break;
		case FUSE_GETATTR:
			out.attr = (struct fuse_attr_out){ .attr_valid = 1000, .attr = { .ino = 1, .nlink = 1, .mode = S_IFREG | 0644, .size = LENGTH } };
			out.header.len += sizeof(out.attr);
			break;
		case FUSE_OPEN:
			out.open = (struct fuse_open_out){ .fh = 1 };
			out.header.len += sizeof(out.open);
			break;
		case FUSE_READ:
			*asked = 1;
			continue;
		case FUSE_INTERRUPT:
		case FUSE_FORGET:
			continue;
		default:
			out.header.error = -ENOSYS;
		}
		if (write(device, &out, out.header.len) < 0 && errno != ENOENT)
			_exit(1);
	}
}

/* A read through /proc/self/mem keeps the lock while it waits for the page; a plain access would let go of it. */
static void *reader(void *unused)
{
	char byte;
	int memory = open("/proc/self/mem", O_RDONLY);

	started = gettid();
	if (memory < 0 || pread(memory, &byte, 1, (off_t)page) < 0)
		die("/proc/self/mem");
	return unused;
}

static void *writer(void *unused)
{
	started = gettid();
	while (!go)
		usleep(1000);
	for (;;)
		munmap(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096);
	return unused;
}

/* Waits until a thread of this process is in an uninterruptible sleep. */
static void wait_for_sleep(int tid)
{
	char path[64], text[512] = "";

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	for (;;) {
		int fd = open(path, O_RDONLY);

		if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
			die(path);
		close(fd);
		if (!strncmp(strrchr(text, ')'), ") D", 3))
			return;
		usleep(1000);
	}
}

/* Starts a thread and gives its id. */
static int start(void *(*run)(void *))
{
	pthread_t thread;

	started = 0;
	if (pthread_create(&thread, NULL, run, NULL))
		die("pthread_create");
	while (!started)
		usleep(1000);
	return started;
}

int main(int argc, char **argv)
{
	static char output[64];
	struct stat known;
	char options[100];
	int device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	int file, changing;

	if (argc != 2)
		return 2;
	limit_lifetime();
	if (device < 0 || unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		die("/dev/fuse, unshare");
	snprintf(options, sizeof(options), "fd=%d,rootmode=100644,user_id=0,group_id=0", device);
	if (mount("heldlock", argv[1], "fuse", MS_NOSUID | MS_NODEV, options))
		die("mount");
	asked = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (asked == MAP_FAILED)
		die("mmap");
	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(device);
	}
	close(device);
	file = open(argv[1], O_RDONLY);
	if (file < 0 || fstat(file, &known)) /* the kernel must have asked for its length */
		die(argv[1]);
	page = mmap(NULL, LENGTH, PROT_READ, MAP_PRIVATE, file, 0);
	if (page == MAP_FAILED)
		die("mmap");
	/* Nothing that takes memory may come after the reader: it would have to wait like the writer. */
	setvbuf(stdout, output, _IOFBF, sizeof(output));
	changing = start(writer);
	start(reader);
	while (!*asked)
		usleep(1000);
	go = 1;
	wait_for_sleep(changing);
	ready();
	wait_forever();
}
