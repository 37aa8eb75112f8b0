/*
 * readproc FILE...: what reading costs without any parsing. For each line on standard input: for each process in /proc,
 * opens, reads and closes each FILE of it by its path, then prints "PROCESSES NANOSECONDS CPU-NANOSECONDS".
 *
 * Some names are not files: "." as the first one opens the process's directory, and the files are opened below it;
 * "pidfd" asks PIDFD_GET_INFO (pidfd_open, ioctl, close) and "capget" asks capget(2), which together tell everything of
 * task_diag's CRED but the bounding set; "procmap" asks PROCMAP_QUERY for all VMAs and their names, "procmap-names" asks names
 * only where they cannot be known from another VMA; "maps-whole" reads text maps to its end, not just its first 4 KiB.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* struct pidfd_info of linux/pidfd.h (6.13), which older headers lack. */
struct info {
	uint64_t mask, cgroupid;
	uint32_t pid, tgid, ppid, ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
	int32_t exit_code;
};
#define GET_INFO _IOWR(0xFF, 11, struct info)

static void ask_pidfd(int pid)
{
	struct info info = { .mask = 3 };
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (fd >= 0) {
		if (ioctl(fd, GET_INFO, &info) != 0) {
			perror("PIDFD_GET_INFO");
			exit(1);
		}
		close(fd);
	}
}

static void ask_capabilities(int pid)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3, .pid = pid };
	struct __user_cap_data_struct data[2];

	syscall(SYS_capget, &head, data);
}

/* struct procmap_query of linux/fs.h (6.11), which older headers lack. */
struct query {
	uint64_t size, flags, addr, start, end, vma_flags, page_size, offset, inode;
	uint32_t major, minor, name_size, build_id_size;
	uint64_t name, build_id;
};
#define PROCMAP_QUERY _IOWR('f', 17, struct query)

static int ask_vma(int fd, struct query *query, uint64_t addr, uint64_t flags, void *name)
{
	static char room[8192];

	query->size = sizeof(*query);
	query->flags = flags;
	query->addr = addr;
	query->name_size = name ? sizeof(room) : 0;
	query->name = name ? (uint64_t)(uintptr_t)room : 0;
	return ioctl(fd, PROCMAP_QUERY, query);
}

/* All VMAs of a process, with their names; or with names only of what has no inode, and of each file's first VMA. */
static void ask_vmas(const char *path, int names_where_needed)
{
	struct query query = { 0 };
	uint64_t known[64] = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	while (ask_vma(fd, &query, query.end, 16, names_where_needed ? NULL : known) == 0) {
		if (names_where_needed && (query.inode == 0 || known[query.inode % 64] != query.inode)) {
			known[query.inode % 64] = query.inode;
			ask_vma(fd, &query, query.start, 0, known);
		}
	}
	close(fd);
}

/* "/proc/PID/FILE" without printf, which would cost more than needed. */
static const char *path_of(const char *pid, const char *file)
{
	static char path[300] = "/proc/";
	char *end = stpcpy(path + 6, pid);

	*end++ = '/';
	stpcpy(end, file);
	return path;
}

static void read_file(int directory, const char *path)
{
	static char buffer[4096];
	int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (read(fd, buffer, sizeof(buffer)) < 0)
			buffer[0] = 0;
		close(fd);
	}
}

static void read_whole(const char *path)
{
	static char buffer[64 * 1024];
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		while (read(fd, buffer, sizeof(buffer)) > 0)
			;
		close(fd);
	}
}

static long sweep(char **files)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	long count = 0;

	if (proc == NULL) {
		perror("/proc");
		exit(1);
	}
	while ((entry = readdir(proc)) != NULL) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		int directory = -1;

		count++;
		for (char **file = files; *file != NULL; file++) {
			if (strcmp(*file, "pidfd") == 0)
				ask_pidfd(atoi(entry->d_name));
			else if (strcmp(*file, "capget") == 0)
				ask_capabilities(atoi(entry->d_name));
			else if (strcmp(*file, "procmap") == 0)
				ask_vmas(path_of(entry->d_name, "maps"), 0);
			else if (strcmp(*file, "procmap-names") == 0)
				ask_vmas(path_of(entry->d_name, "maps"), 1);
			else if (strcmp(*file, "maps-whole") == 0)
				read_whole(path_of(entry->d_name, "maps"));
			else if (strcmp(*file, ".") == 0)
				directory = open(path_of(entry->d_name, ""), O_PATH | O_DIRECTORY | O_CLOEXEC);
			else if (directory >= 0)
				read_file(directory, *file);
			else
				read_file(AT_FDCWD, path_of(entry->d_name, *file));
		}
		if (directory >= 0)
			close(directory);
	}
	closedir(proc);
	return count;
}

static long long now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000ll + time.tv_nsec;
}

int main(int argc, char **argv)
{
	char line[80];

	(void)argc;
	while (fgets(line, sizeof(line), stdin) != NULL) {
		long long cpu = now(CLOCK_THREAD_CPUTIME_ID), start = now(CLOCK_MONOTONIC);
		long count = sweep(argv + 1);

		printf("%ld %lld %lld\n", count, now(CLOCK_MONOTONIC) - start, now(CLOCK_THREAD_CPUTIME_ID) - cpu);
		fflush(stdout);
	}
	return 0;
}
