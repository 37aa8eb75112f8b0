/*
 * silent DIR map|lock|cwd: an ordinary user mounts FUSE on DIR, as fusermount3 lets everybody do, with a server that never
 * answers a READ. map: maps the file there. lock: a thread reads the mapping through /proc/self/mem, and so holds the lock
 * of its address space for ever; another waits to change the mappings, so that nobody else gets the lock. cwd: the server
 * answers nothing any more, and the working directory is there. As root; in a mount namespace of its own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/fuse.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include "workload.h"

#define NOBODY 65534

static volatile int *mute;

static void answer(int fd, unsigned long id, int error, const void *data, size_t length)
{
	char message[4096];
	struct fuse_out_header head = { .len = sizeof(head) + length, .error = error, .unique = id };

	memcpy(message, &head, sizeof(head));
	if (length)
		memcpy(message + sizeof(head), data, length);
	if (write(fd, message, head.len) < 0 && errno != ENOENT)
		die("answer");
}

static struct fuse_attr attributes(unsigned long inode)
{
	return (struct fuse_attr){
		.ino = inode, .nlink = 1, .blksize = 4096, .size = inode == FUSE_ROOT_ID ? 0 : 1 << 20,
		.mode = inode == FUSE_ROOT_ID ? S_IFDIR | 0755 : S_IFREG | 0755,
	};
}

static void serve(int fd)
{
	static char message[1 << 18];
	struct fuse_in_header *in = (void *)message;

	while (read(fd, message, sizeof(message)) > 0) {
		struct fuse_init_out init = { .major = 7, .minor = 31, .max_write = 65536 };
		struct fuse_entry_out entry = { .nodeid = 2, .attr = attributes(2) };
		struct fuse_attr_out attr = { .attr = attributes(in->nodeid) };
		struct fuse_open_out open = { .fh = 1 };

		if (*mute)
			continue;
		switch (in->opcode) {
		case FUSE_INIT: answer(fd, in->unique, 0, &init, sizeof(init)); break;
		case FUSE_LOOKUP: answer(fd, in->unique, 0, &entry, sizeof(entry)); break;
		case FUSE_GETATTR: answer(fd, in->unique, 0, &attr, sizeof(attr)); break;
		case FUSE_OPEN: case FUSE_OPENDIR: answer(fd, in->unique, 0, &open, sizeof(open)); break;
		case FUSE_READ: case FUSE_FORGET: case FUSE_BATCH_FORGET: case FUSE_INTERRUPT: break;
		case FUSE_RELEASE: case FUSE_RELEASEDIR: case FUSE_FLUSH: case FUSE_ACCESS: answer(fd, in->unique, 0, NULL, 0); break;
		default: answer(fd, in->unique, -ENOSYS, NULL, 0);
		}
	}
	_exit(0);
}

static void mount_on(const char *dir)
{
	char options[100];
	int fd = open("/dev/fuse", O_RDWR);

	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=%d,group_id=%d", fd, NOBODY, NOBODY);
	if (fd < 0 || unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL)
	    || mount("fuse", dir, "fuse", MS_NOSUID | MS_NODEV, options))
		die("mount");
	mute = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(fd);
	}
	close(fd);
}

static volatile int tids[2], go;

static void *reader(void *page)
{
	char byte;
	int memory = open("/proc/self/mem", O_RDONLY);

	tids[0] = (int)syscall(SYS_gettid);
	return (void *)(long)pread(memory, &byte, 1, (off_t)page);
}

static void *writer(void *page)
{
	(void)page;
	while (!go)
		usleep(1000);
	tids[1] = (int)syscall(SYS_gettid);
	for (;;)
		munmap(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096);
	return NULL;
}

/* Until the thread sleeps in a system call; "running" if it does not. */
static void wait_until_blocked(volatile int *tid, long call)
{
	char path[64], text[256];

	for (int tries = 0; tries < 10000; tries++) {
		ssize_t length;
		int fd;

		usleep(1000);
		if (!*tid)
			continue;
		snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", *tid);
		fd = open(path, O_RDONLY);
		length = read(fd, text, sizeof(text) - 1);
		close(fd);
		text[length > 0 ? length : 0] = 0;
		if (length > 0 && (strtol(text, NULL, 10) == call) && text[0] != 'r')
			return;
	}
	die("a thread that should block does not");
}

int main(int argc, char **argv)
{
	char path[4096];
	pthread_t thread;
	void *page;
	int file;

	limit_lifetime();
	if (argc != 3)
		return 2;
	mount_on(argv[1]);
	if (setgroups(0, NULL) || setgid(NOBODY) || setuid(NOBODY) || prctl(PR_SET_DUMPABLE, 1))
		die("setuid");
	snprintf(path, sizeof(path), "%s/file", argv[1]);
	file = open(path, O_RDONLY);
	page = mmap(NULL, 1 << 16, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0);
	if (file < 0 || page == MAP_FAILED)
		die(path);
	if (!strcmp(argv[2], "lock")) {
		/* From the moment on that the lock is held nothing here may need it: no new stack, no new buffer. */
		static char line[100];

		setvbuf(stdout, line, _IOLBF, sizeof(line));
		pthread_create(&thread, NULL, writer, NULL);
		pthread_create(&thread, NULL, reader, page);
		wait_until_blocked(&tids[0], SYS_pread64);
		go = 1;
		wait_until_blocked(&tids[1], SYS_mmap);
	}
	if (!strcmp(argv[2], "cwd")) {
		if (chdir(argv[1]))
			die("chdir");
		*mute = 1;
	}
	ready();
	wait_forever();
}
