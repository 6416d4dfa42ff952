/* dashboard_internal.h: what the dashboard's two files share: what it shows (dashboard.c), what keys do (dashboard_keys.c). */
#ifndef VIEWS_DASHBOARD_INTERNAL_H
#define VIEWS_DASHBOARD_INTERNAL_H

#include "views/dashboard.h"
#include "views/moment.h"
#include "views/summary.h"
#include "views/views.h"

extern const struct view *const dashboard_views[NR_VIEWS];

/* What the rows of the view were made from. */
struct basis {
	const struct model *model;
	uint64_t nr_facts, nr_gone, seconds;
	size_t position;
	int view;
	uint32_t pool;
	bool forgotten;          /* nothing was made yet, or it has to be made again */
};

struct dashboard {
	struct moment moment;
	struct scene scene;
	struct dashboard_status status;
	struct rates rates;
	struct summaries summaries;
	struct findings findings;
	uint64_t findings_ns;    /* when they were collected; 0: never */
	struct basis basis;
	void *states[NR_VIEWS];
	int view;
	bool touched;            /* somebody has pressed a key or asked for a view */
	uint32_t pool;
	const char *said;        /* what a key that did nothing has to say; NULL: nothing */
	uint64_t said_ns;
	bool helps, details, outputs;
	int help_scrolled, help_lines, detail_scrolled, detail_lines;
	int page;                /* rows of help or detail, when drawn last */
	int tabs_row;            /* where the tabs were drawn last; -1: nowhere */
};

/* Brings the scene, and the view's rows, up to the moment that is shown. */
void dashboard_set_scene(struct dashboard *dashboard);
/* What the cursor is on. */
struct subject dashboard_subject(struct dashboard *dashboard);

#endif
