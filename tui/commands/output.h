/* output.h: the last that a program wrote to its terminal, kept for a pane of the dashboard. */
#ifndef COMMANDS_OUTPUT_H
#define COMMANDS_OUTPUT_H

#include <stddef.h>

enum { OUTPUT_KEEP = 8192 };

struct output {
	int pty;       /* -1: none, or it has ended. Borrowed */
	char *text;    /* as it came, NUL-terminated; "" at first */
	size_t length;
};

void output_follow(struct output *output, int pty); /* without memory nothing is kept */
/* Takes what is there; never waits. Who does not read blocks the program when the terminal's buffer is full. */
void output_read(struct output *output);
void output_forget(struct output *output);

#endif
