/* recording_write.c: the stream into a file. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "model/vocabulary.h"
#include "sources/recording.h"
#include "sources/recording_format.h"
#include "sources/source.h"

enum { BUFFER = 256 * 1024 };

struct recording_writer {
	unsigned char *name_is_written; /* by id; grows */
	uint32_t nr_known;
	int fd, error;
	uint64_t nr_facts;
	size_t used;
	char buffer[BUFFER];
};

int recording_flush(struct recording_writer *writer)
{
	void (*before)(int) = signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is an error like any other */

	for (size_t done = 0; !writer->error && done < writer->used;) {
		ssize_t wrote = write(writer->fd, writer->buffer + done, writer->used - done);
		if (wrote < 0 && errno != EINTR)
			writer->error = -errno;
		done += wrote > 0 ? (size_t)wrote : 0;
	}
	signal(SIGXFSZ, before);
	writer->used = 0;
	return writer->error;
}

static void put(struct recording_writer *writer, const void *bytes, size_t length)
{
	if (BUFFER - writer->used < length)
		recording_flush(writer);
	memcpy(writer->buffer + writer->used, bytes, length);
	writer->used += length;
}

static void put_frame(struct recording_writer *writer, enum recording_kind kind, size_t length)
{
	struct recording_frame frame = { .kind = kind, .length = (uint32_t)length };

	put(writer, &frame, sizeof(frame));
}

static int grow_known(struct recording_writer *writer, uint32_t id)
{
	uint32_t count = id * 2 + 1024;
	unsigned char *known = realloc(writer->name_is_written, count);

	if (!known)
		return -ENOMEM;
	memset(known + writer->nr_known, 0, count - writer->nr_known);
	writer->name_is_written = known;
	writer->nr_known = count;
	return 0;
}

static int put_name(struct recording_writer *writer, const struct names *names, uint32_t id)
{
	const char *text = names_text(names, id);
	struct recording_name name = { .id = id };

	if (!id || id > names_count(names)) /* no text */
		return 0;
	if (id >= writer->nr_known && grow_known(writer, id))
		return writer->error = -ENOMEM;
	if (writer->name_is_written[id])
		return 0;
	writer->name_is_written[id] = 1;
	put_frame(writer, FRAME_NAME, sizeof(name) + strlen(text));
	put(writer, &name, sizeof(name));
	put(writer, text, strlen(text));
	return 0;
}

int recording_add(struct recording_writer *writer, const struct names *names, const struct fact *fact)
{
	const uint8_t *fields = event_entry(fact->event)->fields;

	for (int i = 0; i < EVENT_MAX_FIELDS && fields[i] != F_NONE; i++)
		if (field_entry(fields[i])->type == TYPE_TEXT && fact->known >> i & 1)
			put_name(writer, names, (uint32_t)fact->value[i]);
	put_frame(writer, FRAME_FACT, sizeof(*fact));
	put(writer, fact, sizeof(*fact));
	writer->nr_facts++;
	return writer->error;
}

/* Somebody's data must not die of a wrong -o. */
static int may_replace(int fd)
{
	char magic[8];
	struct stat info;

	if (fstat(fd, &info))
		return -errno;
	if (!S_ISREG(info.st_mode) || !info.st_size)
		return 0;
	if (pread(fd, magic, sizeof(magic), 0) == sizeof(magic) && !memcmp(magic, RECORDING_MAGIC, sizeof(magic)))
		return ftruncate(fd, 0) ? -errno : 0;
	return -EEXIST;
}

static void put_header(struct recording_writer *writer)
{
	struct timespec wall;
	struct recording_header header = {
		.magic = RECORDING_MAGIC, .endian = RECORDING_ENDIAN, .major = RECORDING_MAJOR, .minor = RECORDING_MINOR,
		.header_size = sizeof(header), .fact_size = sizeof(struct fact), .started_ns = clock_now_ns(),
	};

	clock_gettime(CLOCK_REALTIME, &wall);
	header.wall_offset_ns = wall.tv_sec * 1000000000 + wall.tv_nsec - (int64_t)header.started_ns;
	gethostname(header.host, sizeof(header.host) - 1);
	put(writer, &header, sizeof(header));
}

int recording_create(const char *path, struct recording_writer **writer)
{
	struct recording_writer *made = calloc(1, sizeof(*made));
	int error;

	if (!made)
		return -ENOMEM;
	made->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	error = made->fd < 0 ? -errno : may_replace(made->fd);
	if (!error) {
		put_header(made);
		error = recording_flush(made);
	}
	if (error) {
		if (made->fd >= 0)
			close(made->fd);
		free(made);
		return error;
	}
	*writer = made;
	return 0;
}

int recording_close(struct recording_writer *writer)
{
	if (!writer)
		return 0;
	put_frame(writer, FRAME_END, sizeof(writer->nr_facts));
	put(writer, &writer->nr_facts, sizeof(writer->nr_facts));
	int error = recording_flush(writer);
	if (close(writer->fd) && !error)
		error = -errno;
	free(writer->name_is_written);
	free(writer);
	return error;
}
