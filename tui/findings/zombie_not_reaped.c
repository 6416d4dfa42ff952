/* zombie_not_reaped.c: is somebody dead whose parent does not ask?
 *
 * Every process is a zombie for a moment. One that stays so for a second has a parent that does not wait for it: it
 * keeps its pid and its place in the process table until the parent waits, or dies itself. */
#include <stdio.h>

#include "findings/findings.h"

enum { PATIENCE_NS = 1000000000 };

static void say(const struct model *model, const struct names *names, const struct process *zombie,
                struct finding *finding)
{
	const struct process *parent = model_process(model, zombie->parent.pid, zombie->parent.start);
	const char *parent_name = parent ? names_text(names, parent->name) : "";
	const char *name = names_text(names, zombie->name);

	finding->process = zombie->key;
	finding->pool = zombie->pool;
	finding->since_ns = zombie->since_ns;
	snprintf(finding->sentence, sizeof(finding->sentence), "%s (%u) is a zombie: its parent %s%s%u%s has not reaped it",
	         *name ? name : "a process", zombie->key.pid, parent_name, *parent_name ? " (" : "", zombie->parent.pid,
	         *parent_name ? ")" : "");
	snprintf(finding->evidence, sizeof(finding->evidence), "dead for %.1f s%s; exit status not collected",
	         (double)(model->now_ns - zombie->since_ns) / 1e9, zombie->signal > 0 ? ", ended by a signal" : "");
	snprintf(finding->advice, sizeof(finding->advice),
	         "%u must call waitpid(), or ignore SIGCHLD, or end: then init reaps its children", zombie->parent.pid);
}

static void check(const struct model *model, const struct names *names, struct findings *findings)
{
	const struct process *process;

	for store_each(process, &model->processes)
		if (process->state == THREAD_ZOMBIE && model->now_ns - process->since_ns >= PATIENCE_NS)
			say(model, names, process, found(findings, &finding_zombie_not_reaped));
}

const struct finding_kind finding_zombie_not_reaped = {
	.id = "zombie-not-reaped",
	.meaning = "a dead process whose parent has not asked for its exit status",
	.check = check,
};
