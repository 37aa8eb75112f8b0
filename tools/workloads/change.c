/*
 * change: does to itself what each line of its input says, and answers "done" when it is done:
 *   heap KIB         grows the heap by brk          anon KIB     maps anonymous memory
 *   threads N        starts N more threads          rwx          makes its own code page writable
 *   code             maps executable memory         uid N        becomes another user
 *   drop CAP         drops a capability             raise CAP    makes a permitted one effective
 *   lower CAP        makes it ineffective           nnp          sets NoNewPrivs
 *   open PATH        dlopen                         close        dlclose
 *   exec PATH ARG    executes, with one argument    spawn        forks a child that sleeps
 *   reap             kills and reaps that child     free         unmaps what anon mapped
 *   euid N           becomes another user for now
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <linux/capability.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "workload.h"

static void *library;
static void *area;
static size_t area_size;
static pid_t child;

static void *sleeper(void *arg)
{
	(void)arg;
	prctl(PR_SET_NAME, "extra");
	wait_forever();
	return NULL;
}

static void capability(int number, int effective, int permitted)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];
	uint32_t bit = 1u << (number & 31);

	if (syscall(SYS_capget, &head, data) != 0)
		die("capget");
	if (effective)
		data[number / 32].effective |= bit;
	else
		data[number / 32].effective &= ~bit;
	if (!permitted)
		data[number / 32].permitted &= ~bit;
	if (syscall(SYS_capset, &head, data) != 0)
		die("capset");
}

static void more_threads(int count)
{
	pthread_t thread;

	while (count-- > 0)
		if (pthread_create(&thread, NULL, sleeper, NULL) != 0)
			die("pthread_create");
}

static void heap(size_t bytes)
{
	char *start = sbrk((intptr_t)bytes);

	if (start == (void *)-1)
		die("sbrk");
	memset(start, 1, bytes);
}

static void change(const char *what, const char *first, const char *second)
{
	long number = first ? atol(first) : 0;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *own = (char *)((uintptr_t)change & ~(page - 1));

	if (!strcmp(what, "heap")) {
		heap((size_t)number * 1024);
	} else if (!strcmp(what, "anon")) {
		area_size = (size_t)number * 1024;
		area = mmap(NULL, area_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		memset(area, 1, area_size);
	} else if (!strcmp(what, "free")) {
		munmap(area, area_size);
	} else if (!strcmp(what, "threads")) {
		more_threads((int)number);
	} else if (!strcmp(what, "rwx")) {
		if (mprotect(own, page, PROT_READ | PROT_WRITE | PROT_EXEC) != 0)
			die("mprotect");
	} else if (!strcmp(what, "code")) {
		if (mmap(NULL, page, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
			die("mmap");
	} else if (!strcmp(what, "uid")) {
		if (setresuid((uid_t)number, (uid_t)number, (uid_t)number) != 0)
			die("setresuid");
	} else if (!strcmp(what, "euid")) {
		if (seteuid((uid_t)number) != 0)
			die("seteuid");
	} else if (!strcmp(what, "drop")) {
		capability((int)number, 0, 0);
	} else if (!strcmp(what, "lower")) {
		capability((int)number, 0, 1);
	} else if (!strcmp(what, "raise")) {
		capability((int)number, 1, 1);
	} else if (!strcmp(what, "nnp")) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
			die("no_new_privs");
	} else if (!strcmp(what, "open")) {
		library = dlopen(first, RTLD_NOW);
		if (!library)
			die(dlerror());
	} else if (!strcmp(what, "close")) {
		dlclose(library);
	} else if (!strcmp(what, "exec")) {
		execl(first, first, second, (char *)NULL);
		die(first);
	} else if (!strcmp(what, "spawn")) {
		child = fork();
		if (child == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			wait_forever();
		}
	} else if (!strcmp(what, "reap")) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	} else {
		die(what);
	}
}

int main(void)
{
	char line[4096];

	limit_lifetime();
	ready();
	while (fgets(line, sizeof(line), stdin)) {
		char *what = strtok(line, " \n");
		char *first = strtok(NULL, " \n");

		change(what, first, strtok(NULL, " \n"));
		printf("done %d\n", (int)child);
		fflush(stdout);
	}
	return 0;
}
