/* frame.h: what stands around every view: header, tabs, narration, findings, footer. One row each, narration up to 3. */
#ifndef VIEWS_FRAME_H
#define VIEWS_FRAME_H

#include "base/canvas.h"
#include "views/dashboard.h"
#include "views/moment.h"
#include "views/view.h"

void frame_header(const struct moment *moment, const struct scene *scene, const struct dashboard_status *status,
                  struct area row);
void frame_tabs(const struct view *const *views, int nr_views, int current, const struct scene *scene, struct area row);
/* The view whose tab is at column x; -1: none. */
int frame_tab_at(const struct view *const *views, int nr_views, int x);
/* How many rows the narration takes; 0: there is none. */
int frame_note_rows(const char *note, int width);
void frame_note(const char *note, struct area area);
void frame_findings(const struct scene *scene, struct area row);
/* What the keys do; or `said`, where it is not NULL. */
void frame_footer(const char *said, struct area row);
/* The last lines that a program wrote, under a rule; how many rows they need, at most `most`. */
int frame_output_rows(const char *output, int most);
void frame_output(const char *output, struct area area);

#endif
