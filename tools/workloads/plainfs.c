/*
 * plainfs MOUNTPOINT [norename2]: a FUSE file system in memory, one folder, that knows neither hard links nor unnamed files, as
 * many network and removable ones do; with norename2 not even a rename that refuses to replace. Says "ready PID" when it is
 * mounted, and serves until it is killed. To be run in a mount namespace of its own, as root.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "workload.h"

#define MAX_FILES 64
#define FIRST_FILE 2 /* node 1 is the folder */

struct file {
	char name[256]; /* "" = unlinked */
	char *data;
	size_t size;
	mode_t mode;
};

static struct file files[MAX_FILES];
static int file_count;
static int device;

static void reply(unsigned long unique, int error, const void *data, size_t length)
{
	static char message[200000];
	struct fuse_out_header *header = (void *)message;

	*header = (struct fuse_out_header){ .len = sizeof(*header) + length, .error = error, .unique = unique };
	if (length)
		memcpy(message + sizeof(*header), data, length);
	if (write(device, message, header->len) < 0 && errno != ENOENT)
		die("write /dev/fuse");
}

static struct fuse_attr attributes(unsigned long node)
{
	struct fuse_attr attr = { .ino = node, .nlink = 1, .blksize = 4096 };

	if (node < FIRST_FILE) {
		attr.mode = S_IFDIR | 0755;
	} else {
		attr.mode = S_IFREG | files[node - FIRST_FILE].mode;
		attr.size = files[node - FIRST_FILE].size;
	}
	return attr;
}

static unsigned long find(const char *name)
{
	for (int i = 0; i < file_count; i++)
		if (!strcmp(files[i].name, name))
			return i + FIRST_FILE;
	return 0;
}

static void set_name(struct file *file, const char *name)
{
	memcpy(file->name, name, strnlen(name, sizeof(file->name) - 1) + 1);
}

static void reply_entry(unsigned long unique, unsigned long node, int opened)
{
	struct {
		struct fuse_entry_out entry;
		struct fuse_open_out open;
	} out = { .entry = { .nodeid = node, .attr = attributes(node) } };

	reply(unique, 0, &out, opened ? sizeof(out) : sizeof(out.entry));
}

static void make(const struct fuse_in_header *in, const struct fuse_create_in *how)
{
	struct file *file = &files[file_count];

	if (file_count == MAX_FILES) {
		reply(in->unique, -ENOSPC, NULL, 0);
		return;
	}
	set_name(file, (const char *)(how + 1));
	file->mode = how->mode & ~how->umask & 07777;
	reply_entry(in->unique, FIRST_FILE + file_count++, 1);
}

static void rename_to(const struct fuse_in_header *in, const char *from, unsigned int flags)
{
	const char *to = from + strlen(from) + 1;
	unsigned long old = find(from), taken = find(to);

	if (!old || (taken && (flags & 1))) {
		reply(in->unique, old ? -EEXIST : -ENOENT, NULL, 0);
		return;
	}
	if (taken)
		files[taken - FIRST_FILE].name[0] = 0;
	set_name(&files[old - FIRST_FILE], to);
	reply(in->unique, 0, NULL, 0);
}

static void write_to(const struct fuse_in_header *in, const struct fuse_write_in *what)
{
	struct file *file = &files[in->nodeid - FIRST_FILE];
	struct fuse_write_out out = { .size = what->size };
	size_t end = what->offset + what->size;

	if (end > file->size) {
		file->data = realloc(file->data, end);
		if (!file->data)
			die("realloc");
		file->size = end;
	}
	memcpy(file->data + what->offset, what + 1, what->size);
	reply(in->unique, 0, &out, sizeof(out));
}

static void read_from(const struct fuse_in_header *in, const struct fuse_read_in *what)
{
	struct file *file = &files[in->nodeid - FIRST_FILE];
	size_t left = what->offset < file->size ? file->size - what->offset : 0;

	reply(in->unique, 0, file->data + what->offset, left < what->size ? left : what->size);
}

static void list(const struct fuse_in_header *in, const struct fuse_read_in *what)
{
	static char names[MAX_FILES * 288];
	size_t length = 0;

	for (int i = what->offset; i < file_count; i++) {
		struct fuse_dirent *entry = (void *)(names + length);

		if (!files[i].name[0])
			continue;
		*entry = (struct fuse_dirent){ .ino = i + FIRST_FILE, .off = i + 1, .namelen = strlen(files[i].name) };
		if (length + FUSE_DIRENT_SIZE(entry) > what->size)
			break;
		memcpy(entry->name, files[i].name, entry->namelen);
		length += FUSE_DIRENT_SIZE(entry);
	}
	reply(in->unique, 0, names, length);
}

static void serve(const struct fuse_in_header *in, int knows_rename2)
{
	const void *body = in + 1;
	unsigned long node;

	switch (in->opcode) {
	case FUSE_INIT: {
		struct fuse_init_out out = { .major = 7, .minor = 31, .max_write = 65536, .flags = 0 };

		reply(in->unique, 0, &out, sizeof(out));
		break;
	}
	case FUSE_LOOKUP:
		node = find(body);
		if (node)
			reply_entry(in->unique, node, 0);
		else
			reply(in->unique, -ENOENT, NULL, 0);
		break;
	case FUSE_SETATTR:
		if (((const struct fuse_setattr_in *)body)->valid & FATTR_MODE)
			files[in->nodeid - FIRST_FILE].mode = ((const struct fuse_setattr_in *)body)->mode & 07777;
		/* fall through */
	case FUSE_GETATTR: {
		struct fuse_attr_out out = { .attr = attributes(in->nodeid) };

		reply(in->unique, 0, &out, sizeof(out));
		break;
	}
	case FUSE_CREATE:
		make(in, body);
		break;
	case FUSE_OPEN:
	case FUSE_OPENDIR: {
		struct fuse_open_out out = { .fh = 1 };

		reply(in->unique, 0, &out, sizeof(out));
		break;
	}
	case FUSE_READ:
		read_from(in, body);
		break;
	case FUSE_WRITE:
		write_to(in, body);
		break;
	case FUSE_READDIR:
		list(in, body);
		break;
	case FUSE_UNLINK:
		node = find(body);
		if (node)
			files[node - FIRST_FILE].name[0] = 0;
		reply(in->unique, node ? 0 : -ENOENT, NULL, 0);
		break;
	case FUSE_RENAME:
		rename_to(in, (const char *)body + sizeof(struct fuse_rename_in), 0);
		break;
	case FUSE_RENAME2:
		if (knows_rename2)
			rename_to(in, (const char *)body + sizeof(struct fuse_rename2_in), ((const struct fuse_rename2_in *)body)->flags);
		else
			reply(in->unique, -ENOSYS, NULL, 0);
		break;
	case FUSE_LINK:
		reply(in->unique, -EPERM, NULL, 0);
		break;
	case FUSE_FLUSH:
	case FUSE_FSYNC:
	case FUSE_FSYNCDIR:
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
	case FUSE_ACCESS:
		reply(in->unique, 0, NULL, 0);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break;
	default:
		reply(in->unique, -ENOSYS, NULL, 0);
	}
}

int main(int argc, char **argv)
{
	static char request[300000];
	char options[100];

	if (argc < 2)
		return 2;
	limit_lifetime();
	device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (device < 0)
		die("/dev/fuse");
	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", device);
	if (mount("plainfs", argv[1], "fuse", MS_NOSUID | MS_NODEV, options))
		die("mount");
	ready();
	for (;;) {
		ssize_t length = read(device, request, sizeof(request));

		if (length > 0)
			serve((void *)request, argc < 3);
		else if (errno != EINTR && errno != ENOENT)
			return 0;
	}
}
