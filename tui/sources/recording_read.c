/* recording_read.c: the stream out of a file, which may be cut, old, or an enemy's. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/vocabulary.h"
#include "sources/recording.h"
#include "sources/recording_format.h"

struct reading {
	FILE *file;
	struct names *names;
	uint32_t *ids;           /* the file's id -> ours */
	uint32_t nr_ids;
	struct recording_end end;
	void (*take)(void *context, const struct fact *fact);
	void *context;
	const char *why;
	char payload[FRAME_MAX];
};

static int refuse(struct reading *reading, int error, const char *why)
{
	reading->why = why;
	return error;
}

static int read_header(struct reading *reading, struct recording_header *header)
{
	memset(header, 0, sizeof(*header));
	if (fread(header, sizeof(*header), 1, reading->file) != 1 || memcmp(header->magic, RECORDING_MAGIC, 8))
		return refuse(reading, -EPROTO, "it is not a poolscope recording");
	if (header->endian != RECORDING_ENDIAN)
		return refuse(reading, -ENOTSUP, "it was recorded on a machine of another byte order");
	if (header->major != RECORDING_MAJOR)
		return refuse(reading, -ENOTSUP, "it was recorded by another major version of poolscope");
	if (header->header_size < sizeof(*header) || header->header_size > FRAME_MAX ||
	    header->fact_size < sizeof(struct fact) || header->fact_size > FRAME_MAX)
		return refuse(reading, -EPROTO, "its header makes no sense");
	header->host[sizeof(header->host) - 1] = '\0';
	if (fseek(reading->file, header->header_size, SEEK_SET))
		return refuse(reading, -errno, "it cannot be read");
	return 0;
}

static int take_name(struct reading *reading, size_t length)
{
	struct recording_name name;

	if (length < sizeof(name))
		return refuse(reading, -EPROTO, "it holds a damaged name");
	memcpy(&name, reading->payload, sizeof(name));
	if (name.id > NAMES_MAX)
		return refuse(reading, -EPROTO, "it holds a name with an impossible number");
	if (name.id >= reading->nr_ids) {
		uint32_t count = name.id * 2 + 256;
		uint32_t *ids = realloc(reading->ids, count * sizeof(*ids));
		if (!ids)
			return refuse(reading, -ENOMEM, "there is not enough memory for its names");
		memset(ids + reading->nr_ids, 0, (count - reading->nr_ids) * sizeof(*ids));
		reading->ids = ids;
		reading->nr_ids = count;
	}
	reading->ids[name.id] = names_id_bytes(reading->names, reading->payload + sizeof(name), length - sizeof(name));
	return 0;
}

/* What comes from a file is believed only as far as the vocabulary goes: words must be on their list. */
static bool field_is_sound(enum event_field field, int64_t value)
{
	struct word_list words = type_words(field_entry(field)->type);

	return !words.count || (value >= 0 && value < words.count);
}

static int take_fact(struct reading *reading, size_t length)
{
	struct fact fact;

	if (length < sizeof(fact))
		return refuse(reading, -EPROTO, "it holds a damaged fact");
	memcpy(&fact, reading->payload, sizeof(fact));
	if (fact.event == EV_NONE || fact.event >= NR_EVENTS || fact.source >= NR_FACT_SOURCES)
		return 0; /* of a later minor version */
	const uint8_t *fields = event_entry(fact.event)->fields;
	for (int i = 0; i < EVENT_MAX_FIELDS && fields[i] != F_NONE; i++) {
		if (field_entry(fields[i])->type == TYPE_TEXT)
			fact.value[i] = fact.value[i] > 0 && fact.value[i] < reading->nr_ids ? reading->ids[fact.value[i]] : 0;
		if (!field_is_sound(fields[i], fact.value[i]))
			fact.known &= ~(1u << i);
	}
	reading->end.nr_facts++;
	reading->take(reading->context, &fact);
	return 0;
}

static int read_frames(struct reading *reading)
{
	struct recording_frame frame;

	reading->end.cut = true;
	while (fread(&frame, sizeof(frame), 1, reading->file) == 1) {
		if (frame.length > FRAME_MAX)
			return refuse(reading, -EPROTO, "it holds a frame of impossible length");
		if (frame.length && fread(reading->payload, frame.length, 1, reading->file) != 1)
			return 0;
		int error = 0;
		if (frame.kind == FRAME_NAME)
			error = take_name(reading, frame.length);
		else if (frame.kind == FRAME_FACT)
			error = take_fact(reading, frame.length);
		if (error)
			return error;
		if (frame.kind == FRAME_END) {
			reading->end.cut = false;
			return 0;
		}
	}
	return 0;
}

int recording_read(const char *path, struct names *names, struct recording_header *header,
                   void (*take)(void *context, const struct fact *fact), void *context,
                   struct recording_end *end, const char **why)
{
	struct reading *reading = calloc(1, sizeof(*reading));

	*end = (struct recording_end){ 0 };
	*why = "there is not enough memory";
	if (!reading)
		return -ENOMEM;
	reading->names = names;
	reading->take = take;
	reading->context = context;
	reading->why = "";
	reading->file = fopen(path, "re");
	int error = reading->file ? 0 : refuse(reading, -errno, strerror(errno));
	if (!error)
		error = read_header(reading, header);
	if (!error)
		error = read_frames(reading);
	if (reading->file)
		fclose(reading->file);
	*end = reading->end;
	*why = reading->why;
	free(reading->ids);
	free(reading);
	return error;
}
