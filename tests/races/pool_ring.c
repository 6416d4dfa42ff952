/* pool_ring.c: do producer, workers and thieves ever run a task twice, or never?
 *
 * The task ring and a result ring for each worker, as in the pool, but with threads on both sides so that
 * ThreadSanitizer sees every access. Slots are reused hundreds of times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <pthread.h>
#include <sched.h>

#include <cmocka.h>

#include "pool-runtime/result_ring.h"
#include "pool-runtime/task_ring.h"

enum { WORKERS = 3, RESULTS = 256 };
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
enum { TASKS = 200000 };
#else
enum { TASKS = 2000000 };
#endif

static struct task_ring *ring;
static struct result_ring *results[WORKERS];
static _Atomic uint64_t batches[WORKERS];
static _Atomic int stop;
static unsigned char seen[TASKS + 1];
static uint64_t nr_seen;

static void run(unsigned worker, uint64_t position)
{
	struct task_slot *slot = task_ring_slot(ring, position);
	struct result_record record = { .task = slot->task, .job = slot->task * 3 };

	assert_int_equal(slot->job, slot->task * 7);
	while (result_ring_is_full(results[worker], RESULTS) && !atomic_load(&stop))
		sched_yield();
	result_ring_put(results[worker], RESULTS, &record);
	task_ring_finish(ring, position);
}

static void *work(void *argument)
{
	unsigned worker = (unsigned)(uintptr_t)argument, turn = 0;
	uint64_t positions[TASK_MAX_BATCH];

	while (!atomic_load(&stop)) {
		unsigned max = turn++ % 3 ? TASK_MAX_BATCH : 1;
		unsigned nr = task_ring_claim(ring, worker, max, &batches[worker], positions);
		unsigned victim = (worker + turn) % WORKERS;

		for (unsigned i = 0; i < nr; i++)
			if (max == 1 || task_ring_start(ring, positions[i], worker))
				run(worker, positions[i]);
		atomic_store_explicit(&batches[worker], 0, memory_order_relaxed);
		if (task_ring_steal(ring, victim, atomic_load(&batches[victim]), worker, positions))
			run(worker, positions[0]);
		if (!nr)
			sched_yield();
	}
	return NULL;
}

static void collect(void)
{
	for (unsigned worker = 0; worker < WORKERS; worker++) {
		uint64_t tail = atomic_load_explicit(&results[worker]->tail, memory_order_relaxed);
		uint64_t head = atomic_load_explicit(&results[worker]->head, memory_order_acquire);

		for (; tail < head; tail++, nr_seen++) {
			const struct result_record *record = &results[worker]->records[tail % RESULTS];

			assert_in_range(record->task, 1, TASKS);
			assert_int_equal(record->job, record->task * 3);
			assert_int_equal(seen[record->task]++, 0);
		}
		atomic_store_explicit(&results[worker]->tail, tail, memory_order_release);
	}
}

static uint64_t produce(uint64_t *put, uint64_t task)
{
	for (unsigned i = 0; i < 100 && task <= TASKS; i++, task++) {
		struct task_slot *slot = task_ring_room(ring, put);

		if (!slot)
			break;
		slot->task = task;
		slot->job = task * 7;
		task_ring_show(slot, (*put)++);
	}
	task_ring_announce(ring, *put);
	return task;
}

static void every_task_runs_once(void **state)
{
	uint64_t put = 0, task = 1;
	pthread_t workers[WORKERS];

	(void)state;
	ring = aligned_alloc(64, sizeof(*ring));
	*ring = (struct task_ring){ .put = 0 };
	for (uintptr_t i = 0; i < WORKERS; i++) {
		results[i] = aligned_alloc(64, result_ring_size(RESULTS));
		*results[i] = (struct result_ring){ .head = 0 };
		pthread_create(&workers[i], NULL, work, (void *)i);
	}
	while (nr_seen < TASKS) {
		uint64_t before = task, collected = nr_seen;

		task = produce(&put, task);
		collect();
		if (task == before && nr_seen == collected)
			sched_yield();
	}
	atomic_store(&stop, 1);
	for (unsigned i = 0; i < WORKERS; i++) {
		pthread_join(workers[i], NULL);
		free(results[i]);
	}
	assert_int_equal(task_ring_depth(ring), 0);
	free(ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_task_runs_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
