/* command.c: what all subcommands say alike. */
#include "commands/command.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void command_help(const struct command *command, FILE *out)
{
	fprintf(out, "Usage: poolscope %s %s\n\n%s\n\n%s", command->name, command->synopsis, command->summary, command->help);
}

int command_fails(const struct command *command, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "poolscope %s: ", command->name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return EXIT_USAGE;
}

void print_line(const char *before, const char *text)
{
	char safe[256];

	text_printable(safe, sizeof(safe), text);
	printf("%s%s\n", before, safe);
}

char **split_program(int *argc, char **argv)
{
	for (int i = 1; i < *argc; i++)
		if (!strcmp(argv[i], "--")) {
			*argc = i;
			return argv + i + 1;
		}
	return NULL;
}

int parse_pid(const char *word, pid_t *pid)
{
	char *end;

	errno = 0;
	long value = strtol(word, &end, 10);
	if (errno || end == word || *end || value <= 0 || value > INT_MAX)
		return -EINVAL;
	*pid = (pid_t)value;
	return 0;
}
