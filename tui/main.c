/* main.c: which subcommand is meant? */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"

#define COMMAND(name) &command_##name,
static const struct command *const commands[] = { COMMANDS(COMMAND) };
enum { NR_COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void print_help(FILE *out)
{
	fprintf(out, "poolscope: see inside running pools.\n\n"
	             "Usage: poolscope [PID]              the dashboard: of every pool, or of the one that PID belongs to\n"
	             "       poolscope COMMAND [...]      poolscope COMMAND --help says more\n\n");
	for (int i = 0; i < NR_COMMANDS; i++)
		fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	fprintf(out, "\nExit status: 0 fine, 1 a finding or a failed check, 2 wrong usage or nothing there, 77 a lesson that\n"
	             "cannot be shown here. Start with: poolscope demo pool\n");
}

static const struct command *command_by_name(const char *name)
{
	for (int i = 0; i < NR_COMMANDS; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

/* Whoever starts us may have closed these; then the next file that is opened would become one of them. Read-only, so that
 * what is written there fails and is told, and not handed on to programs. */
static void occupy_standard_descriptors(void)
{
	int fd;

	while ((fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0 && fd <= STDERR_FILENO)
		;
	if (fd > STDERR_FILENO)
		close(fd);
}

static int dispatch(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";
	const struct command *command = command_by_name(word);
	pid_t pid;

	if (!strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help")) {
		print_help(stdout);
		return EXIT_FINE;
	}
	if (!strcmp(word, "--version")) {
		printf("poolscope %s\n", POOLSCOPE_VERSION);
		return EXIT_FINE;
	}
	if (command) {
		char whole[32]; /* as getopt's complaints begin */
		snprintf(whole, sizeof(whole), "poolscope %s", word);
		argv[1] = whole;
		return command->run(argc - 1, argv + 1);
	}
	if (argc == 1 || !parse_pid(word, &pid) || *word == '-')
		return command_dashboard.run(argc, argv);
	fprintf(stderr, "poolscope: there is no command '%s'; poolscope --help lists them\n", word);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	occupy_standard_descriptors();
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C"); /* JSON and tests want a point */
	int status = dispatch(argc, argv);
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	fprintf(stderr, "poolscope: cannot write to standard output: %s\n", strerror(errno));
	return argc > 1 && !strcmp(argv[1], "run") ? EXIT_OWN_ERROR : EXIT_USAGE;
}
