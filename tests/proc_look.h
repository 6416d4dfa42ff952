/* proc_look.h: a child that does something, and looks at /proc that tell of it.
 *
 * The source's clock is ours: every look is a second after the one before. */
#ifndef TESTS_PROC_LOOK_H
#define TESTS_PROC_LOOK_H

#include "tests/facts.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sources/proc.h"

static struct names *names;
static struct stream stream;
static struct source *proc;
static uint64_t now_ns;

enum { FACTS_MAX = 65536 };
static struct fact facts[FACTS_MAX];
static size_t nr_facts;
static pid_t child;
static int to_child[2], from_child[2];

static inline int begin(void **state)
{
	(void)state;
	names = names_create();
	stream_init(&stream, names);
	proc = proc_source_open();
	if (proc)
		stream_add(&stream, proc);
	now_ns = 1000000000;
	return proc && !pipe(to_child) && !pipe(from_child) ? 0 : -1;
}

static inline int end(void **state)
{
	(void)state;
	if (child > 0) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	child = 0;
	for (int i = 0; i < 2; i++) {
		close(to_child[i]);
		close(from_child[i]);
	}
	stream_finish(&stream);
	names_destroy(names);
	return 0;
}

static inline void take(void *context, const struct fact *more, size_t count)
{
	(void)context;
	assert_true(nr_facts + count <= FACTS_MAX);
	memcpy(facts + nr_facts, more, count * sizeof(*more));
	nr_facts += count;
}

/* One look, and what it told. */
static inline void look(void)
{
	nr_facts = 0;
	now_ns += 1000000000;
	stream_tick(&stream, now_ns, take, NULL);
}

static inline const struct fact *told(enum event event, pid_t pid)
{
	for (size_t i = 0; i < nr_facts; i++)
		if (facts[i].event == event && (!pid || facts[i].pid == (uint32_t)pid))
			return &facts[i];
	return NULL;
}

static inline unsigned nr_told(enum event event)
{
	unsigned count = 0;

	for (size_t i = 0; i < nr_facts; i++)
		count += facts[i].event == event;
	return count;
}

static inline unsigned nr_news(void)
{
	unsigned count = 0;

	for (size_t i = 0; i < nr_facts; i++)
		count += !(facts[i].flags & FACT_STATE);
	return count;
}

/* Runs act() in a child, which ends when we do. */
static inline void start(void (*act)(void))
{
	child = fork();
	assert_true(child >= 0);
	if (child)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(to_child[1]);
	act();
	_exit(0);
}

static inline void say(pid_t pid)
{
	if (write(from_child[1], &pid, sizeof(pid)) != sizeof(pid))
		_exit(1);
}

static inline pid_t hear(void)
{
	pid_t pid = 0;

	assert_int_equal(read(from_child[0], &pid, sizeof(pid)), sizeof(pid));
	return pid;
}

static inline void wait_for_word(void)
{
	char word;

	if (read(to_child[0], &word, 1) != 1)
		_exit(1);
}

static inline void give_word(void)
{
	assert_int_equal(write(to_child[1], "w", 1), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

#endif
