/* place.c: where do segments lie, and whose are they? */
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>
#include <linux/openat2.h>

#include "contract/segment.h"
#include "process.h"

void place_print(const struct place_key *key, char text[PLACE_KEY_SIZE])
{
	snprintf(text, PLACE_KEY_SIZE, "%" PRId32 ".%" PRIu64 ".%u", key->pid, key->start, key->number);
}

bool place_parse(const char *text, struct place_key *key)
{
	struct place_key found;
	char again[PLACE_KEY_SIZE];

	if (sscanf(text, "%10" SCNd32 ".%20" SCNu64 ".%10u", &found.pid, &found.start, &found.number) != 3 || found.pid <= 0)
		return false;
	place_print(&found, again);
	if (strcmp(text, again))
		return false;
	*key = found;
	return true;
}

int place_compare(const struct place_key *one, const struct place_key *other)
{
	if (one->start != other->start)
		return one->start < other->start ? 1 : -1;
	if (one->pid != other->pid)
		return one->pid < other->pid ? 1 : -1;
	return (one->number < other->number) - (one->number > other->number);
}

void place_shared_memory(uid_t uid, char path[PLACE_DIRECTORY_SIZE])
{
	snprintf(path, PLACE_DIRECTORY_SIZE, "/dev/shm/poolscope-%u", uid);
}

/* What is written to a disk would stall its writer one day. */
static bool is_tmpfs(int fd)
{
	struct statfs status;

	return fstatfs(fd, &status) == 0 && status.f_type == TMPFS_MAGIC;
}

bool place_runtime_directory(char path[PLACE_DIRECTORY_SIZE])
{
	const char *base = getenv("XDG_RUNTIME_DIR");
	struct stat status;
	bool usable;
	int fd;

	if (!base || base[0] != '/' || snprintf(path, PLACE_DIRECTORY_SIZE, "%s/poolscope", base) >= PLACE_DIRECTORY_SIZE)
		return false;
	fd = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	/* root by sudo may have the variable of who called it: another's directory is not ours to fill */
	usable = is_tmpfs(fd) && fstat(fd, &status) == 0 && status.st_uid == geteuid();
	close(fd);
	return usable;
}

/* Its last part is looked up without following a link, nor into another file system: what a user mounts there may
 * answer when it likes. */
static int open_last_part(const char *path)
{
	struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, .resolve = RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS,
	};
	const char *slash = strrchr(path, '/');
	char parent[PLACE_DIRECTORY_SIZE];
	int fd, last;

	if (!slash || snprintf(parent, sizeof(parent), "%.*s/", (int)(slash - path), path) >= (int)sizeof(parent))
		return -EINVAL;
	fd = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	last = syscall(SYS_openat2, fd, slash + 1, &how, sizeof(how));
	if (last < 0 && errno == ENOSYS)
		last = openat(fd, slash + 1, how.flags);
	if (last < 0)
		last = errno == ENOTDIR || errno == ELOOP || errno == EXDEV ? -EPERM : -errno;
	close(fd);
	return last;
}

int place_open_directory(const char *path, uid_t uid)
{
	int fd = open_last_part(path), result = 0;
	struct stat status;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status))
		result = -errno;
	else if (status.st_uid != uid || status.st_mode & 077)
		result = -EPERM;
	else if (!is_tmpfs(fd))
		result = -ENOTSUP;
	if (result)
		close(fd);
	return result ? result : fd;
}

int place_open_file(int directory, const char *name, uid_t uid, uint64_t *size)
{
	/* O_NONBLOCK: to open a fifo, or a file that its owner has leased, would wait */
	int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat status;
	int result = 0;

	if (fd < 0)
		return errno == ELOOP || errno == ENXIO || errno == EWOULDBLOCK ? -EPERM : -errno;
	if (fstat(fd, &status))
		result = -errno;
	else if (!S_ISREG(status.st_mode) || status.st_uid != uid || status.st_mode & 077 || status.st_nlink != 1)
		result = -EPERM;
	if (result)
		close(fd);
	else
		*size = status.st_size;
	return result ? result : fd;
}

bool place_is_alive(int directory, const char *name, uid_t uid, unsigned *patience)
{
	struct segment_header header = {.pidns_inode = 0};
	struct place_key key;
	uint64_t size;
	ssize_t length;
	int fd;

	if (!place_parse(name, &key))
		return false;
	if (process_lives(key.pid, key.start))
		return true;
	fd = place_open_file(directory, name, uid, &size);
	if (fd < 0)
		return false;
	length = pread(fd, &header, sizeof(header), 0);
	close(fd);
	if (length != sizeof(header) || header.pidns_inode == 0 || header.pidns_inode == process_pid_namespace())
		return false;
	if (*patience == 0)
		return true;
	--*patience;
	return process_lives_elsewhere(key.pid, key.start);
}

void place_boot_id(uint8_t id[16])
{
	char text[40] = "", *hex = text;
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	unsigned byte;

	if (fd < 0)
		return;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	for (int i = 0; i < 16 && sscanf(hex, "%2x", &byte) == 1; i++) {
		id[i] = byte;
		hex += hex[2] == '-' ? 3 : 2;
	}
}

void place_list(int directory, void (*visit)(void *context, int directory, const char *name), void *context)
{
	int again = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = again < 0 ? NULL : fdopendir(again);
	struct dirent *entry;
	int left = 4096;

	if (!stream) {
		if (again >= 0)
			close(again);
		return;
	}
	while ((entry = readdir(stream)) && left-- > 0)
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			visit(context, directory, entry->d_name);
	closedir(stream);
}
