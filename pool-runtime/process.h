/* process.h: is that still the process that it was?
 *
 * A pid comes back; a pid with the time of its start (field 22 of /proc/PID/stat, clock ticks since boot) does not. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* -ENOENT or -ESRCH: there is none. state, the kernel's letter, may be NULL. */
int process_start_time(pid_t pid, uint64_t *start, char *state);

/* It exists, started then, and is no zombie. */
bool process_lives(pid_t pid, uint64_t start);

/* The same for a pid of another pid namespace: looks through all of /proc for who is known there by that number. What
 * is not seen from a namespace below the first one may be there all the same: then true. */
bool process_lives_elsewhere(pid_t pid, uint64_t start);

/* The inode of our pid namespace, of /proc/self/ns/pid; 0 if it cannot be told. */
uint64_t process_pid_namespace(void);

#endif
