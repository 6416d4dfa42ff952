/* processes.h: a table of processes, for pools of which no workers are known. */
#ifndef VIEWS_PROCESSES_H
#define VIEWS_PROCESSES_H

#include "base/table.h"
#include "views/scene.h"

extern const struct table_kind process_table;

/* Those of the chosen pool and their descendants; all where there is no pool. */
void process_table_fill(struct table *table, const struct scene *scene);
struct subject process_table_subject(const struct table *table);

#endif
