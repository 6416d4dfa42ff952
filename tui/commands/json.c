/* json.c: facts as JSON, and what all JSON of ours has in common. */
#include "commands/json.h"

#include <string.h>

#include "base/text.h"
#include "model/vocabulary.h"

struct json_object *json_text(const char *text)
{
	char whole[NAME_MAX_BYTES * 3 + 1];
	size_t length = 0;
	struct text_character next;

	while (text_next(&text, &next) && length + 8 < sizeof(whole)) {
		length += (size_t)text_encode(whole + length, next.character);
		if (next.mark)
			length += (size_t)text_encode(whole + length, next.mark);
	}
	return json_object_new_string_len(whole, (int)length);
}

static struct json_object *json_value(enum field_type type, int64_t value, const struct names *names)
{
	char address[32];

	switch (type) {
	case TYPE_NUMBER:
	case TYPE_NS:
	case TYPE_PID:
		return json_object_new_int64(value);
	case TYPE_FLAG:
		return json_object_new_boolean(value != 0);
	case TYPE_ADDRESS:
		snprintf(address, sizeof(address), "0x%llx", (unsigned long long)value);
		return json_object_new_string(address);
	case TYPE_TEXT:
		return value ? json_text(names_text(names, (uint32_t)value)) : NULL;
	default:
		return json_object_new_string(word_of(type_words(type), value));
	}
}

struct json_object *json_fact(const struct fact *fact, const struct names *names)
{
	static const char *const sources[NR_FACT_SOURCES] = { "runtime", "kernel", "proc" };
	const struct event_entry *entry = event_entry(fact->event);
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "t_ns", json_object_new_int64((int64_t)fact->t_ns));
	json_object_object_add(object, "event", json_object_new_string(entry->name));
	json_object_object_add(object, "pid", fact->pid ? json_object_new_int64(fact->pid) : NULL);
	json_object_object_add(object, "start", fact->start ? json_object_new_int64((int64_t)fact->start) : NULL);
	if (fact->tid && fact->tid != fact->pid)
		json_object_object_add(object, "tid", json_object_new_int64(fact->tid));
	json_object_object_add(object, "source", json_object_new_string(sources[fact->source]));
	if (fact->flags & FACT_SAMPLED)
		json_object_object_add(object, "sampled", json_object_new_boolean(true));
	for (int i = 0; i < EVENT_MAX_FIELDS && entry->fields[i] != F_NONE; i++) {
		const struct field_entry *field = field_entry(entry->fields[i]);
		bool known = fact->known >> i & 1;
		json_object_object_add(object, field->name,
		                       known ? json_value(field->type, fact->value[i], names) : NULL);
	}
	return object;
}

void json_print(FILE *out, struct json_object *object, bool indented)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE | (indented ? JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED : 0);

	fputs(json_object_to_json_string_ext(object, flags), out);
	fputc('\n', out);
	json_object_put(object);
}
