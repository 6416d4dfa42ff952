/* runtime.c: which segments are there, and what has become of them?
 *
 *   look (twice a second) -> new place -> wanted? -> open -> state, records -> every drain: records, state
 *                         -> place gone: closed by its publisher -> last records -> close
 *                         -> parent dead: last records -> pool.dead -> close */
#include "sources/runtime.h"

#include <stdlib.h>
#include <string.h>

#include "sources/runtime_segment.h"

enum { PLACES_MAX = 512 };
#define LOOK_EVERY_NS 200000000u
#define LATE_NS 100000000u /* a record can stand in its ring later than its time by that much */

struct runtime_source {
	struct source source;
	runtime_wants *wants;
	runtime_found *found;
	void *context;
	struct segment *segments[PLACES_MAX];
	unsigned nr_segments;
	uint64_t looked_ns;
	struct reader_place places[PLACES_MAX];
	struct reader_place refused[PLACES_MAX]; /* unwanted, broken, or dead and told: not asked again */
	unsigned nr_refused;
};

struct fact segment_fact(const struct segment *segment, enum event event, uint64_t t_ns)
{
	const struct segment_header *header = reader_header(segment->reader);
	struct fact fact = fact_make(event, SOURCE_RUNTIME, t_ns, (uint32_t)header->pid, header->start);

	if (fact_field(event, F_POOL) >= 0)
		fact_set(&fact, F_POOL, segment->key);
	return fact;
}

/* Every fact that comes late has to be put in its place among those before it. A writer that was stopped between looking
 * at the clock and writing is told as of when it could be seen; one that lies cannot keep us busy. */
void segment_push(const struct segment *segment, struct fact *fact)
{
	if (fact->t_ns > segment->now_ns + LATE_NS) /* what was written since we looked at the clock waits for the next tick */
		fact->t_ns = segment->now_ns;
	if (fact->t_ns < segment->floor_ns)
		fact->t_ns = segment->floor_ns;
	stream_push(segment->stream, fact);
}

uint32_t segment_name(struct segment *segment, uint32_t index)
{
	if (!index || index >= reader_count(segment->reader, SECTION_NAMES))
		return 0;
	if (segment->names[index])
		return segment->names[index];
	const char *text = reader_name(segment->reader, index);
	uint32_t id = names_id(segment->stream->names, text);
	if (strcmp(text, "?")) /* a name that is not there yet may come */
		segment->names[index] = id;
	return id;
}

static void segment_close(struct segment *segment)
{
	if (!segment)
		return;
	reader_close(segment->reader);
	free(segment->workers_told);
	free(segment->queues_told);
	free(segment->names);
	free(segment);
}

static struct segment *segment_open(const struct reader_place *place, struct stream *stream)
{
	struct segment *segment = calloc(1, sizeof(*segment));
	const char *why;

	if (!segment)
		return NULL;
	segment->place = *place;
	segment->key = names_id(stream->names, place->key);
	if (reader_open(place, &segment->reader, &why)) {
		free(segment);
		return NULL;
	}
	segment->workers_told = calloc(reader_count(segment->reader, SECTION_WORKERS) + 1, sizeof(struct told_worker));
	segment->queues_told = calloc(reader_count(segment->reader, SECTION_QUEUES) + 1, sizeof(struct told_queue));
	segment->names = calloc(reader_count(segment->reader, SECTION_NAMES) + 1, sizeof(uint32_t));
	if (segment->workers_told && segment->queues_told && segment->names)
		return segment;
	segment_close(segment);
	return NULL;
}

/* ---- looking ---- */

static bool is_same(const struct reader_place *one, const struct reader_place *other)
{
	return !strcmp(one->key, other->key) && !strcmp(one->directory, other->directory);
}

static struct segment *segment_at(struct runtime_source *runtime, const struct reader_place *place)
{
	for (unsigned i = 0; i < runtime->nr_segments; i++)
		if (is_same(&runtime->segments[i]->place, place))
			return runtime->segments[i];
	return NULL;
}

static bool stands_in(const struct reader_place *places, size_t count, const struct reader_place *place)
{
	for (size_t i = 0; i < count; i++)
		if (is_same(&places[i], place))
			return true;
	return false;
}

static void refuse(struct runtime_source *runtime, const struct reader_place *place)
{
	if (runtime->nr_refused < PLACES_MAX)
		runtime->refused[runtime->nr_refused++] = *place;
}

/* Those that are not there any more make room. */
static void forget_refused(struct runtime_source *runtime, size_t nr_places)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < runtime->nr_refused; i++)
		if (stands_in(runtime->places, nr_places, &runtime->refused[i]))
			runtime->refused[kept++] = runtime->refused[i];
	runtime->nr_refused = kept;
}

static void welcome(struct runtime_source *runtime, const struct reader_place *place, struct stream *stream)
{
	struct segment *segment;

	if (stands_in(runtime->refused, runtime->nr_refused, place) || runtime->nr_segments == PLACES_MAX)
		return;
	if (!runtime->wants(runtime->context, place) || !(segment = segment_open(place, stream))) {
		refuse(runtime, place);
		return;
	}
	segment->stream = stream;
	segment->seen = true;
	runtime->segments[runtime->nr_segments++] = segment;
	if (place->alive)
		runtime->found(runtime->context, place);
}

static void look(struct runtime_source *runtime, struct stream *stream)
{
	size_t count = reader_find(runtime->places, PLACES_MAX);

	count = count < PLACES_MAX ? count : PLACES_MAX;
	forget_refused(runtime, count);
	for (unsigned i = 0; i < runtime->nr_segments; i++)
		runtime->segments[i]->seen = false;
	for (size_t i = 0; i < count; i++) {
		struct segment *segment = segment_at(runtime, &runtime->places[i]);
		if (!segment) {
			welcome(runtime, &runtime->places[i], stream);
			continue;
		}
		segment->seen = true;
		segment->place.alive = runtime->places[i].alive;
	}
}

/* ---- telling ---- */

static void tell_end(struct segment *segment, enum event event, const char *reason)
{
	struct fact fact = segment_fact(segment, event, segment->now_ns);

	if (reason)
		fact_set(&fact, F_REASON, names_id(segment->stream->names, reason));
	fact.flags = FACT_STATE;
	segment_push(segment, &fact);
	segment->gone = true;
}

static void tell(struct segment *segment, uint64_t now_ns)
{
	bool first = !segment->now_ns;

	/* at first all that stands there is told, however old */
	segment->floor_ns = segment->drained_ns > LATE_NS ? segment->drained_ns - LATE_NS : 0;
	segment->now_ns = now_ns;
	if (first)
		segment_tell_state(segment, true);
	segment_tell_records(segment);
	segment_tell_state(segment, false);
	if (!segment->place.alive)
		tell_end(segment, EV_POOL_DEAD, "its parent is gone without closing it");
	else if (!segment->seen)
		tell_end(segment, EV_POOL_JOINED, NULL);
}

static void drain(struct source *source, struct stream *stream, uint64_t now_ns)
{
	struct runtime_source *runtime = (struct runtime_source *)source;

	if (!runtime->looked_ns || now_ns - runtime->looked_ns >= LOOK_EVERY_NS) {
		runtime->looked_ns = now_ns;
		look(runtime, stream);
	}
	for (unsigned i = 0; i < runtime->nr_segments;) {
		struct segment *segment = runtime->segments[i];
		tell(segment, now_ns);
		if (!segment->gone) {
			i++;
			continue;
		}
		if (segment->seen) /* dead: its file stays, and has been told */
			refuse(runtime, &segment->place);
		segment_close(segment);
		runtime->segments[i] = runtime->segments[--runtime->nr_segments];
	}
}

static void close_source(struct source *source)
{
	struct runtime_source *runtime = (struct runtime_source *)source;

	for (unsigned i = 0; i < runtime->nr_segments; i++)
		segment_close(runtime->segments[i]);
	free(runtime);
}

struct source *runtime_source_open(runtime_wants *wants, runtime_found *found, void *context)
{
	struct runtime_source *runtime = calloc(1, sizeof(*runtime));

	if (!runtime)
		return NULL;
	runtime->source = (struct source){ .drain = drain, .close = close_source, .fd = -1 };
	runtime->wants = wants;
	runtime->found = found;
	runtime->context = context;
	return &runtime->source;
}
