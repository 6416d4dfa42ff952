/* line.c: a fact on one line of text. */
#include "commands/line.h"

#include "base/text.h"
#include "model/vocabulary.h"
#include "views/sentence.h"

void print_fact(FILE *out, const struct model *model, const struct names *names, const struct fact *fact)
{
	struct scene scene = { .model = model, .names = names, .now_ns = fact->t_ns };
	struct sentence sentence = fact_sentence(&scene, fact);
	char safe[sizeof(sentence.text) * 3];

	text_printable(safe, sizeof(safe), sentence.text);
	fprintf(out, "%14.6f  %-18s %7u  %s\n", (double)fact->t_ns / 1e9, event_entry(fact->event)->name, fact->pid, safe);
}
