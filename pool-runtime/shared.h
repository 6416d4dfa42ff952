/* shared.h: how is a word stored that somebody else reads at the same time?
 *
 * Every store into a segment and every load of what another process may have stored goes through these: relaxed, so
 * that it is one plain instruction, and atomic, so that the compiler neither tears nor repeats it and ThreadSanitizer
 * knows that it is meant. Order is added by the fences, or by LOAD_ACQUIRE and STORE_RELEASE. */
#ifndef SHARED_H
#define SHARED_H

#define LOAD(place) __atomic_load_n(&(place), __ATOMIC_RELAXED)
#define STORE(place, value) __atomic_store_n(&(place), (value), __ATOMIC_RELAXED)
#define LOAD_ACQUIRE(place) __atomic_load_n(&(place), __ATOMIC_ACQUIRE)
#define STORE_RELEASE(place, value) __atomic_store_n(&(place), (value), __ATOMIC_RELEASE)

/* ThreadSanitizer does not know fences, and gcc says so at each. What they order is atomic, so it misses nothing. */
#ifdef __SANITIZE_THREAD__
#pragma GCC diagnostic ignored "-Wtsan"
#endif

/* What is stored before is seen before what is stored behind. */
static inline void fence_release(void)
{
	__atomic_thread_fence(__ATOMIC_RELEASE);
}

/* What is loaded behind is not older than what was loaded before; system calls that load count. */
static inline void fence_acquire(void)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
}

#endif
