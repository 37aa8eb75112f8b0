/*
 * tdbench TASKS ROUNDS: with so many sleeping processes, the best time of each way to know BASE and CRED of all, and STAT of all:
 * from the files of /proc, unparsed and parsed, and from /proc/task-diag.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static char buffer[1 << 18];
static unsigned long sink;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

/* All numbers of stat after the name, which may hold anything but ends at the last parenthesis. */
static void parse_stat(void)
{
	char *at = strrchr(buffer, ')');

	if (!at || at[1] != ' ')
		return;
	sink += at[2];
	for (at += 3; *at && *at != '\n'; )
		sink += strtoul(at, &at, 10);
}

/* What BASE and CRED need of status. */
static void parse_status(void)
{
	static const char *const keys[] = {
		"\nTgid:", "\nPid:", "\nPPid:", "\nTracerPid:", "\nUid:", "\nGid:", "\nCapInh:", "\nCapPrm:", "\nCapEff:", "\nCapBnd:",
	};
	char *at = buffer;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		char *found = strstr(at, keys[i]);

		if (!found)
			continue;
		at = found + strlen(keys[i]);
		for (int n = i == 4 || i == 5 ? 4 : 1; n > 0; n--)
			sink += strtoull(at, &at, i < 6 ? 10 : 16);
	}
}

static int files(int status, int parse)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	char path[300];
	int count = 0;

	while ((entry = readdir(proc))) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		count++;
		for (int i = 0; i <= status; i++) {
			snprintf(path, sizeof(path), "/proc/%s/%s", entry->d_name, i ? "status" : "stat");
			int file = open(path, O_RDONLY);
			ssize_t got = file < 0 ? -1 : read(file, buffer, 4095);

			if (file >= 0)
				close(file);
			if (got < 0)
				continue;
			buffer[got] = 0;
			sink += (unsigned long)got;
			if (parse && i)
				parse_status();
			else if (parse)
				parse_stat();
		}
	}
	closedir(proc);
	return count;
}

static int diag(uint64_t show)
{
	static int file = -1;
	struct { uint32_t length; uint16_t type, flags; uint32_t sequence, port; uint64_t show, strategy; uint32_t pid, pad; }
		request = { .length = 40, .show = show };
	ssize_t got;
	int count = 0;

	if (file < 0)
		file = open("/proc/task-diag", O_RDWR);
	if (file < 0 || write(file, &request, 40) != 40)
		exit(1);
	while ((got = read(file, buffer, sizeof(buffer))) > 0) {
		for (ssize_t at = 0; at < got; count++) {
			uint32_t length;

			memcpy(&length, buffer + at, 4);
			for (uint32_t i = 28; i < length; i += 4)	/* every field is looked at */
				sink += *(uint32_t *)(buffer + at + i);
			at += length;
		}
	}
	return count;
}

int main(int argc, char **argv)
{
	static const struct { const char *name; int files, parse; uint64_t show; } ways[] = {
		{ "stat and status, unparsed", 1, 0, 0 }, { "stat and status, parsed", 1, 1, 0 }, { "task-diag BASE+CRED", 0, 0, 3 },
		{ "stat, unparsed", 0, 0, 0 }, { "stat, parsed", 0, 1, 0 }, { "task-diag STAT", 0, 0, 16 }, { "task-diag BASE+STAT", 0, 0, 17 },
	};
	int tasks = argc > 2 ? atoi(argv[1]) : 2000, rounds = argc > 2 ? atoi(argv[2]) : 10;

	for (int i = 0; i < tasks; i++) {
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			pause();
			_exit(0);
		}
	}
	sleep(2);
	for (size_t way = 0; way < sizeof(ways) / sizeof(ways[0]); way++) {
		double best = 1e9;
		int count = 0;

		for (int i = 0; i < rounds; i++) {
			double begin = now(), took;

			count = ways[way].show ? diag(ways[way].show) : files(ways[way].files, ways[way].parse);
			took = now() - begin;
			best = took < best ? took : best;
		}
		printf("%-26s %6d tasks %8.2f ms\n", ways[way].name, count, best);
		fflush(stdout);
	}
	return sink == 42;
}
