/* vmas FOLDER: a process with every kind of mapping that a test can make; what this kernel refuses is left out. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include "workload.h"

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#define PR_SET_VMA_ANON_NAME 0
#endif

#ifndef PROT_BTI
#define PROT_BTI 0x10
#endif
#ifndef PROT_MTE
#define PROT_MTE 0x20
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif
#ifndef MAP_DROPPABLE
#define MAP_DROPPABLE 0x08
#endif

static size_t page;

static char *map(size_t pages, int protection, int flags, int fd)
{
	char *area = mmap(NULL, pages * page, protection, flags, fd, 0);

	return area == MAP_FAILED ? NULL : area;
}

static char *anonymous(size_t pages)
{
	/* A hole on either side keeps neighbours from merging. */
	char *area = map(pages + 2, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	if (!area || mprotect(area + page, pages * page, PROT_READ | PROT_WRITE) != 0)
		die("anonymous");
	memset(area + page, 1, pages * page);
	return area + page;
}

static void advise(int advice)
{
	(void)madvise(anonymous(4), 4 * page, advice);
}

static void files(const char *folder)
{
	char path[4096];
	int fd, i;

	if (chdir(folder) != 0)
		die("chdir");
	for (i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "mapped-%d", i);
		fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
		if (fd < 0 || ftruncate(fd, (off_t)(4 * page)) != 0)
			die("file");
		if (i == 0) /* private, one page written */
			*map(4, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd) = 1;
		if (i == 1) /* shared and dirty */
			*map(4, PROT_READ | PROT_WRITE, MAP_SHARED, fd) = 1;
		if (i == 2) /* deleted */
			(void)(map(4, PROT_READ, MAP_SHARED, fd) && unlink(path) == 0);
		close(fd);
		if (i == 3) { /* shared, but open for reading only */
			fd = open(path, O_RDONLY);
			(void)map(4, PROT_READ, MAP_SHARED, fd);
			close(fd);
		}
	}
}

int main(int argc, char **argv)
{
	char *area;
	int fd;

	page = (size_t)sysconf(_SC_PAGESIZE);
	limit_lifetime();
	files(argc > 1 ? argv[1] : ".");
	fd = memfd_create("named memory", 0);
	if (fd < 0 || ftruncate(fd, (off_t)(8 * page)) != 0)
		die("memfd");
	memset(map(8, PROT_READ | PROT_WRITE, MAP_SHARED, fd), 1, 3 * page);
	memset(map(8, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1), 1, 2 * page);
	(void)mlock(anonymous(4), 4 * page);
	(void)mlock2(anonymous(4), 4 * page, MLOCK_ONFAULT);
	(void)map(16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1);
	(void)map(16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
	(void)map(16, PROT_READ | PROT_WRITE, MAP_DROPPABLE | MAP_ANONYMOUS, -1);
	(void)map(4, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	advise(MADV_DONTFORK);
	advise(MADV_WIPEONFORK);
	advise(MADV_DONTDUMP);
	advise(MADV_SEQUENTIAL);
	advise(MADV_RANDOM);
	advise(MADV_MERGEABLE);
	advise(MADV_NOHUGEPAGE);
	area = anonymous(4);
	(void)madvise(area + page, page, MADV_GUARD_INSTALL);
	/* Two names in one mapping, so two VMAs; and one of shared memory. */
	area = anonymous(4);
	(void)prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, area, 2 * page, "one name");
	(void)prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, area + 2 * page, page, "another (name)");
	area = map(2, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1);
	(void)prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, area, page, "shared");
	area = map(2048, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	if (area && madvise(area, 2048 * page, MADV_HUGEPAGE) == 0)
		memset(area, 1, 2048 * page);
	area = map(512, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1);
	if (area)
		*area = 1;
#ifdef __aarch64__
	(void)map(4, PROT_READ | PROT_EXEC | PROT_BTI, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	(void)map(4, PROT_READ | PROT_WRITE | PROT_MTE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
#endif
	ready();
	wait_forever();
}
