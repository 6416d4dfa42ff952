/* proc.h: what does /proc tell of the watched trees?
 *
 * Where the kernel's probes tell who is born and dies, /proc adds what they do not: how things stood when we came, the
 * states and costs of now, the names of threads. Where they do not, it is the weaker tier: births, deaths, zombies and
 * orphans as far as looking now and then can see them, marked as sampled. */
#ifndef SOURCES_PROC_H
#define SOURCES_PROC_H

#include <sys/types.h>

#include "sources/source.h"

struct source *proc_source_open(void); /* NULL: no memory, or no /proc */

/* Watches this process and its descendants from the next drain on. */
void proc_source_watch(struct source *source, pid_t pid);
/* Whether somebody else tells of births and deaths exactly. */
void proc_source_kernel_tells(struct source *source, bool it_does);

#endif
