/* findings.c: does trouble in the model raise its finding, with the right words, and health none? */
#include "tests/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "findings/findings.h"

#define SECOND UINT64_C(1000000000)

static struct model model;
static struct names *names;
static struct findings *findings;

static int begin(void **state)
{
	(void)state;
	model_init(&model);
	names = names_create();
	findings = malloc(sizeof(*findings));
	return 0;
}

static int end(void **state)
{
	(void)state;
	model_finish(&model);
	names_destroy(names);
	free(findings);
	return 0;
}

static int64_t id(const char *text)
{
	return names_id(names, text);
}

static const struct finding *only_finding(const char *kind)
{
	findings_collect(&model, names, findings);
	assert_int_equal(findings->count, 1);
	assert_string_equal(findings->list[0].kind->id, kind);
	return &findings->list[0];
}

static void assert_nothing_found(void)
{
	findings_collect(&model, names, findings);
	assert_int_equal(findings->count, 0);
}

static void open_pool(void)
{
	APPLY(&model, POOL_OPENED, 1, 10, 100, { F_POOL, id("10.100.0") }, { F_NAME, id("io") }, { F_KIND, KIND_PROCESS },
	      { F_WORKERS, 2 });
	APPLY(&model, WORKER_STARTING, 2, 11, 200, { F_POOL, id("10.100.0") }, { F_SLOT, 1 });
}

static void an_empty_model_is_healthy(void **state)
{
	(void)state;
	assert_nothing_found();
}

static void a_worker_that_dies_in_a_task_is_found(void **state)
{
	const struct finding *finding;

	(void)state;
	open_pool();
	APPLY(&model, WORKER_DIED, 5, 11, 200, { F_POOL, id("10.100.0") }, { F_SLOT, 1 }, { F_TASK, 7 },
	      { F_FUNCTION, id("cube") }, { F_CAUSE, id("SIGKILL") });
	APPLY(&model, WORKER_STARTING, 6, 12, 300, { F_POOL, id("10.100.0") }, { F_SLOT, 1 });
	finding = only_finding("worker-died-holding-task");
	assert_string_equal(finding->sentence, "worker 1 of pool io died holding task 7 (cube)");
	assert_string_equal(finding->evidence, "pid 11 ended by SIGKILL; the slot has had 2 lives");
	assert_int_equal(finding->process.pid, 11);
	assert_int_equal(finding->pool, id("10.100.0"));
	assert_int_equal(finding->since_ns, 5);
}

static void kill_worker(uint64_t t_ns, uint32_t slot, const char *cause)
{
	APPLY(&model, WORKER_STARTING, 2, 11 + slot, 200, { F_POOL, id("10.100.0") }, { F_SLOT, slot });
	APPLY(&model, WORKER_DIED, t_ns, 11 + slot, 200, { F_POOL, id("10.100.0") }, { F_SLOT, slot }, { F_TASK, 300 + slot },
	      { F_FUNCTION, id("square") }, { F_CAUSE, id(cause) });
}

static void the_dead_of_one_pool_are_one_finding(void **state)
{
	const struct finding *finding;

	(void)state;
	open_pool();
	kill_worker(30, 3, "SIGSEGV");
	kill_worker(40, 2, "SIGKILL");
	finding = only_finding("worker-died-holding-task");
	assert_string_equal(finding->sentence,
	                    "2 workers of pool io died holding a task, last worker 2 with task 302 (square)");
	assert_string_equal(finding->evidence, "worker 2 (pid 13) ended by SIGKILL, worker 3 (pid 14) ended by SIGSEGV");
	assert_non_null(strstr(finding->advice, "who sent SIGKILL?"));
	for (uint32_t slot = 4; slot < 14; slot++)
		kill_worker(60 - slot, slot, "SIGKILL");
	finding = only_finding("worker-died-holding-task");
	assert_string_equal(finding->sentence,
	                    "12 workers of pool io died holding a task, last worker 4 with task 304 (square)");
	assert_string_equal(finding->evidence, "worker 4 (pid 15) ended by SIGKILL, worker 5 (pid 16) ended by SIGKILL, "
	                                       "worker 6 (pid 17) ended by SIGKILL, ...");
	assert_int_equal(finding->since_ns, 56);
	assert_int_equal(finding->process.pid, 10);
	assert_int_equal(finding->pool, id("10.100.0"));
}

static void the_worst_comes_first_and_of_a_kind_the_newest(void **state)
{
	static const char *const pools[] = { "20.1.0", "21.1.0", "22.1.0" };
	static const uint64_t died_ns[] = { 20, 30, 10 };

	(void)state;
	open_pool();
	APPLY(&model, RECORDS_LOST, 99, 10, 100, { F_RING, id("10.100.0") }, { F_COUNT, 1 });
	for (uint32_t i = 0; i < 3; i++) {
		APPLY(&model, POOL_OPENED, 1, 20 + i, 1, { F_POOL, id(pools[i]) }, { F_NAME, id(pools[i]) }, { F_KIND, KIND_PROCESS });
		APPLY(&model, WORKER_DIED, died_ns[i], 50 + i, 1, { F_POOL, id(pools[i]) }, { F_SLOT, 0 }, { F_TASK, 1 });
	}
	findings_collect(&model, names, findings);
	assert_int_equal(findings->count, 4);
	assert_int_equal(findings->list[0].process.pid, 51);
	assert_int_equal(findings->list[1].process.pid, 50);
	assert_int_equal(findings->list[2].process.pid, 52);
	assert_string_equal(findings->list[3].kind->id, "records-lost");
}

static void one_that_dies_idle_or_leaves_is_not(void **state)
{
	(void)state;
	open_pool();
	APPLY(&model, WORKER_DIED, 5, 11, 200, { F_POOL, id("10.100.0") }, { F_SLOT, 1 }, { F_TASK, 0 }, { F_CAUSE, id("exit 3") });
	APPLY(&model, WORKER_STARTING, 6, 12, 300, { F_POOL, id("10.100.0") }, { F_SLOT, 1 });
	APPLY(&model, WORKER_EXITING, 7, 12, 300, { F_POOL, id("10.100.0") }, { F_SLOT, 1 });
	APPLY(&model, PROCESS_EXITED, 8, 12, 300, { F_EXIT_CODE, 0 });
	APPLY(&model, PROCESS_REAPED, 8, 12, 300, { F_REAPER, 10 });
	assert_nothing_found();
}

static void a_dead_pool_is_one_finding_with_all_that_it_took_along(void **state)
{
	const struct finding *finding;

	(void)state;
	open_pool();
	for (uint32_t slot = 0; slot < 12; slot++)
		APPLY(&model, WORKER_BUSY, 3, 11 + slot, 200, { F_POOL, id("10.100.0") }, { F_SLOT, slot }, { F_TASK, 7 + slot });
	APPLY(&model, WORKER_IDLE, 3, 30, 200, { F_POOL, id("10.100.0") }, { F_SLOT, 12 });
	APPLY(&model, QUEUE_DEPTH, 4, 10, 100, { F_POOL, id("10.100.0") }, { F_QUEUE, id("tasks") }, { F_DEPTH, 40 });
	assert_nothing_found();
	APPLY(&model, POOL_DEAD, 5, 10, 100, { F_POOL, id("10.100.0") }, { F_REASON, id("its parent is gone") });
	finding = only_finding("pool-lost");
	assert_string_equal(finding->sentence, "pool io (10) is dead, and was not closed");
	assert_string_equal(finding->evidence, "its parent is gone; 12 tasks were running, 40 waiting");
	assert_int_equal(finding->since_ns, 5);
}

static void make_zombies(uint32_t parent, uint32_t from, unsigned count)
{
	for (uint32_t pid = from; pid < from + count; pid++) {
		APPLY(&model, PROCESS_FORKED, 10, pid, 900, { F_PARENT, parent }, { F_NAME, id("child") });
		APPLY(&model, PROCESS_ZOMBIE, 20 + pid, pid, 900, { F_PARENT, parent });
	}
}

static void a_zombie_is_found_when_a_second_has_passed(void **state)
{
	const struct finding *finding;

	(void)state;
	APPLY(&model, PROCESS_SEEN, 1, 10, 100, { F_PARENT, 1 }, { F_NAME, id("python") });
	make_zombies(10, 11, 1);
	assert_nothing_found();
	model_tick(&model, 31 + SECOND - 1);
	assert_nothing_found();
	model_tick(&model, 31 + SECOND);
	finding = only_finding("zombie-not-reaped");
	assert_string_equal(finding->sentence, "child (11) is a zombie: its parent python (10) has not reaped it");
	assert_string_equal(finding->evidence, "dead for 1.0 s; exit status not collected");
	assert_int_equal(finding->process.pid, 11);
	APPLY(&model, PROCESS_REAPED, 40 + SECOND, 11, 900, { F_REAPER, 10 });
	assert_nothing_found();
}

static void the_zombies_of_one_parent_are_one_finding(void **state)
{
	const struct finding *finding;

	(void)state;
	APPLY(&model, PROCESS_SEEN, 1, 10, 100, { F_PARENT, 1 }, { F_NAME, id("python") });
	make_zombies(10, 100, 37);
	model_tick(&model, 2 * SECOND + 120);
	finding = only_finding("zombie-not-reaped");
	assert_string_equal(finding->sentence, "37 children of python (10) are zombies: it has not reaped them");
	assert_string_equal(finding->evidence,
	                    "pids 100, 101, 102, 103, 104, ...; the first is dead for 2.0 s; exit statuses not collected");
	assert_int_equal(finding->process.pid, 10);
	assert_int_equal(finding->since_ns, 120);
	assert_int_equal(findings->dropped, 0);
}

static void parents_without_a_name_and_crowds_of_them(void **state)
{
	(void)state;
	make_zombies(7, 100, 2);
	model_tick(&model, 2 * SECOND);
	assert_string_equal(only_finding("zombie-not-reaped")->sentence,
	                    "2 children of 7 are zombies: it has not reaped them");
	for (uint32_t parent = 1000; parent < 1200; parent++)
		make_zombies(parent, parent * 10, 1);
	model_tick(&model, 3 * SECOND);
	findings_collect(&model, names, findings);
	assert_int_equal(findings->count, NR_FINDINGS_MAX);
	assert_true(findings->dropped >= 201 - NR_FINDINGS_MAX);
}

static void ten_thousand_zombies_are_no_burden(void **state)
{
	(void)state;
	make_zombies(7, 100, 10000);
	model_tick(&model, 2 * SECOND);
	for (int i = 0; i < 1000; i++) /* a dashboard asks ten times a second */
		findings_collect(&model, names, findings);
	assert_int_equal(findings->count, 1);
}

static void lost_records_are_found(void **state)
{
	const struct finding *finding;

	(void)state;
	APPLY(&model, RECORDS_LOST, 5, 10, 100, { F_RING, id("the kernel's ring") }, { F_COUNT, 0 });
	assert_nothing_found();
	APPLY(&model, RECORDS_LOST, 6, 10, 100, { F_RING, id("the kernel's ring") }, { F_COUNT, 12 });
	finding = only_finding("records-lost");
	assert_string_equal(finding->sentence, "12 records of the kernel's ring lost");
	assert_int_equal(finding->pool, 0);
}

static void a_pools_loss_is_the_pools(void **state)
{
	(void)state;
	open_pool();
	APPLY(&model, RECORDS_LOST, 6, 10, 100, { F_RING, id("10.100.0") }, { F_COUNT, 1 });
	assert_string_equal(only_finding("records-lost")->sentence, "1 record of pool io lost");
	assert_int_equal(findings->list[0].pool, id("10.100.0"));
}

/* Names as long as can be: what is said is cut, never overrun. */
static void long_names_are_cut(void **state)
{
	char name[NAME_MAX_BYTES + 1];

	(void)state;
	memset(name, 'n', NAME_MAX_BYTES);
	name[NAME_MAX_BYTES] = '\0';
	APPLY(&model, PROCESS_SEEN, 1, 10, 100, { F_PARENT, 1 }, { F_NAME, id(name) });
	make_zombies(10, 11, 1);
	APPLY(&model, PROCESS_EXECED, 12, 11, 900, { F_NAME, id(name) });
	APPLY(&model, POOL_OPENED, 1, 10, 100, { F_POOL, id("10.100.0") }, { F_NAME, id(name) });
	APPLY(&model, WORKER_DIED, 5, 12, 200, { F_POOL, id("10.100.0") }, { F_SLOT, UINT32_MAX }, { F_TASK, INT64_MAX },
	      { F_FUNCTION, id(name) }, { F_CAUSE, id(name) });
	APPLY(&model, RECORDS_LOST, 6, 10, 100, { F_RING, id(name) }, { F_COUNT, INT64_MAX });
	model_tick(&model, 2 * SECOND);
	findings_collect(&model, names, findings);
	assert_int_equal(findings->count, 3);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(strlen(findings->list[i].sentence) > 20);
		assert_true(strlen(findings->list[i].evidence) > 20);
		assert_true(strlen(findings->list[i].advice) > 20);
	}
	assert_non_null(strstr(findings->list[1].sentence, "has not reaped it"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_empty_model_is_healthy),
		TEST(a_worker_that_dies_in_a_task_is_found),
		TEST(the_dead_of_one_pool_are_one_finding),
		TEST(the_worst_comes_first_and_of_a_kind_the_newest),
		TEST(one_that_dies_idle_or_leaves_is_not),
		TEST(a_dead_pool_is_one_finding_with_all_that_it_took_along),
		TEST(a_zombie_is_found_when_a_second_has_passed),
		TEST(the_zombies_of_one_parent_are_one_finding),
		TEST(parents_without_a_name_and_crowds_of_them),
		TEST(ten_thousand_zombies_are_no_burden),
		TEST(lost_records_are_found),
		TEST(a_pools_loss_is_the_pools),
		TEST(long_names_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
