/* loader_here.c: from which namespaces do we look at the machine?
 *
 * The kernel's programs count in the machine's own pids and clocks. /proc, and everybody who reads our facts, counts in
 * those of our namespaces. */
#include "inside.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* NSpid lists our pid in each namespace from the one that /proc belongs to inwards. What lies further out we cannot see
 * from here; the level counts from the machine's own, and where we cannot look that far the namespace's inode helps. */
static uint32_t pid_level(void)
{
	FILE *status = fopen("/proc/self/status", "re");
	char line[256];
	uint32_t level = 0;

	if (!status)
		return 0;
	while (fgets(line, sizeof(line), status)) {
		if (strncmp(line, "NSpid:", 6) != 0)
			continue;
		for (char *at = strtok(line + 6, " \t\n"); at; at = strtok(NULL, " \t\n"))
			level++;
	}
	fclose(status);
	return level ? level - 1 : 0;
}

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
	struct stat namespace;

	*here = (struct here){ .level = pid_level(), .tick_ns = 1000000000 / sysconf(_SC_CLK_TCK) };
	if (stat("/proc/self/ns/pid", &namespace) == 0)
		here->pid_namespace = namespace.st_ino;
	time_offsets(here);
}
