/* wake.c: how does somebody who waits learn of news? */
#include "wake.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { NS_PER_MS = 1000000, NS_PER_S = 1000000000 };

uint64_t wake_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

uint64_t wake_deadline_ns(int timeout_ms)
{
	return timeout_ms < 0 ? WAKE_NEVER : wake_now_ns() + (uint64_t)timeout_ms * NS_PER_MS;
}

int wake_wait(_Atomic uint32_t *word, uint32_t value, uint64_t deadline_ns)
{
	struct timespec deadline = {
		.tv_sec = (time_t)(deadline_ns / NS_PER_S),
		.tv_nsec = (long)(deadline_ns % NS_PER_S),
	};
	int saved = errno, error = 0;

	/* the form with a bit set takes an absolute time, so that an interrupted wait does not wait longer */
	if (syscall(SYS_futex, word, FUTEX_WAIT_BITSET, value, deadline_ns == WAKE_NEVER ? NULL : &deadline, NULL,
	            FUTEX_BITSET_MATCH_ANY) && errno == ETIMEDOUT)
		error = -ETIMEDOUT;
	errno = saved;
	return error;
}

void wake_all(_Atomic uint32_t *word)
{
	int saved = errno;

	atomic_fetch_add(word, 1);
	syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
	errno = saved;
}
