/* watched.h: runs a program under the probes, from its first instruction to the last reaping, and keeps every fact.
 *
 *	struct watched run = watch((const char *[]){ "forks", "5", NULL }, 0);
 *	assert_int_equal(facts(&run, EV_PROCESS_FORKED), 5);
 *	forget(&run); */
#ifndef TESTS_WATCHED_H
#define TESTS_WATCHED_H

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "probes/loader.h"

enum watch_how {
	WATCH_COW = 1,    /* with copy-on-write, in a program that runs the same each time */
	WATCH_STALL = 2,  /* nobody reads the ring until the program has ended */
	WATCH_LATE = 4,   /* only once the program runs: it says so by a byte on its standard output */
};

struct watched {
	struct probes *probes;
	struct probe_news *news;
	size_t nr, max;
	pid_t root;
	int go, said;     /* pipes to and from the program */
};

/* Field of an event by its name in the vocabulary */
#define FIELDS(...) { __VA_ARGS__ }
static inline unsigned field_index(enum event event, enum event_field field)
{
#define WATCHED_FIELDS_(SYMBOL, name, fields, meaning) [EV_##SYMBOL] = fields,
	static const unsigned char of[NR_EVENTS][EVENT_MAX_FIELDS] = { EVENTS(WATCHED_FIELDS_) };
	unsigned index = 0;

	while (index < EVENT_MAX_FIELDS && of[event][index] != field)
		index++;
	assert_true(index < EVENT_MAX_FIELDS);
	return index;
}

static inline bool known(const struct probe_news *news, enum event_field field)
{
	return news->known >> field_index(news->event, field) & 1;
}

static inline long value(const struct probe_news *news, enum event_field field)
{
	assert_true(known(news, field));
	return news->value[field_index(news->event, field)];
}

/* ---- running ------------------------------------------------------------------------------------------------ */

static inline void watch_take(void *context, const struct probe_news *news)
{
	struct watched *run = context;

	if (run->nr == run->max) {
		run->max = run->max ? run->max * 2 : 4096;
		run->news = realloc(run->news, run->max * sizeof(*run->news));
		assert_non_null(run->news);
	}
	run->news[run->nr++] = *news;
}

/* The same addresses each time, and one processor: a page that another processor still has on its list of new pages is
 * in use twice, so that the kernel copies it where it would else give it away. And no restartable sequences: where the
 * kernel takes the processor away it would write that down, in a page that the program may not have written yet. */
static inline void be_the_same(void)
{
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(sched_getcpu(), &first);
	sched_setaffinity(0, sizeof(first), &first);
	personality(ADDR_NO_RANDOMIZE);
	setenv("GLIBC_TUNABLES", "glibc.pthread.rseq=0", 1);
}

static inline void exec_program(const char *const *arguments, int how)
{
	const char *build = getenv("B");
	char path[512];

	if (how & WATCH_COW)
		be_the_same();
	setenv("ASAN_OPTIONS", "detect_leaks=0:handle_segv=0", 1); /* looking for leaks at its exit, a program forks */
	snprintf(path, sizeof(path), "%s/tests/programs/%s", build ? build : "build", arguments[0]);
	execv(arguments[0][0] == '/' ? arguments[0] : path, (char *const *)arguments);
	_exit(127);
}

/* Forks the program, held back before its exec. */
static inline void launch(struct watched *run, const char *const *arguments, int how)
{
	int go[2], said[2];
	char byte;

	/* orphans come to us: init may take its time to reap them */
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1) | pipe(go) | pipe(said), 0);
	run->root = fork();
	if (run->root == 0) {
		close(go[1]);
		close(said[0]);
		dup2(said[1], STDOUT_FILENO);
		if (read(go[0], &byte, 1) == 1)
			exec_program(arguments, how);
		_exit(126);
	}
	close(go[0]);
	close(said[1]);
	run->go = go[1];
	run->said = said[0];
}

static inline size_t facts(const struct watched *run, enum event event)
{
	size_t nr = 0;

	for (size_t i = 0; i < run->nr; i++)
		nr += run->news[i].event == event;
	return nr;
}

/* Reaps the program and whoever it leaves behind, and drains until all who were born, and it, have been reaped. */
static inline void watch_until_gone(struct watched *run, int how)
{
	bool ended = false;

	for (int left = 3000; left > 0; left--) { /* half a minute, if something hangs */
		struct pollfd fd = { .fd = probes_fd(run->probes), .events = POLLIN };

		poll(&fd, 1, 10);
		if (how & WATCH_STALL && !ended)
			ended = waitpid(run->root, NULL, 0) == run->root;
		for (pid_t pid; (pid = waitpid(-1, NULL, WNOHANG)) > 0;)
			ended |= pid == run->root;
		probes_drain(run->probes, watch_take, run);
		if (ended && facts(run, EV_PROCESS_REAPED) == facts(run, EV_PROCESS_FORKED) + 1)
			return;
	}
	fail_msg("%zu born and the program, but only %zu reaped", facts(run, EV_PROCESS_FORKED),
	         facts(run, EV_PROCESS_REAPED));
}

static inline struct watched watch(const char *const *arguments, int how)
{
	struct watched run = {};
	char byte;

	assert_int_equal(probes_open(&run.probes), 0);
	assert_int_equal(probes_need(run.probes, ASK_COW, how & WATCH_COW), 0);
	launch(&run, arguments, how);
	if (how & WATCH_LATE) {
		assert_int_equal(write(run.go, "x", 1), 1);
		assert_int_equal(read(run.said, &byte, 1), 1);
	}
	assert_true(probes_watch(run.probes, run.root) >= 1);
	if (!(how & WATCH_LATE))
		assert_int_equal(write(run.go, "x", 1), 1);
	close(run.go);
	watch_until_gone(&run, how);
	close(run.said);
	return run;
}

static inline void forget(struct watched *run)
{
	probes_close(run->probes);
	free(run->news);
}

/* ---- asking ------------------------------------------------------------------------------------------------- */

/* The fact of this kind about `pid`; there is no second. NULL: nor a first. */
static inline const struct probe_news *fact(const struct watched *run, enum event event, uint32_t pid)
{
	const struct probe_news *found = NULL;

	for (size_t i = 0; i < run->nr; i++) {
		if (run->news[i].event != event || run->news[i].pid != pid)
			continue;
		assert_null(found);
		found = &run->news[i];
	}
	return found;
}

static inline const struct probe_news *only(const struct watched *run, enum event event, uint32_t pid)
{
	const struct probe_news *found = fact(run, event, pid);

	assert_non_null(found);
	return found;
}

/* The nth process that was born, from 0. */
static inline uint32_t child(const struct watched *run, size_t nth)
{
	for (size_t i = 0; i < run->nr; i++)
		if (run->news[i].event == EV_PROCESS_FORKED && nth-- == 0)
			return run->news[i].pid;
	fail_msg("nobody was born");
	return 0;
}

/* A total of one process, or over all (pid 0), as their exits told it. */
static inline long total(const struct watched *run, uint32_t pid, enum event_field field)
{
	long sum = 0;

	for (size_t i = 0; i < run->nr; i++)
		if (run->news[i].event == EV_PROCESS_EXITED && (!pid || run->news[i].pid == pid))
			sum += value(&run->news[i], field);
	return sum;
}

/* Every process's facts come in the order of a life, each at most once, and with the same start. */
static inline void assert_lives(const struct watched *run)
{
	static const enum event order[] = { EV_PROCESS_FORKED, EV_PROCESS_EXITED, EV_PROCESS_ZOMBIE,
	                                    EV_PROCESS_REAPED };

	for (size_t i = 0; i < run->nr; i++) {
		const struct probe_news *born = &run->news[i], *before = born;
		unsigned step = 0;

		if (born->event != EV_PROCESS_FORKED)
			continue;
		for (size_t j = i + 1; j < run->nr; j++) {
			const struct probe_news *then = &run->news[j];
			unsigned at = 0;

			while (at < 4 && order[at] != then->event)
				at++;
			if (then->pid != born->pid || at == 4)
				continue;
			assert_int_equal(then->start, born->start);
			assert_true(at > step && then->t_ns >= before->t_ns);
			step = at;
			before = then;
		}
		assert_int_equal(step, 3);
	}
}

/* Field 22 of /proc/PID/stat, behind a name that may hold anything. */
static inline uint64_t start_in_proc(pid_t pid)
{
	char path[32], text[1024] = "", *at;
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	stat = fopen(path, "re");
	assert_non_null(stat);
	assert_true(fread(text, 1, sizeof(text) - 1, stat) > 0);
	fclose(stat);
	at = strrchr(text, ')') + 1;
	for (int field = 2; field < 21; field++)
		at = strchr(at + 1, ' ');
	return strtoull(at, NULL, 10);
}

/* Says why nothing can be tested here; 0 if it can. To be returned from main(). */
static inline bool skipped(void)
{
	struct probes *probes;
	struct probe_report report;
	bool works = geteuid() == 0 && probes_open(&probes) == 0;

	if (geteuid() != 0) {
		printf("ok 1 # SKIP needs root\n");
		return true;
	}
	probes_report(probes, ASK_LIFE, &report);
	if (!works || report.state == PROBE_OFF)
		printf("ok 1 # SKIP %s\n", report.reason);
	probes_close(probes);
	return !works || report.state == PROBE_OFF;
}

#endif
