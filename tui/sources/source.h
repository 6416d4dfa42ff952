/* source.h: how do segments, probes, /proc and recordings become one stream?
 *
 *   t = now ; every source: drain -> stream_push() ... ; sort by time ; give what is not later than t ; keep the rest
 *
 * A source is told the time and pushes facts; it never waits and never asks who else there is. */
#ifndef SOURCES_SOURCE_H
#define SOURCES_SOURCE_H

#include <stddef.h>

#include "model/fact.h"
#include "model/names.h"

struct stream;

struct source {
	void (*drain)(struct source *source, struct stream *stream, uint64_t now_ns);
	void (*close)(struct source *source);
	int fd; /* readable when there is something; -1: ask now and then */
};

enum { STREAM_SOURCES = 8 };

struct stream {
	struct names *names;             /* borrowed */
	struct source *sources[STREAM_SOURCES];
	unsigned nr_sources;
	struct fact *facts;              /* pending: pushed, not yet given */
	size_t count, capacity;
	uint64_t dropped;                /* for want of memory */
	uint64_t hold_ns;                /* keep facts back so long: one that was told late still finds its place */
};

typedef void fact_take(void *context, const struct fact *fact);
typedef void facts_take(void *context, const struct fact *facts, size_t count);

void stream_init(struct stream *stream, struct names *names);
void stream_finish(struct stream *stream);                       /* closes the sources too */
void stream_add(struct stream *stream, struct source *source);   /* takes it over */
void stream_push(struct stream *stream, const struct fact *fact);
/* Drains every source and gives all facts up to now_ns - hold_ns in order of time; equal times in order of arrival. */
void stream_tick(struct stream *stream, uint64_t now_ns, facts_take *take, void *context);

/* Sorts by time; equal times stay in their order. 0 or -ENOMEM, facts as they were. */
int facts_sort(struct fact *facts, size_t count);

/* A fact of this source at this time, without fields. */
struct fact fact_make(enum event event, enum fact_source source, uint64_t t_ns, uint32_t pid, uint64_t start);

uint64_t clock_now_ns(void); /* CLOCK_MONOTONIC */

#endif
