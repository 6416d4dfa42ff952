/* guard.c: who puts the terminal back, whatever ends us? */
#include "base/guard.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

static const int watched[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTERM, SIGINT, SIGHUP, SIGQUIT,
                              SIGTSTP, SIGCONT, SIGWINCH};
enum { NR_WATCHED = sizeof(watched) / sizeof(*watched), STACK_SIZE = 16384 };

static struct {
	struct guard_plan plan;
	atomic_bool inside;
	atomic_int news;
	int wake;                            /* an eventfd */
	void *stack;                         /* for a handler after a stack overflow */
	stack_t stack_before;
	struct sigaction before[NR_WATCHED];
} guard = {.wake = -1};

/* What does not go out cannot be helped: the terminal may be gone. */
static void write_all(const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(guard.plan.fd, bytes, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return;
		bytes += written;
		length -= (size_t)written;
	}
}

static void leave(void)
{
	if (!atomic_exchange(&guard.inside, false))
		return;
	write_all(guard.plan.leave, guard.plan.leave_length);
	tcsetattr(guard.plan.fd, TCSANOW, &guard.plan.outside);
}

/* Modes first: in the background that stops us, and not a byte has gone to a screen that is not ours. */
static void enter(void)
{
	if (atomic_exchange(&guard.inside, true))
		return;
	tcsetattr(guard.plan.fd, TCSANOW, &guard.plan.inside);
	write_all(guard.plan.enter, guard.plan.enter_length);
}

static void tell(int news)
{
	uint64_t one = 1;

	atomic_fetch_or(&guard.news, news);
	if (write(guard.wake, &one, sizeof(one)) < 0)
		return; /* full: it is readable anyhow */
}

/* Runs with the signal blocked; unblocks it so that its default action takes place here and now. */
static void act_by_default(int number)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t set;

	sigaction(number, &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, number);
	raise(number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void on_fatal(int number)
{
	leave();
	act_by_default(number);
}

static void take_signal(int number);

static void on_stop(int number)
{
	leave();
	act_by_default(number); /* comes back at SIGCONT; at once in an orphaned process group, which cannot stop */
	take_signal(number);
	enter();
	tell(GUARD_REDRAW | GUARD_RESIZED);
}

/* Behind on_stop() we are outside. Behind a SIGSTOP, which nobody can catch, we are inside still, but the shell has
 * used the terminal: then the modes are set again, and the rest is painting. */
static void on_continue(int number)
{
	(void)number;
	if (atomic_load(&guard.inside))
		tcsetattr(guard.plan.fd, TCSANOW, &guard.plan.inside);
	enter();
	tell(GUARD_REDRAW | GUARD_RESIZED);
}

static void on_resize(int number)
{
	(void)number;
	tell(GUARD_RESIZED);
}

static void on_signal(int number)
{
	int error = errno;

	if (number == SIGTSTP)
		on_stop(number);
	else if (number == SIGCONT)
		on_continue(number);
	else if (number == SIGWINCH)
		on_resize(number);
	else
		on_fatal(number);
	errno = error;
}

static void take_signal(int number)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK | SA_RESTART};

	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

static void give_stack(void)
{
	stack_t stack = {.ss_size = STACK_SIZE};

	guard.stack = malloc(STACK_SIZE);
	stack.ss_sp = guard.stack;
	if (guard.stack)
		sigaltstack(&stack, &guard.stack_before);
}

int guard_init(const struct guard_plan *plan)
{
	guard.wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (guard.wake < 0)
		return -errno;
	guard.plan = *plan;
	atomic_store(&guard.news, 0);
	atomic_store(&guard.inside, true);
	give_stack();
	for (int i = 0; i < NR_WATCHED; i++) {
		sigaction(watched[i], NULL, &guard.before[i]);
		/* nohup's SIGHUP, a background job's SIGINT: who starts us may wish them ignored */
		if (guard.before[i].sa_handler != SIG_IGN)
			take_signal(watched[i]);
	}
	return 0;
}

void guard_finish(void)
{
	leave();
	for (int i = 0; i < NR_WATCHED; i++)
		sigaction(watched[i], &guard.before[i], NULL);
	if (guard.stack)
		sigaltstack(&guard.stack_before, NULL);
	free(guard.stack);
	guard.stack = NULL;
	close(guard.wake);
	guard.wake = -1;
}

int guard_fd(void)
{
	return guard.wake;
}

int guard_take(void)
{
	uint64_t count;

	if (read(guard.wake, &count, sizeof(count)) < 0)
		return 0;
	return atomic_exchange(&guard.news, 0);
}
