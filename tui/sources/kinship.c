/* kinship.c: who runs the same program, and who shares what? */
#include "sources/kinship.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHANNELS_MAX = 256, COMMAND_LINE = 1024 };

bool runs_same_program(pid_t one, pid_t other)
{
	char path[32];
	struct stat first, second;

	snprintf(path, sizeof(path), "/proc/%d/exe", one);
	if (stat(path, &first))
		return false;
	snprintf(path, sizeof(path), "/proc/%d/exe", other);
	return !stat(path, &second) && first.st_ino == second.st_ino && first.st_dev == second.st_dev;
}

/* "pipe:[123]" or "socket:[123]": the number, else 0. */
static ino_t channel_behind(int folder, const char *descriptor)
{
	char target[64];
	unsigned long long inode;
	ssize_t length = readlinkat(folder, descriptor, target, sizeof(target) - 1);

	if (length <= 0)
		return 0;
	target[length] = '\0';
	if (sscanf(target, "pipe:[%llu]", &inode) == 1 || sscanf(target, "socket:[%llu]", &inode) == 1)
		return (ino_t)inode;
	return 0;
}

size_t channels_of(pid_t pid, ino_t *inodes, size_t max)
{
	char path[32];
	struct dirent *entry;
	size_t count = 0;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	DIR *folder = opendir(path);
	if (!folder)
		return 0;
	while (count < max && (entry = readdir(folder))) {
		ino_t inode = atoi(entry->d_name) > STDERR_FILENO ? channel_behind(dirfd(folder), entry->d_name) : 0;
		if (inode)
			inodes[count++] = inode;
	}
	closedir(folder);
	return count;
}

bool shares_a_channel(pid_t pid, const ino_t *inodes, size_t count)
{
	ino_t own[CHANNELS_MAX];
	size_t nr_own = channels_of(pid, own, CHANNELS_MAX);

	for (size_t i = 0; i < nr_own; i++)
		for (size_t j = 0; j < count; j++)
			if (own[i] == inodes[j])
				return true;
	return false;
}

/* The arguments, each with its NUL, and one more; returns their length. */
static size_t command_line(pid_t pid, char line[COMMAND_LINE])
{
	char path[32];

	memset(line, 0, COMMAND_LINE);
	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	ssize_t length = read(fd, line, COMMAND_LINE - 2);
	close(fd);
	return length > 0 ? (size_t)length : 0;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_interpreter(const char *program)
{
	static const char *const known[] = { "python", "perl", "ruby", "node", "php", "bash", "sh" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strncmp(program, known[i], strlen(known[i])))
			return true;
	return false;
}

void program_title(pid_t pid, char *title, size_t size)
{
	char line[COMMAND_LINE];
	size_t length = command_line(pid, line);
	const char *program = base_name(line), *argument = line + strlen(line) + 1;

	while (is_interpreter(program) && (size_t)(argument - line) < length && *argument == '-' && strcmp(argument, "-c") &&
	       strcmp(argument, "-m"))
		argument += strlen(argument) + 1;
	if (is_interpreter(program) && (size_t)(argument - line) < length && *argument && *argument != '-')
		program = base_name(argument);
	snprintf(title, size, "%s", *program ? program : "?");
}

bool is_resource_tracker(pid_t pid)
{
	char line[COMMAND_LINE];
	size_t length = command_line(pid, line);

	return memmem(line, length, "resource_tracker", strlen("resource_tracker")) != NULL;
}
