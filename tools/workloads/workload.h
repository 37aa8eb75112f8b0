/* What all workloads share: they say "ready PID" when they are as they will stay, and never outlive a forgetful test. */
#ifndef CKPT_WORKLOAD_H
#define CKPT_WORKLOAD_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void die(const char *what)
{
	perror(what);
	_exit(1);
}

static inline void ready(void)
{
	printf("ready %d\n", (int)getpid());
	fflush(stdout);
}

/* SIGALRM ends the process: a test that was killed itself leaves nothing running for long. */
static inline void limit_lifetime(void)
{
	alarm(600);
}

static inline void wait_forever(void)
{
	for (;;)
		pause();
}

#endif
