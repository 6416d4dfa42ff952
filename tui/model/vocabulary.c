/* vocabulary.c: by which word is each event, field and state known? Every table comes from the contract's lists. */
#include "model/vocabulary.h"

#include <stddef.h>
#include <string.h>

#define FIELDS(...) { __VA_ARGS__ }
#define ENTRY(SYMBOL, name, fields, meaning) [EV_##SYMBOL] = { name, meaning, fields },
static const struct event_entry events[NR_EVENTS] = { [EV_NONE] = { "?", "", { F_NONE } }, EVENTS(ENTRY) };
#undef ENTRY

#define ENTRY(SYMBOL, name, type, meaning) [F_##SYMBOL] = { name, meaning, TYPE_##type },
static const struct field_entry fields[NR_EVENT_FIELDS] = { [F_NONE] = { "?", "", TYPE_NUMBER }, EVENT_FIELDS(ENTRY) };
#undef ENTRY

#define WORD(SYMBOL, word, letter, meaning) { word, meaning, letter },
#define LIST(name, LIST_OF) \
	static const struct word name##_array[] = { LIST_OF(WORD) }; \
	const struct word_list name = { name##_array, sizeof(name##_array) / sizeof(name##_array[0]) };

LIST(worker_words, WORKER_STATES)
LIST(pool_words, POOL_STATES)
LIST(thread_words, THREAD_STATES)

#define ARRAY(LIST_OF) { (const struct word[]){ LIST_OF(WORD) }, sizeof((const struct word[]){ LIST_OF(WORD) }) / sizeof(struct word) }
static const struct word_list words_by_type[] = {
	[TYPE_KIND] = ARRAY(POOL_KINDS),
	[TYPE_START_METHOD] = ARRAY(START_METHODS),
	[TYPE_ROLE] = ARRAY(HELPER_ROLES),
	[TYPE_CALL] = ARRAY(JOB_CALLS),
	[TYPE_STATUS] = ARRAY(TASK_STATUSES),
	[TYPE_HOW] = ARRAY(FORK_MANNERS),
	[TYPE_STATE] = ARRAY(THREAD_STATES),
	[TYPE_PROBE_STATE] = ARRAY(PROBE_STATES),
};

struct word_list type_words(enum field_type type)
{
	return words_by_type[type];
}

const char *word_of(struct word_list list, int64_t value)
{
	return value >= 0 && value < list.count ? list.words[value].word : "?";
}

char letter_of(struct word_list list, int64_t value)
{
	return value >= 0 && value < list.count ? list.words[value].letter : '?';
}

const struct event_entry *event_entry(enum event event)
{
	return &events[(unsigned)event < NR_EVENTS ? event : EV_NONE];
}

const struct field_entry *field_entry(enum event_field field)
{
	return &fields[(unsigned)field < NR_EVENT_FIELDS ? field : F_NONE];
}

enum event event_by_name(const char *name)
{
	for (int i = 1; i < NR_EVENTS; i++)
		if (!strcmp(events[i].name, name))
			return i;
	return EV_NONE;
}
