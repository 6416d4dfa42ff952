/* main.c: which subcommand is meant? */
#include <locale.h>
#include <stdio.h>
#include <string.h>

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

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";
	const struct command *command = command_by_name(word);
	pid_t pid;

	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C"); /* JSON and tests want a point */
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
