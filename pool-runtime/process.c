/* process.c: is that still the process that it was? Told by /proc alone. */
#include "process.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The first pid namespace has this inode on every kernel (PROC_PID_INIT_INO). From there all processes are seen. */
#define FIRST_PID_NAMESPACE 0xEFFFFFFCu

/* The whole of a small file of /proc, cut to `size`; its length, or -errno. */
static ssize_t read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return -errno;
	length = read(fd, text, size - 1);
	length = length < 0 ? -errno : length;
	close(fd);
	if (length >= 0)
		text[length] = '\0';
	return length;
}

/* 2719 (a name) with ) and spaces) S 1 ...: the name ends at the last parenthesis; state is field 3, start field 22. */
static int parse_stat(const char *text, uint64_t *start, char *state)
{
	const char *field = strrchr(text, ')');
	unsigned long long ticks;
	char letter;

	if (!field || sscanf(field + 1, " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu",
	                     &letter, &ticks) != 2)
		return -EPROTO;
	*start = ticks;
	if (state)
		*state = letter;
	return 0;
}

int process_start_time(pid_t pid, uint64_t *start, char *state)
{
	char path[32], text[1024];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	length = read_file(path, text, sizeof(text));
	return length < 0 ? (int)length : parse_stat(text, start, state);
}

bool process_lives(pid_t pid, uint64_t start)
{
	uint64_t found;
	char state;

	return pid > 0 && process_start_time(pid, &found, &state) == 0 && found == start && state != 'Z' && state != 'X';
}

/* NSpid of /proc/PID/status lists a process's numbers, ours first, its own namespace's last. */
static pid_t innermost_pid(const char *pid)
{
	char path[300], text[4096], *line, *last;

	snprintf(path, sizeof(path), "/proc/%s/status", pid);
	if (read_file(path, text, sizeof(text)) < 0)
		return 0;
	line = strstr(text, "\nNSpid:");
	if (!line)
		return 0;
	line[1 + strcspn(line + 1, "\n")] = '\0';
	last = strrchr(line, '\t');
	return last ? atoi(last + 1) : 0;
}

bool process_lives_elsewhere(pid_t pid, uint64_t start)
{
	bool found = process_pid_namespace() != FIRST_PID_NAMESPACE;
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && !found && (entry = readdir(proc)))
		found = isdigit((unsigned char)entry->d_name[0]) && process_lives(atoi(entry->d_name), start) &&
		        innermost_pid(entry->d_name) == pid;
	if (proc)
		closedir(proc);
	return found || !proc;
}

uint64_t process_pid_namespace(void)
{
	struct stat status;

	return stat("/proc/self/ns/pid", &status) ? 0 : status.st_ino;
}
