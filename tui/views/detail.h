/* detail.h: all that is known of one pool, worker or process. */
#ifndef VIEWS_DETAIL_H
#define VIEWS_DETAIL_H

#include "base/canvas.h"
#include "views/scene.h"

/* From `scrolled` lines down; returns how many lines there are in all. */
int detail_draw(const struct scene *scene, const struct subject *subject, int scrolled, struct area area);
/* "worker 3 of io", "process 4242" */
void detail_title(const struct scene *scene, const struct subject *subject, char *title, size_t size);

#endif
