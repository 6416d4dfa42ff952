/* output.c: the last that a program wrote to its terminal. */
#include "commands/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void output_follow(struct output *output, int pty)
{
	*output = (struct output){ .pty = pty, .text = calloc(1, 2 * OUTPUT_KEEP + 1) };
}

static void keep_the_last(struct output *output)
{
	if (output->length <= OUTPUT_KEEP)
		return;
	memmove(output->text, output->text + output->length - OUTPUT_KEEP, OUTPUT_KEEP);
	output->length = OUTPUT_KEEP;
	output->text[output->length] = '\0';
}

/* A NUL would end the text early: it is no character of a terminal's anyway. */
static void drop_nuls(char *bytes, ssize_t count)
{
	for (char *nul; (nul = memchr(bytes, '\0', (size_t)count)); )
		*nul = ' ';
}

void output_read(struct output *output)
{
	while (output->pty >= 0 && output->text) {
		char *end = output->text + output->length;
		ssize_t got = read(output->pty, end, 2 * OUTPUT_KEEP - output->length);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (got <= 0) { /* EIO: the last process with this terminal is gone */
			output->pty = -1;
			return;
		}
		drop_nuls(end, got);
		output->length += (size_t)got;
		output->text[output->length] = '\0';
		keep_the_last(output);
	}
}

void output_forget(struct output *output)
{
	free(output->text);
	output->text = NULL;
}
