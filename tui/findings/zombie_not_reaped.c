/* zombie_not_reaped.c: is somebody dead whose parent does not ask?
 *
 * Every process is a zombie for a moment. One that stays so for a second has a parent that does not wait for it: it
 * keeps its pid and its place in the process table until the parent waits, or dies itself. */
#include <stdio.h>

#include "findings/findings.h"

#define PATIENCE_NS 1000000000u
enum { PIDS_SHOWN = 5 };

/* The zombies of one parent are one finding: it makes one mistake, however often. */
struct crowd {
	struct process_key parent;
	unsigned count;
	const struct process *first[PIDS_SHOWN];
	uint64_t since_ns; /* of the oldest */
};

struct crowds {
	unsigned count, dropped;
	struct crowd list[NR_FINDINGS_MAX];
};

static struct crowd *crowd_of(struct crowds *crowds, const struct process_key *parent)
{
	for (unsigned i = 0; i < crowds->count; i++)
		if (crowds->list[i].parent.pid == parent->pid && crowds->list[i].parent.start == parent->start)
			return &crowds->list[i];
	if (crowds->count == NR_FINDINGS_MAX) {
		crowds->dropped++;
		return NULL;
	}
	crowds->list[crowds->count] = (struct crowd){ .parent = *parent };
	return &crowds->list[crowds->count++];
}

static void join(struct crowd *crowd, const struct process *zombie)
{
	if (crowd->count < PIDS_SHOWN)
		crowd->first[crowd->count] = zombie;
	if (!crowd->count++ || zombie->since_ns < crowd->since_ns)
		crowd->since_ns = zombie->since_ns;
}

static void name_and_pid(char *out, size_t size, const struct names *names, const struct process *process, uint32_t pid)
{
	const char *name = process ? names_text(names, process->name) : "";

	if (*name)
		snprintf(out, size, "%.30s (%u)", name, pid);
	else
		snprintf(out, size, "%u", pid);
}

static void say_who(const struct model *model, const struct names *names, const struct crowd *crowd,
                    struct finding *finding)
{
	const struct process *zombie = crowd->first[0];
	const struct process *reaper = model_process(model, crowd->parent.pid, crowd->parent.start);
	char parent[48], child[48];

	name_and_pid(parent, sizeof(parent), names, reaper, crowd->parent.pid);
	name_and_pid(child, sizeof(child), names, zombie, zombie->key.pid);
	if (crowd->count == 1)
		snprintf(finding->sentence, sizeof(finding->sentence), "%s is a zombie: its parent %s has not reaped it", child,
		         parent);
	else
		snprintf(finding->sentence, sizeof(finding->sentence), "%u children of %s are zombies: it has not reaped them",
		         crowd->count, parent);
	finding->process = crowd->count == 1 ? zombie->key : crowd->parent;
	finding->pool = zombie->pool || !reaper ? zombie->pool : reaper->pool;
}

static void say_how_we_know(const struct model *model, const struct crowd *crowd, struct finding *finding)
{
	double seconds = (double)(model->now_ns - crowd->since_ns) / 1e9;
	char pids[PIDS_SHOWN * 12 + 8] = "";
	size_t length = 0;

	if (crowd->count == 1) {
		snprintf(finding->evidence, sizeof(finding->evidence), "dead for %.1f s%s; exit status not collected", seconds,
		         crowd->first[0]->signal > 0 ? ", ended by a signal" : "");
		return;
	}
	for (unsigned i = 0; i < crowd->count && i < PIDS_SHOWN; i++)
		length += (size_t)snprintf(pids + length, sizeof(pids) - length, "%s%u", i ? ", " : "", crowd->first[i]->key.pid);
	snprintf(finding->evidence, sizeof(finding->evidence), "pids %s%s; the first is dead for %.1f s; exit statuses not collected",
	         pids, crowd->count > PIDS_SHOWN ? ", ..." : "", seconds);
}

static void say(const struct model *model, const struct names *names, const struct crowd *crowd, struct finding *finding)
{
	finding->since_ns = crowd->since_ns;
	say_who(model, names, crowd, finding);
	say_how_we_know(model, crowd, finding);
	snprintf(finding->advice, sizeof(finding->advice),
	         "%u must call waitpid(), or ignore SIGCHLD, or end: then init reaps its children", crowd->parent.pid);
}

static void check(const struct model *model, const struct names *names, struct findings *findings)
{
	struct crowds crowds = { 0 };
	const struct process *process;

	for store_each(process, &model->processes) {
		if (process->state != THREAD_ZOMBIE || model->now_ns < process->since_ns + PATIENCE_NS)
			continue;
		struct crowd *crowd = crowd_of(&crowds, &process->parent);
		if (crowd)
			join(crowd, process);
	}
	for (unsigned i = 0; i < crowds.count; i++)
		say(model, names, &crowds.list[i], found(findings, &finding_zombie_not_reaped));
	findings->dropped += crowds.dropped;
}

const struct finding_kind finding_zombie_not_reaped = {
	.id = "zombie-not-reaped",
	.meaning = "a dead process whose parent has not asked for its exit status",
	.check = check,
};
