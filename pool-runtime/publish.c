/* publish.c: a pool's diary, which others read without asking.
 *
 * What is true goes into a slot, what happened into a ring, both with one look at the clock. Here: the publisher itself,
 * the pool, its helpers, jobs, queues, words; the workers have publish_worker.c. Who writes which slot, and when, stands
 * in publish.h; that there is but one at a time is what makes all of this plain stores. */
#include "publisher.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "record.h"

/* ---- open, close ---- */

static bool is_switched_off(void)
{
	const char *wish = getenv("POOLSCOPE");

	return wish && strcmp(wish, "off") == 0;
}

int publisher_open(const struct publisher_plan *plan, struct publisher **publisher)
{
	struct publisher *made;
	int saved = errno, error;

	if (is_switched_off())
		return -ECANCELED;
	if (plan->max_workers > PUBLISHER_MAX_WORKERS || plan->nr_queues > UINT16_MAX)
		return -EINVAL;
	made = calloc(1, sizeof(*made));
	if (!made)
		return -ENOMEM;
	made->nr_workers = plan->max_workers;
	made->nr_queues = plan->nr_queues;
	made->opener = getpid();
	error = publisher_make_segment(made, plan);
	errno = saved;
	if (error) {
		if (made->base)
			munmap(made->base, made->size);
		free(made);
		return error;
	}
	pthread_mutex_init(&made->pool_lock, NULL);
	publisher_register(made);
	publisher_put(made, &(struct segment_record){.time = publisher_now(), .event = EV_POOL_OPENED});
	*publisher = made;
	return 0;
}

void publisher_close(struct publisher *publisher)
{
	int saved = errno, directory;

	if (!publisher)
		return;
	publisher_unregister(publisher);
	if (publisher->opener == getpid()) {
		directory = place_open_directory(publisher->directory, geteuid());
		if (directory >= 0) {
			unlinkat(directory, publisher->key, 0);
			close(directory);
		}
	}
	munmap(publisher->base, publisher->size);
	pthread_mutex_destroy(&publisher->pool_lock);
	free(publisher);
	errno = saved;
}

const char *publisher_key(const struct publisher *publisher)
{
	return publisher ? publisher->key : "";
}

/* ---- the pool ---- */

static const uint16_t event_of_pool[NR_POOL_STATES] = {
	[POOL_OPEN] = EV_POOL_OPENED,
	[POOL_CLOSING] = EV_POOL_CLOSING,
	[POOL_TERMINATING] = EV_POOL_TERMINATING,
	[POOL_JOINED] = EV_POOL_JOINED,
	[POOL_BROKEN] = EV_POOL_BROKEN,
};

/* Once for each state that it moves to: who asks again is not heard. POOL_DEAD is for readers to say. */
void publish_pool(struct publisher *publisher, enum pool_state state, const char *reason)
{
	struct segment_slot *slot;
	uint64_t now;
	uint32_t name;

	if (!publisher || state >= NR_POOL_STATES || !event_of_pool[state])
		return;
	name = publisher_name(publisher, reason);
	slot = publisher->pool;
	pthread_mutex_lock(&publisher->pool_lock);
	if (SLOT_STATE(LOAD(slot->word)) != state) {
		now = publisher_now();
		slot_write_begin(slot);
		STORE(slot->name, name);
		STORE(slot->since, now);
		slot_set_state(slot, state);
		slot_write_end(slot);
		publisher_put(publisher, &(struct segment_record){.time = now, .event = event_of_pool[state], .name = name});
	}
	pthread_mutex_unlock(&publisher->pool_lock);
}

void publish_size(struct publisher *publisher, unsigned nr_workers)
{
	if (!publisher)
		return;
	pthread_mutex_lock(&publisher->pool_lock);
	slot_write_begin(publisher->pool);
	STORE(publisher->pool->old, (int32_t)record_cut(nr_workers, INT32_MAX));
	slot_write_end(publisher->pool);
	pthread_mutex_unlock(&publisher->pool_lock);
}

/* ---- helpers ---- */

static unsigned helper_ring(const struct publisher *publisher, enum helper_role role)
{
	return publisher->nr_workers + role;
}

/* Its slot, if this thread plays the role. */
static struct segment_slot *own_helper(struct publisher *publisher, enum helper_role role)
{
	if (!publisher || role >= NR_HELPER_ROLES ||
	    publisher_own_ring(publisher) != publisher_ring(publisher, helper_ring(publisher, role)))
		return NULL;
	return &publisher->helpers[role];
}

void publish_helper_started(struct publisher *publisher, enum helper_role role, const char *name)
{
	struct slot_life life = {.state = THREAD_RUNNING, .epoch_step = 1};
	int saved = errno;
	uint64_t now;

	if (!publisher || role >= NR_HELPER_ROLES || !publisher_take_ring(publisher, helper_ring(publisher, role)))
		return;
	publisher_sit(publisher, publisher_ring(publisher, helper_ring(publisher, role)));
	now = publisher_now();
	life.name = publisher_name(publisher, name);
	life.pid = publisher_pid();
	life.tid = gettid();
	life.start = publisher_start();
	life.ring = helper_ring(publisher, role) + 1;
	slot_write_life(&publisher->helpers[role], &life, now);
	publisher_put(publisher, &(struct segment_record){
		.time = now, .event = EV_HELPER_STARTED, .slot = role, .name = life.name,
	});
	errno = saved;
}

void publish_helper_state(struct publisher *publisher, enum helper_role role, enum thread_state state)
{
	struct segment_slot *slot = own_helper(publisher, role);

	if (!slot || state >= NR_THREAD_STATES)
		return;
	slot_write_begin(slot);
	STORE(slot->since, publisher_now());
	slot_set_state(slot, state);
	slot_write_end(slot);
}

void publish_helper_exited(struct publisher *publisher, enum helper_role role)
{
	struct segment_slot *slot = own_helper(publisher, role);

	if (!slot)
		return;
	publish_helper_state(publisher, role, THREAD_GONE);
	publisher_put(publisher, &(struct segment_record){.time = publisher_now(), .event = EV_HELPER_EXITED, .slot = role});
	publisher_stand_up(publisher);
	publisher_return_ring(publisher, helper_ring(publisher, role));
}

/* ---- jobs, and tasks outside workers ---- */

void publish_job_submitted(struct publisher *publisher, uint64_t job, enum job_call call, uint64_t nr_tasks,
                           uint32_t chunk, uint32_t function)
{
	if (publisher)
		publisher_put(publisher, &(struct segment_record){
			.time = publisher_now(), .event = EV_JOB_SUBMITTED, .name = function, .task = job,
			.argument = record_put_call(call, nr_tasks, chunk),
		});
}

void publish_job_finished(struct publisher *publisher, uint64_t job, enum task_status status)
{
	if (publisher)
		publisher_put(publisher, &(struct segment_record){
			.time = publisher_now(), .event = EV_JOB_FINISHED, .task = job, .argument = record_put_job(0, status),
		});
}

void publish_task(struct publisher *publisher, enum event event, uint64_t task, uint64_t job,
                  unsigned slot, enum task_status status)
{
	if (publisher)
		publisher_put(publisher, &(struct segment_record){
			.time = publisher_now(), .event = event, .task = task, .argument = record_put_job(job, status),
			.slot = record_section(event) == SECTION_WORKERS ? slot : 0,
		});
}

/* ---- queues ---- */

static struct segment_slot *find_queue(const struct publisher *publisher, unsigned queue)
{
	return publisher && queue < publisher->nr_queues ? &publisher->queues[queue] : NULL;
}

void publish_queue_named(struct publisher *publisher, unsigned queue, const char *name, uint64_t capacity)
{
	struct segment_slot *slot = find_queue(publisher, queue);
	uint32_t id;

	if (!slot)
		return;
	id = publisher_name(publisher, name);
	slot_write_begin(slot);
	STORE(slot->name, id);
	STORE(slot->since, publisher_now());
	STORE(slot->old, (int32_t)record_cut(capacity, INT32_MAX));
	slot_write_end(slot);
}

/* Totals only rise: who was overtaken between its count and its store does not set them back. */
static void raise_to(uint64_t *total, uint64_t value)
{
	if (LOAD(*total) < value)
		STORE(*total, value);
}

void publish_queue_in(struct publisher *publisher, unsigned queue, uint64_t total_in)
{
	struct segment_slot *slot = find_queue(publisher, queue);
	uint64_t out;

	if (!slot)
		return;
	raise_to(&slot->count[COUNT_IN], total_in);
	out = LOAD(slot->count[COUNT_OUT]);
	if (total_in > out)
		raise_to(&slot->task, total_in - out);
}

void publish_queue_out(struct publisher *publisher, unsigned queue, uint64_t total_out)
{
	struct segment_slot *slot = find_queue(publisher, queue);

	if (slot)
		raise_to(&slot->count[COUNT_OUT], total_out);
}

void publish_queue_bytes(struct publisher *publisher, unsigned queue, uint64_t bytes)
{
	struct segment_slot *slot = find_queue(publisher, queue);

	if (slot)
		STORE(slot->bytes, bytes);
}

/* ---- words ---- */

void publish_note(struct publisher *publisher, const char *text)
{
	if (publisher)
		publisher_put(publisher, &(struct segment_record){
			.time = publisher_now(), .event = EV_NOTE, .name = publisher_name(publisher, text),
		});
}
