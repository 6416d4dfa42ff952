/* foreign.h: which pools run here that do not publish?
 *
 * Most pools do not link our library. A parent with at least two children of the same program, with whom it shares a pipe
 * or a socket beyond standard input and output, is one: multiprocessing.Pool, ProcessPoolExecutor, gunicorn, nginx,
 * PostgreSQL. A shell with subshells is not: they share nothing but its terminal. What its workers do cannot be known
 * from here, and is told as unknown. */
#ifndef SOURCES_FOREIGN_H
#define SOURCES_FOREIGN_H

#include <sys/types.h>

#include "sources/source.h"

/* Whether a pool's parent is of interest; asked before it is told. */
typedef bool foreign_wants(void *context, pid_t pid);
/* Told once of each that is found: its tree can be watched by other sources too. */
typedef void foreign_found(void *context, pid_t pid);

struct source *foreign_source_open(foreign_wants *wants, foreign_found *found, void *context); /* NULL: no memory, or no /proc */

/* Whether it looks like a worker of this parent. */
bool foreign_is_worker(pid_t pid, pid_t parent);

#endif
