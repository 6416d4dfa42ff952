/* stream.c: many sources, one order. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sources/source.h"

void stream_init(struct stream *stream, struct names *names)
{
	*stream = (struct stream){ .names = names };
}

void stream_finish(struct stream *stream)
{
	for (unsigned i = 0; i < stream->nr_sources; i++)
		stream->sources[i]->close(stream->sources[i]);
	free(stream->facts);
	stream_init(stream, stream->names);
}

void stream_add(struct stream *stream, struct source *source)
{
	stream->sources[stream->nr_sources++] = source;
}

void stream_push(struct stream *stream, const struct fact *fact)
{
	if (stream->count == stream->capacity) {
		size_t capacity = stream->capacity ? stream->capacity * 2 : 256;
		struct fact *facts = realloc(stream->facts, capacity * sizeof(*facts));
		if (!facts) {
			stream->dropped++;
			return;
		}
		stream->facts = facts;
		stream->capacity = capacity;
	}
	stream->facts[stream->count++] = *fact;
}

/* Runs that are in order already, as each source's are, are merged bottom up: stable, and cheap for sorted input. */
static void merge_runs(struct fact *facts, struct fact *spare, size_t count)
{
	for (size_t width = 1; width < count; width *= 2) {
		for (size_t low = 0; low + width < count; low += 2 * width) {
			size_t middle = low + width, high = middle + width < count ? middle + width : count;
			if (facts[middle - 1].t_ns <= facts[middle].t_ns)
				continue;
			memcpy(spare, facts + low, (middle - low) * sizeof(*facts));
			for (size_t left = 0, right = middle, to = low; left < middle - low; to++)
				facts[to] = right < high && facts[right].t_ns < spare[left].t_ns ? facts[right++]
				                                                                : spare[left++];
		}
	}
}

int facts_sort(struct fact *facts, size_t count)
{
	size_t sorted = 1;

	while (sorted < count && facts[sorted - 1].t_ns <= facts[sorted].t_ns)
		sorted++;
	if (sorted >= count)
		return 0;
	struct fact *spare = malloc(count * sizeof(*spare));
	if (!spare)
		return -ENOMEM;
	merge_runs(facts, spare, count);
	free(spare);
	return 0;
}

void stream_tick(struct stream *stream, uint64_t now_ns, facts_take *take, void *context)
{
	for (unsigned i = 0; i < stream->nr_sources; i++)
		stream->sources[i]->drain(stream->sources[i], stream, now_ns);
	if (facts_sort(stream->facts, stream->count))
		return; /* they wait for the next tick */
	size_t given = 0;
	while (given < stream->count && stream->facts[given].t_ns + stream->hold_ns <= now_ns)
		given++;
	if (!given)
		return;
	take(context, stream->facts, given);
	stream->count -= given;
	memmove(stream->facts, stream->facts + given, stream->count * sizeof(*stream->facts));
}

struct fact fact_make(enum event event, enum fact_source source, uint64_t t_ns, uint32_t pid, uint64_t start)
{
	return (struct fact){
		.t_ns = t_ns, .start = start, .pid = pid, .event = (uint16_t)event, .source = (uint8_t)source,
	};
}

uint64_t clock_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
