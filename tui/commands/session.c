/* session.c: sources, stream and history, put together. */
#include "commands/session.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sources/foreign.h"
#include "sources/kernel.h"
#include "sources/proc.h"
#include "sources/procps.h"
#include "sources/runtime.h"

#define GRACE_NS 200000000u
#define SOURCES_LAG_NS 1000000000u
#define FORGET_AFTER_NS 60000000000u
#define FORGET_EVERY_NS 1000000000u
enum { ANCESTORS_MAX = 64, PLACES_MAX = 512 };

/* ---- whose publishers ---- */

static bool descends_from(pid_t pid, pid_t ancestor)
{
	for (int i = 0; i < ANCESTORS_MAX && pid > 1; i++) {
		if (pid == ancestor)
			return true;
		if (!procps_one(pid, NULL, &pid, NULL, NULL))
			return false;
	}
	return pid == ancestor;
}

/* An orphan's parents say nothing any more: the model knows who bore it. */
static bool was_born_below(const struct session *session, const struct reader_place *place)
{
	const struct process *process = model_process(&session->history.now, (uint32_t)place->pid, place->start);

	for (int i = 0; i < ANCESTORS_MAX && process; i++) {
		if ((pid_t)process->key.pid == session->target)
			return true;
		process = model_process(&session->history.now, process->born_of.pid, process->born_of.start);
	}
	return false;
}

static bool wants(void *context, const struct reader_place *place)
{
	struct session *session = context;

	if (!session->target)
		return true;
	return descends_from(place->pid, session->target) || was_born_below(session, place);
}

static void watch(struct session *session, pid_t pid)
{
	if (session->kernel)
		kernel_source_watch(session->kernel, pid);
	if (session->proc)
		proc_source_watch(session->proc, pid);
}

static void publisher_found(void *context, const struct reader_place *place)
{
	watch(context, place->pid);
}

static bool wants_foreign(void *context, pid_t pid)
{
	const struct session *session = context;

	return !session->target || descends_from(pid, session->target);
}

static void foreign_pool_found(void *context, pid_t pid)
{
	watch(context, pid);
}

/* A worker's pid stands for its pool, be it one that publishes or not: the tree is then its parent's. A dead publisher is
 * known by what it left. */
static pid_t find_target(pid_t pid, uint64_t *start, bool *dead)
{
	static struct reader_place places[PLACES_MAX];
	size_t count = reader_find(places, PLACES_MAX);
	pid_t parent = 0;

	*dead = !procps_one(pid, start, &parent, NULL, NULL);
	for (size_t i = 0; i < count && i < PLACES_MAX; i++) {
		const struct reader_place *place = &places[i];
		if (*dead ? place->pid != pid || place->alive : place->pid != parent || !place->alive)
			continue;
		*start = place->start;
		return place->pid;
	}
	if (*dead)
		return 0;
	if (foreign_is_worker(pid, parent) && procps_one(parent, start, NULL, NULL, NULL))
		return parent;
	return pid;
}

/* A tree without a publisher is shown all the same, as a pool of its own kind. */
static void tell_program(struct session *session, const char *name)
{
	char key[64], comm[16] = "";

	procps_one(session->target, NULL, NULL, NULL, comm);
	/* without a publisher's number: it may publish pools of its own */
	snprintf(key, sizeof(key), "%d.%llu", session->target, (unsigned long long)session->target_start);
	struct fact fact = fact_make(EV_POOL_OPENED, SOURCE_PROC, clock_now_ns(), (uint32_t)session->target,
	                             session->target_start);
	fact_set(&fact, F_POOL, names_id(session->names, key));
	fact_set(&fact, F_NAME, names_id(session->names, name ? name : comm));
	fact_set(&fact, F_KIND, KIND_PROGRAM);
	fact.flags = FACT_STATE;
	stream_push(&session->stream, &fact);
}

/* ---- life ---- */

static int open_sources(struct session *session)
{
	struct source *runtime = runtime_source_open(wants, publisher_found, session);
	struct source *foreign = foreign_source_open(wants_foreign, foreign_pool_found, session);

	session->proc = proc_source_open();
	if (session->proc)
		stream_add(&session->stream, session->proc);
	if (runtime)
		stream_add(&session->stream, runtime);
	if (foreign)
		stream_add(&session->stream, foreign);
	return runtime ? 0 : -ENOMEM;
}

int session_open(struct session *session, const struct session_plan *plan)
{
	bool dead = false;

	*session = (struct session){ .target = plan->target, .tap = plan->tap, .tap_context = plan->tap_context,
	                             .owned = plan->owned };
	if (plan->target && plan->owned)
		procps_one(plan->target, &session->target_start, NULL, NULL, NULL);
	else if (plan->target && !(session->target = find_target(plan->target, &session->target_start, &dead)))
		return -ESRCH;
	session->names = names_create();
	if (!session->names || history_init(&session->history, session->names, plan->history)) {
		names_destroy(session->names);
		return -ENOMEM;
	}
	stream_init(&session->stream, session->names);
	if (open_sources(session)) {
		session_close(session);
		return -ENOMEM;
	}
	if (plan->kernel)
		session_load_kernel(session, plan->cow);
	if (session->target && !dead) {
		watch(session, session->target);
		tell_program(session, plan->name);
	}
	return 0;
}

void session_close(struct session *session)
{
	stream_finish(&session->stream);
	history_finish(&session->history);
	names_destroy(session->names);
}

void session_load_kernel(struct session *session, bool cow)
{
	const struct pool *pool;

	if (session->kernel || !(session->kernel = kernel_source_open()))
		return;
	stream_add(&session->stream, session->kernel);
	session_need_cow(session, cow);
	if (session->proc)
		proc_source_kernel_tells(session->proc, kernel_source_tells(session->kernel));
	if (session->target)
		kernel_source_watch(session->kernel, session->target);
	for store_each(pool, &session->history.now.pools)
		if (pool->state != POOL_DEAD && pool->state != POOL_JOINED)
			kernel_source_watch(session->kernel, (pid_t)pool->parent.pid);
}

void session_need_cow(struct session *session, bool needed)
{
	if (session->kernel)
		kernel_source_need_cow(session->kernel, needed);
}

/* ---- going on ---- */

static void keep(void *context, const struct fact *facts, size_t count)
{
	struct session *session = context;

	history_add_all(&session->history, facts, count);
	for (size_t i = 0; session->tap && i < count; i++)
		session->tap(session->tap_context, &facts[i]);
}

/* A source can be missing or late, without descriptors for /proc say. What we have reaped ourselves is dead. */
static bool is_dead_for_sure(const struct session *session, const struct process *process, uint64_t now_ns)
{
	return session->root_ended_ns && (pid_t)process->key.pid == session->target &&
	       now_ns - session->root_ended_ns > SOURCES_LAG_NS;
}

static bool somebody_lives(const struct session *session, uint64_t now_ns)
{
	const struct process *process;

	for store_each(process, &session->history.now.processes)
		if (process_is_alive(process) && !is_dead_for_sure(session, process, now_ns))
			return true;
	return !session->history.now.processes.count && !session->root_ended_ns; /* nothing told yet */
}

static bool somebody_is_not_reaped(const struct session *session)
{
	const struct process *process;

	for store_each(process, &session->history.now.processes)
		if (process->zombie_ns == UNKNOWN)
			return true;
	return false;
}

void session_root_ended(struct session *session)
{
	if (!session->root_ended_ns)
		session->root_ended_ns = clock_now_ns();
}

void session_tick(struct session *session)
{
	uint64_t now_ns = clock_now_ns();

	stream_tick(&session->stream, now_ns, keep, session);
	model_tick(&session->history.now, now_ns);
	/* what has ended altogether stays on the screen: somebody may come back to it */
	if (!session->over_ns && now_ns - session->forgot_ns >= FORGET_EVERY_NS && now_ns > FORGET_AFTER_NS) {
		session->forgot_ns = now_ns;
		model_forget(&session->history.now, now_ns - FORGET_AFTER_NS);
		if (!session->history.pinned) /* who looks at a moment that stands still steps back to the dead of then */
			model_forget(&session->history.base, now_ns - FORGET_AFTER_NS);
	}
	if (!session->target || somebody_lives(session, now_ns))
		session->over_ns = 0;
	else if (!session->over_ns)
		session->over_ns = now_ns;
}

void session_settle(struct session *session)
{
	session->stream.hold_ns = 0;
	session_tick(session); /* finds the publishers, and has them watched */
	session_tick(session);
}

int session_wait(struct session *session, struct pollfd *fds, unsigned nr_fds, int timeout_ms)
{
	struct pollfd all[8];
	unsigned count = nr_fds < 7 ? nr_fds : 7;

	if (count)
		memcpy(all, fds, count * sizeof(*fds));
	if (session->kernel && session->kernel->fd >= 0)
		all[count++] = (struct pollfd){ .fd = session->kernel->fd, .events = POLLIN };
	int ready = poll(all, count, timeout_ms);
	if (nr_fds)
		memcpy(fds, all, (nr_fds < 7 ? nr_fds : 7) * sizeof(*fds));
	return ready;
}

bool session_is_over(const struct session *session)
{
	return session->over_ns &&
	       (!somebody_is_not_reaped(session) || session->history.now.now_ns - session->over_ns >= GRACE_NS);
}

const char *session_kernel_reason(const struct session *session)
{
	const struct model *model = &session->history.now;
	struct probe_key key = { .name = names_id(session->names, "life") };
	const struct probe_status *life = store_find(&model->probes, &key);

	if (!session->kernel || !life)
		return "not loaded";
	return life->state == PROBE_ON ? "" : names_text(session->names, life->reason);
}
