/* view.h: what is a view? One question, answered by one file that ends in a const struct view, and a line in views.h.
 *
 *   create -> { refresh when the moment shown has changed -> draw ; press, act, click as keys come } -> destroy
 *
 * The state belongs to the view. refresh() may allocate; draw() neither allocates nor fails, for areas of every size. */
#ifndef VIEWS_VIEW_H
#define VIEWS_VIEW_H

#include "base/canvas.h"
#include "base/keys.h"
#include "base/table.h"
#include "views/actions.h"
#include "views/scene.h"

struct view {
	const char *name;        /* in the tab */
	const char *question;    /* that it answers */
	uint32_t key;            /* that shows it */
	bool wants_cow;          /* needs copy-on-write counts while it is seen */

	void *(*create)(void);   /* NULL: no memory */
	void (*destroy)(void *state);
	void (*refresh)(void *state, const struct scene *scene);
	void (*draw)(void *state, const struct scene *scene, struct area area);
	/* False: not mine. */
	bool (*act)(void *state, const struct scene *scene, enum action action);
	/* A key before it becomes an action, for a view in which one types. NULL or false: not mine. */
	bool (*press)(void *state, const struct key *key);
	bool (*click)(void *state, const struct scene *scene, int x, int y);
	struct subject (*subject)(void *state, const struct scene *scene); /* what the cursor is on */
};

/* The actions that every table has. */
bool table_act(struct table *table, enum action action);

#endif
