/* reading.h: what does a reader consist of? For reader*.c alone; others know reader.h.
 *
 *   reader.c         open, close, the clock, names
 *   reader_check.c   can we believe this header?
 *   reader_slot.c    what is true now
 *   reader_ring.c    what has happened
 *   reader_find.c    where are there segments?
 */
#ifndef READING_H
#define READING_H

#include "reader.h"

enum {
	/* No segment has more; an enemy's would only cost us memory and time. */
	MOST_SLOTS = 65535,
	MOST_RINGS = 2 * 65536,
	MOST_NAMES = 65536,
	MOST_RING_RECORDS = 65536,
	MOST_SLOT_STRIDE = 4096,
	STRETCH = 16 * 1024, /* bytes of slots read at a time */
};

struct reader {
	int fd;
	struct segment_header header;           /* of the moment of opening, checked */
	struct segment_section section[NR_SECTIONS]; /* by kind; count 0 where there is none */

	struct segment_slot *slot[NR_SECTIONS]; /* as last read */
	uint8_t *result[NR_SECTIONS];           /* enum reader_slot_result of each */
	bool fresh[NR_SECTIONS];
	unsigned char *stretch;                 /* three times STRETCH bytes: reader_slot.c */

	bool drained;                           /* once at least */
	uint32_t capacity;                      /* records in a ring */
	uint64_t *position;                     /* of each ring: the next record to read */
	struct segment_record *records;         /* room for one ring's */

	char **name;                            /* by index; NULL: not yet read */
};

/* All of it, or false: the file is shorter by now. */
bool reader_pread(const struct reader *reader, void *to, size_t size, uint64_t offset);

/* reader_check.c: 0, and the sections by kind; else -EPROTO or -ENOTSUP and why. May correct the header. */
int reader_check(struct segment_header *header, const struct reader_place *place, uint64_t file_size,
                 struct segment_section section[NR_SECTIONS], const char **why);

#endif
