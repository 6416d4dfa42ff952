/* worker_handler.c: who starts the workers, learns of their deaths, and replaces them?
 *
 *	            pidfd readable                        no job left              told to stop
 *	  [ watch ] --------------> reap, see what          closing: the            SIGTERM, 100 ms later SIGKILL
 *	      ^                     it held, fork anew      workers leave                    |
 *	      '---------------------------'                       '----> last one reaped <---'  what is left is cancelled
 *
 * All forks happen in this thread: PR_SET_PDEATHSIG follows the thread that forked, and this one lives as long as the
 * pool. It forks without the pool's lock, and the child never takes that. */
#include "pool_internal.h"

#include <errno.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EVENTS_AT_ONCE = 64, GRACE_MS = 100, RETRY_MS = 100, NS_PER_MS = 1000000 };
#define WAKE_FD_EVENT UINT32_MAX

/* ---- deaths ------------------------------------------------------------------------------------------------------------ */

/* Collects its status, if the program left us one: it may ignore SIGCHLD, or wait for any child. */
static void reap(const struct pool_worker *worker, struct worker_end *end)
{
	siginfo_t info = { 0 };

	*end = (struct worker_end){ .pid = worker->pid, .exit_code = -1 };
	while (waitid(P_PIDFD, (id_t)worker->pidfd, &info, WEXITED))
		if (errno != EINTR)
			return;
	if (info.si_code == CLD_EXITED)
		end->exit_code = info.si_status;
	else
		end->signal = info.si_status;
}

static void break_by_starts(struct pool *pool, const struct worker_end *end, enum worker_stage stage)
{
	char who[128], reason[REASON_SIZE];

	worker_end_tell(end, who, sizeof(who));
	snprintf(reason, sizeof(reason), "%u workers in a row did not get through their start; the last: %s%s",
	         pool->failed_starts, who, stage == STAGE_FAILED ? ": its initializer failed" : " in its initializer");
	pool_move(pool, POOL_BROKEN, reason);
}

/* Under the lock. A worker died before it could take a task. In its initializer that is the program's doing, and will
 * happen again; before that it is somebody else's (a kill, no memory), and may pass: then new ones come slowly. */
static void count_failed_start(struct pool *pool, const struct worker_end *end, enum worker_stage stage)
{
	uint32_t ready = atomic_load(&pool->shared->nr_ready);

	pool->failed_starts = ready == pool->ready_seen ? pool->failed_starts + 1 : 1;
	pool->ready_seen = ready;
	if (pool->failed_starts < POOL_MAX_FAILED_STARTS)
		return;
	if (stage == STAGE_FORKED)
		pool->retry_ns = wake_now_ns() + RETRY_MS * NS_PER_MS;
	else
		break_by_starts(pool, end, stage);
}

/* Under the lock. */
static void worker_is_dead(struct pool *pool, unsigned slot)
{
	struct pool_worker *worker = &pool->workers[slot];
	enum worker_stage stage = atomic_load(&pool->cells[slot].stage);
	bool stopping = atomic_load(&pool->shared->stop);
	struct worker_end end;

	reap(worker, &end);
	/* not by close() alone: a sibling that was just forked may have a copy still, and then it would stay in the set */
	epoll_ctl(pool->epoll, EPOLL_CTL_DEL, worker->pidfd, NULL);
	close(worker->pidfd);
	worker_death(pool, slot, &end, stopping || stage == STAGE_LEAVING);
	worker->previous = stopping || stage == STAGE_LEAVING ? 0 : end.pid;
	worker->pid = 0;
	pool->nr_alive--;
	if (!stopping && stage != STAGE_READY && stage != STAGE_LEAVING)
		count_failed_start(pool, &end, stage);
}

/* ---- births ------------------------------------------------------------------------------------------------------------ */

static int start_missing(struct pool *pool)
{
	int error = 0;

	for (unsigned slot = 0; slot < pool->nr_workers && !error; slot++)
		if (!pool->workers[slot].pid)
			error = worker_start(pool, slot);
	return error;
}

/* Under the lock, which it leaves to fork. What the kernel refuses now it may grant later. */
static void replace_missing(struct pool *pool)
{
	int error;

	if (pool->nr_alive == pool->nr_workers || atomic_load(&pool->shared->stop))
		return;
	if (pool->retry_ns && wake_now_ns() < pool->retry_ns)
		return;
	pthread_mutex_unlock(&pool->lock);
	error = start_missing(pool);
	pthread_mutex_lock(&pool->lock);
	pool->retry_ns = error ? wake_now_ns() + RETRY_MS * NS_PER_MS : 0;
}

/* ---- the end ----------------------------------------------------------------------------------------------------------- */

static void signal_all(const struct pool *pool, int signal)
{
	for (unsigned slot = 0; slot < pool->nr_workers; slot++)
		if (pool->workers[slot].pid)
			syscall(SYS_pidfd_send_signal, pool->workers[slot].pidfd, signal, NULL, 0);
}

static void stop_workers(struct pool *pool)
{
	if (!atomic_exchange(&pool->shared->stop, 1))
		pool_wake_everybody(pool);
	if (!pool_is_forced(pool))
		return;
	if (!pool->kill_ns) {
		pool->kill_ns = wake_now_ns() + GRACE_MS * NS_PER_MS;
		signal_all(pool, SIGTERM);
	} else if (wake_now_ns() >= pool->kill_ns) {
		signal_all(pool, SIGKILL);
	}
}

static void finish(struct pool *pool)
{
	collect_results(pool);
	if (pool->state == POOL_BROKEN)
		job_cancel_all(pool, -ENOTRECOVERABLE, pool->reason);
	else
		job_cancel_all(pool, -ECANCELED, "the pool was terminated");
	pool->workers_gone = true;
	pthread_cond_signal(&pool->feed_wanted);
	collect_wake_result_handler(pool);
}

/* Under the lock: whatever the state asks for. */
static void advance(struct pool *pool)
{
	if (pool_is_forced(pool) || (pool->state == POOL_CLOSING && !pool->nr_unfinished))
		stop_workers(pool);
	else
		replace_missing(pool);
	if (atomic_load(&pool->shared->stop) && !pool->nr_alive)
		finish(pool);
}

/* ---- the thread -------------------------------------------------------------------------------------------------------- */

/* Until something has to be done without being told, in ms; -1: never. */
static int patience_ms(const struct pool *pool)
{
	bool stopping = atomic_load(&pool->shared->stop);
	uint64_t until = stopping ? pool->kill_ns : pool->retry_ns, now = wake_now_ns();

	if (!until)
		return -1;
	return now >= until ? (stopping ? GRACE_MS : 0) : (int)((until - now) / NS_PER_MS) + 1;
}

/* Under the lock, which it leaves to sleep. */
static void wait_and_see(struct pool *pool)
{
	struct epoll_event events[EVENTS_AT_ONCE];
	int patience = patience_ms(pool), nr;
	uint64_t rung;

	pthread_mutex_unlock(&pool->lock);
	publish_helper_state(pool->publisher, ROLE_WORKER_HANDLER, THREAD_WAITING);
	nr = epoll_wait(pool->epoll, events, EVENTS_AT_ONCE, patience);
	publish_helper_state(pool->publisher, ROLE_WORKER_HANDLER, THREAD_RUNNING);
	pthread_mutex_lock(&pool->lock);
	for (int i = 0; i < nr; i++) {
		if (events[i].data.u32 != WAKE_FD_EVENT)
			worker_is_dead(pool, events[i].data.u32);
		else if (read(pool->wake_fd, &rung, sizeof(rung)) < 0)
			continue; /* somebody rang twice, and it was read before */
	}
}

void *worker_handler(void *argument)
{
	struct pool *pool = argument;
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = WAKE_FD_EVENT };
	int error;

	helper_begin(pool, ROLE_WORKER_HANDLER, "workers");
	error = epoll_ctl(pool->epoll, EPOLL_CTL_ADD, pool->wake_fd, &event) ? -errno : start_missing(pool);
	pthread_mutex_lock(&pool->lock);
	pool->started = true;
	pool->start_error = error;
	if (error)
		pool->state = POOL_TERMINATING;
	pthread_cond_broadcast(&pool->changed);
	for (advance(pool); !pool->workers_gone; advance(pool))
		wait_and_see(pool);
	helper_end(pool, ROLE_WORKER_HANDLER);
	return NULL;
}
