/* check.c: is anything wrong with a pool, and how do we know? For scripts and for people. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/json.h"
#include "commands/session.h"
#include "sources/recording.h"

enum { HISTORY = 1 << 16, LOOK_MS = 50 };
/* Zombies are only findings after a second, so we look for a little longer than that. */
#define LOOK_NS 1500000000u

static const struct option options[] = {
	{ "json", no_argument, NULL, 'j' }, { "jsonl", no_argument, NULL, 'l' }, { "help", no_argument, NULL, 'h' }, { 0 },
};

static int report(const struct model *model, const struct names *names, char form)
{
	struct findings *findings = malloc(sizeof(*findings));
	struct json_object *array = json_object_new_array();
	int status;

	findings_collect(model, names, findings);
	status = findings->count ? EXIT_FINDING : EXIT_FINE;
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
	free(findings);
	return status;
}

static int check_live(pid_t pid, char form)
{
	struct session_plan plan = { .target = pid, .history = HISTORY, .kernel = true };
	struct session session;
	int error = session_open(&session, &plan);

	if (error)
		return command_fails(&command_check, error == -ESRCH ? "there is no process %d" : "cannot look at %d", pid);
	for (uint64_t begin_ns = clock_now_ns(); clock_now_ns() - begin_ns < LOOK_NS;) {
		session_tick(&session);
		session_wait(&session, NULL, 0, LOOK_MS);
	}
	int status = report(&session.history.now, session.names, form);
	session_close(&session);
	return status;
}

static void apply(void *context, const struct fact *fact)
{
	model_apply(context, fact);
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
		status = report(&model, names, form);
	model_finish(&model);
	names_destroy(names);
	return status;
}

static int run(int argc, char **argv)
{
	char form = 0;
	int option;
	pid_t pid = 0;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h') {
			command_help(&command_check, stdout);
			return EXIT_FINE;
		}
		if (option == '?')
			return EXIT_USAGE;
		form = (char)option;
	}
	if (argc - optind > 1)
		return command_fails(&command_check, "too many arguments: '%s'", argv[optind + 1]);
	if (optind < argc && parse_pid(argv[optind], &pid))
		return check_file(argv[optind], form);
	return check_live(pid, form);
}

const struct command command_check = {
	.name = "check",
	.synopsis = "[PID | FILE] [--json | --jsonl]",
	.summary = "The findings: what is wrong, how we know, what to do.",
	.help = "  --json, --jsonl   one object, or one finding a line\n"
	        "\nPID: one pool. FILE: a recording, at its end. Neither: every pool of this machine.\n"
	        "The exit status is 0 if nothing was found, 1 if something was.\n",
	.run = run,
};
