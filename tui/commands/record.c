/* record.c: how is what happens kept, to be looked at again? */
#include <getopt.h>

#include "commands/commands.h"
#include "commands/watch.h"

static const struct option options[] = {
	{ "output", required_argument, NULL, 'o' }, { "help", no_argument, NULL, 'h' }, { 0 },
};

static int record(struct watch *watch)
{
	int status = watch_open(watch, LAUNCH_KEEP, NULL, NULL);

	if (status)
		return status;
	while (watch_goes_on(watch))
		;
	uint64_t facts = watch->session.history.now.nr_facts;
	status = watch_close(watch);
	if (!status)
		fprintf(stderr, "poolscope record: %llu facts in %s; look at them: poolscope replay %s\n",
		        (unsigned long long)facts, watch->record_to, watch->record_to);
	return status;
}

static int run(int argc, char **argv)
{
	char **program = split_program(&argc, argv);
	const char *path = NULL;
	struct watch watch;
	int option, status;

	while ((option = getopt_long(argc, argv, "o:h", options, NULL)) != -1) {
		if (option == 'h') {
			command_help(&command_record, stdout);
			return EXIT_FINE;
		}
		if (option == '?')
			return EXIT_USAGE;
		path = optarg;
	}
	status = watch_parse(&watch, &command_record, argc, argv, optind, program);
	if (status)
		return status;
	if (!path)
		return command_fails(&command_record, "-o FILE is needed: where to keep it");
	watch.record_to = path;
	return record(&watch);
}

const struct command command_record = {
	.name = "record",
	.synopsis = "[PID] -o FILE | -o FILE -- CMD...",
	.summary = "Keeps everything that is seen in a file, until the tree has ended or Ctrl-C.",
	.help = "  -o, --output FILE   the recording; an older recording there is replaced, anything else is refused\n"
	        "\nWithout PID and CMD: every pool of this machine. Look at it again with poolscope replay FILE.\n",
	.run = run,
};
