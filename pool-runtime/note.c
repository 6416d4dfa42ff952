/* note.c: where do a program's own words go?
 *
 *	in a worker      to its pool
 *	else             to the pool that this process opened last
 *	else             to a publisher of its own, opened by poolscope_open() or by the first note */
#include "pool_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The program's own publisher. A forked child inherits the pointer, not the right to use it. */
static pthread_mutex_t program_lock = PTHREAD_MUTEX_INITIALIZER;
static struct publisher *program;
static unsigned program_generation;
static bool program_refused;

static int program_open(const char *name)
{
	const struct publisher_plan plan = {
		.name = name ? name : program_invocation_short_name, .kind = KIND_PROGRAM, .start_method = START_FORK,
	};
	int error;

	if (program && program_generation == fork_generation())
		return 0;
	publisher_close(program); /* a parent's: only unmaps */
	program = NULL;
	program_generation = fork_generation();
	error = publisher_open(&plan, &program);
	program_refused = error;
	return error;
}

int poolscope_open(const char *name)
{
	int error;

	pthread_mutex_lock(&program_lock);
	error = program_open(name);
	pthread_mutex_unlock(&program_lock);
	return error;
}

void poolscope_close(void)
{
	pthread_mutex_lock(&program_lock);
	publisher_close(program);
	program = NULL;
	program_refused = false;
	pthread_mutex_unlock(&program_lock);
}

static void note_by_program(const char *text)
{
	pthread_mutex_lock(&program_lock);
	if (!program_refused || program_generation != fork_generation())
		program_open(NULL);
	publish_note(program, text);
	pthread_mutex_unlock(&program_lock);
}

void poolscope_note(const char *text)
{
	struct publisher *publisher;

	if (!text)
		return;
	if (worker_self(&publisher))
		publish_note(publisher, text);
	else if (!pool_list_visit_last(publish_note, text))
		note_by_program(text);
}

/* Not in a forked child: the lock may be held by a thread that is not there. */
static void __attribute__((destructor)) close_program(void)
{
	if (program_generation == fork_generation())
		poolscope_close();
}
