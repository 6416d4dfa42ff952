/* line.h: a fact on one line of text, for people who read a stream: time, event, pid, and the sentence of the views. */
#ifndef COMMANDS_LINE_H
#define COMMANDS_LINE_H

#include <stdio.h>

#include "model/model.h"

/* The model knows the names of pools. Printable whatever the fact's names hold. */
void print_fact(FILE *out, const struct model *model, const struct names *names, const struct fact *fact);

#endif
