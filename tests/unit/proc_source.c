/* proc_source.c: what does /proc alone tell of a tree: who is there, is born, dies, waits to be reaped, is orphaned? */
#include "tests/proc_look.h"

#include <errno.h>
#include <linux/sched.h>
#include <poll.h>
#include <sys/syscall.h>

#include "sources/procps.h"

/* A child that is dead, but not reaped. */
static pid_t make_zombie(void)
{
	pid_t zombie = fork();
	siginfo_t info;

	if (!zombie)
		_exit(3);
	waitid(P_PID, (id_t)zombie, &info, WEXITED | WNOWAIT);
	return zombie;
}

/* It goes when the test closes its end of the pipe, whatever has become of its parent. */
static pid_t make_sleeper(void)
{
	struct pollfd test = { .fd = to_child[0] };
	pid_t sleeper = fork();

	if (!sleeper) {
		poll(&test, 1, -1);
		_exit(0);
	}
	return sleeper;
}

static void family(void)
{
	pid_t sleeper = make_sleeper(), zombie = make_zombie();

	say(sleeper);
	say(zombie);
	wait_for_word();
	kill(sleeper, SIGKILL);
	waitpid(sleeper, NULL, 0);
	waitpid(zombie, NULL, 0);
	say(make_zombie());
	say(make_sleeper());
	wait_for_word();
}

static void what_is_there_is_told_as_it_stands(void **state)
{
	(void)state;
	start(family);
	pid_t sleeper = hear(), zombie = hear();
	proc_source_watch(proc, child);
	look();
	assert_int_equal(nr_told(EV_PROCESS_SEEN), 3);
	assert_int_equal(nr_news(), 0);
	const struct fact *fact = told(EV_PROCESS_SEEN, sleeper);
	assert_int_equal(fact_value(fact, F_PARENT, 0), child);
	assert_int_equal(fact_value(fact, F_UID, UNKNOWN), geteuid());
	assert_true(fact->start > 0);
	assert_int_equal(fact_value(told(EV_PROCESS_SEEN, zombie), F_STATE, 0), THREAD_ZOMBIE);
	assert_string_equal(names_text(names, (uint32_t)fact_value(fact, F_NAME, 0)), "proc_source");
	look();
	assert_int_equal(nr_told(EV_PROCESS_SEEN), 0);
	give_word();
	hear();
	hear();
}

static void births_and_deaths_are_told_once(void **state)
{
	(void)state;
	start(family);
	pid_t sleeper = hear(), zombie = hear();
	proc_source_watch(proc, child);
	look();
	give_word();
	pid_t second_zombie = hear(), second_sleeper = hear();
	look();
	assert_non_null(told(EV_PROCESS_EXITED, sleeper));
	assert_non_null(told(EV_PROCESS_REAPED, sleeper));
	assert_null(told(EV_PROCESS_EXITED, zombie)); /* it was dead before */
	assert_non_null(told(EV_PROCESS_REAPED, zombie));
	assert_int_equal(fact_value(told(EV_PROCESS_REAPED, zombie), F_ZOMBIE_NS, UNKNOWN), UNKNOWN);
	assert_non_null(told(EV_PROCESS_FORKED, second_sleeper));
	assert_int_equal(fact_value(told(EV_PROCESS_FORKED, second_zombie), F_PARENT, 0), child);
	assert_non_null(told(EV_PROCESS_ZOMBIE, second_zombie));
	assert_true(told(EV_PROCESS_FORKED, second_sleeper)->flags & FACT_SAMPLED);
	look();
	assert_int_equal(nr_news(), 0);
	give_word(); /* their parent ends, and init reaps them */
	waitpid(child, NULL, 0);
	child = 0;
	const struct fact *reaped = NULL;
	while (!reaped) {
		look();
		reaped = told(EV_PROCESS_REAPED, second_zombie);
	}
	assert_true(fact_value(reaped, F_ZOMBIE_NS, 0) >= 1000000000);
}

/* Where the kernel tells, the same is no news; but nobody is forgotten whom the kernel did not know. */
static void beside_the_kernel_it_only_says_how_things_stand(void **state)
{
	(void)state;
	start(family);
	pid_t sleeper = hear();
	hear();
	proc_source_kernel_tells(proc, true);
	proc_source_watch(proc, child);
	look();
	give_word();
	hear();
	hear();
	look();
	assert_int_equal(nr_news(), 0);
	assert_non_null(told(EV_PROCESS_REAPED, sleeper));
	assert_int_equal(nr_told(EV_PROCESS_FORKED), 0);
	assert_int_equal(nr_told(EV_PROCESS_SEEN), 2);
}

static void leave_an_orphan(void)
{
	pid_t middle;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	middle = fork();
	if (!middle) {
		say(make_sleeper());
		wait_for_word();
		_exit(0);
	}
	say(middle);
	waitpid(middle, NULL, 0);
	say(middle);
	wait_for_word();
}

static void an_orphan_is_told_from_whom_to_whom(void **state)
{
	(void)state;
	start(leave_an_orphan);
	pid_t one = hear(), other = hear(), middle;
	proc_source_watch(proc, child);
	look();
	middle = fact_value(told(EV_PROCESS_SEEN, one), F_PARENT, 0) == child ? one : other;
	pid_t orphan = middle == one ? other : one;
	give_word();
	assert_int_equal(hear(), middle);
	look();
	assert_non_null(told(EV_PROCESS_ORPHANED, orphan));
	assert_int_equal(fact_value(told(EV_PROCESS_ORPHANED, orphan), F_FROM, 0), middle);
	assert_int_equal(fact_value(told(EV_PROCESS_ORPHANED, orphan), F_TO, 0), child);
	assert_int_equal(nr_told(EV_PROCESS_ORPHANED), 1);
	assert_non_null(told(EV_PROCESS_REAPED, middle));
}

static void be_deep(void)
{
	for (int level = 0; level < 300; level++) {
		pid_t next = fork();
		if (next) {
			wait(NULL);
			_exit(0);
		}
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	}
	say(getpid());
	wait_for_word();
}

static void a_deep_tree_is_seen_to_its_bottom(void **state)
{
	(void)state;
	start(be_deep);
	pid_t bottom = hear();
	proc_source_watch(proc, child);
	look();
	assert_int_equal(nr_told(EV_PROCESS_SEEN), 301);
	assert_non_null(told(EV_PROCESS_SEEN, bottom));
	give_word();
	waitpid(child, NULL, 0);
	child = 0;
	look();
	assert_int_equal(nr_told(EV_PROCESS_REAPED), 301);
}

static pid_t fork_as(pid_t pid)
{
	struct clone_args args = { .exit_signal = SIGCHLD, .set_tid = (uint64_t)(uintptr_t)&pid, .set_tid_size = 1 };

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

static void stay(void)
{
	wait_for_word();
}

static void a_root_whose_pid_is_used_again_is_let_go(void **state)
{
	uint64_t start_of_first, start_of_second;

	(void)state;
	start(stay);
	pid_t first = child;
	assert_true(procps_one(first, &start_of_first, NULL, NULL, NULL));
	proc_source_watch(proc, first);
	look();
	assert_non_null(told(EV_PROCESS_SEEN, first));
	do { /* until the clock of start times has moved on */
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		child = fork_as(first);
		if (child == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			pause();
		}
		if (child < 0 && (errno == EPERM || errno == ENOSYS))
			skip();
		assert_int_equal(child, first);
		assert_true(procps_one(first, &start_of_second, NULL, NULL, NULL));
	} while (start_of_first == start_of_second);
	look();
	assert_non_null(told(EV_PROCESS_REAPED, first));
	assert_int_equal(told(EV_PROCESS_REAPED, first)->start, start_of_first);
	assert_null(told(EV_PROCESS_SEEN, 0));
	assert_null(told(EV_PROCESS_FORKED, 0));
	look();
	assert_int_equal(nr_facts, 0);
}

static void nobody_is_nothing(void **state)
{
	(void)state;
	look();
	assert_int_equal(nr_facts, 0);
	proc_source_watch(proc, 0);
	proc_source_watch(proc, -1);
	proc_source_watch(proc, 0x7fffffff);
	look();
	assert_int_equal(nr_facts, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_there_is_told_as_it_stands),
		TEST(births_and_deaths_are_told_once),
		TEST(beside_the_kernel_it_only_says_how_things_stand),
		TEST(an_orphan_is_told_from_whom_to_whom),
		TEST(a_deep_tree_is_seen_to_its_bottom),
		TEST(a_root_whose_pid_is_used_again_is_let_go),
		TEST(nobody_is_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
