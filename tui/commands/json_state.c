/* json_state.c: pools and snapshots as JSON. */
#include "commands/json.h"
#include "model/vocabulary.h"

static void add_number(struct json_object *object, const char *name, int64_t value)
{
	json_object_object_add(object, name, value == UNKNOWN ? NULL : json_object_new_int64(value));
}

static void add_positive(struct json_object *object, const char *name, uint64_t value)
{
	json_object_object_add(object, name, value ? json_object_new_int64((int64_t)value) : NULL);
}

static void add_name(struct json_object *object, const char *name, const struct names *names, uint32_t id)
{
	json_object_object_add(object, name, id ? json_text(names_text(names, id)) : NULL);
}

static void add_word(struct json_object *object, const char *name, const char *word)
{
	json_object_object_add(object, name, word ? json_object_new_string(word) : NULL);
}

static const char *source_word(uint8_t source)
{
	return source == SOURCE_RUNTIME ? "runtime" : source == SOURCE_KERNEL ? "kernel" : "proc";
}

struct json_object *json_pool(const struct model *model, const struct names *names, const struct pool *pool)
{
	struct json_object *object = json_object_new_object();
	bool publishes = pool->source == SOURCE_RUNTIME && pool->kind != KIND_PROGRAM;

	add_positive(object, "pid", pool->parent.pid);
	add_positive(object, "start", pool->parent.start);
	add_name(object, "name", names, pool->name);
	add_word(object, "kind", word_of(type_words(TYPE_KIND), pool->kind));
	add_word(object, "start_method", publishes ? word_of(type_words(TYPE_START_METHOD), pool->start_method) : NULL);
	add_word(object, "state", word_of(pool_words, pool->state));
	add_name(object, "reason", names, pool->reason);
	add_word(object, "source", source_word(pool->source));
	add_number(object, "workers_busy", publishes ? (int64_t)pool_count(model, pool, WORKER_BUSY) : UNKNOWN);
	add_number(object, "workers_total", pool->workers);
	add_number(object, "queued", pool_queued(model, names, pool));
	return object;
}

static int64_t main_thread_state(const struct model *model, const struct worker *worker)
{
	const struct process *process = model_process(model, worker->process.pid, worker->process.start);

	return process ? process->state : UNKNOWN;
}

static struct json_object *json_worker(const struct model *model, const struct names *names, const struct pool *pool,
                                       const struct worker *worker)
{
	const struct process *process = model_process(model, worker->process.pid, worker->process.start);
	struct json_object *object = json_object_new_object();
	int64_t state = main_thread_state(model, worker);

	add_number(object, "slot", worker->key.slot);
	add_positive(object, "pid", worker->process.pid);
	add_positive(object, "start", worker->process.start);
	add_positive(object, "ppid", process && process->parent.pid ? process->parent.pid : pool->parent.pid);
	add_word(object, "state", word_of(worker_words, worker->state));
	add_number(object, "since_ns", (int64_t)worker->since_ns);
	add_word(object, "thread", state == UNKNOWN ? NULL : word_of(thread_words, state));
	add_positive(object, "task", worker->task);
	add_name(object, "function", names, worker->task ? worker->function : 0);
	add_number(object, "done", worker->done);
	add_number(object, "failed", worker->failed);
	return object;
}

static struct json_object *json_workers(const struct model *model, const struct names *names, const struct pool *pool)
{
	struct json_object *array = json_object_new_array();
	const struct worker *worker;

	for (int64_t slot = -1; (worker = pool_next_worker(model, pool, slot)); slot = worker->key.slot)
		json_object_array_add(array, json_worker(model, names, pool, worker));
	return array;
}

static struct json_object *json_helpers(const struct model *model, const struct names *names, const struct pool *pool)
{
	struct json_object *array = json_object_new_array();
	const struct helper *helper;

	for store_each(helper, &model->helpers) {
		if (helper->key.pool != pool->key.id)
			continue;
		struct json_object *object = json_object_new_object();
		const struct thread *thread = model_thread(model, pool->parent.pid, pool->parent.start, helper->tid);
		add_word(object, "role", word_of(type_words(TYPE_ROLE), helper->key.role));
		add_positive(object, "tid", helper->tid);
		add_name(object, "name", names, helper->name);
		add_word(object, "state", helper->exited ? "gone" : thread ? word_of(thread_words, thread->state) : NULL);
		json_object_array_add(array, object);
	}
	return array;
}

static struct json_object *json_queues(const struct model *model, const struct names *names, const struct pool *pool)
{
	struct json_object *array = json_object_new_array();
	const struct queue *queue;

	for store_each(queue, &model->queues) {
		if (queue->key.pool != pool->key.id)
			continue;
		struct json_object *object = json_object_new_object();
		add_name(object, "name", names, queue->key.name);
		add_number(object, "depth", queue->depth);
		add_number(object, "bytes", queue->bytes);
		add_number(object, "capacity", queue->capacity);
		add_number(object, "high", queue->high);
		add_number(object, "in", queue->in);
		add_number(object, "out", queue->out);
		json_object_array_add(array, object);
	}
	return array;
}

static struct json_object *json_thread(const struct names *names, const struct process *process, const struct thread *thread)
{
	struct json_object *object = json_object_new_object();
	bool is_process = thread->key.tid == process->key.pid && !thread->died_ns;

	add_positive(object, "tid", thread->key.tid);
	add_name(object, "name", names, thread->name);
	add_word(object, "state", word_of(thread_words, is_process ? process->state : thread->state));
	return object;
}

/* They hang together from the newest to the oldest, and are listed the other way round. */
static struct json_object *json_threads(const struct model *model, const struct names *names,
                                        const struct process *process)
{
	const struct thread *newest = process_newest_thread(model, process), *thread;
	struct json_object *array = json_object_new_array();
	size_t count = 0;

	for (thread = newest; thread; thread = thread_before(model, thread))
		count++;
	for (thread = newest; thread; thread = thread_before(model, thread))
		json_object_array_put_idx(array, --count, json_thread(names, process, thread));
	return array;
}

static struct json_object *json_process(const struct model *model, const struct names *names,
                                        const struct process *process)
{
	struct json_object *object = json_object_new_object();

	add_positive(object, "pid", process->key.pid);
	add_positive(object, "start", process->key.start);
	add_positive(object, "ppid", process->parent.pid);
	add_positive(object, "born_of", process->born_of.pid);
	add_word(object, "state", word_of(thread_words, process->state));
	add_name(object, "name", names, process->name);
	add_number(object, "cow_copies", process->cow_copies);
	add_number(object, "cow_reuses", process->cow_reuses);
	add_number(object, "exit_code", process->exit_code);
	add_number(object, "signal", process->signal);
	json_object_object_add(object, "threads", json_threads(model, names, process));
	return object;
}

/* In the tree of the pool: its parent, its workers, and whoever was born below them. */
static bool belongs(const struct model *model, const struct pool *pool, const struct process *process)
{
	for (int i = 0; i < 64 && process; i++) {
		if (process->key.pid == pool->parent.pid && process->key.start == pool->parent.start)
			return true;
		if (process->pool == pool->key.id)
			return true;
		struct process_key up = process->born_of.pid ? process->born_of : process->parent;
		process = model_process(model, up.pid, up.start);
	}
	return false;
}

static struct json_object *json_processes(const struct model *model, const struct names *names, const struct pool *pool)
{
	struct json_object *array = json_object_new_array();
	const struct process *process;

	for store_each(process, &model->processes)
		if (belongs(model, pool, process))
			json_object_array_add(array, json_process(model, names, process));
	return array;
}

static struct json_object *json_probes(const struct model *model, const struct names *names)
{
	struct json_object *array = json_object_new_array();
	const struct probe_status *probe;

	for store_each(probe, &model->probes) {
		struct json_object *object = json_object_new_object();
		add_name(object, "name", names, probe->key.name);
		add_word(object, "state", word_of(type_words(TYPE_PROBE_STATE), probe->state));
		add_name(object, "reason", names, probe->reason);
		json_object_array_add(array, object);
	}
	return array;
}

struct json_object *json_finding(const struct finding *finding)
{
	struct json_object *object = json_object_new_object();

	add_word(object, "id", finding->kind->id);
	json_object_object_add(object, "sentence", json_text(finding->sentence));
	json_object_object_add(object, "evidence", json_text(finding->evidence));
	json_object_object_add(object, "advice", json_text(finding->advice));
	add_positive(object, "pid", finding->process.pid);
	add_positive(object, "since_ns", finding->since_ns);
	return object;
}

static int64_t all_lost(const struct model *model)
{
	const struct lost *lost;
	uint64_t count = 0;

	for store_each(lost, &model->lost)
		count += lost->count;
	return (int64_t)count;
}

struct json_object *json_snapshot(const struct model *model, const struct names *names, const struct pool *pool,
                                  const struct findings *findings)
{
	struct json_object *object = json_object_new_object(), *array = json_object_new_array();

	add_word(object, "schema", JSON_SCHEMA);
	add_number(object, "t_ns", (int64_t)model->now_ns);
	json_object_object_add(object, "pool", json_pool(model, names, pool));
	json_object_object_add(object, "workers", json_workers(model, names, pool));
	json_object_object_add(object, "helpers", json_helpers(model, names, pool));
	json_object_object_add(object, "queues", json_queues(model, names, pool));
	json_object_object_add(object, "processes", json_processes(model, names, pool));
	json_object_object_add(object, "probes", json_probes(model, names));
	for (unsigned i = 0; findings && i < findings->count; i++)
		json_object_array_add(array, json_finding(&findings->list[i]));
	json_object_object_add(object, "findings", array);
	add_number(object, "lost", all_lost(model));
	return object;
}
