/* snapshot.c: how does one pool stand, right now? */
#include <getopt.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/brief.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/json.h"
#include "commands/watch.h"
#include "model/vocabulary.h"

static const struct option options[] = {
	{ "json", no_argument, NULL, 'j' }, { "jsonl", no_argument, NULL, 'l' }, { "help", no_argument, NULL, 'h' }, { 0 },
};

static void print_workers(const struct model *model, const struct names *names, const struct pool *pool)
{
	const struct worker *worker;

	for (int64_t slot = -1; (worker = pool_next_worker(model, pool, slot)); slot = worker->key.slot) {
		const struct process *process = model_process(model, worker->process.pid, worker->process.start);
		char function[64], task[96] = "";
		text_printable(function, sizeof(function), names_text(names, worker->function));
		if (worker->task)
			snprintf(task, sizeof(task), "task %llu %s", (unsigned long long)worker->task, function);
		printf("  worker %3u  pid %7u  %-12s for %-6s (%s)  done %-8lld %s\n", worker->key.slot, worker->process.pid,
		       word_of(worker_words, worker->state), brief_duration((int64_t)(model->now_ns - worker->since_ns)).text,
		       process ? word_of(thread_words, process->state) : "?", (long long)worker->done, task);
	}
}

static void print_helpers_and_queues(const struct model *model, const struct names *names, const struct pool *pool)
{
	const struct helper *helper;
	const struct queue *queue;
	char name[64];

	for store_each(helper, &model->helpers) {
		if (helper->key.pool != pool->key.id)
			continue;
		text_printable(name, sizeof(name), names_text(names, helper->name));
		printf("  %-14s tid %7u  %s\n", word_of(type_words(TYPE_ROLE), helper->key.role), helper->tid, name);
	}
	for store_each(queue, &model->queues) {
		if (queue->key.pool != pool->key.id)
			continue;
		text_printable(name, sizeof(name), names_text(names, queue->key.name));
		printf("  queue %-10s depth %lld, deepest %lld\n", name, (long long)queue->depth, (long long)queue->high);
	}
}

/* "exit 3", "signal 9", with the pages that it copied; what is not known is left out. */
static void print_end(const struct process *process)
{
	if (process->exited && process->signal > 0)
		printf("  signal %lld", (long long)process->signal);
	else if (process->exited && process->exit_code >= 0)
		printf("  exit %lld", (long long)process->exit_code);
	if (process->cow_copies >= 0)
		printf("  copied %lld pages, reused %lld", (long long)process->cow_copies, (long long)process->cow_reuses);
	printf("\n");
}

static void print_processes(const struct model *model, const struct names *names)
{
	const struct process *process;
	char name[64];

	for store_each(process, &model->processes) {
		text_printable(name, sizeof(name), names_text(names, process->name));
		printf("  process %7u  parent %7u  %-8s %-15s", process->key.pid, process->parent.pid,
		       word_of(thread_words, process->state), name);
		print_end(process);
	}
}

static void print_text(const struct session *session, const struct pool *pool, const struct findings *findings)
{
	const struct model *model = &session->history.now;
	char name[64];

	text_printable(name, sizeof(name), names_text(session->names, pool->name));
	printf("%s %s: pid %u, %s, %s\n", pool->kind == KIND_PROGRAM ? "program" : "pool", name, pool->parent.pid,
	       word_of(type_words(TYPE_KIND), pool->kind),
	       pool->kind == KIND_PROGRAM && pool->state == POOL_JOINED ? "over" : word_of(pool_words, pool->state));
	print_workers(model, session->names, pool);
	print_helpers_and_queues(model, session->names, pool);
	print_processes(model, session->names);
	for (unsigned i = 0; i < findings->count; i++) {
		print_line("finding: ", findings->list[i].sentence);
		print_line("  ", findings->list[i].evidence);
		print_line("  ", findings->list[i].advice);
	}
}

/* The pool that speaks for the tree: a publisher's before the bare program. */
static const struct pool *pool_to_show(const struct session *session)
{
	const struct pool *pool, *best = NULL;

	for store_each(pool, &session->history.now.pools)
		if (!best || (best->kind == KIND_PROGRAM && pool->kind != KIND_PROGRAM))
			best = pool;
	return best;
}

static int show(const struct session *session, bool json)
{
	struct findings *findings = malloc(sizeof(*findings));
	const struct pool *pool = pool_to_show(session);

	if (!findings)
		return command_fails(&command_snapshot, "no memory");
	findings_collect(&session->history.now, session->names, findings);
	if (json)
		json_print(stdout, json_snapshot(&session->history.now, session->names, pool, findings), isatty(STDOUT_FILENO));
	else
		print_text(session, pool, findings);
	free(findings);
	return EXIT_FINE;
}

/* A running tree as it stands; a program when its tree has ended, with the totals of all who lived. */
static int look(struct watch *watch, bool json)
{
	int status = watch_open(watch, LAUNCH_TO_STDERR, NULL, NULL);

	while (!status && watch->program && watch_goes_on(watch))
		;
	if (!status) {
		session_settle(&watch->session);
		status = show(&watch->session, json);
	}
	int own = watch_close(watch);
	return status ? status : own;
}

static int run(int argc, char **argv)
{
	char **program = split_program(&argc, argv);
	struct watch watch;
	bool json = false;
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h') {
			command_help(&command_snapshot, stdout);
			return EXIT_FINE;
		}
		if (option == '?')
			return EXIT_USAGE;
		json = true;
	}
	int status = watch_parse(&watch, &command_snapshot, argc, argv, optind, program);
	if (status)
		return status;
	if (!watch.pid && !watch.program)
		return command_fails(&command_snapshot, "one process id is needed: that of a pool, or of a worker of it");
	return look(&watch, json);
}

const struct command command_snapshot = {
	.name = "snapshot",
	.synopsis = "PID | -- CMD... [--json]",
	.summary = "The whole state of one pool, once: workers, helpers, queues, processes, findings.",
	.help = "  --json   one object, schema poolscope/1; what cannot be known is null\n"
	        "\nPID is the pool's parent, one of its workers, or the root of any process tree.\n"
	        "Of CMD the state is told when its tree has ended, with the exact totals of everyone who lived in the last minute.\n",
	.run = run,
};
