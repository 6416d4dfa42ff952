/* events.c: what happens, as it happens? */
#include <getopt.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/json.h"
#include "commands/line.h"
#include "commands/watch.h"

static const struct option options[] = {
	{ "jsonl", no_argument, NULL, 'l' }, { "json", no_argument, NULL, 'l' }, { "all", no_argument, NULL, 'a' },
	{ "help", no_argument, NULL, 'h' },  { 0 },
};

struct printing {
	struct watch *watch;
	bool jsonl, all;
	uint64_t from_ns;
};

/* How things stand is no news; queue depths have no other news than their samples. */
static bool is_news(const struct printing *printing, const struct fact *fact)
{
	if (printing->all)
		return true;
	if (fact->event == EV_QUEUE_DEPTH || fact->event == EV_PROBE_CHANGED)
		return fact->event == EV_QUEUE_DEPTH;
	return !(fact->flags & FACT_STATE) && fact->t_ns >= printing->from_ns;
}

static void print(void *context, const struct fact *fact)
{
	const struct printing *printing = context;
	const struct names *names = printing->watch->session.names;

	if (!is_news(printing, fact))
		return;
	if (printing->jsonl) {
		json_print(stdout, json_fact(fact, names), false);
		return;
	}
	print_fact(stdout, &printing->watch->session.history.now, names, fact);
}

static int stream(struct watch *watch, struct printing *printing)
{
	printing->from_ns = clock_now_ns();
	int status = watch_open(watch, LAUNCH_TO_STDERR, print, printing);

	if (status)
		return status;
	fflush(stdout);
	while (watch_goes_on(watch))
		fflush(stdout);
	fflush(stdout);
	return watch_close(watch);
}

static int run(int argc, char **argv)
{
	char **program = split_program(&argc, argv);
	struct watch watch;
	struct printing printing = { .watch = &watch };
	int option, status;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h') {
			command_help(&command_events, stdout);
			return EXIT_FINE;
		}
		if (option == '?')
			return EXIT_USAGE;
		printing.jsonl |= option == 'l';
		printing.all |= option == 'a';
	}
	status = watch_parse(&watch, &command_events, argc, argv, optind, program);
	return status ? status : stream(&watch, &printing);
}

const struct command command_events = {
	.name = "events",
	.synopsis = "[PID | -- CMD...] [--jsonl] [--all]",
	.summary = "The stream of facts, until the watched processes are gone or Ctrl-C.",
	.help = "  --jsonl   one JSON object a line (--json is the same)\n"
	        "  --all     also how things stand when they are first seen, and totals as they grow\n"
	        "\nPID: its whole tree, or the pool that it belongs to. CMD: started and watched from its first instruction;\n"
	        "its standard output goes to standard error. Neither: every pool of this machine.\n",
	.run = run,
};
