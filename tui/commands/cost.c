/* cost.c: what do we cost ourselves? */
#include "commands/cost.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static uint64_t used_ns(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000u +
	       (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000u;
}

static int64_t resident_bytes(void)
{
	long pages = 0;
	FILE *file = fopen("/proc/self/statm", "re");

	if (!file)
		return -1;
	if (fscanf(file, "%*s %ld", &pages) != 1)
		pages = 0;
	fclose(file);
	return pages ? pages * sysconf(_SC_PAGESIZE) : -1;
}

void cost_measure(struct cost *cost, uint64_t now_ns)
{
	if (cost->at_ns && now_ns - cost->at_ns < 1000000000u)
		return;
	uint64_t cpu_ns = used_ns();
	cost->percent = cost->at_ns ? 100.0 * (double)(cpu_ns - cost->cpu_ns) / (double)(now_ns - cost->at_ns) : -1;
	cost->memory = resident_bytes();
	cost->cpu_ns = cpu_ns;
	cost->at_ns = now_ns;
}
