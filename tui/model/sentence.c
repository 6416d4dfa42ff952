/* sentence.c: a fact on one line. */
#include "model/sentence.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/brief.h"
#include "base/text.h"
#include "model/vocabulary.h"

struct line {
	char *out;
	size_t size, length;
};

__attribute__((format(printf, 2, 3)))
static void put(struct line *line, const char *format, ...)
{
	va_list arguments;

	if (line->length + 1 >= line->size)
		return;
	va_start(arguments, format);
	int wrote = vsnprintf(line->out + line->length, line->size - line->length, format, arguments);
	va_end(arguments);
	line->length += wrote < 0 ? 0 : (size_t)wrote;
	if (line->length >= line->size)
		line->length = line->size - 1;
}

static void put_value(struct line *line, enum event_field field, int64_t value, const struct names *names)
{
	char text[256];

	switch (field_entry(field)->type) {
	case TYPE_NS:
		put(line, "%s", brief_duration(value).text);
		return;
	case TYPE_ADDRESS:
		put(line, "0x%llx", (unsigned long long)value);
		return;
	case TYPE_TEXT:
		text_printable(text, sizeof(text), names_text(names, (uint32_t)value));
		put(line, "%s", text);
		return;
	case TYPE_NUMBER:
	case TYPE_PID:
	case TYPE_FLAG:
		put(line, "%lld", (long long)value);
		return;
	default:
		put(line, "%s", word_of(type_words(field_entry(field)->type), value));
	}
}

/* A zero that means "none" and a text that is not there say nothing. */
static bool says_something(enum event_field field, int64_t value)
{
	switch (field) {
	case F_POOL:
		return false;
	case F_SIGNAL:
	case F_CORE:
	case F_TASK:
	case F_FORKS:
	case F_THREADS:
		return value != 0;
	default:
		return field_entry(field)->type != TYPE_TEXT || value != 0;
	}
}

static void put_fields(struct line *line, const struct fact *fact, const struct names *names)
{
	const uint8_t *fields = event_entry(fact->event)->fields;

	for (int i = 0; i < EVENT_MAX_FIELDS && fields[i] != F_NONE; i++) {
		if (!(fact->known >> i & 1) || !says_something(fields[i], fact->value[i]))
			continue;
		if (fields[i] == F_TEXT) {
			put_value(line, fields[i], fact->value[i], names);
			continue;
		}
		put(line, "%s%s=", line->length ? " " : "", field_entry(fields[i])->name);
		if (fields[i] == F_SIGNAL && sigabbrev_np((int)fact->value[i]))
			put(line, "SIG%s", sigabbrev_np((int)fact->value[i]));
		else
			put_value(line, fields[i], fact->value[i], names);
	}
}

size_t fact_fields(char *out, size_t size, const struct fact *fact, const struct names *names)
{
	struct line line = { .out = out, .size = size };

	out[0] = '\0';
	put_fields(&line, fact, names);
	return line.length;
}

size_t fact_sentence(char *out, size_t size, const struct fact *fact, const struct names *names)
{
	struct line line = { .out = out, .size = size };
	char fields[512];

	out[0] = '\0';
	put(&line, "%-18s %7u", event_entry(fact->event)->name, fact->pid);
	if (fact->tid && fact->tid != fact->pid)
		put(&line, "/%u", fact->tid);
	fact_fields(fields, sizeof(fields), fact, names);
	put(&line, "  %s", fields);
	return line.length;
}
