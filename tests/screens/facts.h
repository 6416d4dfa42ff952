/* facts.h: canned facts for tests, a line each, in the words of contract/events.h.
 *
 *	1.250 4243 worker.died runtime pool=p slot=3 task=12 cause=SIGKILL
 *	|     |                |       field=value; words of lists by name, "two words", \e and \xNN in quotes
 *	|     |                source (runtime), and `state` or `sampled` for the flags
 *	|     pid, pid:start (start is the pid where it is not given), pid/tid
 *	seconds; `include FILE` takes in another file; # begins a comment */
#ifndef TESTS_SCREENS_FACTS_H
#define TESTS_SCREENS_FACTS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/model/history.h"
#include "tui/model/vocabulary.h"

static inline void facts_fail(const char *file, int number, const char *what)
{
	fprintf(stderr, "# %s:%d: %s\n", file, number, what);
	abort();
}

/* Takes a word or a quoted text off *at, in place. */
static inline char *facts_word(char **at, const char *end)
{
	char *from = *at + strspn(*at, " \t"), *to = from, *word = from;

	for (bool quoted = false; *from && (quoted || !strchr(end, *from)); from++) {
		if (*from == '"') {
			quoted = !quoted;
		} else if (quoted && *from == '\\' && from[1] == 'x') {
			char digits[3] = {from[2], from[3], '\0'};

			*to++ = (char)strtol(digits, NULL, 16);
			from += 3;
		} else if (quoted && *from == '\\' && from[1] == 'e') {
			*to++ = '\033';
			from++;
		} else {
			*to++ = *from;
		}
	}
	*at = *from ? from + 1 : from;
	*to = '\0';
	return word;
}

static inline bool facts_value(struct names *names, enum field_type type, const char *text, int64_t *value)
{
	struct word_list words = type_words(type);

	if (type == TYPE_TEXT) {
		*value = names_id(names, text);
		return true;
	}
	for (unsigned i = 0; i < words.count; i++)
		if (!strcmp(words.words[i].word, text)) {
			*value = i;
			return true;
		}
	*value = strtoll(text, NULL, 0);
	return words.count == 0;
}

static inline bool facts_field(struct fact *fact, struct names *names, const char *name, const char *text)
{
	const uint8_t *field = event_entry(fact->event)->fields;
	int64_t value;

	for (; *field != F_NONE; field++)
		if (!strcmp(field_entry(*field)->name, name)) {
			if (!facts_value(names, field_entry(*field)->type, text, &value))
				return false;
			fact_set(fact, *field, value);
			return true;
		}
	return false;
}

static inline bool facts_option(struct fact *fact, const char *word)
{
	static const char *const sources[NR_FACT_SOURCES] = {"runtime", "kernel", "proc"};

	for (uint8_t i = 0; i < NR_FACT_SOURCES; i++)
		if (!strcmp(word, sources[i])) {
			fact->source = i;
			return true;
		}
	if (!strcmp(word, "state"))
		fact->flags |= FACT_STATE;
	else if (!strcmp(word, "sampled"))
		fact->flags |= FACT_SAMPLED;
	else
		return false;
	return true;
}

static inline void facts_line(const char *file, int number, char *at, struct names *names, struct fact *fact)
{
	char *person;

	*fact = (struct fact){.t_ns = (uint64_t)(strtod(facts_word(&at, " "), NULL) * 1e9 + 0.5)};
	person = facts_word(&at, " ");
	fact->pid = (uint32_t)strtoul(person, &person, 10);
	fact->start = *person == ':' ? strtoull(person + 1, &person, 10) : fact->pid;
	fact->tid = *person == '/' ? (uint32_t)strtoul(person + 1, NULL, 10) : 0;
	fact->event = (uint16_t)event_by_name(facts_word(&at, " "));
	if (fact->event == EV_NONE)
		facts_fail(file, number, "no such event");
	while (*(at += strspn(at, " \t"))) {
		char *equals = at + strcspn(at, "= ");
		bool is_field = *equals == '=';
		char *word = facts_word(&at, "= ");

		if (is_field ? !facts_field(fact, names, word, facts_word(&at, " ")) : !facts_option(fact, word))
			facts_fail(file, number, word);
	}
}

static inline void facts_of(const char *folder, const char *file, struct names *names, struct history *history)
{
	char path[1100], line[1024];
	struct fact fact;
	FILE *stream;

	snprintf(path, sizeof(path), "%s%s", folder, file);
	stream = fopen(path, "r");
	if (!stream)
		facts_fail(path, 0, "cannot be read");
	for (int number = 1; fgets(line, sizeof(line), stream); number++) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "include ", 8)) {
			facts_of(folder, line + 8, names, history);
		} else if (line[strspn(line, " \t")] && line[strspn(line, " \t")] != '#') {
			facts_line(path, number, line, names, &fact);
			history_add(history, &fact);
		}
	}
	fclose(stream);
}

#endif
