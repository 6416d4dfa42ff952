/* runtime_segment.h: one open segment, as the runtime source's files share it. */
#ifndef SOURCES_RUNTIME_SEGMENT_H
#define SOURCES_RUNTIME_SEGMENT_H

#include "pool-runtime/reader.h"
#include "sources/source.h"

/* What was told of a worker's slot: facts go on from there. */
struct told_life {
	uint32_t pid;             /* 0: nobody */
	uint64_t start, from_ns;
};
struct told_worker {
	struct told_life now, before; /* who lives in the slot, and who did */
	uint64_t since_ns;        /* time of the latest state told */
	uint64_t count[NR_SLOT_COUNTS];
	bool counted;             /* told once, be it that they are 0 */
};

struct told_queue {
	uint64_t count[NR_SLOT_COUNTS], high, bytes;
	bool told;
};

struct segment {
	struct reader_place place;
	struct reader *reader;
	uint32_t key;             /* names id */
	bool gone, seen;          /* seen: in this look at the directory */
	uint8_t state;            /* enum pool_state that was told */
	int64_t workers;          /* that were told to be kept */
	uint64_t lost, drained_ns, counted_ns;
	uint64_t floor_ns;        /* no fact that is told now can be older */
	struct told_worker *workers_told;
	struct told_queue *queues_told;
	uint32_t *names;          /* segment's name index -> names id, 0 not looked up */
	struct stream *stream;    /* while facts are being told */
	uint64_t now_ns;
};

/* A fact of this segment about its parent, with the pool's key filled in. */
struct fact segment_fact(const struct segment *segment, enum event event, uint64_t t_ns);
/* Somebody is known to live in a slot at a time. */
void told_lives(struct told_worker *told, uint32_t pid, uint64_t start, uint64_t t_ns);
/* Into the stream, at a time that can be true: not after now, and of what was drained before not long before. */
void segment_push(const struct segment *segment, struct fact *fact);
/* The names id of a name of the segment. */
uint32_t segment_name(struct segment *segment, uint32_t index);

/* runtime_records.c: what happened since the last call. */
void segment_tell_records(struct segment *segment);
/* runtime_state.c: how things stand. first: all of it, else what the records left out. */
void segment_tell_state(struct segment *segment, bool first);

#endif
