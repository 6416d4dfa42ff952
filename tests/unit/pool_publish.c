/* pool_publish.c: does a pool's segment tell what the pool did, and nothing else? */
#include "tests/unit/pool_test.h"

#include "pool-runtime/contract/events.h"
#include "pool-runtime/contract/segment.h"
#include "pool-runtime/contract/states.h"

static struct {
	unsigned nr[NR_EVENTS];
	char last_note[128], cause[64], function[64];
} told;

static struct reader *reader;

static void take(void *context, const struct reader_news *news)
{
	const char *name = reader_name(reader, news->record.name);

	(void)context;
	told.nr[news->record.event]++;
	if (news->record.event == EV_NOTE)
		snprintf(told.last_note, sizeof(told.last_note), "%s", name);
	if (news->record.event == EV_JOB_SUBMITTED)
		snprintf(told.function, sizeof(told.function), "%s", name);
}

/* The only segment there is. */
static void open_reader(void)
{
	struct reader_place place[2];
	const char *why = "";

	memset(&told, 0, sizeof(told));
	for (size_t nr = reader_find(place, 2), i = 0; i < nr && i < 2; i++)
		if (!strcmp(place[i].directory, private_directory) && place[i].pid == getpid())
			assert_int_equal(reader_open(&place[i], &reader, &why), 0);
	assert_non_null(reader);
}

static void listen(void)
{
	assert_int_equal(reader_drain(reader, take, NULL), 0);
	reader_refresh(reader);
}

static struct segment_slot slot_of(enum segment_section_kind section, unsigned index)
{
	struct segment_slot slot;

	reader_slot(reader, section, index, &slot);
	return slot;
}

static void close_reader(void)
{
	reader_close(reader);
	reader = NULL;
}

static void every_task_is_told_once(void **state)
{
	enum { NR = 50 };
	struct pool *pool = open_pool(2);
	struct pool_result *result;
	long numbers[NR] = { 0 };
	uint64_t done = 0;

	(void)state;
	open_reader();
	assert_int_equal(pool_map_array(pool, square, numbers, sizeof(long), NR, 1, &result), 0);
	pool_result_release(result);
	listen();
	assert_int_equal(told.nr[EV_JOB_SUBMITTED], 1);
	assert_int_equal(told.nr[EV_JOB_FINISHED], 1);
	assert_int_equal(told.nr[EV_TASK_QUEUED], NR);
	assert_int_equal(told.nr[EV_TASK_STARTED], NR);
	assert_int_equal(told.nr[EV_TASK_FINISHED], NR);
	assert_int_equal(told.nr[EV_TASK_DELIVERED], NR);
	assert_int_equal(told.nr[EV_TASK_LOST] + told.nr[EV_WORKER_DIED], 0);
	assert_string_equal(told.function, "square");
	for (unsigned slot = 0; slot < 2; slot++)
		done += slot_of(SECTION_WORKERS, slot).count[COUNT_DONE];
	assert_int_equal(done, NR);
	for (unsigned queue = 0; queue < 3; queue++)
		assert_int_equal(slot_of(SECTION_QUEUES, queue).count[COUNT_IN],
		                 slot_of(SECTION_QUEUES, queue).count[COUNT_OUT]);
	close_reader();
	pool_destroy(pool);
}

static void a_death_is_told_with_what_it_held(void **state)
{
	struct pool *pool;
	struct pool_result *result;
	pid_t pid;

	(void)state;
	assert_int_equal(pool_create(&(struct pool_options){ .workers = 1, .retries = 1 }, &pool), 0);
	open_reader();
	result = start_hold(pool);
	wait_until_started(1);
	pid = atomic_load(&board->pid);
	assert_int_equal(SLOT_STATE(slot_of(SECTION_WORKERS, 0).word), WORKER_BUSY);
	assert_int_equal(slot_of(SECTION_WORKERS, 0).pid, pid);
	kill(pid, SIGKILL);
	wait_until_started(2);
	listen();
	assert_int_equal(told.nr[EV_WORKER_DIED], 1);
	assert_int_equal(told.nr[EV_WORKER_REPLACED], 1);
	assert_int_equal(told.nr[EV_TASK_LOST], 1);
	assert_int_equal(told.nr[EV_TASK_RETRIED], 1);
	assert_int_equal(slot_of(SECTION_POOL, 0).count[COUNT_DEATHS], 1);
	atomic_store(&board->go, 1);
	assert_int_equal(pool_result_get(result, POOL_FOREVER), 0);
	pool_result_release(result);
	close_reader();
	pool_destroy(pool);
}

static void queues_show_what_waits(void **state)
{
	enum { NR = 10000 };
	struct pool *pool = open_pool(1);
	struct pool_result *held, *result;
	long *numbers = calloc(NR, sizeof(*numbers));
	uint64_t depth = 0;

	(void)state;
	open_reader();
	held = start_hold(pool);
	wait_until_started(1);
	assert_int_equal(pool_map_array_async(pool, square, numbers, sizeof(long), NR, 1, NULL, &result), 0);
	reader_refresh(reader);
	for (unsigned queue = 0; queue < 2; queue++)
		depth += slot_of(SECTION_QUEUES, queue).count[COUNT_IN] - slot_of(SECTION_QUEUES, queue).count[COUNT_OUT];
	assert_int_equal(depth, NR);
	assert_string_equal(reader_name(reader, slot_of(SECTION_QUEUES, 0).name), "backlog");
	assert_string_equal(reader_name(reader, slot_of(SECTION_QUEUES, 1).name), "tasks");
	assert_string_equal(reader_name(reader, slot_of(SECTION_QUEUES, 2).name), "results");
	pool_terminate(pool);
	pool_join(pool);
	pool_result_release(held);
	pool_result_release(result);
	free(numbers);
	close_reader();
	pool_destroy(pool);
}

static void helpers_are_there(void **state)
{
	static const struct {
		enum helper_role role;
		const char *name;
	} helpers[] = {
		{ ROLE_WORKER_HANDLER, "test:workers" }, { ROLE_TASK_HANDLER, "test:tasks" },
		{ ROLE_RESULT_HANDLER, "test:results" },
	};
	struct pool *pool = open_pool(1);

	(void)state;
	open_reader();
	do
		listen();
	while (told.nr[EV_HELPER_STARTED] < 3);
	for (int i = 0; i < 3; i++) {
		struct segment_slot slot = slot_of(SECTION_HELPERS, helpers[i].role);

		assert_string_equal(reader_name(reader, slot.name), helpers[i].name);
		assert_int_equal(slot.pid, getpid());
		assert_int_not_equal(slot.tid, getpid());
	}
	pool_close(pool);
	pool_join(pool);
	listen();
	assert_int_equal(told.nr[EV_HELPER_EXITED], 3);
	assert_int_equal(told.nr[EV_POOL_CLOSING], 1);
	assert_int_equal(told.nr[EV_POOL_JOINED], 1);
	close_reader();
	pool_destroy(pool);
	assert_int_equal(private_runtime_files(), 0);
}

/* ---- words ---- */

static int note_from_worker(const void *argument, size_t size, struct pool_output *output)
{
	(void)size;
	(void)output;
	poolscope_note(argument);
	return 0;
}

static void words_go_to_the_pool(void **state)
{
	struct pool *pool = open_pool(1);

	(void)state;
	open_reader();
	poolscope_note("from the parent");
	listen();
	assert_string_equal(told.last_note, "from the parent");
	assert_int_equal(pool_apply(pool, note_from_worker, "from a worker", 14, NULL), 0);
	listen();
	assert_string_equal(told.last_note, "from a worker");
	assert_int_equal(told.nr[EV_NOTE], 2);
	close_reader();
	pool_destroy(pool);
}

static void words_without_a_pool_open_a_publisher(void **state)
{
	(void)state;
	assert_int_equal(private_runtime_files(), 0);
	poolscope_note("alone");
	open_reader();
	listen();
	assert_string_equal(told.last_note, "alone");
	assert_int_equal(reader_header(reader)->kind, KIND_PROGRAM);
	close_reader();
	poolscope_close();
	assert_int_equal(private_runtime_files(), 0);
	assert_int_equal(poolscope_open("named"), 0);
	assert_int_equal(poolscope_open("again"), 0);
	open_reader();
	assert_string_equal(reader_name(reader, reader_header(reader)->name), "named");
	close_reader();
	poolscope_close();
	assert_int_equal(private_runtime_files(), 0);
}

static void a_child_without_a_pool_speaks_for_itself(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	poolscope_note("parent");
	pid = fork();
	if (pid == 0) {
		poolscope_note("child");
		_exit(private_runtime_files() == 2 ? (poolscope_close(), 0) : 1);
	}
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	open_reader();
	listen();
	assert_int_equal(told.nr[EV_NOTE], 1);
	assert_string_equal(told.last_note, "parent");
	close_reader();
	poolscope_close();
}

static void switched_off_it_works_unobserved(void **state)
{
	struct pool *pool;

	(void)state;
	setenv("POOLSCOPE", "off", 1);
	pool = open_pool(2);
	assert_int_equal(private_runtime_files(), 0);
	assert_non_null(strstr(pool_unobserved_reason(pool), "POOLSCOPE=off"));
	poolscope_note("to nobody");
	assert_works(pool);
	pool_destroy(pool);
	assert_int_equal(poolscope_open(NULL), -ECANCELED);
	unsetenv("POOLSCOPE");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		pool_test(every_task_is_told_once),
		pool_test(a_death_is_told_with_what_it_held),
		pool_test(queues_show_what_waits),
		pool_test(helpers_are_there),
		pool_test(words_go_to_the_pool),
		pool_test(words_without_a_pool_open_a_publisher),
		pool_test(a_child_without_a_pool_speaks_for_itself),
		pool_test(switched_off_it_works_unobserved),
	};

	return run_pool_tests(tests);
}
