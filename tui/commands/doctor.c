/* doctor.c: what do this kernel and these privileges allow, what is off, and which one command turns it on? */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/json.h"
#include "model/vocabulary.h"
#include "pool-runtime/reader.h"
#include "probes/loader.h"
#include "sources/procps.h"

static const struct option options[] = { { "json", no_argument, NULL, 'j' }, { "help", no_argument, NULL, 'h' }, { 0 } };

/* What every line says: what it is, whether it works, what it gives or why not. */
typedef void say(void *context, const char *name, const char *state, const char *words);

static void say_text(void *context, const char *name, const char *state, const char *words)
{
	(void)context;
	printf("%-12s %-6s %s\n", name, state, words);
}

static void say_json(void *context, const char *name, const char *state, const char *words)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "name", json_object_new_string(name));
	json_object_object_add(object, "state", *state ? json_object_new_string(state) : NULL);
	json_object_object_add(object, "words", json_object_new_string(words));
	json_object_array_add(context, object);
}

static void look_at_system(say *tell, void *context)
{
	struct utsname kernel;
	char words[sizeof(kernel.release) + sizeof(kernel.machine) + 64];

	uname(&kernel);
	snprintf(words, sizeof(words), "%s on %s, as %s", kernel.release, kernel.machine,
	         geteuid() ? "an ordinary user: other users' pools are not seen" : "root");
	tell(context, "kernel", "", words);
}

static void look_at_segments(say *tell, void *context)
{
	struct reader_place place;
	char words[96];
	size_t count = reader_find(&place, 1);

	snprintf(words, sizeof(words), "pools that publish can be read; %zu segment%s here now", count, count == 1 ? "" : "s");
	tell(context, "runtime", "on", words);
}

static void look_at_proc(say *tell, void *context)
{
	uint64_t start;
	bool readable = procps_one(1, &start, NULL, NULL, NULL);

	tell(context, "proc", readable ? "on" : "partly",
	     readable ? "processes, threads, states, names and costs, by looking now and then"
	              : "other users' processes are hidden (hidepid): run poolscope as root to see them");
}

/* Attaches everything, so that what is refused shows. */
static bool look_at_probes(say *tell, void *context)
{
	struct probes *probes = NULL;
	bool all_on = true;

	probes_open(&probes);
	if (probes)
		probes_need(probes, ASK_COW, true);
	for (int i = 0; i < PROBE_COUNT; i++) {
		struct probe_report report;
		probes_report(probes, (enum probe)i, &report);
		tell(context, report.name, word_of(type_words(TYPE_PROBE_STATE), report.state),
		     report.state == PROBE_OFF ? report.reason : report.tells);
		all_on &= report.state != PROBE_OFF;
	}
	probes_close(probes);
	return all_on;
}

static int run(int argc, char **argv)
{
	struct json_object *array = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h') {
			command_help(&command_doctor, stdout);
			return EXIT_FINE;
		}
		if (option == '?')
			return EXIT_USAGE;
		array = json_object_new_array();
	}
	if (optind < argc)
		return command_fails(&command_doctor, "too many arguments: '%s'", argv[optind]);
	say *tell = array ? say_json : say_text;
	look_at_system(tell, array);
	look_at_segments(tell, array);
	look_at_proc(tell, array);
	bool all_on = look_at_probes(tell, array);
	if (array) {
		struct json_object *object = json_object_new_object();
		json_object_object_add(object, "schema", json_object_new_string(JSON_SCHEMA));
		json_object_object_add(object, "abilities", array);
		json_print(stdout, object, isatty(STDOUT_FILENO));
	}
	return all_on ? EXIT_FINE : EXIT_FINDING;
}

const struct command command_doctor = {
	.name = "doctor",
	.synopsis = "[--json]",
	.summary = "What this kernel and these privileges allow; what is off, why, and what turns it on.",
	.help = "The exit status is 0 if everything works, 1 if something is off.\n",
	.run = run,
};
