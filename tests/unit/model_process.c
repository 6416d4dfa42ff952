/* model_process.c: do births, deaths, zombies and orphans leave the state that the textbook draws? */
#include "tests/facts.h"

static struct model model;

static int begin(void **state)
{
	(void)state;
	model_init(&model);
	return 0;
}

static int end(void **state)
{
	(void)state;
	model_finish(&model);
	return 0;
}

static struct process *process(uint32_t pid, uint64_t start)
{
	struct process *found = model_process(&model, pid, start);

	assert_non_null(found);
	return found;
}

static void a_life_from_fork_to_reaped(void **state)
{
	(void)state;
	APPLY(&model, PROCESS_SEEN, 1, 10, 100, { F_PARENT, 1 }, { F_STATE, THREAD_RUNNING });
	APPLY(&model, PROCESS_FORKED, 5, 11, 200, { F_PARENT, 10 }, { F_HOW, HOW_VFORK }, { F_NAME, 7 });
	const struct process *child = process(11, 200);
	assert_int_equal(child->parent.pid, 10);
	assert_int_equal(child->parent.start, 100);
	assert_int_equal(child->born_of.start, 100);
	assert_int_equal(child->how, HOW_VFORK);
	assert_true(child->from_start && process_is_alive(child));
	assert_int_equal(child->name, 7);
	assert_int_equal(child->cow_copies, UNKNOWN);

	APPLY(&model, PROCESS_EXECED, 6, 11, 200, { F_NAME, 8 });
	assert_int_equal(process(11, 200)->name, 8);
	assert_int_equal(model_thread(&model, 11, 200, 11)->name, 8);

	APPLY(&model, PROCESS_EXITED, 7, 11, 200, { F_EXIT_CODE, 3 }, { F_SIGNAL, 0 }, { F_COW_COPIES, 12 });
	APPLY(&model, PROCESS_ZOMBIE, 7, 11, 200, { F_PARENT, 10 });
	child = process(11, 200);
	assert_int_equal(child->state, THREAD_ZOMBIE);
	assert_int_equal(child->died_ns, 7);
	assert_int_equal(child->exit_code, 3);
	assert_int_equal(child->cow_copies, 12);
	assert_int_equal(child->cow_reuses, UNKNOWN);
	assert_false(process_is_alive(child));

	APPLY(&model, PROCESS_REAPED, 9, 11, 200, { F_REAPER, 10 }, { F_ZOMBIE_NS, 2 });
	assert_int_equal(process(11, 200)->state, THREAD_GONE);
	assert_int_equal(process(11, 200)->since_ns, 9);
	assert_int_equal(process(11, 200)->died_ns, 7);
	assert_int_equal(process(11, 200)->reaper, 10);
	assert_int_equal(process(11, 200)->zombie_ns, 2);
	assert_int_equal(model.event_count[EV_PROCESS_REAPED], 1);
	assert_int_equal(model.now_ns, 9);
}

/* /proc may tell again, later, what the kernel has told exactly. */
static void what_is_told_twice_does_no_harm(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		APPLY(&model, PROCESS_FORKED, 5, 11, 200, { F_PARENT, 10 });
		APPLY(&model, PROCESS_EXITED, 7, 11, 200, { F_EXIT_CODE, 3 });
		APPLY(&model, PROCESS_ZOMBIE, 7, 11, 200, { F_PARENT, 10 });
		APPLY(&model, PROCESS_REAPED, 9, 11, 200, { F_REAPER, 10 }, { F_ZOMBIE_NS, 2 });
	}
	APPLY(&model, PROCESS_EXITED, 20, 11, 200);
	APPLY(&model, PROCESS_REAPED, 20, 11, 200);
	APPLY(&model, THREAD_STATE, 21, 11, 200, { F_STATE, THREAD_RUNNING });
	APPLY(&model, PROCESS_SEEN, 21, 11, 200, { F_STATE, THREAD_RUNNING }, { F_PARENT, 1 });
	assert_int_equal(model.processes.count, 1);
	assert_int_equal(process(11, 200)->state, THREAD_GONE);
	assert_int_equal(process(11, 200)->died_ns, 7);
	assert_int_equal(process(11, 200)->exit_code, 3);
	assert_int_equal(process(11, 200)->reaper, 10);
	assert_int_equal(process(11, 200)->zombie_ns, 2);
	assert_int_equal(process(11, 200)->parent.pid, 10);
}

/* Who was reaped by whom, and after how long, cannot be seen in /proc. */
static void what_nobody_knows_stays_unknown(void **state)
{
	(void)state;
	APPLY(&model, PROCESS_SEEN, 5, 11, 200, { F_PARENT, 10 });
	APPLY(&model, PROCESS_EXITED, 7, 11, 200);
	APPLY(&model, PROCESS_REAPED, 7, 11, 200);
	assert_int_equal(process(11, 200)->exit_code, UNKNOWN);
	assert_int_equal(process(11, 200)->zombie_ns, UNKNOWN);
	assert_int_equal(process(11, 200)->reaper, 0);
	APPLY(&model, PROCESS_ZOMBIE, 7, 11, 200, { F_PARENT, 10 });
	assert_int_equal(process(11, 200)->state, THREAD_GONE); /* a zombie that comes after it was reaped is none */
}

static void an_orphan_keeps_who_bore_it(void **state)
{
	(void)state;
	APPLY(&model, PROCESS_SEEN, 1, 10, 100, { F_PARENT, 1 });
	APPLY(&model, PROCESS_FORKED, 5, 11, 200, { F_PARENT, 10 });
	APPLY(&model, PROCESS_ORPHANED, 8, 11, 200, { F_FROM, 10 }, { F_TO, 1 });
	assert_int_equal(process(11, 200)->born_of.pid, 10);
	assert_int_equal(process(11, 200)->parent.pid, 1);
	assert_true(process(11, 200)->orphaned);
	APPLY(&model, PROCESS_FORKED, 5, 11, 200, { F_PARENT, 10 }); /* the birth comes late */
	assert_int_equal(process(11, 200)->parent.pid, 1);
	APPLY(&model, PROCESS_ZOMBIE, 9, 11, 200, { F_PARENT, 10 });
	assert_int_equal(process(11, 200)->parent.pid, 1);
}

static void one_that_we_did_not_see_born_is_born_of_its_last_parent(void **state)
{
	(void)state;
	APPLY(&model, PROCESS_SEEN, 1, 11, 200, { F_PARENT, 10 });
	APPLY(&model, PROCESS_ORPHANED, 8, 11, 200, { F_FROM, 10 }, { F_TO, 1 });
	assert_int_equal(process(11, 200)->born_of.pid, 10);
	assert_int_equal(process(11, 200)->parent.pid, 1);
}

static void a_pid_that_is_used_again_is_another(void **state)
{
	(void)state;
	APPLY(&model, PROCESS_FORKED, 5, 11, 200, { F_PARENT, 10 });
	APPLY(&model, PROCESS_EXITED, 6, 11, 200, { F_EXIT_CODE, 1 });
	APPLY(&model, PROCESS_FORKED, 7, 11, 300, { F_PARENT, 10 });
	assert_int_equal(model.processes.count, 2);
	assert_int_equal(model_process_by_pid(&model, 11)->key.start, 300);
	assert_false(process_is_alive(process(11, 200)));
	assert_true(process_is_alive(process(11, 300)));
	APPLY(&model, PROCESS_REAPED, 8, 11, 200, { F_REAPER, 10 }); /* late, and about the first */
	assert_int_equal(model_process_by_pid(&model, 11)->key.start, 300);
	assert_true(process_is_alive(process(11, 300)));
	APPLY(&model, PROCESS_FORKED, 9, 12, 310, { F_PARENT, 11 });
	assert_int_equal(process(12, 310)->parent.start, 300);
}

/* A process of no start would never be told to have ended. */
static void a_fact_without_a_start_is_about_the_latest_of_that_pid(void **state)
{
	(void)state;
	APPLY(&model, PROCESS_EXITED, 5, 11, 0, { F_EXIT_CODE, 1 });
	APPLY(&model, THREAD_NAMED, 5, 11, 0, { F_NAME, 1 });
	APPLY(&model, PROCESS_FORKED, 5, 0, 0, { F_PARENT, 1 });
	APPLY(&model, PROCESS_FORKED, 5, 0, 8, { F_PARENT, 1 });
	assert_int_equal(model.processes.count, 0);
	assert_int_equal(model.threads.count, 0);
	APPLY(&model, PROCESS_FORKED, 6, 11, 200, { F_PARENT, 1 });
	APPLY(&model, PROCESS_EXITED, 7, 11, 0, { F_EXIT_CODE, 1 });
	assert_int_equal(model.processes.count, 1);
	assert_int_equal(process(11, 200)->exit_code, 1);
}

static void threads_come_and_go_with_their_process(void **state)
{
	(void)state;
	APPLY(&model, PROCESS_FORKED, 5, 11, 200, { F_PARENT, 10 });
	for (uint32_t tid = 12; tid < 15; tid++) {
		struct fact fact = FACT(THREAD_STARTED, 6, 11, 200, { F_NAME, tid });
		fact.tid = tid;
		model_apply(&model, &fact);
	}
	struct fact gone = FACT(THREAD_EXITED, 7, 11, 200);
	gone.tid = 13;
	model_apply(&model, &gone);
	struct fact waits = FACT(THREAD_STATE, 8, 11, 200, { F_STATE, THREAD_WAITING }, { F_ON, 4 });
	waits.tid = 14;
	model_apply(&model, &waits);
	assert_int_equal(model_thread(&model, 11, 200, 14)->on, 4);
	assert_int_equal(process(11, 200)->state, THREAD_READY); /* that was not its first thread */

	unsigned count = 0;
	for (const struct thread *thread = process_newest_thread(&model, process(11, 200)); thread;
	     thread = thread_before(&model, thread))
		count++;
	assert_int_equal(count, 3);
	APPLY(&model, PROCESS_EXITED, 9, 11, 200);
	assert_int_equal(model_thread(&model, 11, 200, 12)->died_ns, 9);
	assert_int_equal(model_thread(&model, 11, 200, 13)->died_ns, 7);
	assert_int_equal(model_thread(&model, 11, 200, 14)->state, THREAD_GONE);
}

static void the_dead_are_forgotten_in_time_and_zombies_never(void **state)
{
	(void)state;
	APPLY(&model, PROCESS_FORKED, 5, 11, 200, { F_PARENT, 10 }, { F_NAME, 1 });
	APPLY(&model, PROCESS_FORKED, 5, 12, 200, { F_PARENT, 10 }, { F_NAME, 1 });
	APPLY(&model, PROCESS_FORKED, 5, 13, 200, { F_PARENT, 10 }, { F_NAME, 1 });
	struct fact thread = FACT(THREAD_STARTED, 6, 13, 200), late = FACT(THREAD_STARTED, 8, 13, 200);
	thread.tid = 20;
	late.tid = 21;
	model_apply(&model, &thread);
	thread = FACT(THREAD_EXITED, 7, 13, 200);
	thread.tid = 20;
	model_apply(&model, &thread);
	model_apply(&model, &late);
	APPLY(&model, PROCESS_EXITED, 10, 11, 200);
	APPLY(&model, PROCESS_EXITED, 10, 12, 200);
	APPLY(&model, PROCESS_ZOMBIE, 10, 12, 200, { F_PARENT, 10 });
	model_forget(&model, 7);
	assert_non_null(model_process(&model, 11, 200));
	assert_non_null(model_thread(&model, 13, 200, 20));
	model_forget(&model, 11);
	assert_null(model_process(&model, 11, 200));
	assert_null(model_process_by_pid(&model, 11));
	assert_null(model_thread(&model, 11, 200, 11));
	assert_int_equal(process(12, 200)->state, THREAD_ZOMBIE);
	assert_null(model_thread(&model, 13, 200, 20));
	/* the chain of the one that lives is whole */
	const struct thread *newest = process_newest_thread(&model, process(13, 200));
	assert_int_equal(newest->key.tid, 21);
	assert_int_equal(thread_before(&model, newest)->key.tid, 13);
	assert_null(thread_before(&model, thread_before(&model, newest)));
}

/* An exit must not look at every thread of the machine: this takes a blink, or it takes minutes. */
static void many_short_lives_are_cheap(void **state)
{
	enum { MANY = 200000 };

	(void)state;
	for (uint32_t pid = 1; pid <= MANY; pid++) {
		APPLY(&model, PROCESS_FORKED, pid, pid, 7, { F_PARENT, 1 }, { F_NAME, 1 });
		APPLY(&model, PROCESS_EXITED, pid, pid, 7);
		APPLY(&model, PROCESS_ZOMBIE, pid, pid, 7, { F_PARENT, 1 });
		APPLY(&model, PROCESS_REAPED, pid, pid, 7, { F_REAPER, 1 });
	}
	assert_int_equal(model.processes.count, MANY);
	assert_int_equal(model.threads.count, MANY);
	model_forget(&model, MANY + 1);
	assert_int_equal(model.processes.count, 0);
	assert_int_equal(model.threads.count, 0);
	assert_int_equal(model.latest.count, 0);
}

static void who_has_run_meanwhile_waits_since_then(void **state)
{
	const struct process *process;

	(void)state;
	APPLY(&model, PROCESS_SEEN, 10, 5, 7, { F_PARENT, 1 }, { F_STATE, THREAD_WAITING });
	process = model_process(&model, 5, 7);
	APPLY(&model, PROCESS_COUNTED, 20, 5, 7, { F_CPU_NS, 1000 }); /* the first: nothing to compare it with */
	assert_int_equal(process->since_ns, 10);
	APPLY(&model, PROCESS_COUNTED, 30, 5, 7, { F_CPU_NS, 1000 }, { F_RESIDENT, 9 });
	APPLY(&model, PROCESS_COUNTED, 40, 5, 7, { F_RESIDENT, 8 });
	assert_int_equal(process->since_ns, 10);
	APPLY(&model, PROCESS_COUNTED, 50, 5, 7, { F_CPU_NS, 1001 });
	assert_int_equal(process->since_ns, 50);
	APPLY(&model, THREAD_STATE, 60, 5, 7, { F_STATE, THREAD_RUNNING });
	APPLY(&model, PROCESS_COUNTED, 70, 5, 7, { F_CPU_NS, 5000 });
	assert_int_equal(process->since_ns, 60);
}

static void time_does_not_run_backwards(void **state)
{
	(void)state;
	model_tick(&model, 100);
	model_tick(&model, 50);
	APPLY(&model, NOTE, 70, 0, 0, { F_TEXT, 3 });
	assert_int_equal(model.now_ns, 100);
	assert_int_equal(model.note, 3);
}

static void what_is_no_event_is_nothing(void **state)
{
	struct fact fact = { .event = NR_EVENTS, .pid = 1, .start = 1 };

	(void)state;
	model_apply(&model, &fact);
	fact.event = EV_NONE;
	model_apply(&model, &fact);
	assert_int_equal(model.nr_facts, 0);
	assert_int_equal(model.processes.count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_life_from_fork_to_reaped),
		TEST(what_is_told_twice_does_no_harm),
		TEST(what_nobody_knows_stays_unknown),
		TEST(an_orphan_keeps_who_bore_it),
		TEST(one_that_we_did_not_see_born_is_born_of_its_last_parent),
		TEST(a_pid_that_is_used_again_is_another),
		TEST(a_fact_without_a_start_is_about_the_latest_of_that_pid),
		TEST(threads_come_and_go_with_their_process),
		TEST(the_dead_are_forgotten_in_time_and_zombies_never),
		TEST(many_short_lives_are_cheap),
		TEST(who_has_run_meanwhile_waits_since_then),
		TEST(time_does_not_run_backwards),
		TEST(what_is_no_event_is_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
