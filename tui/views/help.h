/* help.h: what does this view answer, what does each key do, what does each state mean? */
#ifndef VIEWS_HELP_H
#define VIEWS_HELP_H

#include "base/canvas.h"
#include "views/view.h"

/* From `scrolled` lines down; returns how many lines there are in all. `probes`: what is off, "" if nothing. */
int help_draw(const struct view *view, const char *probes, int scrolled, struct area area);

#endif
