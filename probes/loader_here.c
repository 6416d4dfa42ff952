/* loader_here.c: from which namespaces do we look at the machine?
 *
 * The kernel's programs count in the machine's own pids and clocks. /proc, and everybody who reads our facts, counts in
 * those of our namespaces. */
#include "inside.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void time_offsets(struct here *here)
{
	FILE *offsets = fopen("/proc/self/timens_offsets", "re");
	long long seconds, nanoseconds;
	char clock[16];

	if (!offsets)
		return;
	while (fscanf(offsets, "%15s %lld %lld", clock, &seconds, &nanoseconds) == 3) {
		int64_t ns = seconds * 1000000000 + nanoseconds;

		if (strcmp(clock, "monotonic") == 0)
			here->monotonic_ns = ns;
		else if (strcmp(clock, "boottime") == 0)
			here->boot_ns = ns;
	}
	fclose(offsets);
}

void here_find(struct here *here)
{
	enum { MACHINE_S_OWN = 0xEFFFFFFCu }; /* the inode that this namespace has on every machine */
	struct stat namespace;

	*here = (struct here){ .tick_ns = 1000000000 / sysconf(_SC_CLK_TCK) };
	if (stat("/proc/self/ns/pid", &namespace) == 0 && namespace.st_ino != MACHINE_S_OWN)
		here->pid_namespace = namespace.st_ino;
	time_offsets(here);
}
