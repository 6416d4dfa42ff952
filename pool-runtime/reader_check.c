/* reader_check.c: can we believe this header? Whoever wrote it may want us to read where nothing is, or far too much.
 *
 * Every number is compared with what we know ourselves (the file's size, its name, its owner) or with a bound of our
 * own, and only subtracted or divided, never added or multiplied, until it is known to be small enough. */
#include "reading.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "contract/states.h"
#include "place.h"

struct bounds {
	uint32_t least, most;       /* entries */
	uint64_t size, most_stride; /* bytes of an entry */
};

static const struct bounds bounds[NR_SECTIONS] = {
	[SECTION_POOL] = {1, 1, sizeof(struct segment_slot), MOST_SLOT_STRIDE},
	[SECTION_WORKERS] = {0, MOST_SLOTS, sizeof(struct segment_slot), MOST_SLOT_STRIDE},
	[SECTION_HELPERS] = {0, 255, sizeof(struct segment_slot), MOST_SLOT_STRIDE},
	[SECTION_QUEUES] = {0, MOST_SLOTS, sizeof(struct segment_slot), MOST_SLOT_STRIDE},
	[SECTION_RINGS] = {0, MOST_RINGS, sizeof(struct segment_ring),
	                   sizeof(struct segment_ring) + MOST_RING_RECORDS * sizeof(struct segment_record)},
	[SECTION_NAMES] = {1, MOST_NAMES, sizeof(struct segment_name), MOST_SLOT_STRIDE},
};

/* A later minor version may have longer entries: its stride says how much to leap over. */
static const char *check_section(const struct segment_section *section, uint64_t file_size, uint64_t header_size)
{
	const struct bounds *bound = &bounds[section->kind];

	if (section->count < bound->least || section->count > bound->most)
		return "a section has an impossible number of entries";
	if (section->entry_size < bound->size || section->entry_size > section->stride ||
	    section->stride > bound->most_stride || section->stride % 64)
		return "a section's entries have an impossible size";
	if (section->offset % 64 || section->offset < header_size || section->offset > file_size)
		return "a section begins where it cannot";
	if (section->count > (file_size - section->offset) / section->stride)
		return "a section reaches beyond the end of the file";
	return NULL;
}

static uint64_t end_of(const struct segment_section *section)
{
	return section->offset + section->count * section->stride;
}

static bool sections_overlap(const struct segment_section *one, const struct segment_section *other)
{
	return one->count && other->count && one->offset < end_of(other) && other->offset < end_of(one);
}

static bool ring_capacity_is_sound(const struct segment_section *rings)
{
	uint64_t space = rings->stride - sizeof(struct segment_ring);
	uint64_t records = space / sizeof(struct segment_record);

	return rings->count == 0 ||
	       (space % sizeof(struct segment_record) == 0 && records > 0 && (records & (records - 1)) == 0);
}

static const char *check_sections(const struct segment_header *header, uint64_t file_size,
                                  struct segment_section section[NR_SECTIONS])
{
	const char *why;

	if (header->nr_sections > NR_SECTIONS)
		return "there are too many sections";
	for (uint32_t i = 0; i < header->nr_sections; i++) {
		const struct segment_section *next = &header->section[i];

		/* a kind that a later minor version added */
		if (next->kind == SECTION_NONE || next->kind >= NR_SECTIONS)
			continue;
		if (section[next->kind].kind)
			return "a section is there twice";
		why = check_section(next, file_size, header->header_size);
		if (why)
			return why;
		for (unsigned other = 0; other < NR_SECTIONS; other++)
			if (sections_overlap(next, &section[other]))
				return "two sections overlap";
		section[next->kind] = *next;
	}
	if (!section[SECTION_POOL].count || !section[SECTION_NAMES].count)
		return "a section is missing";
	return ring_capacity_is_sound(&section[SECTION_RINGS]) ? NULL : "the rings have an impossible size";
}

static bool is_of_this_boot(const uint8_t id[16])
{
	static const uint8_t unknown[16];
	uint8_t ours[16] = {0};

	place_boot_id(ours);
	return memcmp(id, ours, 16) == 0 || memcmp(id, unknown, 16) == 0 || memcmp(ours, unknown, 16) == 0;
}

static const char *check_origin(const struct segment_header *header, const struct reader_place *place)
{
	if (header->ready != 1)
		return "it was never finished";
	if (header->pid != place->pid || header->start != place->start || header->uid != place->uid)
		return "it says to be another's than its name and owner";
	if (!is_of_this_boot(header->boot_id))
		return "it was made before this machine was started";
	if (header->kind >= NR_POOL_KINDS || header->start_method >= NR_START_METHODS)
		return "it says to be of a kind that does not exist";
	if ((header->clock_kind != CLOCK_KIND_MONOTONIC && header->clock_kind != CLOCK_KIND_TSC) || header->clock_shift > 63)
		return "its clock is unknown";
	return NULL;
}

static const char *check_sizes(const struct segment_header *header, uint64_t file_size)
{
	if (header->header_size < sizeof(*header) || header->header_size > header->file_size)
		return "its header has an impossible size";
	if (header->file_size > file_size)
		return "the file is shorter than it says";
	return NULL;
}

int reader_check(struct segment_header *header, const struct reader_place *place, uint64_t file_size,
                 struct segment_section section[NR_SECTIONS], const char **why)
{
	memset(section, 0, NR_SECTIONS * sizeof(section[0]));
	*why = NULL;
	if (memcmp(header->magic, SEGMENT_MAGIC, sizeof(header->magic))) {
		*why = "it is no segment of poolscope";
		return -EPROTO;
	}
	if (header->endian != SEGMENT_ENDIAN || header->major != SEGMENT_MAJOR) {
		*why = header->endian != SEGMENT_ENDIAN ? "its bytes are in another order" : "it has another major version";
		return -ENOTSUP;
	}
	*why = check_origin(header, place);
	if (!*why)
		*why = check_sizes(header, file_size);
	if (!*why)
		*why = check_sections(header, header->file_size, section);
	if (*why)
		return -EPROTO;
	if (header->name >= section[SECTION_NAMES].count)
		header->name = 0;
	return 0;
}
