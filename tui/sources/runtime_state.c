/* runtime_state.c: how do things stand in a segment's slots, beyond what its records told?
 *
 * Records are news and can be lost; slots are always there. At first sight all of them are told. Later a slot is told
 * when the records before the last drain did not lead to what it says, and its counters when they moved. */
#include <string.h>

#include "pool-runtime/contract/states.h"
#include "sources/runtime_segment.h"

#define COUNTED_EVERY_NS 1000000000u

static void push_state(const struct segment *segment, struct fact *fact)
{
	fact->flags = FACT_STATE | FACT_SAMPLED;
	segment_push(segment, fact);
}

static enum event event_of_pool(unsigned state)
{
	switch (state) {
	case POOL_CLOSING:     return EV_POOL_CLOSING;
	case POOL_TERMINATING: return EV_POOL_TERMINATING;
	case POOL_JOINED:      return EV_POOL_JOINED;
	case POOL_BROKEN:      return EV_POOL_BROKEN;
	default:               return EV_POOL_OPENED;
	}
}

static void tell_opened(struct segment *segment, const struct segment_slot *slot)
{
	const struct segment_header *header = reader_header(segment->reader);
	struct fact fact = segment_fact(segment, EV_POOL_OPENED, header->opened_ns);

	segment->workers = slot->old;
	fact_set(&fact, F_NAME, segment_name(segment, header->name));
	fact_set(&fact, F_KIND, header->kind);
	fact_set(&fact, F_START_METHOD, header->start_method);
	fact_set(&fact, F_WORKERS, slot->old);
	push_state(segment, &fact);
}

static void tell_pool(struct segment *segment, bool first)
{
	struct segment_slot slot;

	if (reader_slot(segment->reader, SECTION_POOL, 0, &slot) == READER_FAILED)
		return;
	if (first || slot.old != segment->workers)
		tell_opened(segment, &slot);
	unsigned state = SLOT_STATE(slot.word);
	if (state == segment->state || event_of_pool(state) == EV_POOL_OPENED)
		return;
	struct fact fact = segment_fact(segment, event_of_pool(state), reader_ns(segment->reader, slot.since));
	if (state == POOL_BROKEN)
		fact_set(&fact, F_REASON, segment_name(segment, slot.name));
	push_state(segment, &fact);
	segment->state = (uint8_t)state;
}

static struct fact worker_fact(const struct segment *segment, unsigned index, enum event event, uint64_t t_ns)
{
	const struct told_worker *told = &segment->workers_told[index];
	struct fact fact = segment_fact(segment, event, t_ns);

	fact.pid = told->now.pid;
	fact.start = told->now.start;
	fact_set(&fact, F_SLOT, index);
	return fact;
}

static enum event event_of_worker(unsigned state)
{
	switch (state) {
	case WORKER_STARTING:     return EV_WORKER_STARTING;
	case WORKER_INITIALIZING: return EV_WORKER_INITIALIZING;
	case WORKER_IDLE:         return EV_WORKER_IDLE;
	case WORKER_BUSY:         return EV_WORKER_BUSY;
	case WORKER_EXITING:      return EV_WORKER_EXITING;
	case WORKER_DIED:         return EV_WORKER_DIED;
	default:                  return EV_NONE;
	}
}

static void tell_worker_state(struct segment *segment, unsigned index, const struct segment_slot *slot)
{
	struct told_worker *told = &segment->workers_told[index];
	enum event event = event_of_worker(SLOT_STATE(slot->word));

	if (event == EV_NONE || slot->pid <= 0)
		return;
	told_lives(told, (uint32_t)slot->pid, slot->start, reader_ns(segment->reader, slot->since));
	told->since_ns = reader_ns(segment->reader, slot->since);
	struct fact fact = worker_fact(segment, index, event, told->since_ns);
	if (event == EV_WORKER_BUSY || event == EV_WORKER_DIED) {
		fact_set(&fact, F_TASK, (int64_t)slot->task);
		fact_set(&fact, F_FUNCTION, segment_name(segment, slot->name));
	}
	push_state(segment, &fact);
}

static void tell_worker_counts(struct segment *segment, unsigned index, const struct segment_slot *slot)
{
	struct told_worker *told = &segment->workers_told[index];

	if (!told->now.pid || (told->counted && !memcmp(told->count, slot->count, sizeof(told->count))))
		return;
	told->counted = true;
	memcpy(told->count, slot->count, sizeof(told->count));
	struct fact fact = worker_fact(segment, index, EV_WORKER_COUNTED, segment->now_ns);
	fact_set(&fact, F_DONE, (int64_t)slot->count[COUNT_DONE]);
	fact_set(&fact, F_FAILED, (int64_t)slot->count[COUNT_FAILED]);
	fact_set(&fact, F_BUSY_NS, (int64_t)slot->count[COUNT_BUSY]);
	push_state(segment, &fact);
}

static void tell_workers(struct segment *segment, bool first)
{
	bool count = first || segment->now_ns - segment->counted_ns >= COUNTED_EVERY_NS;

	for (unsigned i = 0; i < reader_count(segment->reader, SECTION_WORKERS); i++) {
		const struct told_worker *told = &segment->workers_told[i];
		struct segment_slot slot;
		enum reader_slot_result result = reader_slot(segment->reader, SECTION_WORKERS, i, &slot);
		if (result == READER_FAILED)
			continue;
		uint64_t since_ns = reader_ns(segment->reader, slot.since);
		/* news that this drain should have brought and did not */
		bool missed = since_ns > told->since_ns && since_ns < segment->drained_ns;
		if (result == READER_SOUND && (first || missed))
			tell_worker_state(segment, i, &slot);
		if (count)
			tell_worker_counts(segment, i, &slot);
	}
	if (count)
		segment->counted_ns = segment->now_ns;
}

static void tell_helpers(struct segment *segment)
{
	for (unsigned i = 0; i < reader_count(segment->reader, SECTION_HELPERS) && i < NR_HELPER_ROLES; i++) {
		struct segment_slot slot;
		if (reader_slot(segment->reader, SECTION_HELPERS, i, &slot) != READER_SOUND || slot.tid <= 0)
			continue;
		bool exited = SLOT_STATE(slot.word) == THREAD_GONE;
		struct fact fact = segment_fact(segment, exited ? EV_HELPER_EXITED : EV_HELPER_STARTED,
		                                reader_ns(segment->reader, slot.since));
		fact.tid = (uint32_t)slot.tid;
		fact_set(&fact, F_ROLE, i);
		if (!exited)
			fact_set(&fact, F_NAME, segment_name(segment, slot.name));
		push_state(segment, &fact);
	}
}

static void tell_queues(struct segment *segment)
{
	for (unsigned i = 0; i < reader_count(segment->reader, SECTION_QUEUES); i++) {
		struct told_queue *told = &segment->queues_told[i];
		struct segment_slot slot;
		if (reader_slot(segment->reader, SECTION_QUEUES, i, &slot) == READER_FAILED || !slot.name)
			continue;
		if (told->told && !memcmp(told->count, slot.count, sizeof(told->count)) && told->bytes == slot.bytes &&
		    told->high == slot.task)
			continue;
		*told = (struct told_queue){ .told = true, .high = slot.task, .bytes = slot.bytes };
		memcpy(told->count, slot.count, sizeof(told->count));
		uint64_t in = slot.count[COUNT_IN], out = slot.count[COUNT_OUT];
		struct fact fact = segment_fact(segment, EV_QUEUE_DEPTH, segment->now_ns);
		fact_set(&fact, F_QUEUE, segment_name(segment, slot.name));
		fact_set(&fact, F_DEPTH, (int64_t)(in > out ? in - out : 0));
		fact_set(&fact, F_BYTES, (int64_t)slot.bytes);
		fact_set(&fact, F_CAPACITY, slot.old);
		fact_set(&fact, F_HIGH, (int64_t)slot.task);
		fact_set(&fact, F_IN, (int64_t)in);
		fact_set(&fact, F_OUT, (int64_t)out);
		push_state(segment, &fact);
	}
}

void segment_tell_state(struct segment *segment, bool first)
{
	reader_refresh(segment->reader);
	tell_pool(segment, first);
	tell_workers(segment, first);
	if (first)
		tell_helpers(segment);
	tell_queues(segment);
}
