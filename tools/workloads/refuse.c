/*
 * refuse: runs a program to which the kernel refuses some system calls, as a container's profile or an older kernel would.
 *
 *   refuse RULE... -- PROGRAM ARGUMENT...
 *
 * RULE is CALL:ERRNO, or CALL:ERRNO:N=VALUE to refuse only where argument N (from 0) has that value (its low 32 bits).
 * All are numbers, in C's notation.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define MAX_RULES 16

static struct sock_filter code[5 * MAX_RULES + 1];
static unsigned short length;

static void add(unsigned short op, unsigned char jt, unsigned char jf, unsigned int k)
{
	code[length++] = (struct sock_filter){ op, jt, jf, k };
}

static void add_rule(const char *rule)
{
	unsigned int call, number, value = 0, argument = 0;
	int fields = sscanf(rule, "%i:%i:%i=%i", (int *)&call, (int *)&number, (int *)&argument, (int *)&value);

	if ((fields != 2 && fields != 4) || argument > 5) {
		fprintf(stderr, "refuse: bad rule %s\n", rule);
		exit(2);
	}
	/* A rule that does not match goes on behind itself. */
	add(BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr));
	add(BPF_JMP | BPF_JEQ | BPF_K, 0, fields == 4 ? 3 : 1, call);
	if (fields == 4) {
		add(BPF_LD | BPF_W | BPF_ABS, 0, 0, (unsigned int)(offsetof(struct seccomp_data, args) + 8 * argument));
		add(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, value);
	}
	add(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | (number & SECCOMP_RET_DATA));
}

int main(int argc, char **argv)
{
	struct sock_fprog program = { 0, code };
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (i > MAX_RULES)
			return 2;
		add_rule(argv[i]);
	}
	if (i + 1 >= argc)
		return 2;
	add(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
	program.len = length;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
		perror("refuse");
		return 2;
	}
	execv(argv[i + 1], argv + i + 1);
	perror(argv[i + 1]);
	return 2;
}
