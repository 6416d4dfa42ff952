/* wake.h: how does somebody who waits learn of news, and how cheaply is nobody woken?
 *
 * A futex shared between processes, times, and the rule by which both sides keep from missing each other:
 *
 *	who publishes                      who wants to sleep
 *	1 store the news      (seq_cst)    1 value = load(word)
 *	2 load "asleep?"      (seq_cst)    2 store "asleep"     (seq_cst)
 *	3 if so: word++, wake              3 load the news      (seq_cst): there is some? do not sleep
 *	                                   4 sleep while word == value
 *
 * In the one order of all four no run has both 2s come too early, so that news is seen or a sleeper is woken. */
#ifndef WAKE_H
#define WAKE_H

#include <stdatomic.h>
#include <stdint.h>

#define WAKE_NEVER UINT64_MAX /* a deadline that does not come */

uint64_t wake_now_ns(void); /* CLOCK_MONOTONIC */

/* The moment that is timeout_ms from now; negative: never. */
uint64_t wake_deadline_ns(int timeout_ms);

/* Sleeps while *word is value. 0: woken, or it was another value, or for no reason; -ETIMEDOUT: the deadline passed. */
int wake_wait(_Atomic uint32_t *word, uint32_t value, uint64_t deadline_ns);

/* Changes the word and wakes all who sleep on it. Does not change errno. */
void wake_all(_Atomic uint32_t *word);

/* Tells the processor that this is a loop that only looks. */
static inline void wake_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("isb" ::: "memory");
#endif
}

#endif
