/* vocabulary.h: the words of contract/events.h and contract/states.h, to be looked up in both directions. */
#ifndef MODEL_VOCABULARY_H
#define MODEL_VOCABULARY_H

#include <stdint.h>

#include "pool-runtime/contract/events.h"
#include "pool-runtime/contract/states.h"

enum field_type {
	TYPE_NUMBER, TYPE_NS, TYPE_PID, TYPE_FLAG, TYPE_ADDRESS, TYPE_TEXT,
	/* numbers that stand for a word of a list */
	TYPE_KIND, TYPE_START_METHOD, TYPE_ROLE, TYPE_CALL, TYPE_STATUS, TYPE_HOW, TYPE_STATE, TYPE_PROBE_STATE,
};

struct word { const char *word, *meaning; char letter; };
struct word_list { const struct word *words; unsigned count; };

extern const struct word_list worker_words, pool_words, thread_words;

/* The list of a word type; an empty one for the other types. */
struct word_list type_words(enum field_type type);
/* "?" for what is out of the list. */
const char *word_of(struct word_list list, int64_t value);
char letter_of(struct word_list list, int64_t value);

struct event_entry { const char *name, *meaning; uint8_t fields[EVENT_MAX_FIELDS + 1]; /* enum event_field, F_NONE ends */ };
struct field_entry { const char *name, *meaning; enum field_type type; };
const struct event_entry *event_entry(enum event event);   /* never NULL; name "?" for none */
const struct field_entry *field_entry(enum event_field field);
enum event event_by_name(const char *name);                /* EV_NONE if there is none */

#endif
