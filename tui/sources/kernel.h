/* kernel.h: what do the probes tell? */
#ifndef SOURCES_KERNEL_H
#define SOURCES_KERNEL_H

#include <stdbool.h>
#include <sys/types.h>

#include "sources/source.h"

struct source *kernel_source_open(void); /* loads the probes (40 to 90 ms); NULL: no memory */

/* Watches this process, its descendants and all to come. How many were taken in, or -errno. */
int kernel_source_watch(struct source *source, pid_t pid);
/* Copy-on-write: page faults cost while it is watched. */
void kernel_source_need_cow(struct source *source, bool needed);
/* Whether births and deaths are told. */
bool kernel_source_tells(const struct source *source);

#endif
