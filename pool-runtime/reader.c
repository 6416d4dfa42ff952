/* reader.c: how is a segment opened and kept open by somebody who trusts nothing in it? */
#include "reading.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "place.h"
#include "shared.h"

bool reader_pread(const struct reader *reader, void *to, size_t size, uint64_t offset)
{
	return pread(reader->fd, to, size, offset) == (ssize_t)size;
}

/* ---- open, close ---- */

static int open_file(const struct reader_place *place, uint64_t *size, const char **why)
{
	int directory = place_open_directory(place->directory, place->uid), fd;

	if (directory < 0) {
		*why = "its directory is not its owner's alone, or not there";
		return directory;
	}
	fd = place_open_file(directory, place->key, place->uid, size);
	close(directory);
	if (fd < 0)
		*why = "it is not a plain file of its owner's alone, or not there";
	return fd;
}

static int read_header(struct reader *reader, const struct reader_place *place, uint64_t size, const char **why)
{
	if (!reader_pread(reader, &reader->header, sizeof(reader->header), 0)) {
		*why = "it is too short";
		return -EPROTO;
	}
	return reader_check(&reader->header, place, size, reader->section, why);
}

static int make_room(struct reader *reader)
{
	const struct segment_section *rings = &reader->section[SECTION_RINGS];
	bool short_of_memory = false;

	for (unsigned i = SECTION_POOL; i <= SECTION_QUEUES; i++) {
		reader->slot[i] = calloc(reader->section[i].count + 1, sizeof(*reader->slot[i]));
		reader->result[i] = calloc(reader->section[i].count + 1, sizeof(*reader->result[i]));
		short_of_memory |= !reader->slot[i] || !reader->result[i];
	}
	if (rings->count)
		reader->capacity = (rings->stride - sizeof(struct segment_ring)) / sizeof(struct segment_record);
	reader->position = calloc(rings->count + 1, sizeof(*reader->position));
	reader->records = calloc(reader->capacity + 1, sizeof(*reader->records));
	reader->stretch = malloc(3 * STRETCH);
	reader->name = calloc(reader->section[SECTION_NAMES].count, sizeof(*reader->name));
	return short_of_memory || !reader->position || !reader->records || !reader->stretch ||
	       !reader->name ? -ENOMEM : 0;
}

int reader_open(const struct reader_place *place, struct reader **reader, const char **why)
{
	struct reader *made = calloc(1, sizeof(*made));
	uint64_t size;
	int error;

	*why = "there is not enough memory";
	if (!made)
		return -ENOMEM;
	error = made->fd = open_file(place, &size, why);
	if (error >= 0)
		error = read_header(made, place, size, why);
	if (!error && make_room(made)) {
		*why = "there is not enough memory";
		error = -ENOMEM;
	}
	if (error) {
		reader_close(made);
		return error;
	}
	*reader = made;
	return 0;
}

void reader_close(struct reader *reader)
{
	if (!reader)
		return;
	for (unsigned i = 0; i < NR_SECTIONS; i++) {
		free(reader->slot[i]);
		free(reader->result[i]);
	}
	for (uint32_t i = 0; reader->name && i < reader->section[SECTION_NAMES].count; i++)
		free(reader->name[i]);
	free(reader->name);
	free(reader->position);
	free(reader->records);
	free(reader->stretch);
	if (reader->fd >= 0)
		close(reader->fd);
	free(reader);
}

/* ---- what was frozen ---- */

const struct segment_header *reader_header(const struct reader *reader)
{
	return &reader->header;
}

unsigned reader_count(const struct reader *reader, enum segment_section_kind section)
{
	return section < NR_SECTIONS ? reader->section[section].count : 0;
}

/* ---- the clock ---- */

uint64_t reader_ns(const struct reader *reader, uint64_t time)
{
	const struct segment_header *header = &reader->header;
	uint64_t base = header->clock_base_ticks;

	if (header->clock_kind == CLOCK_KIND_MONOTONIC)
		return time;
	if (time < base)
		return header->clock_base_ns - (uint64_t)((unsigned __int128)(base - time) * header->clock_mult >> header->clock_shift);
	return header->clock_base_ns + (uint64_t)((unsigned __int128)(time - base) * header->clock_mult >> header->clock_shift);
}

/* The conversion of a TSC is corrected while it runs. What cannot be read whole leaves the one before. */
static void refresh_clock(struct reader *reader)
{
	struct segment_header now;
	uint32_t before, after;
	const uint64_t at = offsetof(struct segment_header, clock_sequence);

	for (int i = 0; i < 4; i++) {
		if (!reader_pread(reader, &before, sizeof(before), at))
			return;
		fence_acquire();
		if (!reader_pread(reader, &now, sizeof(now), 0))
			return;
		fence_acquire();
		if (!reader_pread(reader, &after, sizeof(after), at))
			return;
		if (before != after || before % 2 || now.clock_shift > 63)
			continue;
		reader->header.clock_sequence = before;
		reader->header.clock_shift = now.clock_shift;
		reader->header.clock_mult = now.clock_mult;
		reader->header.clock_base_ticks = now.clock_base_ticks;
		reader->header.clock_base_ns = now.clock_base_ns;
		return;
	}
}

void reader_refresh(struct reader *reader)
{
	memset(reader->fresh, 0, sizeof(reader->fresh));
	if (reader->header.clock_kind == CLOCK_KIND_TSC)
		refresh_clock(reader);
}

/* ---- names ---- */

/* `ready` by itself first: what is read behind is then whole. */
static char *read_name(const struct reader *reader, uint32_t index)
{
	const struct segment_section *names = &reader->section[SECTION_NAMES];
	uint64_t offset = names->offset + index * names->stride;
	struct segment_name name;

	if (!reader_pread(reader, &name.ready, sizeof(name.ready), offset + offsetof(struct segment_name, ready)) ||
	    name.ready != 1)
		return NULL;
	fence_acquire();
	if (!reader_pread(reader, &name, sizeof(name), offset) || name.length > SEGMENT_NAME_TEXT)
		return NULL;
	return strndup(name.text, name.length);
}

const char *reader_name(struct reader *reader, uint32_t name)
{
	if (name == 0)
		return "";
	if (name >= reader->section[SECTION_NAMES].count)
		return "?";
	if (!reader->name[name])
		reader->name[name] = read_name(reader, name);
	return reader->name[name] ? reader->name[name] : "?";
}
