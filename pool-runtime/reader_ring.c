/* reader_ring.c: what has happened since we last looked?
 *
 *      oldest            position                committed      reserved
 *        v                   v                       v              v
 *   ... | r | r | r | r | r | N | N | N | N | N | N |. . . . . . . .|
 *                            `------- copy --------'
 *
 * pread the counters, pread the records, pread the counters again: what `reserved` may have reached meanwhile is thrown
 * away and counted. `reserved` of the first look is worth nothing: it may be older than `committed` beside it. */
#include "reading.h"

#include <time.h>

#include "record.h"
#include "shared.h"

/* So many records nobody writes in twenty years. */
#define ABSURD (UINT64_C(1) << 56)

static uint64_t ring_offset(const struct reader *reader, unsigned ring)
{
	return reader->section[SECTION_RINGS].offset + ring * reader->section[SECTION_RINGS].stride;
}

/* ---- is a record sound? ---- */

static bool has_status(uint16_t event)
{
	return event == EV_JOB_FINISHED || (event >= EV_TASK_QUEUED && event <= EV_TASK_DELIVERED);
}

static bool record_is_sound(const struct reader *reader, const struct segment_record *record)
{
	enum segment_section_kind section = record_section(record->event);
	uint32_t nr_names = reader->section[SECTION_NAMES].count;

	if (!record_is_told(record->event) || record->name >= nr_names || record_function(record) >= nr_names)
		return false;
	if (section != SECTION_NONE && record->slot >= reader->section[section].count)
		return false;
	if (record->event == EV_JOB_SUBMITTED)
		return record_call(record) < NR_JOB_CALLS;
	return !has_status(record->event) || record_status(record) < NR_TASK_STATUSES;
}

/* ---- who wrote it? ---- */

static uint32_t owner_of(const struct reader *reader, const struct segment_ring *ring)
{
	unsigned section = RING_OWNER_SECTION(ring->owner);

	if ((section != SECTION_WORKERS && section != SECTION_HELPERS && section != SECTION_RINGS) ||
	    RING_OWNER_INDEX(ring->owner) >= reader->section[section].count)
		return 0;
	return ring->owner;
}

/* The last three writers stand there safely; the place of the fourth may be changing hands. Who came earlier is not
 * known any more. */
static struct segment_writer writer_of(const struct segment_ring *ring, uint64_t number)
{
	struct segment_writer writer;

	for (uint32_t back = 0; back < NR_RING_WRITERS - 1 && back < ring->nr_writers; back++) {
		writer = ring->writer[(ring->nr_writers - back) % NR_RING_WRITERS];
		if (number >= writer.from)
			return writer.pid > 0 && writer.tid > 0 ? writer : (struct segment_writer){.from = 0};
	}
	return (struct segment_writer){.from = 0};
}

/* ---- one ring ---- */

static bool copy_records(struct reader *reader, unsigned ring, uint64_t from, uint64_t nr)
{
	uint64_t first = from % reader->capacity, size = sizeof(struct segment_record);
	uint64_t offset = ring_offset(reader, ring) + sizeof(struct segment_ring);
	uint64_t at_end = reader->capacity - first < nr ? reader->capacity - first : nr;

	return reader_pread(reader, reader->records, at_end * size, offset + first * size) &&
	       (at_end == nr || reader_pread(reader, reader->records + at_end, (nr - at_end) * size, offset));
}

struct taker {
	void (*take)(void *context, const struct reader_news *news);
	void *context;
	uint64_t now;
};

/* Hands over records[from - start ... nr), numbered from start. Returns how many were damaged. */
static uint64_t hand_over(const struct reader *reader, const struct segment_ring *ring, uint64_t start,
                          uint64_t skip, uint64_t nr, const struct taker *taker)
{
	struct reader_news news = {.owner = owner_of(reader, ring)};
	uint64_t damaged = 0;

	for (uint64_t i = skip; i < nr; i++) {
		struct segment_writer writer = writer_of(ring, start + i);

		if (!record_is_sound(reader, &reader->records[i])) {
			damaged++;
			continue;
		}
		news.record = reader->records[i];
		/* what comes from the future would wait for it in every queue behind us */
		news.record.time = record_cut(reader_ns(reader, news.record.time), taker->now);
		news.pid = writer.pid;
		news.tid = writer.tid;
		news.start = writer.start;
		taker->take(taker->context, &news);
	}
	return damaged;
}

/* What was copied, less what may have been written over meanwhile. Returns how many were lost. */
static uint64_t take_copied(struct reader *reader, unsigned index, uint64_t start, uint64_t nr, struct taker *taker)
{
	struct segment_ring ring;
	uint64_t lost = 0;

	fence_acquire();
	if (!reader_pread(reader, &ring, sizeof(ring), ring_offset(reader, index)) || ring.reserved_count < start + nr)
		return nr;
	if (ring.reserved_count - start > reader->capacity)
		lost = record_cut(ring.reserved_count - start - reader->capacity, nr);
	return lost + hand_over(reader, &ring, start, lost, nr, taker);
}

/* A counter that runs backwards or leaps beyond all measure: one loss is counted, since nobody knows how many, and
 * reading goes on from there. */
static uint64_t drain_ring(struct reader *reader, unsigned index, struct taker *taker)
{
	uint64_t *position = &reader->position[index], lost = 0, start, nr;
	struct segment_ring ring;

	if (!reader_pread(reader, &ring, sizeof(ring), ring_offset(reader, index)))
		return 0;
	fence_acquire();
	start = *position;
	*position = ring.committed_count;
	if (ring.committed_count < start || ring.committed_count >= ABSURD)
		return 1;
	nr = ring.committed_count - start;
	if (nr > reader->capacity) {
		lost = nr - reader->capacity;
		nr = reader->capacity;
	}
	if (nr == 0)
		return 0;
	start = ring.committed_count - nr;
	if (!copy_records(reader, index, start, nr))
		return lost + nr;
	return lost + take_copied(reader, index, start, nr, taker);
}

uint64_t reader_drain(struct reader *reader, void (*take)(void *context, const struct reader_news *news), void *context)
{
	struct taker taker = {.take = take, .context = context};
	struct timespec now;
	uint64_t lost = 0;

	for (unsigned i = 0; i < reader->section[SECTION_RINGS].count; i++) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		taker.now = (uint64_t)now.tv_sec * 1000000000u + now.tv_nsec;
		lost += drain_ring(reader, i, &taker);
	}
	/* what was written over before we came was not ours to lose */
	if (!reader->drained)
		lost = 0;
	reader->drained = true;
	return lost;
}
