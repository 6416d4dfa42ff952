/* reader_slot.c: what is true now, copied whole or not at all?
 *
 *   pread   sequence, payload, sequence      one pread of all of it would order nothing: the kernel may copy the
 *                                            payload before the sequence
 *
 * Many slots at a time: three preads of the same stretch; the first and the last give the sequences, the one between
 * them the payload. The few that were written meanwhile are tried again one by one, a bounded number of times. */
#include "reading.h"

#include <string.h>

#include "contract/states.h"
#include "shared.h"

enum { NR_RETRIES = 8, NR_RETRIES_AT_ALL = 512 };

static bool is_whole(uint32_t before, uint32_t after)
{
	return before == after && before % 2 == 0;
}

static unsigned nr_states(enum segment_section_kind section)
{
	static const unsigned nr[NR_SECTIONS] = {
		[SECTION_POOL] = NR_POOL_STATES, [SECTION_WORKERS] = NR_WORKER_STATES, [SECTION_HELPERS] = NR_THREAD_STATES,
	};

	return nr[section];
}

/* Ids that lead nowhere lead to nothing. */
static void keep_in_bounds(const struct reader *reader, struct segment_slot *slot)
{
	if (slot->name >= reader->section[SECTION_NAMES].count)
		slot->name = 0;
	if (slot->ring > reader->section[SECTION_RINGS].count)
		slot->ring = 0;
	if (slot->pid < 0)
		slot->pid = 0;
	if (slot->tid < 0)
		slot->tid = 0;
}

static void strip_details(struct segment_slot *slot)
{
	struct segment_slot bare = {.word = slot->word};

	memcpy(bare.count, slot->count, sizeof(bare.count));
	*slot = bare;
}

/* Several threads store a queue's totals: one that was overtaken may set them back for a moment. */
static void keep_the_larger(uint64_t count[NR_SLOT_COUNTS], const uint64_t before[NR_SLOT_COUNTS])
{
	for (int i = 0; i < NR_SLOT_COUNTS; i++)
		if (count[i] < before[i])
			count[i] = before[i];
}

static void keep(struct reader *reader, enum segment_section_kind section, unsigned index,
                 struct segment_slot slot, bool whole)
{
	enum reader_slot_result result = whole ? READER_SOUND : READER_PARTIAL;

	if (nr_states(section) && SLOT_STATE(slot.word) >= nr_states(section))
		result = READER_FAILED;
	if (!whole)
		strip_details(&slot);
	keep_in_bounds(reader, &slot);
	if (section == SECTION_QUEUES && reader->result[section][index] != READER_FAILED)
		keep_the_larger(slot.count, reader->slot[section][index].count);
	reader->slot[section][index] = slot;
	reader->result[section][index] = result;
}

/* One slot, until it is whole or the patience is gone. False: the file is shorter by now. */
static bool read_one(struct reader *reader, enum segment_section_kind section, unsigned index, int *patience)
{
	const struct segment_section *where = &reader->section[section];
	uint64_t offset = where->offset + index * where->stride;
	uint64_t sequence = offset + offsetof(struct segment_slot, sequence);
	struct segment_slot slot;
	uint32_t before, after;
	int tries = 0;

	do {
		if (!reader_pread(reader, &before, sizeof(before), sequence))
			return false;
		fence_acquire();
		if (!reader_pread(reader, &slot, sizeof(slot), offset))
			return false;
		fence_acquire();
		if (!reader_pread(reader, &after, sizeof(after), sequence))
			return false;
	} while (!is_whole(before, after) && ++tries < NR_RETRIES && --*patience > 0);
	keep(reader, section, index, slot, is_whole(before, after));
	return true;
}

static const struct segment_slot *slot_in(const unsigned char *stretch, unsigned index, uint64_t stride)
{
	return (const struct segment_slot *)(stretch + index * stride);
}

static bool read_stretch(struct reader *reader, enum segment_section_kind section, unsigned from, unsigned nr,
                         int *patience)
{
	unsigned char *first = reader->stretch, *middle = first + STRETCH, *last = middle + STRETCH;
	const struct segment_section *where = &reader->section[section];
	uint64_t offset = where->offset + from * where->stride, size = nr * where->stride;

	if (!reader_pread(reader, first, size, offset))
		return false;
	fence_acquire();
	if (!reader_pread(reader, middle, size, offset))
		return false;
	fence_acquire();
	if (!reader_pread(reader, last, size, offset))
		return false;
	for (unsigned i = 0; i < nr; i++) {
		const struct segment_slot *slot = slot_in(middle, i, where->stride);

		if (is_whole(slot_in(first, i, where->stride)->sequence, slot_in(last, i, where->stride)->sequence))
			keep(reader, section, from + i, *slot, true);
		else if (!read_one(reader, section, from + i, patience))
			return false;
	}
	return true;
}

static void read_section(struct reader *reader, enum segment_section_kind section)
{
	unsigned count = reader->section[section].count, at_once = STRETCH / reader->section[section].stride;
	int patience = NR_RETRIES_AT_ALL;

	for (unsigned from = 0; from < count; from += at_once) {
		unsigned nr = count - from < at_once ? count - from : at_once;

		if (!read_stretch(reader, section, from, nr, &patience))
			memset(reader->result[section] + from, READER_FAILED, nr);
	}
	reader->fresh[section] = true;
}

enum reader_slot_result reader_slot(struct reader *reader, enum segment_section_kind section, unsigned index,
                                    struct segment_slot *slot)
{
	if (section < SECTION_POOL || section > SECTION_QUEUES || index >= reader->section[section].count)
		return READER_FAILED;
	if (!reader->fresh[section])
		read_section(reader, section);
	if (reader->result[section][index] != READER_FAILED)
		*slot = reader->slot[section][index];
	return reader->result[section][index];
}
