/* foreign_source.c: are real pools that do not publish found by their shape, and families that are no pools not? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tui/sources/foreign.h"

enum { CHILDREN = 3 };

struct seen {
	pid_t parent;
	unsigned opened;
	int64_t workers;
};

/* A parent with three children of its own program, who share a pipe with it or do not; ends with us. */
static pid_t start_family(bool sharing)
{
	int told[2], word;
	assert_int_equal(pipe(told), 0);
	pid_t parent = fork();

	if (!parent) {
		int channel[2];

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(told[1], STDOUT_FILENO);
		close_range(3, ~0u, 0); /* whatever the test itself has open would be shared too */
		if (sharing && pipe(channel))
			_exit(1);
		for (int i = 0; i < CHILDREN; i++)
			if (!fork()) {
				prctl(PR_SET_PDEATHSIG, SIGKILL);
				if (getppid() == 1)
					_exit(0); /* killed before it could be told */
				for (;;)
					pause();
			}
		word = write(STDOUT_FILENO, "w", 1) == 1;
		for (;;)
			pause();
	}
	assert_int_equal(read(told[0], &word, 1), 1);
	close(told[0]);
	close(told[1]);
	return parent;
}

static void end_family(pid_t parent)
{
	kill(parent, SIGKILL);
	waitpid(parent, NULL, 0);
}

static void note_pool(void *context, const struct fact *facts, size_t count)
{
	struct seen *seen = context;

	for (size_t i = 0; i < count; i++) {
		if (facts[i].event != EV_POOL_OPENED || (pid_t)facts[i].pid != seen->parent)
			continue;
		seen->opened++;
		seen->workers = fact_value(&facts[i], F_WORKERS, -1);
	}
}

static void note_found(void *context, pid_t pid)
{
	(void)context;
	(void)pid;
}

static bool everybody(void *context, pid_t pid)
{
	(void)context;
	return pid > 0;
}

static struct seen look_for(pid_t parent)
{
	struct names *names = names_create();
	struct stream stream;
	struct seen seen = { .parent = parent };

	stream_init(&stream, names);
	stream_add(&stream, foreign_source_open(everybody, note_found, NULL));
	stream_tick(&stream, clock_now_ns(), note_pool, &seen);
	stream_finish(&stream);
	names_destroy(names);
	return seen;
}

static void a_family_that_shares_a_pipe_is_a_pool(void **state)
{
	pid_t parent = start_family(true);
	struct seen seen = look_for(parent);

	(void)state;
	end_family(parent);
	assert_int_equal(seen.opened, 1);
	assert_int_equal(seen.workers, CHILDREN);
}

static void one_that_shares_nothing_is_none(void **state)
{
	pid_t parent = start_family(false);
	struct seen seen = look_for(parent);

	(void)state;
	end_family(parent);
	assert_int_equal(seen.opened, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_family_that_shares_a_pipe_is_a_pool),
		cmocka_unit_test(one_that_shares_nothing_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
