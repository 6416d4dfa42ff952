/* fact.h: what is the one thing that flows from every source into the model?
 *
 * A fact: at a time, something of contract/events.h happened to a process. Its fields stand in the order of the event's
 * list; a TEXT field holds an id of names.h. What could not be known has its bit in `known` clear: it is shown as
 * unknown and written as null, never as 0. Facts are plain values: copied, saved and replayed as they are. */
#ifndef MODEL_FACT_H
#define MODEL_FACT_H

#include <stdbool.h>
#include <stdint.h>

#include "pool-runtime/contract/events.h"

enum fact_source { SOURCE_RUNTIME, SOURCE_KERNEL, SOURCE_PROC, NR_FACT_SOURCES };

enum {
	FACT_SAMPLED = 1, /* not every one is sent, or it was found by looking now and then */
	FACT_STATE = 2,   /* says how things stand, not that something happened now: not news for an event list */
};

struct fact {
	uint64_t t_ns;   /* CLOCK_MONOTONIC */
	uint64_t start;  /* of pid: field 22 of /proc/PID/stat; pid and start together are the process */
	uint32_t pid;
	uint32_t tid;    /* the thread, where it differs from pid; else 0 */
	uint16_t event;  /* enum event */
	uint8_t source;  /* enum fact_source */
	uint8_t flags;
	uint32_t known;  /* bit i: value[i] is known */
	int64_t value[EVENT_MAX_FIELDS];
};

/* Where `field` stands in the facts of `event`; -1 if it has none. */
int fact_field(enum event event, enum event_field field);

/* The value of a field; false (and *value untouched) where the event has none or it is not known. */
bool fact_get(const struct fact *fact, enum event_field field, int64_t *value);

/* The same with a word for what is not known. */
int64_t fact_value(const struct fact *fact, enum event_field field, int64_t unknown);

/* Sets a field that the event has (asserted). */
void fact_set(struct fact *fact, enum event_field field, int64_t value);

#endif
