/* manual.c: the manual page, written from the tables that the program itself runs on (mdoc(7)).
 *
 * What stands in a table is never said twice: commands, keys, events, fields, states, findings and lessons come from
 * their lists. Only the words around them stand here. */
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"
#include "findings/findings.h"
#include "model/vocabulary.h"
#include "pool-runtime/examples/examples.h"
#include "views/views.h"

#define COMMAND(name) &command_##name,
static const struct command *const commands[] = { COMMANDS(COMMAND) };
#define FINDING(name) &finding_##name,
static const struct finding_kind *const findings[] = { FINDINGS(FINDING) };
#define VIEW(name) &view_##name,
static const struct view *const views[] = { VIEWS(VIEW) };
#define LESSON(name, question, seconds, needs, promises) { #name, question },
static const struct { const char *name, *question; } lessons[] = { LESSONS(LESSON) };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Text for roff: a backslash is doubled, and a line that begins with a point or a quote is no request. */
static void text(const char *words)
{
	bool at_line_begin = true;

	for (; *words; words++) {
		if (at_line_begin && (*words == '.' || *words == '\''))
			fputs("\\&", stdout);
		if (*words == '\\')
			fputs("\\e", stdout);
		else if (*words == '-')
			fputs("\\-", stdout);
		else
			putchar(*words);
		at_line_begin = *words == '\n';
	}
}

static void entry(const char *term, const char *words)
{
	printf(".It Sy \\&"); /* a bracket alone would be punctuation */
	text(term);
	putchar('\n');
	text(words);
	putchar('\n');
}

static void begin_list(const char *width)
{
	printf(".Bl -tag -width %s -compact\n", width);
}

static void end_list(void)
{
	puts(".El");
}

static void write_commands(void)
{
	for (size_t i = 0; i < COUNT(commands); i++) {
		printf(".Ss poolscope %s ", commands[i]->name);
		text(commands[i]->synopsis);
		putchar('\n');
		text(commands[i]->summary);
		puts("\n.Bd -literal -offset 2n");
		text(commands[i]->help);
		puts(".Ed");
	}
}

static void write_views(void)
{
	char key[16];

	begin_list("findings");
	for (size_t i = 0; i < COUNT(views); i++) {
		char words[160];
		press_name(views[i]->key, key, sizeof(key));
		snprintf(words, sizeof(words), "(key %s) %s", key, views[i]->question);
		entry(views[i]->name, words);
	}
	end_list();
}

static void write_keys(void)
{
	begin_list("Shift-Tab");
	for (enum action action = ACTION_NONE + 1; action < NR_ACTIONS; action++) {
		const struct action_entry *it = action_entry(action);
		char key[16], other[16] = "", both[40];
		press_name(it->key, key, sizeof(key));
		if (it->other)
			press_name(it->other, other, sizeof(other));
		snprintf(both, sizeof(both), "%s%s%s", key, *other ? ", " : "", other);
		entry(both, it->help);
	}
	end_list();
}

static void write_words(const char *title, struct word_list list)
{
	printf(".Ss %s\n", title);
	begin_list("initializing");
	for (unsigned i = 0; i < list.count; i++) {
		char words[160];
		snprintf(words, sizeof(words), "(%c) %s", list.words[i].letter, list.words[i].meaning);
		entry(list.words[i].word, words);
	}
	end_list();
}

static void write_events(void)
{
	for (enum event event = EV_NONE + 1; event < NR_EVENTS; event++) {
		const struct event_entry *it = event_entry(event);
		char words[400];
		size_t length = (size_t)snprintf(words, sizeof(words), "%s.", it->meaning);
		for (int i = 0; i < EVENT_MAX_FIELDS && it->fields[i] != F_NONE; i++)
			length += (size_t)snprintf(words + length, sizeof(words) - length, "%s%s", i ? ", " : "\nFields: ",
			                           field_entry(it->fields[i])->name);
		entry(it->name, words);
	}
}

static void write_fields(void)
{
	for (enum event_field field = F_NONE + 1; field < NR_EVENT_FIELDS; field++)
		entry(field_entry(field)->name, field_entry(field)->meaning);
}

static void write_end(void)
{
	puts(".Sh FINDINGS");
	begin_list("worker-died-holding-task");
	for (size_t i = 0; i < COUNT(findings); i++)
		entry(findings[i]->id, findings[i]->meaning);
	end_list();
	puts(".Sh LESSONS");
	begin_list("helpers");
	for (size_t i = 0; i < COUNT(lessons); i++)
		entry(lessons[i].name, lessons[i].question);
	end_list();
	puts(".Sh ENVIRONMENT\n"
	     ".Bl -tag -width POOLSCOPE_THEME\n"
	     ".It Ev POOLSCOPE\n"
	     "Set to off in a pool's environment, the pool does not publish.\n"
	     ".It Ev POOLSCOPE_THEME\n"
	     "The dashboard's colours.\n"
	     ".It Ev NO_COLOR\n"
	     "No colours.\n"
	     ".El\n"
	     ".Sh FILES\n"
	     ".Bl -tag -width Ds\n"
	     ".It Pa $XDG_RUNTIME_DIR/poolscope/ , /dev/shm/poolscope-UID/\n"
	     "Where pools publish: one segment each, readable by its owner and by root.\n"
	     "A pool that ends well removes its own; of dead ones the newest eight are kept for post-mortem.\n"
	     ".El\n"
	     ".Sh EXIT STATUS\n"
	     "0: fine.\n"
	     "1: a finding, or a check that failed.\n"
	     "2: wrong usage, or nothing there.\n"
	     "77: a lesson that this kernel or this user cannot be shown.\n"
	     ".Cm run\n"
	     "returns the program's own status: 128 + signal, 127 if it was not found, 126 if it cannot be run, and 125 for\n"
	     "errors of its own.\nEvery other command that is given a\n.Ar CMD\nreturns 126 and 127 alike,\n"
	     "and 125 if it cannot write what it was to record.\n"
	     ".Sh PRIVILEGES\n"
	     "Pools that publish are seen by their owner without privileges.\n"
	     "The kernel probes need CAP_BPF and CAP_PERFMON, or root;\n"
	     "without them births and deaths are sampled from\n"
	     ".Pa /proc .\n"
	     ".Nm Cm doctor\n"
	     "says what is missing, and which command adds it.\n"
	     ".Sh SEE ALSO\n"
	     ".Xr ps 1 ,\n"
	     ".Xr fork 2 ,\n"
	     ".Xr wait 2 ,\n"
	     ".Xr proc 5");
}

int main(void)
{
	puts(".Dd November 20, 2026\n.Dt POOLSCOPE 1\n.Os\n"
	     ".Sh NAME\n.Nm poolscope\n.Nd see inside running pools of processes and threads\n"
	     ".Sh SYNOPSIS\n.Nm\n.Op Ar PID\n.Nm\n.Ar command\n.Op Ar argument ...\n"
	     ".Sh DESCRIPTION\n"
	     ".Nm\n"
	     "shows who the workers and helper threads of a running pool are, what state each is in, what is queued where, and\n"
	     "what the kernel did to them: forks, copy-on-write faults, zombies, orphans.\n"
	     "Pools that use libpoolscope publish their state; any other process tree is shown as far as the kernel tells.\n"
	     "Without arguments the dashboard of every pool is opened; with a\n.Ar PID\nthat of the pool it belongs to.\n"
	     "Wherever a command takes a\n.Ar PID\nit also takes\n.Cm -- Ar CMD ... ,\n"
	     "which it starts, watches from its first instruction, and until its whole tree is gone.\n"
	     ".Sh COMMANDS");
	write_commands();
	puts(".Sh THE DASHBOARD\n.Ss Views");
	write_views();
	puts(".Ss Keys");
	write_keys();
	puts(".Sh STATES");
	write_words("Workers", worker_words);
	write_words("Pools", pool_words);
	write_words("Threads and processes", thread_words);
	puts(".Sh EVENTS\n"
	     "As JSON a fact is one object: t_ns (CLOCK_MONOTONIC), event, pid, start (field 22 of /proc/PID/stat), tid where it\n"
	     "differs, source (runtime, kernel or proc), sampled where not every one is sent, and the event's own fields.\n"
	     "What cannot be known is null.");
	begin_list("worker.initializing");
	write_events();
	end_list();
	puts(".Ss Fields");
	begin_list("start_method");
	write_fields();
	end_list();
	write_end();
	return 0;
}
