/* pool_trouble.c: makes one kind of trouble, or its healthy twin, says "ready PID", and stays until its input ends.
 *
 *   kept    a child is dead and not reaped          reaped   a child is dead and reaped
 *   killed  a worker is killed in mid-task          healthy  its workers finish their tasks
 *   stuck   no worker ends its task, more wait      working  each ends soon, more wait
 *   flood   publishes as fast as it can             trickle  publishes now and then
 *
 * What it makes is named trouble, or by its second argument. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pool-runtime/poolscope/pool.h"
#include "pool-runtime/publish.h"

static const char *name = "trouble";

static void ready(void)
{
	printf("ready %d\n", getpid());
	fflush(stdout);
}

static bool input_ends_within(int milliseconds)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	char word;

	return poll(&input, 1, milliseconds) > 0 && read(STDIN_FILENO, &word, 1) <= 0;
}

static void stay(void)
{
	ready();
	while (!input_ends_within(-1))
		;
}

static int have_a_child(bool reap)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	if (reap)
		waitpid(child, NULL, 0);
	stay();
	return 0;
}

static int kill_yourself(const void *argument, size_t size, struct pool_output *output)
{
	(void)argument;
	(void)size;
	(void)output;
	return raise(SIGKILL);
}

static int do_nothing(const void *argument, size_t size, struct pool_output *output)
{
	(void)argument;
	(void)size;
	(void)output;
	return 0;
}

static int have_a_pool(bool kill)
{
	struct pool_options options = {.name = name, .workers = 2};
	struct pool_result *result = NULL;
	struct pool *pool;

	if (pool_create(&options, &pool))
		return 1;
	if (kill)
		pool_apply(pool, kill_yourself, NULL, 0, &result);
	else
		pool_apply(pool, do_nothing, NULL, 0, &result);
	pool_result_release(result);
	stay();
	pool_destroy(pool);
	return 0;
}

static int wait_forever(const void *argument, size_t size, struct pool_output *output)
{
	(void)argument;
	(void)size;
	(void)output;
	while (pause() < 0)
		;
	return 0;
}

static int wait_a_little(const void *argument, size_t size, struct pool_output *output)
{
	(void)argument;
	(void)size;
	(void)output;
	return poll(NULL, 0, 10);
}

/* More work than it will do while somebody looks. */
static int have_work_waiting(pool_function *function)
{
	enum { TASKS = 10000 };
	static char items[TASKS];
	struct pool_options options = {.name = name, .workers = 2};
	struct pool_result *result;
	struct pool *pool;

	if (pool_create(&options, &pool) || pool_map_array_async(pool, function, items, 1, TASKS, 1, NULL, &result))
		return 1;
	pool_result_release(result);
	stay();
	pool_destroy(pool);
	return 0;
}

static int publish(bool flood)
{
	struct publisher_plan plan = {.name = name, .kind = KIND_PROGRAM};
	struct publisher *publisher;

	if (publisher_open(&plan, &publisher))
		return 1;
	ready();
	while (!input_ends_within(flood ? 0 : 1))
		for (int i = 0; i < (flood ? 100000 : 1); i++)
			publish_task(publisher, EV_TASK_QUEUED, 1, 1, 0, STATUS_OK);
	publisher_close(publisher);
	return 0;
}

int main(int argc, char **argv)
{
	const char *trouble = argc > 1 ? argv[1] : "";

	if (argc > 2)
		name = argv[2];
	if (!strcmp(trouble, "kept") || !strcmp(trouble, "reaped"))
		return have_a_child(trouble[0] == 'r');
	if (!strcmp(trouble, "stuck") || !strcmp(trouble, "working"))
		return have_work_waiting(trouble[0] == 's' ? wait_forever : wait_a_little);
	if (!strcmp(trouble, "killed") || !strcmp(trouble, "healthy"))
		return have_a_pool(trouble[0] == 'k');
	if (!strcmp(trouble, "flood") || !strcmp(trouble, "trickle"))
		return publish(trouble[0] == 'f');
	return 2;
}
