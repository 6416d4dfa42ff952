/* sentence.c: a fact, said in words. */
#include "views/sentence.h"

#include <stdio.h>
#include <string.h>

#include "base/brief.h"
#include "model/vocabulary.h"
#include "views/look.h"
#include "views/sentences.h"

#define SENTENCE_ENTRY_(EVENT, template) [EV_##EVENT] = template,
static const char *const templates[NR_EVENTS] = {SENTENCES(SENTENCE_ENTRY_)};

/* A sentence as it grows. `whole` is false as soon as a field of the part in [ ] has nothing to say. */
struct writer {
	const struct scene *scene;
	const struct fact *fact;
	struct sentence *sentence;
	size_t length;
	bool whole;
};

static void write_bytes(struct writer *writer, const char *bytes, size_t length)
{
	size_t left = sizeof(writer->sentence->text) - 1 - writer->length;

	if (length > left)
		length = left;
	memcpy(writer->sentence->text + writer->length, bytes, length);
	writer->length += length;
	writer->sentence->text[writer->length] = '\0';
}

static void write_text(struct writer *writer, const char *text)
{
	write_bytes(writer, text, strlen(text));
}

static void write_number(struct writer *writer, const char *format, int64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), format, (long long)number);
	write_text(writer, text);
	if (number == 0)
		writer->whole = false;
}

/* "stands for 1" says nothing. */
static void write_count(struct writer *writer, int64_t count)
{
	write_number(writer, "%lld", count);
	if (count == 1)
		writer->whole = false;
}

static void write_name(struct writer *writer, enum event_field field, int64_t id)
{
	const char *text = field == F_POOL ? pool_label(writer->scene, (uint32_t)id)
	                                   : scene_text(writer->scene, (uint32_t)id);

	write_text(writer, *text ? text : "?");
	if (!*text)
		writer->whole = false;
}

static void write_value(struct writer *writer, enum event_field field, int64_t value)
{
	enum field_type type = field_entry(field)->type;

	if (field == F_COUNT) {
		write_count(writer, value);
		return;
	}
	switch (type) {
	case TYPE_NUMBER: case TYPE_PID: case TYPE_FLAG:
		write_number(writer, "%lld", value);
		break;
	case TYPE_ADDRESS:
		write_number(writer, "0x%llx", value);
		break;
	case TYPE_NS:
		write_text(writer, brief_duration(value).text);
		break;
	case TYPE_TEXT:
		write_name(writer, field, value);
		break;
	default:
		write_text(writer, word_of(type_words(type), value));
		break;
	}
}

static void write_end(struct writer *writer)
{
	struct phrase end = end_phrase(fact_value(writer->fact, F_EXIT_CODE, UNKNOWN),
	                               fact_value(writer->fact, F_SIGNAL, UNKNOWN),
	                               fact_value(writer->fact, F_CORE, UNKNOWN));

	write_text(writer, *end.text ? end.text : "nobody knows how");
}

static void write_field(struct writer *writer, const char *name, size_t length)
{
	const struct fact *fact = writer->fact;
	int64_t value;

	if (length == 3 && !memcmp(name, "tid", 3)) {
		write_number(writer, "%lld", fact->tid ? fact->tid : fact->pid);
		return;
	}
	if (length == 3 && !memcmp(name, "end", 3)) {
		write_end(writer);
		return;
	}
	for (const uint8_t *field = event_entry(fact->event)->fields; *field != F_NONE; field++) {
		const char *known = field_entry(*field)->name;

		if (strlen(known) == length && !memcmp(known, name, length) && fact_get(fact, *field, &value)) {
			write_value(writer, *field, value);
			return;
		}
	}
	write_text(writer, "?");
	writer->whole = false;
}

/* Reads a template up to its end or to the closing bracket; returns where it stopped. */
static const char *write_part(struct writer *writer, const char *at)
{
	while (*at && *at != ']') {
		size_t plain = strcspn(at, "[]{");

		write_bytes(writer, at, plain);
		at += plain;
		if (*at == '{') {
			const char *end = strchr(at, '}');

			write_field(writer, at + 1, (size_t)(end - at - 1));
			at = end + 1;
		} else if (*at == '[') {
			size_t before = writer->length;

			writer->whole = true;
			at = write_part(writer, at + 1) + 1;
			if (!writer->whole)
				writer->sentence->text[writer->length = before] = '\0';
		}
	}
	return at;
}

struct sentence fact_sentence(const struct scene *scene, const struct fact *fact)
{
	struct sentence sentence = {""};
	struct writer writer = {.scene = scene, .fact = fact, .sentence = &sentence};

	if (fact->event < NR_EVENTS && templates[fact->event])
		write_part(&writer, templates[fact->event]);
	return sentence;
}

enum style fact_style(const struct fact *fact)
{
	if (fact->event == EV_PROCESS_ZOMBIE) /* everybody who dies is one for a moment: no alarm yet */
		return STYLE_PASSING;
	if (fact_is_incident(fact))
		return STYLE_BAD;
	switch (fact->event) {
	case EV_NOTE:
		return STYLE_NOTE;
	case EV_TASK_RETRIED: case EV_WORKER_REPLACED: case EV_PROBE_CHANGED:
		return STYLE_WARNING;
	case EV_WORKER_IDLE: case EV_TASK_QUEUED: case EV_TASK_DELIVERED: case EV_THREAD_STATE: case EV_THREAD_NAMED:
		return STYLE_DIM;
	case EV_TASK_FINISHED: case EV_JOB_FINISHED: case EV_TASK_LOST:
		return fact_value(fact, F_STATUS, STATUS_OK) == STATUS_OK ? STYLE_NORMAL : STYLE_WARNING;
	default:
		return STYLE_NORMAL;
	}
}

bool fact_is_news(const struct fact *fact)
{
	return !(fact->flags & FACT_STATE);
}

bool fact_is_headline(const struct fact *fact)
{
	switch (fact->event) {
	case EV_WORKER_IDLE: case EV_TASK_STARTED: case EV_TASK_QUEUED: case EV_TASK_DELIVERED:
		return false; /* every task's routine; worker.busy and task.finished stand for it */
	default:
		return fact_is_news(fact);
	}
}
