/* runtime_source.c: do segments that come, work, lie and go become the right facts, each once? */
#include "tests/segment_pair.h"

#include <signal.h>

#include "model/model.h"
#include "sources/runtime.h"

static struct names *names;
static struct stream stream;
static struct model model;
static bool wanted;
static unsigned nr_asked, nr_found;
static uint64_t now_ns, told_from_ns;
static unsigned count[NR_EVENTS], news[NR_EVENTS], nr_facts;
static uint64_t lost;

static bool wants(void *context, const struct reader_place *place)
{
	assert_ptr_equal(context, &wanted);
	if (strcmp(place->directory, private_directory)) /* root sees those of others too */
		return false;
	nr_asked++;
	return wanted;
}

static void found(void *context, const struct reader_place *place)
{
	assert_ptr_equal(context, &wanted);
	assert_true(place->alive);
	nr_found++;
}

static int begin(void **state)
{
	if (private_runtime_enter(state))
		return -1;
	names = names_create();
	model_init(&model);
	stream_init(&stream, names);
	stream_add(&stream, runtime_source_open(wants, found, &wanted));
	wanted = true;
	nr_asked = nr_found = 0;
	now_ns = 0;
	return 0;
}

static int end(void **state)
{
	stream_finish(&stream);
	model_finish(&model);
	names_destroy(names);
	return private_runtime_leave(state);
}

static void take(void *context, const struct fact *facts, size_t nr)
{
	(void)context;
	for (size_t i = 0; i < nr; i++) {
		assert_true(facts[i].t_ns <= now_ns);
		assert_true(facts[i].t_ns >= told_from_ns);
		count[facts[i].event]++;
		news[facts[i].event] += !(facts[i].flags & FACT_STATE);
		if (facts[i].event == EV_RECORDS_LOST)
			lost += (uint64_t)fact_value(&facts[i], F_COUNT, 0);
		model_apply(&model, &facts[i]);
	}
	nr_facts += (unsigned)nr;
}

/* A look at the directory and at every segment: a quarter of a second later, so that it is due. */
static void look(void)
{
	uint64_t real_ns = clock_now_ns();

	now_ns = (now_ns > real_ns ? now_ns : real_ns) + 250000000;
	memset(count, 0, sizeof(count));
	memset(news, 0, sizeof(news));
	nr_facts = 0;
	lost = 0;
	stream_tick(&stream, now_ns, take, NULL);
}

static const struct pool *only_pool(void)
{
	assert_int_equal(model.pools.count, 1);
	return store_at(&model.pools, 0);
}

static void who_comes_late_sees_the_whole_pool(void **state)
{
	struct publisher *publisher = open_small();

	(void)state;
	publish_worker_new(publisher, 1, 0);
	publish_worker_begin(publisher, 1);
	publish_helper_started(publisher, ROLE_TASK_HANDLER, "io:tasks");
	publish_queue_named(publisher, 1, "tasks", 64);
	publish_queue_in(publisher, 1, 9);
	publish_queue_out(publisher, 1, 5);
	publish_task_started(publisher, 1, 7, 3, publisher_name(publisher, "cube"));
	look();
	const struct pool *pool = only_pool();
	assert_string_equal(names_text(names, pool->name), "small");
	assert_int_equal(pool->parent.pid, getpid());
	assert_int_equal(pool->kind, KIND_PROCESS);
	assert_int_equal(pool->workers, 2);
	assert_int_equal(pool->state, POOL_OPEN);
	const struct worker *worker = model_worker(&model, pool->key.id, 1);
	assert_int_equal(worker->state, WORKER_BUSY);
	assert_int_equal(worker->task, 7);
	assert_string_equal(names_text(names, worker->function), "cube");
	assert_int_equal(worker->lives, 1);
	assert_int_equal(worker->done, 0); /* known, and none */
	const struct helper *helper = store_at(&model.helpers, 0);
	assert_int_equal(helper->key.role, ROLE_TASK_HANDLER);
	assert_string_equal(names_text(names, helper->name), "io:tasks");
	assert_int_equal(pool_queued(&model, names, pool), 4);
	assert_int_equal(nr_asked, 1);
	assert_int_equal(nr_found, 1);
	look();
	look();
	assert_int_equal(nr_asked, 1);
	publisher_close(publisher);
}

static void what_happens_is_told_once(void **state)
{
	struct publisher *publisher = open_small();

	(void)state;
	publish_worker_new(publisher, 0, 0);
	publish_worker_begin(publisher, 0);
	look();
	publish_job_submitted(publisher, 3, CALL_MAP, 2, 8, publisher_name(publisher, "cube"));
	for (uint64_t task = 1; task <= 2; task++) {
		publish_task(publisher, EV_TASK_QUEUED, task, 3, 0, STATUS_OK);
		publish_task_started(publisher, 0, task, 3, publisher_name(publisher, "cube"));
		publish_task_finished(publisher, 0, task, 3, STATUS_OK);
		publish_task(publisher, EV_TASK_DELIVERED, task, 3, 0, STATUS_OK);
	}
	publish_job_finished(publisher, 3, STATUS_OK);
	publish_note(publisher, "well done");
	look();
	assert_int_equal(news[EV_JOB_SUBMITTED], 1);
	assert_int_equal(news[EV_TASK_QUEUED], 2);
	assert_int_equal(news[EV_TASK_STARTED], 2);
	assert_int_equal(news[EV_WORKER_BUSY], 2);
	assert_int_equal(news[EV_TASK_FINISHED], 2);
	assert_int_equal(news[EV_TASK_DELIVERED], 2);
	assert_int_equal(news[EV_JOB_FINISHED], 1);
	assert_int_equal(news[EV_NOTE], 1);
	assert_string_equal(names_text(names, model.note), "well done");
	assert_int_equal(model_worker(&model, only_pool()->key.id, 0)->state, WORKER_IDLE);
	for (int i = 0; i < 4; i++) /* totals are told once a second */
		look();
	assert_int_equal(model_worker(&model, only_pool()->key.id, 0)->done, 2);
	for (int i = 0; i < 4; i++) {
		look();
		assert_int_equal(nr_facts, 0);
	}
	publisher_close(publisher);
}

static void a_pool_that_is_closed_is_joined_once(void **state)
{
	struct publisher *publisher = open_small();

	(void)state;
	look();
	publish_pool(publisher, POOL_CLOSING, NULL);
	publisher_close(publisher);
	look();
	assert_int_equal(only_pool()->state, POOL_JOINED);
	assert_int_equal(count[EV_POOL_CLOSING], 1); /* its last words, though the file has gone */
	look();
	assert_int_equal(nr_facts, 0);
}

static void one_that_is_not_wanted_is_asked_for_once(void **state)
{
	struct publisher *publisher = open_small();

	(void)state;
	wanted = false;
	for (int i = 0; i < 5; i++)
		look();
	assert_int_equal(nr_asked, 1);
	assert_int_equal(nr_found, 0);
	assert_int_equal(model.pools.count, 0);
	publisher_close(publisher);
	look();
	wanted = true;
	publisher = open_small();
	look();
	assert_int_equal(nr_found, 1);
	publisher_close(publisher);
}

static int open_and_die(void *unused)
{
	struct publisher *publisher = NULL;

	(void)unused;
	if (publisher_open(&small_plan, &publisher))
		return 1;
	publish_worker_new(publisher, 0, 0);
	publish_worker_begin(publisher, 0);
	publish_task_started(publisher, 0, 7, 3, publisher_name(publisher, "cube"));
	_exit(0); /* without a word */
}

static void a_dead_pool_is_told_whole_and_once(void **state)
{
	(void)state;
	assert_int_equal(in_a_child(open_and_die, NULL), 0);
	look();
	assert_int_equal(only_pool()->state, POOL_DEAD);
	assert_int_equal(model_worker(&model, only_pool()->key.id, 0)->task, 7);
	assert_false(process_is_alive(model_process_by_pid(&model, only_pool()->parent.pid)));
	assert_int_equal(nr_found, 0);
	for (int i = 0; i < 3; i++) {
		look();
		assert_int_equal(nr_facts, 0);
	}
	assert_int_equal(private_runtime_files(), 1); /* we look, and clean up nothing */
	assert_int_equal(in_a_child(open_and_die, NULL), 0);
	look();
	assert_int_equal(model.pools.count, 2);
}

static void loss_is_counted_to_the_record(void **state)
{
	struct publisher *publisher = open_small();
	struct mapped_segment mapped = map_segment(publisher_key(publisher));
	uint32_t capacity = own_ring(&mapped)->capacity;

	(void)state;
	look();
	for (uint32_t i = 0; i < capacity + 100; i++)
		publish_task(publisher, EV_TASK_QUEUED, i + 1, 1, 0, STATUS_OK);
	look();
	assert_int_equal(count[EV_TASK_QUEUED] + lost, capacity + 100);
	assert_true(lost >= 100 && lost <= 101);
	assert_int_equal(count[EV_RECORDS_LOST], 1);
	look();
	assert_int_equal(nr_facts, 0);
	unmap_segment(&mapped);
	publisher_close(publisher);
}

/* Facts of long ago and of the far future would have to be put in place or kept: neither may cost us. */
static void a_segment_that_lies_about_time_is_told_near_the_present(void **state)
{
	static const uint64_t lies[] = { 0, 1, UINT64_MAX, INT64_MAX, UINT64_MAX / 2 };
	struct publisher *publisher = open_small();
	struct mapped_segment mapped = map_segment(publisher_key(publisher));
	struct segment_ring *ring = own_ring(&mapped);
	struct segment_record *records = (struct segment_record *)(ring + 1);

	(void)state;
	look();
	told_from_ns = now_ns - 300000000;
	for (unsigned i = 0; i < 5; i++) {
		publish_task(publisher, EV_TASK_QUEUED, i + 1, 1, 0, STATUS_OK);
		records[(ring->committed_count - 1) % ring->capacity].time = lies[i];
	}
	look();
	assert_int_equal(count[EV_TASK_QUEUED], 5);
	assert_int_equal(stream.count, 0); /* none waits for its time to come */
	told_from_ns = 0;
	unmap_segment(&mapped);
	publisher_close(publisher);
}

static void a_file_that_is_no_segment_is_passed_over(void **state)
{
	struct publisher *publisher = open_small();
	struct mapped_segment mapped = map_segment(publisher_key(publisher));

	(void)state;
	mapped.header->major++;
	for (int i = 0; i < 3; i++)
		look();
	assert_int_equal(nr_asked, 1);
	assert_int_equal(nr_found, 0);
	assert_int_equal(nr_facts, 0);
	unmap_segment(&mapped);
	publisher_close(publisher);
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_comes_late_sees_the_whole_pool),
		TEST(what_happens_is_told_once),
		TEST(a_pool_that_is_closed_is_joined_once),
		TEST(one_that_is_not_wanted_is_asked_for_once),
		TEST(a_dead_pool_is_told_whole_and_once),
		TEST(loss_is_counted_to_the_record),
		TEST(a_segment_that_lies_about_time_is_told_near_the_present),
		TEST(a_file_that_is_no_segment_is_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
