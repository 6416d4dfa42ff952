/* list.c: which pools run on this machine, and which are unhealthy? */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "commands/commands.h"
#include "commands/json.h"
#include "commands/session.h"
#include "model/vocabulary.h"
#include "pool-runtime/reader.h"

enum { PLACES_MAX = 512 };

static const struct option options[] = {
	{ "json", no_argument, NULL, 'j' },  { "jsonl", no_argument, NULL, 'l' }, { "clean", no_argument, NULL, 'c' },
	{ "help", no_argument, NULL, 'h' },  { 0 },
};

static int clean(const struct command *command)
{
	static struct reader_place places[PLACES_MAX];
	size_t count = reader_find(places, PLACES_MAX);
	int removed = 0, status = EXIT_FINE;

	for (size_t i = 0; i < count && i < PLACES_MAX; i++) {
		if (places[i].alive)
			continue;
		int error = reader_discard(&places[i]);
		if (error) {
			command_fails(command, "cannot remove %s/%s: %s", places[i].directory, places[i].key, strerror(-error));
			status = EXIT_FINDING;
			continue;
		}
		fprintf(stderr, "removed %s/%s\n", places[i].directory, places[i].key);
		removed++;
	}
	fprintf(stderr, "%d dead segment%s removed\n", removed, removed == 1 ? "" : "s");
	return status;
}

static unsigned findings_of(const struct findings *findings, const struct pool *pool)
{
	unsigned count = 0;

	for (unsigned i = 0; i < findings->count; i++)
		count += findings->list[i].pool == pool->key.id;
	return count;
}

/* What a pool does not publish is not known, and is no 0. */
static void format_busy(char *out, size_t size, const struct model *model, const struct pool *pool)
{
	if (pool->kind == KIND_PROGRAM || pool->workers == UNKNOWN)
		snprintf(out, size, "-");
	else if (pool->source != SOURCE_RUNTIME)
		snprintf(out, size, "-/%lld", (long long)pool->workers);
	else
		snprintf(out, size, "%u/%lld", pool_count(model, pool, WORKER_BUSY), (long long)pool->workers);
}

static void print_pool(const struct session *session, const struct pool *pool, unsigned nr_findings)
{
	const struct model *model = &session->history.now;
	int64_t queued = pool_queued(model, session->names, pool);
	char name[64], busy[32], waiting[24];

	text_printable(name, sizeof(name), names_text(session->names, pool->name));
	format_busy(busy, sizeof(busy), model, pool);
	snprintf(waiting, sizeof(waiting), queued < 0 ? "-" : "%lld", (long long)queued);
	printf("%7u %-20.20s %-8s %-11s %-11s %-8s %9s %8s %8u\n", pool->parent.pid, name,
	       word_of(type_words(TYPE_KIND), pool->kind),
	       pool->kind == KIND_PROGRAM || pool->start_method >= NR_START_METHODS
	               ? "-" : word_of(type_words(TYPE_START_METHOD), pool->start_method),
	       word_of(pool_words, pool->state), pool->source == SOURCE_RUNTIME ? "runtime" : "proc", busy, waiting,
	       nr_findings);
}

static struct json_object *pool_with_findings(const struct session *session, const struct pool *pool, unsigned nr)
{
	struct json_object *object = json_pool(&session->history.now, session->names, pool);

	json_object_object_add(object, "findings", json_object_new_int64(nr));
	return object;
}

static int print_list(const struct session *session, char form)
{
	struct json_object *array = json_object_new_array();
	struct findings *findings = malloc(sizeof(*findings));
	const struct pool *pool;

	findings_collect(&session->history.now, session->names, findings);
	if (!form && session->history.now.pools.count)
		printf("%7s %-20s %-8s %-11s %-11s %-8s %9s %8s %8s\n", "PID", "NAME", "KIND", "START", "STATE", "SOURCE",
		       "BUSY/ALL", "QUEUED", "FINDINGS");
	for store_each(pool, &session->history.now.pools) {
		unsigned nr = findings_of(findings, pool);
		if (!form)
			print_pool(session, pool, nr);
		else if (form == 'l')
			json_print(stdout, pool_with_findings(session, pool, nr), false);
		else
			json_object_array_add(array, pool_with_findings(session, pool, nr));
	}
	free(findings);
	if (form == 'j') {
		struct json_object *object = json_object_new_object();
		json_object_object_add(object, "schema", json_object_new_string(JSON_SCHEMA));
		json_object_object_add(object, "pools", array);
		json_print(stdout, object, true);
		return EXIT_FINE;
	}
	json_object_put(array);
	if (!session->history.now.pools.count)
		fprintf(stderr, "no pools run here that we may see; start one: poolscope demo pool\n");
	return EXIT_FINE;
}

static int run(int argc, char **argv)
{
	struct session_plan plan = { .history = 1 << 16 };
	struct session session;
	char form = 0;
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h') {
			command_help(&command_list, stdout);
			return EXIT_FINE;
		}
		if (option == 'c')
			return clean(&command_list);
		if (option == '?')
			return EXIT_USAGE;
		form = (char)option;
	}
	if (optind < argc)
		return command_fails(&command_list, "too many arguments: '%s'", argv[optind]);
	if (session_open(&session, &plan))
		return command_fails(&command_list, "not enough memory");
	session_settle(&session);
	int status = print_list(&session, form);
	session_close(&session);
	return status;
}

const struct command command_list = {
	.name = "list",
	.synopsis = "[--json | --jsonl] [--clean]",
	.summary = "The pools of this machine that we may see: who they are, how busy, how healthy.",
	.help = "  --json    one object: {\"schema\": \"poolscope/1\", \"pools\": [...]}\n"
	        "  --jsonl   one pool a line\n"
	        "  --clean   remove the segments that dead pools left behind\n"
	        "\nPools whose parent died without closing them are listed as \"dead\" until they are cleaned away.\n",
	.run = run,
};
