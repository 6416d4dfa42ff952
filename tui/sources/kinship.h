/* kinship.h: do two processes run the same program, and what do they share? Read from /proc, nothing is opened that the
 * processes could notice. */
#ifndef SOURCES_KINSHIP_H
#define SOURCES_KINSHIP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

bool runs_same_program(pid_t one, pid_t other);

/* Inodes of the pipes and sockets behind descriptors 3 and up; at most `max`. Returns how many, 0 if we may not look. */
size_t channels_of(pid_t pid, ino_t *inodes, size_t max);
bool shares_a_channel(pid_t pid, const ino_t *inodes, size_t count);

/* What a person would call it: the script of an interpreter, else the program's name; at most size - 1 bytes. */
void program_title(pid_t pid, char *title, size_t size);
/* CPython's bookkeeper, which is a child of the same program and no worker. */
bool is_resource_tracker(pid_t pid);

#endif
