/* task_handler.c: who feeds the ring while no caller does?
 *
 * What fits is put into the ring by the caller that submits it. The rest waits in the backlog, and each time results
 * come back there is room again: a caller that waits feeds then, and when none waits, this thread. */
#include "pool_internal.h"

#include <stdio.h>
#include <sys/prctl.h>

void helper_begin(struct pool *pool, enum helper_role role, const char *suffix)
{
	char name[16]; /* as the kernel has it: 15 bytes and a NUL */

	snprintf(name, sizeof(name), "%.7s:%s", pool->name, suffix);
	prctl(PR_SET_NAME, name);
	publish_helper_started(pool->publisher, role, name);
}

void helper_end(struct pool *pool, enum helper_role role)
{
	publish_helper_exited(pool->publisher, role);
	pool->nr_helpers_over++;
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
}

void *task_handler(void *argument)
{
	struct pool *pool = argument;

	helper_begin(pool, ROLE_TASK_HANDLER, "tasks");
	pthread_mutex_lock(&pool->lock);
	while (!pool->workers_gone) {
		if (pool->feeding_wanted) {
			pool->feeding_wanted = false;
			feed_tasks(pool);
			continue;
		}
		publish_helper_state(pool->publisher, ROLE_TASK_HANDLER, THREAD_WAITING);
		pthread_cond_wait(&pool->feed_wanted, &pool->lock);
		publish_helper_state(pool->publisher, ROLE_TASK_HANDLER, THREAD_RUNNING);
	}
	helper_end(pool, ROLE_TASK_HANDLER);
	return NULL;
}
