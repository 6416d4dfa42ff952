/* check.c: is anything wrong with a pool, and how do we know? For scripts and for people. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/json.h"
#include "commands/watch.h"
#include "sources/recording.h"

/* Zombies are only findings after a second, so we look for a little longer than that. */
#define LOOK_NS 1500000000u
#define CHECK_EVERY_NS 200000000u

static const struct option options[] = {
	{ "json", no_argument, NULL, 'j' }, { "jsonl", no_argument, NULL, 'l' }, { "help", no_argument, NULL, 'h' }, { 0 },
};

/* What was wrong at any time, in its latest words. */
static void keep(struct findings *all, const struct findings *latest)
{
	for (unsigned i = 0; i < latest->count; i++) {
		const struct finding *finding = &latest->list[i];
		struct finding *place = NULL;
		for (unsigned j = 0; j < all->count && !place; j++)
			if (all->list[j].kind == finding->kind && all->list[j].pool == finding->pool &&
			    all->list[j].process.pid == finding->process.pid)
				place = &all->list[j];
		*(place ? place : found(all, finding->kind)) = *finding;
	}
}

static int report(const struct findings *findings, char form)
{
	struct json_object *array = json_object_new_array();

	for (unsigned i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->list[i];
		if (form == 'l') {
			json_print(stdout, json_finding(finding), false);
		} else if (form == 'j') {
			json_object_array_add(array, json_finding(finding));
		} else {
			print_line("", finding->sentence);
			print_line("  how we know: ", finding->evidence);
			print_line("  what to do:  ", finding->advice);
		}
	}
	if (form == 'j') {
		struct json_object *object = json_object_new_object();
		json_object_object_add(object, "schema", json_object_new_string(JSON_SCHEMA));
		json_object_object_add(object, "findings", array);
		json_print(stdout, object, isatty(STDOUT_FILENO));
	} else {
		json_object_put(array);
	}
	if (!form && !findings->count)
		printf("nothing found\n");
	return findings->count ? EXIT_FINDING : EXIT_FINE;
}

/* A program until its tree has ended, anything else for a moment. */
static int check_live(struct watch *watch, char form)
{
	struct findings *all = calloc(2, sizeof(*all)), *latest = all + 1;
	int status = all ? watch_open(watch, LAUNCH_TO_STDERR, NULL, NULL) : command_fails(&command_check, "no memory");
	uint64_t begin_ns = clock_now_ns(), checked_ns = 0;

	for (bool goes_on = true; !status && goes_on;) {
		goes_on = watch_goes_on(watch) && (watch->program || clock_now_ns() - begin_ns < LOOK_NS);
		if (goes_on && clock_now_ns() - checked_ns < CHECK_EVERY_NS)
			continue;
		checked_ns = clock_now_ns();
		findings_collect(&watch->session.history.now, watch->session.names, latest);
		if (!watch->program)
			all->count = 0; /* of something that goes on, only what is wrong in the end counts */
		keep(all, latest);
	}
	if (!status)
		status = report(all, form);
	free(all);
	int own = watch_close(watch);
	return status ? status : own;
}

static void apply(void *context, const struct fact *fact)
{
	model_apply(context, fact);
}

static int report_model(const struct model *model, const struct names *names, char form)
{
	struct findings *findings = malloc(sizeof(*findings));

	if (!findings)
		return command_fails(&command_check, "no memory");
	findings_collect(model, names, findings);
	int status = report(findings, form);
	free(findings);
	return status;
}

static int check_file(const char *path, char form)
{
	struct names *names = names_create();
	struct recording_header header;
	struct recording_end end;
	struct model model;
	const char *why;
	int status;

	model_init(&model);
	if (recording_read(path, names, &header, apply, &model, &end, &why))
		status = command_fails(&command_check, "cannot read %s: %s", path, why);
	else
		status = report_model(&model, names, form);
	if (!*why && end.cut) { /* what came after nobody has checked */
		command_fails(&command_check, "%s ends in the middle: only what is there was checked", path);
		status = EXIT_FINDING;
	}
	model_finish(&model);
	names_destroy(names);
	return status;
}

static int run(int argc, char **argv)
{
	char **program = split_program(&argc, argv);
	char form = 0;
	struct watch watch;
	int option;
	pid_t pid;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h') {
			command_help(&command_check, stdout);
			return EXIT_FINE;
		}
		if (option == '?')
			return EXIT_USAGE;
		form = (char)option;
	}
	if (argc - optind == 1 && !program && parse_pid(argv[optind], &pid))
		return check_file(argv[optind], form);
	int status = watch_parse(&watch, &command_check, argc, argv, optind, program);
	return status ? status : check_live(&watch, form);
}

const struct command command_check = {
	.name = "check",
	.synopsis = "[PID | FILE | -- CMD...] [--json | --jsonl]",
	.summary = "The findings: what is wrong, how we know, what to do.",
	.help = "  --json, --jsonl   one object, or one finding a line\n"
	        "\nPID: one pool or tree. FILE: a recording, at its end. CMD: all that was wrong until its tree ended.\n"
	        "None of these: every pool of this machine.\n"
	        "The exit status is 0 if nothing was found, 1 if something was, or if a recording was cut short.\n",
	.run = run,
};
