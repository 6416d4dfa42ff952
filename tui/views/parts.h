/* parts.h: pictures that more than one view shows: a pool's head, its helper threads, its queues, the latest news. */
#ifndef VIEWS_PARTS_H
#define VIEWS_PARTS_H

#include "base/canvas.h"
#include "views/scene.h"
#include "views/summary.h"

/* The pool in a sentence and in numbers, with a letter for each worker: 2 rows. */
enum { PART_HEAD_ROWS = 2 };
void part_pool_head(const struct scene *scene, uint32_t pool, struct area area);

/* Helper threads to the left, queue meters to the right, each under its rule. How many rows they need, none if the
 * pool has neither. */
int part_inside_rows(const struct scene *scene, uint32_t pool);
void part_inside(const struct scene *scene, uint32_t pool, struct area area);

/* The latest news under a rule, the newest at the bottom. pool: only of that pool and its processes; 0: of all. */
void part_ticker(const struct scene *scene, uint32_t pool, struct area area);

/* What to do where there is nothing to see yet. */
void part_empty(struct area area, const char *what);

#endif
