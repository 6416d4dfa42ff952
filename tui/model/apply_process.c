/* apply_process.c: how do processes and threads live, die and change parents?
 *
 *   forked -> execed* -> exited -> zombie -> reaped       state:  ready/running/waiting/stopped ... zombie, gone
 *                   \-> orphaned (any time before reaped)
 *
 * The kernel's facts are exact. What was only seen in /proc may come late or twice, so every handler can be applied
 * again without harm. */
#include "model/apply.h"

struct process *apply_touch(struct model *model, uint32_t pid, uint64_t start, uint64_t t_ns)
{
	struct process_key key = { .pid = pid, .start = start };
	bool added;

	if (!start) /* whoever told this knows only the pid: a process of no start would be one that never ends */
		return model_process_by_pid(model, pid);
	struct process *process = pid ? store_add(&model->processes, &key, &added) : NULL;
	if (!process || !added)
		return process;
	process->slot = -1;
	process->state = THREAD_READY;
	process->since_ns = t_ns;
	process->exit_code = process->signal = process->core = UNKNOWN;
	process->cow_copies = process->cow_reuses = process->forks = process->threads_started = UNKNOWN;
	process->resident = process->cpu_ns = process->uid = process->zombie_ns = UNKNOWN;

	struct process_latest *latest = store_add(&model->latest, &(struct pid_key){ .pid = pid }, NULL);
	if (latest && latest->start <= start)
		latest->start = start;
	return process;
}

static struct process *process_of(struct model *model, const struct fact *fact)
{
	struct process *process = apply_touch(model, fact->pid, fact->start, fact->t_ns);

	if (process && (fact->source == SOURCE_KERNEL || (fact->source == SOURCE_PROC && process->source == SOURCE_RUNTIME)))
		process->source = fact->source;
	return process;
}

struct thread *apply_touch_thread(struct model *model, const struct fact *fact)
{
	struct process *process = process_of(model, fact);
	bool added;

	if (!process)
		return NULL;
	struct thread_key key = { .pid = fact->pid, .tid = fact->tid ? fact->tid : fact->pid, .start = process->key.start };
	struct thread *thread = store_add(&model->threads, &key, &added);
	if (thread && added) {
		thread->state = THREAD_READY;
		thread->since_ns = fact->t_ns;
		thread->before = process->last_thread;
		process->last_thread = key.tid;
	}
	return thread;
}

/* A parent is told by its pid; who that is now, the model knows best. */
static struct process_key parent_key(const struct model *model, int64_t pid)
{
	const struct process *parent = model_process_by_pid(model, (uint32_t)pid);

	return parent ? parent->key : (struct process_key){ .pid = (uint32_t)pid };
}

static void enter(struct process *process, enum thread_state state, uint64_t t_ns)
{
	if (process->state == state)
		return;
	process->state = (uint8_t)state;
	process->since_ns = t_ns;
}

static void threads_gone(struct model *model, const struct process *process, uint64_t t_ns)
{
	struct thread *thread = process_newest_thread(model, process);

	for (; thread; thread = thread_before(model, thread)) {
		if (thread->died_ns)
			continue;
		thread->state = THREAD_GONE;
		thread->since_ns = thread->died_ns = t_ns;
	}
}

void apply_gone_unseen(struct model *model, const struct process_key *key, uint64_t t_ns)
{
	struct process *process = model_process(model, key->pid, key->start);

	if (!process || process->exited || process->source != SOURCE_RUNTIME)
		return;
	process->exited = true;
	process->died_ns = t_ns;
	enter(process, THREAD_GONE, t_ns);
	threads_gone(model, process, t_ns);
}

static void name_process(struct model *model, struct process *process, const struct fact *fact)
{
	int64_t name;

	if (!fact_get(fact, F_NAME, &name))
		return;
	process->name = (uint32_t)name;
	struct thread *thread = apply_touch_thread(model, fact);
	if (thread)
		thread->name = (uint32_t)name;
}

/* What is said of a process is said of its first thread. */
static void main_thread_enters(struct model *model, const struct fact *fact, enum thread_state state)
{
	struct thread *thread = apply_touch_thread(model, fact);

	if (!thread || thread->died_ns || thread->state == state)
		return;
	thread->state = (uint8_t)state;
	thread->since_ns = fact->t_ns;
}

void apply_process_seen(struct model *model, const struct fact *fact)
{
	struct process *process = process_of(model, fact);
	int64_t value;

	if (!process || process->state == THREAD_GONE)
		return;
	if (fact_get(fact, F_PARENT, &value))
		process->parent = parent_key(model, value);
	if (fact_get(fact, F_STATE, &value) && !process->exited) {
		enter(process, (enum thread_state)value, fact->t_ns);
		main_thread_enters(model, fact, (enum thread_state)value);
	}
	if (fact_get(fact, F_UID, &value))
		process->uid = value;
	if (process->state == THREAD_ZOMBIE) {
		process->exited = true;
		process->died_ns = process->died_ns ? process->died_ns : fact->t_ns;
	}
	name_process(model, process, fact);
}

void apply_process_forked(struct model *model, const struct fact *fact)
{
	struct process *process = process_of(model, fact);

	if (!process || process->born_ns)
		return;
	process->born_ns = fact->t_ns;
	process->from_start = true;
	process->how = (uint8_t)fact_value(fact, F_HOW, HOW_FORK);
	process->born_of = parent_key(model, fact_value(fact, F_PARENT, 0));
	if (!process->orphaned)
		process->parent = process->born_of;
	name_process(model, process, fact);
}

void apply_process_execed(struct model *model, const struct fact *fact)
{
	struct process *process = process_of(model, fact);

	if (process)
		name_process(model, process, fact);
}

/* A plain program is over with its root; a publisher says so itself, or is found dead. */
static void end_program(const struct model *model, const struct process *root, uint64_t t_ns)
{
	struct pool *pool = model_pool(model, root->pool);

	if (!pool || pool->kind != KIND_PROGRAM || pool->parent.pid != root->key.pid || pool->source == SOURCE_RUNTIME)
		return;
	pool->state = POOL_JOINED;
	pool->since_ns = t_ns;
}

void apply_process_exited(struct model *model, const struct fact *fact)
{
	struct process *process = process_of(model, fact);

	if (!process)
		return;
	process->exited = true;
	process->died_ns = process->died_ns ? process->died_ns : fact->t_ns;
	fact_get(fact, F_EXIT_CODE, &process->exit_code);
	fact_get(fact, F_SIGNAL, &process->signal);
	fact_get(fact, F_CORE, &process->core);
	fact_get(fact, F_FORKS, &process->forks);
	fact_get(fact, F_THREADS, &process->threads_started);
	fact_get(fact, F_COW_COPIES, &process->cow_copies);
	fact_get(fact, F_COW_REUSES, &process->cow_reuses);
	if (process->state != THREAD_ZOMBIE)
		enter(process, THREAD_GONE, fact->t_ns);
	threads_gone(model, process, fact->t_ns);
	end_program(model, process, fact->t_ns);
}

void apply_process_zombie(struct model *model, const struct fact *fact)
{
	struct process *process = process_of(model, fact);
	int64_t parent;

	if (!process || process->reaped)
		return; /* this one came late */
	if (fact_get(fact, F_PARENT, &parent) && !process->orphaned)
		process->parent = parent_key(model, parent);
	process->exited = true;
	process->died_ns = process->died_ns ? process->died_ns : fact->t_ns;
	enter(process, THREAD_ZOMBIE, fact->t_ns);
	threads_gone(model, process, fact->t_ns);
}

void apply_process_reaped(struct model *model, const struct fact *fact)
{
	struct process *process = process_of(model, fact);

	if (!process)
		return;
	process->exited = process->reaped = true;
	process->died_ns = process->died_ns ? process->died_ns : fact->t_ns;
	process->reaper = (uint32_t)fact_value(fact, F_REAPER, process->reaper);
	process->zombie_ns = fact_value(fact, F_ZOMBIE_NS, process->zombie_ns);
	enter(process, THREAD_GONE, fact->t_ns);
	threads_gone(model, process, fact->t_ns);
}

void apply_process_orphaned(struct model *model, const struct fact *fact)
{
	struct process *process = process_of(model, fact);

	if (!process)
		return;
	if (!process->born_of.pid)
		process->born_of = process->parent;
	process->orphaned = true;
	process->parent = parent_key(model, fact_value(fact, F_TO, 0));
}

/* States are looked at now and then: one that still waits, but has used the processor, waits since after that. */
static void count_cpu(struct process *process, const struct fact *fact)
{
	int64_t before = process->cpu_ns;

	if (!fact_get(fact, F_CPU_NS, &process->cpu_ns) || before < 0 || process->cpu_ns <= before)
		return;
	if (process->state == THREAD_WAITING && process->since_ns < fact->t_ns)
		process->since_ns = fact->t_ns;
}

void apply_process_counted(struct model *model, const struct fact *fact)
{
	struct process *process = process_of(model, fact);

	if (!process)
		return;
	fact_get(fact, F_FORKS, &process->forks);
	fact_get(fact, F_THREADS, &process->threads_started);
	fact_get(fact, F_COW_COPIES, &process->cow_copies);
	fact_get(fact, F_COW_REUSES, &process->cow_reuses);
	fact_get(fact, F_RESIDENT, &process->resident);
	count_cpu(process, fact);
}

void apply_thread_named(struct model *model, const struct fact *fact)
{
	struct thread *thread = apply_touch_thread(model, fact);
	uint32_t name = (uint32_t)fact_value(fact, F_NAME, 0);

	if (!thread || !name)
		return;
	thread->name = name;
	if (thread->key.tid == thread->key.pid)
		process_of(model, fact)->name = name;
}

void apply_thread_exited(struct model *model, const struct fact *fact)
{
	struct thread *thread = apply_touch_thread(model, fact);

	if (!thread || thread->died_ns)
		return;
	thread->state = THREAD_GONE;
	thread->since_ns = thread->died_ns = fact->t_ns;
}

void apply_thread_state(struct model *model, const struct fact *fact)
{
	struct thread *thread = apply_touch_thread(model, fact);
	enum thread_state state = (enum thread_state)fact_value(fact, F_STATE, THREAD_READY);

	if (!thread || thread->died_ns)
		return;
	if (thread->state != state)
		thread->since_ns = fact->t_ns;
	thread->state = (uint8_t)state;
	thread->on = (uint32_t)fact_value(fact, F_ON, 0);
	struct process *process = process_of(model, fact);
	if (thread->key.tid == thread->key.pid && !process->exited)
		enter(process, state, fact->t_ns);
}
