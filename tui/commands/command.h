/* command.h: what is a subcommand?
 *
 * One file that ends in a const struct command, and one line in commands.h. A command gets its own arguments, its name
 * first; it prints data to standard output and words about it to standard error, and returns the exit status. */
#ifndef COMMANDS_COMMAND_H
#define COMMANDS_COMMAND_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

enum exit_status { EXIT_FINE = 0, EXIT_FINDING = 1, EXIT_USAGE = 2, EXIT_CANNOT = 77, EXIT_OWN_ERROR = 125 };

struct command {
	const char *name;
	const char *synopsis;  /* behind the name */
	const char *summary;   /* one line */
	const char *help;      /* the rest of --help, lines with their feeds */
	int (*run)(int argc, char **argv);
};

/* Prints the command's help. */
void command_help(const struct command *command, FILE *out);
/* "poolscope NAME: " and the words to standard error; returns EXIT_USAGE. */
__attribute__((format(printf, 2, 3)))
int command_fails(const struct command *command, const char *format, ...);

/* A line of standard output; `text` may hold names of anybody and is made safe. */
void print_line(const char *before, const char *text);

/* Cuts `-- CMD...` off the arguments, so that getopt sees only what is ours; NULL if there is none. */
char **split_program(int *argc, char **argv);

/* A pid from a word: 0 and *pid, or -EINVAL. */
int parse_pid(const char *word, pid_t *pid);

#endif
