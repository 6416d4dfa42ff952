/* run.c: what does a program do to the process table, from its first instruction to the end of its tree? */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/dashboard.h"
#include "commands/json.h"
#include "commands/watch.h"

static const struct option options[] = {
	{ "output", required_argument, NULL, 'o' }, { "plain", no_argument, NULL, 'p' },
	{ "json", no_argument, NULL, 'j' },         { "help", no_argument, NULL, 'h' }, { 0 },
};

struct tally {
	uint64_t count[NR_EVENTS];
	int64_t cow_copies, cow_reuses, threads;
	uint64_t killed, failed;
	bool cow_known;
};

static void count(void *context, const struct fact *fact)
{
	struct tally *tally = context;
	int64_t copies, reuses;

	if (fact->flags & FACT_STATE)
		return;
	tally->count[fact->event]++;
	if (fact->event != EV_PROCESS_EXITED)
		return;
	tally->killed += fact_value(fact, F_SIGNAL, 0) > 0;
	tally->failed += fact_value(fact, F_EXIT_CODE, 0) > 0;
	tally->threads += fact_value(fact, F_THREADS, 0);
	if (fact_get(fact, F_COW_COPIES, &copies) && fact_get(fact, F_COW_REUSES, &reuses)) {
		tally->cow_known = true;
		tally->cow_copies += copies;
		tally->cow_reuses += reuses;
	}
}

static void add_count(struct json_object *object, const char *name, int64_t count, bool known)
{
	json_object_object_add(object, name, known ? json_object_new_int64(count) : NULL);
}

/* Sampled: births and deaths are as many as were seen; execs and threads nobody counted. */
static void print_json(const struct tally *tally, int status, bool sampled)
{
	static const struct { const char *name; enum event event; } counted[] = {
		{ "forked", EV_PROCESS_FORKED }, { "exited", EV_PROCESS_EXITED },     { "zombies", EV_PROCESS_ZOMBIE },
		{ "reaped", EV_PROCESS_REAPED }, { "orphaned", EV_PROCESS_ORPHANED },
	};
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "schema", json_object_new_string(JSON_SCHEMA));
	json_object_object_add(object, "status", json_object_new_int(status));
	json_object_object_add(object, "sampled", json_object_new_boolean(sampled));
	for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
		add_count(object, counted[i].name, (int64_t)tally->count[counted[i].event], true);
	add_count(object, "execed", (int64_t)tally->count[EV_PROCESS_EXECED], !sampled);
	add_count(object, "threads", tally->threads, !sampled);
	add_count(object, "cow_copies", tally->cow_copies, tally->cow_known);
	add_count(object, "cow_reuses", tally->cow_reuses, tally->cow_known);
	json_print(stderr, object, false);
}

static void print_text(const struct tally *tally, bool sampled)
{
	const uint64_t *n = tally->count;

	fprintf(stderr, "poolscope run: forked %llu, exited %llu (by a signal %llu, with a failure %llu), ",
	        (unsigned long long)n[EV_PROCESS_FORKED], (unsigned long long)n[EV_PROCESS_EXITED],
	        (unsigned long long)tally->killed, (unsigned long long)tally->failed);
	fprintf(stderr, "became zombies %llu, reaped %llu, orphaned %llu", (unsigned long long)n[EV_PROCESS_ZOMBIE],
	        (unsigned long long)n[EV_PROCESS_REAPED], (unsigned long long)n[EV_PROCESS_ORPHANED]);
	if (tally->cow_known)
		fprintf(stderr, "; pages copied on write %lld, reused %lld", (long long)tally->cow_copies,
		        (long long)tally->cow_reuses);
	fprintf(stderr, "%s\n", sampled ? " (sampled from /proc: kernel probes are off)" : "");
}

static int run_plain(struct watch *watch, bool json)
{
	struct tally tally = { 0 };
	int status = watch_open(watch, LAUNCH_KEEP, count, &tally);

	if (status)
		return status;
	while (watch_goes_on(watch))
		;
	bool sampled = *session_kernel_reason(&watch->session);
	if (json)
		print_json(&tally, launch_exit_status(&watch->launch), sampled);
	else
		print_text(&tally, sampled);
	status = watch_close(watch);
	return status ? status : launch_exit_status(&watch->launch);
}

static int run(int argc, char **argv)
{
	bool plain = !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO), json = false;
	const char *record_to = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "+o:h", options, NULL)) != -1) {
		if (option == 'h') {
			command_help(&command_run, stdout);
			return EXIT_FINE;
		}
		if (option == '?')
			return EXIT_OWN_ERROR;
		if (option == 'o')
			record_to = optarg;
		plain |= option == 'p' || option == 'j';
		json |= option == 'j';
	}
	if (optind >= argc) {
		command_fails(&command_run, "a program to run is needed: poolscope run -- CMD...");
		return EXIT_OWN_ERROR;
	}
	struct watch watch = watch_of(&command_run, argv + optind); /* "run CMD" needs no "--" */
	watch.record_to = record_to;
	return plain ? run_plain(&watch, json) : dashboard_run(&watch, NULL);
}

const struct command command_run = {
	.name = "run",
	.synopsis = "[-o FILE] [--plain | --json] -- CMD...",
	.summary = "Starts CMD and watches it and all of its descendants from its first instruction.",
	.help = "  -o, --output FILE   keep everything in a recording too\n"
	        "  --plain             no dashboard: CMD keeps the terminal, and the totals are printed at the end\n"
	        "  --json              as --plain, the totals as one JSON object on standard error\n"
	        "\nOn a terminal the dashboard is opened and CMD runs on a terminal of its own, shown in a pane.\n"
	        "The exit status is CMD's: 128 + signal if it was killed, 127 if it was not found, 126 if it cannot be run; 125 for\n"
	        "errors of poolscope's own. SIGTERM and SIGHUP are passed on to CMD, SIGINT the terminal\n"
	        "sends to both; the second signal ends the watching, and CMD goes on.\n",
	.run = run,
};
