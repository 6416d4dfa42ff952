/* json.h: how do facts and states look as JSON? The names are the vocabulary's; what is not known is null, never 0. */
#ifndef COMMANDS_JSON_H
#define COMMANDS_JSON_H

#include <json-c/json.h>
#include <stdio.h>

#include "findings/finding.h"
#include "model/model.h"

#define JSON_SCHEMA "poolscope/1"

/* Every maker returns an object of the caller's, as json-c does. */
struct json_object *json_fact(const struct fact *fact, const struct names *names);
struct json_object *json_pool(const struct model *model, const struct names *names, const struct pool *pool);
/* The whole state of one pool and of the processes of its tree; findings may be NULL. */
struct json_object *json_snapshot(const struct model *model, const struct names *names, const struct pool *pool,
                                  const struct findings *findings);
struct json_object *json_finding(const struct finding *finding);

/* A text from anybody: what is not UTF-8 becomes U+FFFD. */
struct json_object *json_text(const char *text);
/* Prints it on one line (or indented, for people with a terminal) and lets go of it. */
void json_print(FILE *out, struct json_object *object, bool indented);

#endif
