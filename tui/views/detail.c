/* detail.c: all that is known of one pool, worker or process. */
#include "views/detail.h"

#include <stdio.h>

#include "base/brief.h"
#include "base/sheet.h"
#include "model/vocabulary.h"
#include "views/look.h"
#include "views/parts.h"
#include "views/sentence.h"

enum { LABEL = 13, LATEST = 12, LOOK_BACK = 20000 };

void detail_title(const struct scene *scene, const struct subject *subject, char *title, size_t size)
{
	switch (subject->kind) {
	case SUBJECT_POOL:
		snprintf(title, size, "pool %.80s", pool_label(scene, subject->pool));
		break;
	case SUBJECT_WORKER:
		snprintf(title, size, "worker %u of %.80s", subject->slot, pool_label(scene, subject->pool));
		break;
	case SUBJECT_PROCESS:
		snprintf(title, size, "process %u", subject->process.pid);
		break;
	default:
		snprintf(title, size, "nothing is chosen");
		break;
	}
}

static const char *meaning_of(struct word_list words, unsigned state)
{
	return state < words.count ? words.words[state].meaning : "";
}

static const char *ago(const struct scene *scene, uint64_t t_ns, struct brief *brief)
{
	*brief = brief_duration(scene_since(scene, t_ns));
	return brief->text;
}

/* "4242 python3", or the pid alone */
static struct phrase person(const struct scene *scene, const struct process_key *key)
{
	const struct process *process = model_process(scene->model, key->pid, key->start);
	struct phrase phrase;

	snprintf(phrase.text, sizeof(phrase.text), "%u %.40s", key->pid,
	         process ? scene_text(scene, process->name) : "");
	return phrase;
}

/* ---- processes -------------------------------------------------------------------------------------------------- */

static void tell_identity(struct sheet *sheet, const struct scene *scene, const struct process *process)
{
	struct brief brief;

	sheet_heading(sheet, "PROCESS");
	sheet_line(sheet, "pid", STYLE_STRONG, "%u  %s", process->key.pid, scene_text(scene, process->name));
	sheet_line(sheet, "started", STYLE_NORMAL, "%llu ticks after boot", (unsigned long long)process->key.start);
	if (process->uid >= 0)
		sheet_line(sheet, "user", STYLE_NORMAL, "%lld", (long long)process->uid);
	sheet_line(sheet, "state", thread_style(process->state), "%c %s for %s: %s",
	           letter_of(thread_words, process->state), word_of(thread_words, process->state),
	           ago(scene, process->since_ns, &brief), meaning_of(thread_words, process->state));
}

static void tell_lineage(struct sheet *sheet, const struct scene *scene, const struct process *process)
{
	struct brief brief;

	if (process->from_start)
		sheet_line(sheet, "born of", STYLE_NORMAL, "%s, %s ago by %s()", person(scene, &process->born_of).text,
		           ago(scene, process->born_ns, &brief), word_of(type_words(TYPE_HOW), process->how));
	else if (process->born_of.pid)
		sheet_line(sheet, "born of", STYLE_NORMAL, "%s", person(scene, &process->born_of).text);
	if (process->parent.pid)
		sheet_line(sheet, "child of", process->orphaned ? STYLE_WARNING : STYLE_NORMAL, "%s%s",
		           person(scene, &process->parent).text, process->orphaned ? ", which adopted it: an orphan" : "");
}

static void tell_end(struct sheet *sheet, const struct scene *scene, const struct process *process)
{
	struct phrase end = end_phrase(process->exit_code, process->signal, process->core);
	struct brief brief;

	if (!process->exited)
		return;
	sheet_line(sheet, "ended", process->signal > 0 ? STYLE_BAD : STYLE_NORMAL, "%s, %s ago",
	           *end.text ? end.text : "nobody knows how", ago(scene, process->died_ns, &brief));
	if (process->state == THREAD_ZOMBIE)
		sheet_line(sheet, "reaped", STYLE_BAD, "not yet: %s has to call waitpid()",
		           person(scene, &process->parent).text);
	else if (process->reaper)
		sheet_line(sheet, "reaped", STYLE_NORMAL, "by %u, after %s as a zombie", process->reaper,
		           brief_duration(process->zombie_ns).text);
}

static void tell_number(struct sheet *sheet, const char *label, int64_t number, const char *what)
{
	if (number >= 0)
		sheet_line(sheet, label, STYLE_NORMAL, "%lld %s", (long long)number, what);
	else
		sheet_line(sheet, label, STYLE_DIM, "not counted");
}

static void tell_totals(struct sheet *sheet, const struct process *process)
{
	sheet_heading(sheet, "TOTALS");
	tell_number(sheet, "copied", process->cow_copies, "pages, because it wrote to shared ones");
	tell_number(sheet, "reused", process->cow_reuses, "pages, that nobody shared any more");
	tell_number(sheet, "forks", process->forks, "processes");
	tell_number(sheet, "threads", process->threads_started, "started besides the first");
	if (process->resident >= 0)
		sheet_line(sheet, "memory", STYLE_NORMAL, "%s resident", brief_bytes(process->resident).text);
	if (process->cpu_ns >= 0)
		sheet_line(sheet, "processor", STYLE_NORMAL, "%s used", brief_duration(process->cpu_ns).text);
}

static void tell_thread(struct sheet *sheet, const struct scene *scene, const struct thread *thread)
{
	struct area row = sheet_row(sheet);
	unsigned style = thread->state == THREAD_GONE ? STYLE_DEAD : STYLE_NORMAL;
	struct brief brief;
	int x;

	area_print(row, 0, 0, style, "%u", thread->key.tid);
	area_field(row, LABEL - 4, 0, 16, ALIGN_LEFT, style, scene_text(scene, thread->name));
	draw_thread_state(area_inside(row, LABEL + 13, 0, 10, 1), thread->state);
	x = area_print(row, LABEL + 24, 0, STYLE_DIM, "%s", ago(scene, thread->since_ns, &brief)) + 2;
	if (thread->on)
		area_print(row, x, 0, STYLE_DIM, "on %s", scene_text(scene, thread->on));
}

static void tell_threads(struct sheet *sheet, const struct scene *scene, const struct process *process)
{
	const struct thread *thread;
	bool any = false;

	for store_each(thread, &scene->model->threads) {
		if (thread->key.pid != process->key.pid || thread->key.start != process->key.start)
			continue;
		if (!any)
			sheet_heading(sheet, "THREADS");
		any = true;
		tell_thread(sheet, scene, thread);
	}
}

static void tell_process(struct sheet *sheet, const struct scene *scene, const struct process_key *key)
{
	const struct process *process = model_process(scene->model, key->pid, key->start);

	if (!process) {
		sheet_line(sheet, "", STYLE_DIM, "Nothing is known of process %u at this moment.", key->pid);
		return;
	}
	tell_identity(sheet, scene, process);
	tell_lineage(sheet, scene, process);
	tell_end(sheet, scene, process);
	tell_totals(sheet, process);
	tell_threads(sheet, scene, process);
}

/* ---- workers and pools ------------------------------------------------------------------------------------------ */

static void tell_last_death(struct sheet *sheet, const struct scene *scene, const struct worker *worker)
{
	struct brief brief;

	if (!worker->died.pid)
		return;
	sheet_line(sheet, "last death", STYLE_BAD, "pid %u, %s, %s ago", worker->died.pid,
	           scene_text(scene, worker->died_cause), ago(scene, worker->died_ns, &brief));
	if (worker->died_task)
		sheet_line(sheet, "", STYLE_BAD, "holding task %llu %s", (unsigned long long)worker->died_task,
		           scene_text(scene, worker->died_function));
}

static void tell_worker(struct sheet *sheet, const struct scene *scene, const struct worker *worker)
{
	struct brief brief;

	sheet_heading(sheet, "WORKER");
	sheet_line(sheet, "state", worker_style(worker->state), "%c %s for %s: %s",
	           letter_of(worker_words, worker->state), word_of(worker_words, worker->state),
	           ago(scene, worker->since_ns, &brief), meaning_of(worker_words, worker->state));
	if (worker->task)
		sheet_line(sheet, "task", STYLE_STRONG, "%llu  %s", (unsigned long long)worker->task,
		           scene_text(scene, worker->function));
	tell_number(sheet, "done", worker->done, "tasks");
	if (worker->failed > 0)
		sheet_line(sheet, "failed", STYLE_WARNING, "%lld of them", (long long)worker->failed);
	if (worker->busy_ns >= 0)
		sheet_line(sheet, "busy", STYLE_NORMAL, "%s in tasks", brief_duration(worker->busy_ns).text);
	sheet_line(sheet, "lives", worker->lives > 1 ? STYLE_WARNING : STYLE_NORMAL, "%llu %s in this slot",
	           (unsigned long long)worker->lives, worker->lives == 1 ? "process" : "processes");
	tell_last_death(sheet, scene, worker);
}

static void tell_pool(struct sheet *sheet, const struct scene *scene, const struct pool *pool)
{
	struct summary summary = summary_of(scene->summaries, scene->model, pool->key.id);
	struct brief brief;
	int rows = part_inside_rows(scene, pool->key.id);

	sheet_heading(sheet, "POOL");
	sheet_line(sheet, "name", STYLE_STRONG, "%s", pool_label(scene, pool->key.id));
	sheet_line(sheet, "key", STYLE_NORMAL, "%s", scene_text(scene, pool->key.id));
	sheet_line(sheet, "state", pool_style(pool->state), "%s for %s: %s", word_of(pool_words, pool->state),
	           ago(scene, pool->since_ns, &brief), meaning_of(pool_words, pool->state));
	if (pool->reason)
		sheet_line(sheet, "reason", STYLE_BAD, "%s", scene_text(scene, pool->reason));
	sheet_line(sheet, "kind", STYLE_NORMAL, "%s: %s", word_of(type_words(TYPE_KIND), pool->kind),
	           meaning_of(type_words(TYPE_KIND), pool->kind));
	sheet_line(sheet, "open for", STYLE_NORMAL, "%s", ago(scene, pool->opened_ns, &brief));
	if (pool->workers != UNKNOWN)
		sheet_line(sheet, "workers", STYLE_NORMAL, "%u alive, %u busy, %lld kept", summary.alive, summary.busy,
		           (long long)pool->workers);
	sheet_line(sheet, "jobs", STYLE_NORMAL, "%llu submitted, %llu finished", (unsigned long long)pool->jobs_submitted,
	           (unsigned long long)pool->jobs_finished);
	tell_number(sheet, "tasks", summary.done, "done");
	if (summary.failed > 0)
		sheet_line(sheet, "failed", STYLE_WARNING, "%lld of them", (long long)summary.failed);
	sheet_line(sheet, "deaths", pool->deaths ? STYLE_BAD : STYLE_NORMAL, "%llu", (unsigned long long)pool->deaths);
	if (rows) {
		sheet->y++;
		part_inside(scene, pool->key.id, area_inside(sheet->area, 0, sheet->y, sheet->area.width,
		                                            sheet->y < 0 ? 0 : rows));
		sheet->y += rows;
	}
}

/* ---- what else is said of it ------------------------------------------------------------------------------------ */

static bool is_about(const struct subject *subject, const struct process_key *key, uint32_t pool)
{
	if (subject->kind == SUBJECT_POOL)
		return pool == subject->pool;
	return key->pid == subject->process.pid && key->start == subject->process.start;
}

static void tell_findings(struct sheet *sheet, const struct scene *scene, const struct subject *subject)
{
	bool any = false;

	for (unsigned i = 0; i < scene->findings->count; i++) {
		const struct finding *finding = &scene->findings->list[i];

		if (!is_about(subject, &finding->process, finding->pool))
			continue;
		if (!any)
			sheet_heading(sheet, "FINDINGS");
		any = true;
		sheet_line(sheet, "!", STYLE_BAD, "%s", finding->sentence);
		sheet_line(sheet, "", STYLE_NORMAL, "%s", finding->advice);
	}
}

static void tell_latest(struct sheet *sheet, const struct scene *scene, const struct subject *subject)
{
	size_t position = scene->position, end = position > LOOK_BACK ? position - LOOK_BACK : 0;
	struct brief brief;

	sheet_heading(sheet, "LATEST EVENTS, THE NEWEST FIRST");
	for (int told = 0; position > end && told < LATEST; position--) {
		const struct fact *fact = history_at(scene->history, position - 1);
		struct process_key key = {.pid = fact->pid, .start = fact->start};

		if (!fact_is_news(fact) || !is_about(subject, &key, (uint32_t)fact_value(fact, F_POOL, 0)))
			continue;
		sheet_line(sheet, ago(scene, fact->t_ns, &brief), fact_style(fact), "%s", fact_sentence(scene, fact).text);
		told++;
	}
}

int detail_draw(const struct scene *scene, const struct subject *subject, int scrolled, struct area area)
{
	struct sheet sheet = sheet_begin(area, LABEL, scrolled);
	const struct pool *pool = model_pool(scene->model, subject->pool);
	const struct worker *worker = model_worker(scene->model, subject->pool, subject->slot);

	if (subject->kind == SUBJECT_NONE)
		return 0;
	if (subject->kind == SUBJECT_POOL && pool)
		tell_pool(&sheet, scene, pool);
	if (subject->kind == SUBJECT_WORKER && worker)
		tell_worker(&sheet, scene, worker);
	tell_findings(&sheet, scene, subject);
	if (subject->kind == SUBJECT_POOL)
		tell_latest(&sheet, scene, subject);
	if (subject->kind != SUBJECT_POOL || pool)
		tell_process(&sheet, scene, subject->kind == SUBJECT_POOL ? &pool->parent : &subject->process);
	if (subject->kind != SUBJECT_POOL)
		tell_latest(&sheet, scene, subject);
	return sheet_height(&sheet);
}
