/* publish_worker.c: a worker's life and its tasks, as others may read them.
 *
 *                          a task begins                      a task ends
 *   its slot               busy, function, task, since        idle, done + 1, busy + (now - since)
 *   its ring               task.started                       task.finished
 *
 * Both stand at fixed places, so that a task costs no search: two looks at the clock, some twenty stores. */
#include "publisher.h"

#include <errno.h>
#include <unistd.h>

#include "record.h"

static struct segment_slot *worker(const struct publisher *publisher, unsigned slot)
{
	return publisher && slot < publisher->nr_workers ? &publisher->workers[slot] : NULL;
}

/* The ring is made whole when it is returned, the slot by being written. */
void publish_worker_new(struct publisher *publisher, unsigned slot, pid_t old)
{
	struct segment_slot *place = worker(publisher, slot);

	if (!place)
		return;
	publisher_return_ring(publisher, slot);
	slot_write_life(place, &(struct slot_life){.state = WORKER_STARTING, .epoch_step = 1, .old = old}, publisher_now());
}

void publish_worker_begin(struct publisher *publisher, unsigned slot)
{
	struct segment_slot *place = worker(publisher, slot);
	struct slot_life self = {.state = WORKER_STARTING, .ring = slot + 1};
	int saved = errno;
	uint64_t now;

	if (!place)
		return;
	publisher_forget();
	publisher_enter_ring(publisher, slot);
	publisher_sit(publisher, publisher_ring(publisher, slot));
	self.pid = publisher_pid();
	self.tid = gettid();
	self.start = publisher_start();
	self.old = LOAD(place->old);
	now = publisher_now();
	slot_write_life(place, &self, now);
	publisher_put(publisher, &(struct segment_record){
		.time = now, .event = EV_WORKER_STARTING, .slot = slot, .argument = record_put_pid(self.pid, 0),
	});
	if (self.old)
		publisher_put(publisher, &(struct segment_record){
			.time = now, .event = EV_WORKER_REPLACED, .slot = slot, .argument = record_put_pid(self.pid, self.old),
		});
	errno = saved;
}

static const uint16_t event_of_worker[NR_WORKER_STATES] = {
	[WORKER_STARTING] = EV_WORKER_STARTING,
	[WORKER_INITIALIZING] = EV_WORKER_INITIALIZING,
	[WORKER_IDLE] = EV_WORKER_IDLE,
	[WORKER_BUSY] = EV_WORKER_BUSY,
	[WORKER_EXITING] = EV_WORKER_EXITING,
	[WORKER_DIED] = EV_WORKER_DIED,
};

void publish_worker_state(struct publisher *publisher, unsigned slot, enum worker_state state)
{
	struct segment_slot *place = worker(publisher, slot);
	uint64_t now;

	if (!place || state >= NR_WORKER_STATES || !event_of_worker[state])
		return;
	now = publisher_now();
	slot_write_begin(place);
	STORE(place->since, now);
	slot_set_state(place, state);
	slot_write_end(place);
	ring_put(publisher_ring(publisher, slot), publisher->ring_mask, &(struct segment_record){
		.time = now, .event = event_of_worker[state], .slot = slot,
		.argument = record_put_pid(LOAD(place->pid), 0),
	});
}

void publish_worker_died(struct publisher *publisher, unsigned slot, pid_t pid, const char *cause,
                         uint64_t task, uint32_t function)
{
	struct segment_slot *place = worker(publisher, slot);
	struct slot_life past = {
		.state = WORKER_DIED, .epoch_step = 1, .pid = pid, .tid = pid, .task = task, .name = function,
	};
	uint64_t now;

	if (!place)
		return;
	now = publisher_now();
	publisher_return_ring(publisher, slot);
	publisher_return_rings_of(publisher, pid);
	past.start = LOAD(place->start); /* 0 if it was killed before it could say */
	slot_write_life(place, &past, now);
	slot_count(publisher->pool, COUNT_DEATHS, 1);
	publisher_put(publisher, &(struct segment_record){
		.time = now, .event = EV_WORKER_DIED, .slot = slot, .name = publisher_name(publisher, cause),
		.task = task, .argument = record_put_pid(pid, function),
	});
}

void publish_worker_gone(struct publisher *publisher, unsigned slot)
{
	struct segment_slot *place = worker(publisher, slot);

	if (!place)
		return;
	publisher_return_ring(publisher, slot);
	publisher_return_rings_of(publisher, LOAD(place->pid));
	slot_write_life(place, &(struct slot_life){.state = WORKER_NEW, .epoch_step = 1}, publisher_now());
}

/* ---- a task in a worker ---- */

void publish_task_started(struct publisher *publisher, unsigned slot, uint64_t task, uint64_t job, uint32_t function)
{
	struct segment_slot *place = worker(publisher, slot);
	uint64_t now;

	if (!place)
		return;
	now = publisher_now();
	slot_write_begin(place);
	STORE(place->name, function);
	STORE(place->since, now);
	STORE(place->task, task);
	slot_set_state(place, WORKER_BUSY);
	slot_write_end(place);
	ring_put(publisher_ring(publisher, slot), publisher->ring_mask, &(struct segment_record){
		.time = now, .event = EV_TASK_STARTED, .slot = slot, .name = function, .task = task,
		.argument = record_put_job(job, STATUS_OK),
	});
}

void publish_task_finished(struct publisher *publisher, unsigned slot, uint64_t task, uint64_t job,
                           enum task_status status)
{
	struct segment_slot *place = worker(publisher, slot);
	uint64_t now;

	if (!place)
		return;
	now = publisher_now();
	slot_write_begin(place);
	slot_count(place, COUNT_DONE, 1);
	slot_count(place, COUNT_FAILED, status != STATUS_OK);
	slot_count(place, COUNT_BUSY, now - LOAD(place->since));
	STORE(place->name, 0);
	STORE(place->since, now);
	STORE(place->task, 0);
	slot_set_state(place, WORKER_IDLE);
	slot_write_end(place);
	ring_put(publisher_ring(publisher, slot), publisher->ring_mask, &(struct segment_record){
		.time = now, .event = EV_TASK_FINISHED, .slot = slot, .task = task, .argument = record_put_job(job, status),
	});
}
