/* replay.c: what was recorded, with the whole dashboard, forwards and backwards. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/dashboard.h"
#include "commands/json.h"
#include "commands/line.h"
#include "sources/recording.h"
#include "sources/source.h"

static const struct option options[] = {
	{ "jsonl", no_argument, NULL, 'l' }, { "plain", no_argument, NULL, 'p' }, { "help", no_argument, NULL, 'h' }, { 0 },
};

/* All facts at once, before a history of just that size is made. */
struct pile {
	struct fact *facts;
	size_t count, capacity;
	bool full;
};

static void pile_up(void *context, const struct fact *fact)
{
	struct pile *pile = context;

	if (pile->count == pile->capacity) {
		size_t capacity = pile->capacity ? pile->capacity * 2 : 4096;
		struct fact *facts = realloc(pile->facts, capacity * sizeof(*facts));
		if (!facts) {
			pile->full = true;
			return;
		}
		pile->facts = facts;
		pile->capacity = capacity;
	}
	pile->facts[pile->count++] = *fact;
}

static void print(const struct pile *pile, const struct names *names, bool jsonl)
{
	struct model model;

	model_init(&model);
	for (size_t i = 0; i < pile->count; i++) {
		const struct fact *fact = &pile->facts[i];
		model_apply(&model, fact);
		if (jsonl)
			json_print(stdout, json_fact(fact, names), false);
		else
			print_fact(stdout, &model, names, fact);
	}
	model_finish(&model);
}

static int show(struct pile *pile, struct names *names, const struct recording_header *header)
{
	struct history history;

	if (facts_sort(pile->facts, pile->count) || history_init(&history, names, pile->count + 1))
		return command_fails(&command_replay, "not enough memory");
	history_add_all(&history, pile->facts, pile->count);
	int status = dashboard_replay(&history, header);
	history_finish(&history);
	return status;
}

static int replay(const char *path, char form)
{
	struct names *names = names_create();
	struct pile pile = { 0 };
	struct recording_header header;
	struct recording_end end;
	const char *why;
	int status = EXIT_FINE;

	if (recording_read(path, names, &header, pile_up, &pile, &end, &why)) {
		status = command_fails(&command_replay, "cannot read %s: %s", path, why);
	} else {
		if (end.cut)
			fprintf(stderr, "poolscope replay: %s ends in the middle: what is there is shown (%zu facts)\n", path,
			        pile.count);
		if (!form && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
			status = show(&pile, names, &header);
		else
			print(&pile, names, form == 'l');
	}
	free(pile.facts);
	names_destroy(names);
	return status;
}

static int run(int argc, char **argv)
{
	char form = 0;
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h') {
			command_help(&command_replay, stdout);
			return EXIT_FINE;
		}
		if (option == '?')
			return EXIT_USAGE;
		form = (char)option;
	}
	if (optind != argc - 1)
		return command_fails(&command_replay, "one recording is needed: poolscope replay FILE");
	return replay(argv[optind], form);
}

const struct command command_replay = {
	.name = "replay",
	.synopsis = "FILE [--plain | --jsonl]",
	.summary = "Looks at a recording again with the whole dashboard, forwards and backwards.",
	.help = "  --plain   no dashboard: every fact on a line\n"
	        "  --jsonl   every fact as one JSON object a line\n"
	        "\nSpace plays and pauses, [ ] step, { } jump between incidents, + and - change the speed.\n",
	.run = run,
};
