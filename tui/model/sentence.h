/* sentence.h: a fact on one line, for people: "process.exited 1234 exit_code=0 signal=0". */
#ifndef MODEL_SENTENCE_H
#define MODEL_SENTENCE_H

#include <stddef.h>

#include "model/fact.h"
#include "model/names.h"

/* Event, pid (and tid), then the fields that are known and say something. The pool's key is left out: it is
 * long, and most often the same. Printable whatever the names hold. Returns the length. */
size_t fact_sentence(char *out, size_t size, const struct fact *fact, const struct names *names);

/* The fields alone. */
size_t fact_fields(char *out, size_t size, const struct fact *fact, const struct names *names);

#endif
