/* publish_names.c: an id for a text, the same for the same text.
 *
 *   entry 0: how many are claimed      entry 1 ... claimed - 1: the names, in the order they came
 *
 * Whoever wants a new name has looked at every entry below `claimed` before it raises it from just there, so that no
 * text stands twice; an entry that stays unfinished (its writer was killed) belongs to no text. What this process has
 * looked at is in its own hash table, which is asked first. */
#include "publisher.h"

#include <string.h>

#include "record.h"

struct text {
	const char *bytes;
	uint32_t length, hash;
};

/* What fits an entry, without half a UTF-8 character at its end. */
static uint32_t length_that_fits(const char *text)
{
	size_t length = strnlen(text, SEGMENT_NAME_TEXT + 1);

	if (length <= SEGMENT_NAME_TEXT)
		return length;
	length = SEGMENT_NAME_TEXT;
	while (length > SEGMENT_NAME_TEXT - 4 && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	return length;
}

/* FNV-1a */
static uint32_t hash_of(const char *bytes, uint32_t length)
{
	uint32_t hash = 2166136261u;

	for (uint32_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * 16777619u;
	return hash;
}

static bool name_is(const struct segment_name *name, const struct text *text)
{
	return LOAD(name->length) == text->length && memcmp(name->text, text->bytes, text->length) == 0;
}

/* Its id, or 0; *place is then where it would be entered. The cache is never more than half full, unless the program's
 * own stray pointers made two of one text: so each place is looked at once at most. */
static uint32_t look_up(const struct publisher *publisher, const struct text *text, uint32_t *place)
{
	uint32_t id = 0;

	for (uint32_t i = 0; i < PUBLISHER_NAME_CACHE; i++) {
		*place = (text->hash + i) % PUBLISHER_NAME_CACHE;
		id = LOAD_ACQUIRE(publisher->name_cache[*place]);
		if (id == 0 || name_is(&publisher->names[id], text))
			break;
	}
	return id;
}

static void remember(struct publisher *publisher, uint32_t id)
{
	const struct segment_name *name = &publisher->names[id];
	struct text text = {name->text, record_cut(LOAD(name->length), SEGMENT_NAME_TEXT), 0};
	uint32_t place, empty;

	text.hash = hash_of(text.bytes, text.length);
	do {
		empty = 0;
		if (look_up(publisher, &text, &place))
			return;
	} while (!__atomic_compare_exchange_n(&publisher->name_cache[place], &empty, id, false,
	                                      __ATOMIC_RELEASE, __ATOMIC_RELAXED));
}

/* Filling an entry takes some 50 ns; who takes much longer was preempted or killed, and is not waited for. */
static bool is_ready_soon(const struct segment_name *name)
{
	for (int i = 0; i < 1000; i++)
		if (LOAD_ACQUIRE(name->ready))
			return true;
	return false;
}

/* Looks at the entries that came since it last did; how many are claimed by now. */
static uint32_t see_new_names(struct publisher *publisher)
{
	uint32_t claimed = LOAD_ACQUIRE(publisher->names[0].length);

	if (claimed == 0 || claimed > PUBLISHER_NAMES)
		claimed = PUBLISHER_NAMES;
	for (uint32_t i = LOAD(publisher->names_seen) + 1; i < claimed; i++)
		if (is_ready_soon(&publisher->names[i]))
			remember(publisher, i);
	STORE(publisher->names_seen, claimed - 1);
	return claimed;
}

static void fill_in(struct publisher *publisher, uint32_t id, const struct text *text)
{
	struct segment_name *name = &publisher->names[id];

	STORE(name->length, text->length);
	memcpy(name->text, text->bytes, text->length);
	STORE_RELEASE(name->ready, 1);
	remember(publisher, id);
}

static uint32_t find_or_add(struct publisher *publisher, const struct text *text)
{
	uint32_t claimed, id, place;

	do {
		claimed = see_new_names(publisher);
		id = look_up(publisher, text, &place);
		if (id)
			return id;
		if (claimed == PUBLISHER_NAMES) {
			__atomic_fetch_add(&publisher->pool->count[COUNT_NAMES_LOST], 1, __ATOMIC_RELAXED);
			return 0;
		}
		id = claimed;
	} while (!__atomic_compare_exchange_n(&publisher->names[0].length, &claimed, claimed + 1, false,
	                                      __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
	fill_in(publisher, id, text);
	return id;
}

uint32_t publisher_name(struct publisher *publisher, const char *bytes)
{
	struct text text = {.bytes = bytes};
	uint32_t id, place;

	if (!publisher || !bytes || !bytes[0])
		return 0;
	text.length = length_that_fits(bytes);
	text.hash = hash_of(bytes, text.length);
	id = look_up(publisher, &text, &place);
	return id ? id : find_or_add(publisher, &text);
}
