/* namespaces.c: in a container, are pids and times those that its own /proc and clocks tell? */
#include "watched.h"

#include <fcntl.h>
#include <sys/mount.h>

enum { NO_MOUNTS = 10, NO_NAMESPACES = 20 }; /* exit codes that are no failure: a chroot, a container */

static int set_clocks(void)
{
	static const char offsets[] = "monotonic 5000 0\nboottime 100000 0\n";
	int file = open("/proc/self/timens_offsets", O_WRONLY);
	bool set = write(file, offsets, sizeof(offsets) - 1) == sizeof(offsets) - 1;

	close(file);
	return set ? 0 : -1;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

/* The first process of new namespaces, with a /proc of its own. Says by its exit code what was wrong. */
static int inside(void)
{
	struct watched run = {};
	uint64_t start, before = now_ns();

	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) || mount("proc", "/proc", "proc", 0, NULL))
		return NO_MOUNTS;
	if (probes_open(&run.probes))
		return 11;
	launch(&run, (const char *[]){ "forks", "3", NULL }, 0);
	start = start_in_proc(run.root);
	if (getpid() != 1 || run.root != 2 || probes_watch(run.probes, run.root) != 1)
		return 12;
	if (write(run.go, "x", 1) != 1)
		return 13;
	watch_until_gone(&run, 0);
	if (facts(&run, EV_PROCESS_FORKED) != 3 || child(&run, 0) != 3 ||
	    value(only(&run, EV_PROCESS_FORKED, 3), F_PARENT) != 2 ||
	    value(only(&run, EV_PROCESS_REAPED, 2), F_REAPER) != 1)
		return 14;
	if (only(&run, EV_PROCESS_EXITED, 2)->start != start)
		return 15;
	for (size_t i = 0; i < run.nr; i++)
		if (run.news[i].t_ns < before || run.news[i].t_ns > now_ns())
			return 16;
	forget(&run);
	return 0;
}

static void in_namespaces(int which)
{
	pid_t outside = fork();
	int status;

	if (outside == 0) {
		pid_t first;

		if (unshare(which | CLONE_NEWNS) || ((which & CLONE_NEWTIME) && set_clocks()))
			_exit(NO_NAMESPACES);
		first = fork();
		if (first == 0)
			_exit(inside());
		waitpid(first, &status, 0);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 21);
	}
	assert_int_equal(waitpid(outside, &status, 0), outside);
	if (WIFEXITED(status) && (WEXITSTATUS(status) == NO_MOUNTS || WEXITSTATUS(status) == NO_NAMESPACES)) {
		print_message("# SKIP: namespaces with a /proc of their own are not allowed here\n");
		skip();
	}
	assert_int_equal(status, 0);
}

static void of_pids(void **state)
{
	(void)state;
	in_namespaces(CLONE_NEWPID);
}

static void of_pids_and_time(void **state)
{
	(void)state;
	in_namespaces(CLONE_NEWPID | CLONE_NEWTIME);
}

/* A tree in a container, seen from outside: our numbers, not its own. */
static void seen_from_outside(void **state)
{
	struct watched run = watch((const char *[]){ "/usr/bin/unshare", "--pid", "--fork", "/bin/true", NULL }, 0);

	(void)state;
	assert_int_equal(facts(&run, EV_PROCESS_FORKED), 1);
	assert_int_not_equal(child(&run, 0), 1);
	assert_int_equal(value(only(&run, EV_PROCESS_REAPED, child(&run, 0)), F_REAPER), run.root);
	forget(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_pids), cmocka_unit_test(of_pids_and_time), cmocka_unit_test(seen_from_outside),
	};

	return skipped() ? 0 : cmocka_run_group_tests(tests, NULL, NULL);
}
