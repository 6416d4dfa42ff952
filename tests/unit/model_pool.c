/* model_pool.c: do a pool's words about itself, its workers, helpers and queues become its state? */
#include "tests/facts.h"

enum { POOL = 1, NAME, OTHER, CAUSE, FUNCTION, TASKS, BACKLOG };

static struct model model;
static struct names *names;

static struct fact of_runtime(struct fact fact)
{
	fact.source = SOURCE_RUNTIME;
	return fact;
}
#define TELL(...) apply_one(&model, of_runtime(FACT(__VA_ARGS__)))

static int begin(void **state)
{
	(void)state;
	model_init(&model);
	names = names_create();
	for (int i = 0; i < 7; i++)
		names_id(names, ((const char *[]){ "10.100.0", "io", "10.100.1", "SIGKILL", "cube", "tasks", "backlog" })[i]);
	TELL(POOL_OPENED, 10, 10, 100, { F_POOL, POOL }, { F_NAME, NAME }, { F_KIND, KIND_PROCESS }, { F_WORKERS, 2 });
	return 0;
}

static int end(void **state)
{
	(void)state;
	model_finish(&model);
	names_destroy(names);
	return 0;
}

static const struct pool *pool(void)
{
	return model_pool(&model, POOL);
}

static const struct worker *worker(uint32_t slot)
{
	const struct worker *found = model_worker(&model, POOL, slot);

	assert_non_null(found);
	return found;
}

static void a_pool_goes_through_its_states(void **state)
{
	(void)state;
	assert_int_equal(pool()->state, POOL_OPEN);
	assert_int_equal(pool()->parent.start, 100);
	assert_ptr_equal(model_pool_of(&model, 10), pool());
	TELL(POOL_CLOSING, 11, 10, 100, { F_POOL, POOL });
	assert_int_equal(pool()->state, POOL_CLOSING);
	assert_int_equal(pool()->since_ns, 11);
	TELL(POOL_CLOSING, 12, 10, 100, { F_POOL, POOL });
	assert_int_equal(pool()->since_ns, 11);
	TELL(POOL_BROKEN, 13, 10, 100, { F_POOL, POOL }, { F_REASON, CAUSE });
	assert_int_equal(pool()->reason, CAUSE);
	TELL(POOL_JOINED, 14, 10, 100, { F_POOL, POOL });
	assert_int_equal(pool()->state, POOL_JOINED);
	assert_int_equal(pool()->reason, CAUSE);
	TELL(POOL_OPENED, 15, 10, 100, { F_POOL, POOL }, { F_WORKERS, 9 }); /* its size changed; it opens only once */
	assert_int_equal(pool()->state, POOL_JOINED);
	assert_int_equal(pool()->workers, 9);
	assert_int_equal(pool()->opened_ns, 10);
}

static void a_fact_of_no_pool_is_nothing(void **state)
{
	(void)state;
	TELL(POOL_OPENED, 1, 10, 100);
	TELL(WORKER_IDLE, 1, 11, 200, { F_SLOT, 0 });
	TELL(WORKER_DIED, 1, 11, 200, { F_SLOT, 0 });
	TELL(WORKER_COUNTED, 1, 11, 200, { F_SLOT, 0 }, { F_DONE, 1 });
	TELL(HELPER_STARTED, 1, 11, 200, { F_ROLE, 0 });
	TELL(QUEUE_DEPTH, 1, 11, 200, { F_DEPTH, 3 });
	TELL(JOB_SUBMITTED, 1, 11, 200, { F_POOL, OTHER });
	TELL(POOL_CLOSING, 1, 10, 100, { F_POOL, OTHER });
	assert_int_equal(model.pools.count, 1);
	assert_int_equal(model.workers.count + model.helpers.count, 0);
}

static void a_worker_works(void **state)
{
	(void)state;
	TELL(WORKER_STARTING, 20, 11, 200, { F_POOL, POOL }, { F_SLOT, 1 });
	assert_int_equal(worker(1)->lives, 1);
	assert_int_equal(worker(1)->done, UNKNOWN);
	assert_int_equal(model_process(&model, 11, 200)->parent.pid, 10);
	assert_int_equal(model_process(&model, 11, 200)->slot, 1);
	assert_ptr_equal(model_pool_of(&model, 11), pool());
	TELL(WORKER_INITIALIZING, 21, 11, 200, { F_POOL, POOL }, { F_SLOT, 1 });
	TELL(WORKER_IDLE, 22, 11, 200, { F_POOL, POOL }, { F_SLOT, 1 });
	TELL(WORKER_BUSY, 23, 11, 200, { F_POOL, POOL }, { F_SLOT, 1 }, { F_TASK, 5 }, { F_FUNCTION, FUNCTION });
	assert_int_equal(worker(1)->state, WORKER_BUSY);
	assert_int_equal(worker(1)->task, 5);
	assert_int_equal(worker(1)->function, FUNCTION);
	assert_int_equal(pool_count(&model, pool(), WORKER_BUSY), 1);
	assert_non_null(pool_next_worker(&model, pool(), -1));
	TELL(WORKER_IDLE, 22, 11, 200, { F_POOL, POOL }, { F_SLOT, 1 }); /* late: history, not state */
	assert_int_equal(worker(1)->state, WORKER_BUSY);
	TELL(WORKER_IDLE, 24, 11, 200, { F_POOL, POOL }, { F_SLOT, 1 });
	assert_int_equal(worker(1)->task, 0);
	TELL(WORKER_COUNTED, 25, 11, 200, { F_POOL, POOL }, { F_SLOT, 1 }, { F_DONE, 1 }, { F_FAILED, 0 });
	assert_int_equal(worker(1)->done, 1);
	assert_int_equal(worker(1)->busy_ns, UNKNOWN);
	assert_int_equal(worker(1)->lives, 1);
}

static void die(void)
{
	TELL(WORKER_STARTING, 20, 11, 200, { F_POOL, POOL }, { F_SLOT, 1 });
	TELL(WORKER_BUSY, 23, 11, 200, { F_POOL, POOL }, { F_SLOT, 1 }, { F_TASK, 5 }, { F_FUNCTION, FUNCTION });
	TELL(WORKER_DIED, 24, 11, 200, { F_POOL, POOL }, { F_SLOT, 1 }, { F_TASK, 5 }, { F_FUNCTION, FUNCTION },
	     { F_CAUSE, CAUSE });
}

static void a_death_is_remembered_when_the_slot_is_taken_over(void **state)
{
	(void)state;
	die();
	assert_int_equal(worker(1)->state, WORKER_DIED);
	assert_false(process_is_alive(model_process(&model, 11, 200)));
	TELL(WORKER_STARTING, 30, 12, 300, { F_POOL, POOL }, { F_SLOT, 1 });
	TELL(WORKER_REPLACED, 30, 12, 300, { F_POOL, POOL }, { F_SLOT, 1 }, { F_OLD, 11 });
	assert_int_equal(worker(1)->process.pid, 12);
	assert_int_equal(worker(1)->lives, 2);
	assert_int_equal(worker(1)->task, 0);
	assert_int_equal(worker(1)->died.pid, 11);
	assert_int_equal(worker(1)->died_task, 5);
	assert_int_equal(worker(1)->died_cause, CAUSE);
	assert_int_equal(pool()->deaths, 1);
}

/* Who attaches late reads the death in the slot and in the record. */
static void a_death_that_is_told_twice_is_one(void **state)
{
	(void)state;
	die();
	TELL(WORKER_DIED, 24, 11, 200, { F_POOL, POOL }, { F_SLOT, 1 }, { F_TASK, 5 }, { F_FUNCTION, FUNCTION });
	assert_int_equal(pool()->deaths, 1);
	assert_int_equal(worker(1)->died_cause, CAUSE);
}

static void a_death_that_comes_after_the_replacement_is_history(void **state)
{
	(void)state;
	TELL(WORKER_STARTING, 30, 12, 300, { F_POOL, POOL }, { F_SLOT, 1 });
	TELL(WORKER_DIED, 24, 11, 200, { F_POOL, POOL }, { F_SLOT, 1 }, { F_TASK, 5 });
	assert_int_equal(worker(1)->state, WORKER_STARTING);
	assert_int_equal(worker(1)->process.pid, 12);
	assert_int_equal(worker(1)->died.pid, 11);
	assert_int_equal(pool()->deaths, 1);
}

static void one_killed_before_it_spoke_leaves_no_ghost(void **state)
{
	(void)state;
	TELL(WORKER_DIED, 24, 11, 0, { F_POOL, POOL }, { F_SLOT, 1 }, { F_CAUSE, CAUSE });
	assert_int_equal(worker(1)->died.pid, 11);
	assert_int_equal(pool()->deaths, 1);
	assert_int_equal(model.processes.count, 1); /* the parent */
}

/* A worker that lives between two sweeps of /proc is told of by its pool alone; so its end is the pool's to tell. */
static void workers_that_only_the_pool_told_of_end_with_it(void **state)
{
	(void)state;
	TELL(WORKER_STARTING, 20, 11, 200, { F_POOL, POOL }, { F_SLOT, 0 });
	TELL(WORKER_STARTING, 20, 12, 200, { F_POOL, POOL }, { F_SLOT, 1 });
	APPLY(&model, PROCESS_SEEN, 21, 12, 200, { F_PARENT, 10 });
	TELL(WORKER_STARTING, 22, 13, 200, { F_POOL, POOL }, { F_SLOT, 0 });
	assert_false(process_is_alive(model_process(&model, 11, 200)));
	TELL(POOL_JOINED, 30, 10, 100, { F_POOL, POOL });
	assert_false(process_is_alive(model_process(&model, 13, 200)));
	assert_int_equal(model_process(&model, 13, 200)->state, THREAD_GONE);
	assert_true(process_is_alive(model_process(&model, 12, 200)));
	assert_true(process_is_alive(model_process(&model, 10, 100))); /* the program goes on */
}

static void a_dead_pool_has_no_parent_that_lives(void **state)
{
	(void)state;
	TELL(WORKER_STARTING, 20, 11, 200, { F_POOL, POOL }, { F_SLOT, 0 });
	TELL(POOL_DEAD, 30, 10, 100, { F_POOL, POOL }, { F_REASON, CAUSE });
	assert_false(process_is_alive(model_process(&model, 10, 100)));
	assert_false(process_is_alive(model_process(&model, 11, 200)));
	assert_int_equal(pool()->state, POOL_DEAD);
}

/* One busy, one idle, one that had died before. */
static void three_workers_then(enum event end)
{
	struct fact fact = of_runtime(FACT(POOL_DEAD, 30, 10, 100, { F_POOL, POOL }, { F_REASON, CAUSE }));

	die();
	TELL(WORKER_BUSY, 21, 12, 200, { F_POOL, POOL }, { F_SLOT, 0 }, { F_TASK, 9 }, { F_FUNCTION, FUNCTION });
	TELL(WORKER_IDLE, 22, 13, 200, { F_POOL, POOL }, { F_SLOT, 2 });
	fact.event = (uint16_t)end;
	model_apply(&model, &fact);
	assert_true(pool_is_over(pool()));
	assert_int_equal(pool_count(&model, pool(), WORKER_BUSY), 0);
	assert_int_equal(worker(2)->state, WORKER_EXITING);
	assert_int_equal(worker(1)->state, WORKER_DIED);
	assert_int_equal(worker(1)->died_ns, 24);
	assert_false(worker_died_with_pool(worker(1), pool()));
}

static void who_was_busy_in_a_dead_pool_died_with_it(void **state)
{
	(void)state;
	three_workers_then(EV_POOL_DEAD);
	assert_int_equal(worker(0)->state, WORKER_DIED);
	assert_int_equal(worker(0)->died.pid, 12);
	assert_int_equal(worker(0)->died_task, 9);
	assert_int_equal(worker(0)->died_function, FUNCTION);
	assert_int_equal(worker(0)->died_cause, CAUSE);
	assert_true(worker_died_with_pool(worker(0), pool()));
	assert_false(worker_died_with_pool(worker(2), pool()));
	assert_int_equal(pool()->deaths, 2);
}

static void nobody_is_busy_in_a_joined_pool(void **state)
{
	(void)state;
	three_workers_then(EV_POOL_JOINED);
	assert_int_equal(worker(0)->state, WORKER_EXITING);
	assert_int_equal(worker(0)->task, 0);
	assert_int_equal(worker(0)->died.pid, 0);
	assert_int_equal(pool()->deaths, 1);
}

static void a_pool_of_threads_does_not_bury_its_process(void **state)
{
	(void)state;
	for (int slot = 0; slot < 2; slot++)
		TELL(WORKER_STARTING, 20 + slot, 10, 100, { F_POOL, POOL }, { F_SLOT, slot });
	TELL(POOL_JOINED, 30, 10, 100, { F_POOL, POOL });
	assert_true(process_is_alive(model_process(&model, 10, 100)));
}

static void helpers_and_queues_are_kept(void **state)
{
	struct fact helper = of_runtime(FACT(HELPER_STARTED, 20, 10, 100, { F_POOL, POOL }, { F_ROLE, ROLE_TASK_HANDLER },
	                                     { F_NAME, OTHER }));
	const struct helper *found;

	(void)state;
	helper.tid = 15;
	model_apply(&model, &helper);
	found = store_at(&model.helpers, 0);
	assert_int_equal(found->tid, 15);
	assert_int_equal(model_thread(&model, 10, 100, 15)->name, OTHER);
	helper.event = EV_HELPER_EXITED;
	model_apply(&model, &helper);
	assert_true(found->exited);
	assert_int_equal(found->tid, 15);

	assert_int_equal(pool_queued(&model, names, pool()), UNKNOWN);
	TELL(QUEUE_DEPTH, 21, 10, 100, { F_POOL, POOL }, { F_QUEUE, TASKS }, { F_DEPTH, 4 }, { F_HIGH, 9 });
	TELL(QUEUE_DEPTH, 21, 10, 100, { F_POOL, POOL }, { F_QUEUE, BACKLOG }, { F_DEPTH, 3 });
	TELL(QUEUE_DEPTH, 21, 10, 100, { F_POOL, POOL }, { F_QUEUE, OTHER }, { F_DEPTH, 1000 });
	TELL(QUEUE_DEPTH, 22, 10, 100, { F_POOL, POOL }, { F_QUEUE, TASKS }, { F_DEPTH, 5 });
	assert_int_equal(pool_queued(&model, names, pool()), 8);
	assert_int_equal(((struct queue *)store_at(&model.queues, 0))->high, 9);
	assert_int_equal(((struct queue *)store_at(&model.queues, 0))->bytes, UNKNOWN);
}

static void loss_is_added_up_and_never_negative(void **state)
{
	const struct lost *lost;

	(void)state;
	TELL(RECORDS_LOST, 20, 10, 100, { F_RING, POOL }, { F_COUNT, 5 });
	TELL(RECORDS_LOST, 21, 10, 100, { F_RING, POOL }, { F_COUNT, 6 });
	TELL(RECORDS_LOST, 22, 10, 100, { F_RING, POOL }, { F_COUNT, -20 });
	TELL(RECORDS_LOST, 23, 10, 100, { F_RING, POOL });
	lost = store_at(&model.lost, 0);
	assert_int_equal(lost->count, 11);
}

static void a_joined_pool_is_forgotten_whole(void **state)
{
	(void)state;
	die();
	TELL(WORKER_STARTING, 25, 20, 400, { F_POOL, OTHER }, { F_SLOT, 0 });
	TELL(POOL_OPENED, 25, 19, 400, { F_POOL, OTHER });
	TELL(QUEUE_DEPTH, 22, 10, 100, { F_POOL, POOL }, { F_QUEUE, TASKS }, { F_DEPTH, 5 });
	TELL(POOL_JOINED, 30, 10, 100, { F_POOL, POOL });
	model_forget(&model, 29);
	assert_non_null(pool());
	model_forget(&model, 31);
	assert_null(pool());
	assert_null(model_worker(&model, POOL, 1));
	assert_non_null(model_worker(&model, OTHER, 0));
	assert_int_equal(model.queues.count, 0);
	assert_null(model_pool_of(&model, 10));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_pool_goes_through_its_states),
		TEST(a_fact_of_no_pool_is_nothing),
		TEST(a_worker_works),
		TEST(a_death_is_remembered_when_the_slot_is_taken_over),
		TEST(a_death_that_is_told_twice_is_one),
		TEST(a_death_that_comes_after_the_replacement_is_history),
		TEST(one_killed_before_it_spoke_leaves_no_ghost),
		TEST(workers_that_only_the_pool_told_of_end_with_it),
		TEST(a_dead_pool_has_no_parent_that_lives),
		TEST(who_was_busy_in_a_dead_pool_died_with_it),
		TEST(nobody_is_busy_in_a_joined_pool),
		TEST(a_pool_of_threads_does_not_bury_its_process),
		TEST(helpers_and_queues_are_kept),
		TEST(loss_is_added_up_and_never_negative),
		TEST(a_joined_pool_is_forgotten_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
