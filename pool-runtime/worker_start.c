/* worker_start.c: how does a worker come to life, and what does it not inherit?
 *
 *	parent (worker handler's thread)              child
 *	slot made whole
 *	fork ---------------------------------------> dies with that thread, or at once if it is gone already
 *	                                              signals as a program expects them at its start
 *	                                              the parent's unwritten output is the parent's
 *	pidfd, watched                                descriptors of ours closed
 *	tells it so --------------------------------> worker_run(): takes its first task only now */
#include "pool_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* A crash is the program's to report; everything else that it handles, it handles for itself. */
static bool is_fault(int signal)
{
	return signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL || signal == SIGTRAP ||
	       signal == SIGABRT || signal == SIGSYS;
}

static void signals_reset(const sigset_t *mask)
{
	const struct sigaction by_default = { .sa_handler = SIG_DFL }, ignored = { .sa_handler = SIG_IGN };

	for (int signal = 1; signal <= SIGRTMAX; signal++) {
		struct sigaction now;

		if (is_fault(signal) || sigaction(signal, NULL, &now))
			continue;
		if ((now.sa_flags & SA_SIGINFO) || (now.sa_handler != SIG_DFL && now.sa_handler != SIG_IGN))
			sigaction(signal, &by_default, NULL);
	}
	sigaction(SIGINT, &ignored, NULL);
	sigprocmask(SIG_SETMASK, mask, NULL);
}

static void descriptors_close(const struct pool *pool)
{
	for (unsigned slot = 0; slot < pool->nr_workers; slot++)
		if (pool->workers[slot].pid)
			close(pool->workers[slot].pidfd);
	close(pool->epoll);
	close(pool->wake_fd);
}

static void __attribute__((noreturn)) become_worker(struct pool *pool, unsigned slot)
{
	char name[16];

	/* The signal comes when the thread that forked us ends. If that was before this line, nobody sends it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != pool->owner)
		_exit(0);
	snprintf(name, sizeof(name), "%.7s:w%u", pool->name, slot);
	prctl(PR_SET_NAME, name);
	__fpurge(stdout);
	__fpurge(stderr);
	descriptors_close(pool);
	signals_reset(&pool->signals);
	worker_run(pool, slot);
}

static void undo_fork(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static int watch(struct pool *pool, unsigned slot, pid_t pid, int *pidfd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = slot };
	int error;

	*pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (*pidfd < 0)
		return errno == ESRCH ? -EAGAIN : -errno; /* somebody killed it, and the program reaped it */
	if (!epoll_ctl(pool->epoll, EPOLL_CTL_ADD, *pidfd, &event))
		return 0;
	error = -errno;
	close(*pidfd);
	return error;
}

int worker_start(struct pool *pool, unsigned slot)
{
	struct pool_worker *worker = &pool->workers[slot];
	int pidfd = -1, error;
	pid_t pid;

	publish_worker_new(pool->publisher, slot, worker->previous);
	pid = fork();
	if (pid == 0)
		become_worker(pool, slot);
	error = pid < 0 ? -errno : watch(pool, slot, pid, &pidfd);
	if (error) {
		if (pid > 0)
			undo_fork(pid);
		publish_worker_gone(pool->publisher, slot);
		return error;
	}
	pthread_mutex_lock(&pool->lock);
	worker->pid = pid;
	worker->pidfd = pidfd;
	pool->nr_alive++;
	pthread_mutex_unlock(&pool->lock);
	atomic_store(&pool->cells[slot].watched, 1);
	wake_all(&pool->cells[slot].bell);
	return 0;
}
