/* scene.h: all that a view may look at. No clock, no file, no terminal: time comes in, a picture comes out. */
#ifndef VIEWS_SCENE_H
#define VIEWS_SCENE_H

#include "findings/finding.h"
#include "model/history.h"
#include "views/rates.h"

struct summaries;

struct scene {
	const struct model *model;       /* the moment that is shown: now, or another */
	const struct names *names;
	const struct history *history;
	size_t position;                 /* kept facts that have happened at that moment: history_at(0 .. position - 1) */
	const struct findings *findings; /* of that moment, at most a quarter of a second older */
	struct rates *rates;
	const struct summaries *summaries; /* every pool in a few numbers */
	uint64_t now_ns;                 /* CLOCK_MONOTONIC of the moment */
	int64_t wall_offset_ns;          /* to add to it for the time of day */
	uint32_t pool;                   /* key of the chosen pool; 0: there is none */
};

static inline const char *scene_text(const struct scene *scene, uint32_t name)
{
	return names_text(scene->names, name);
}

static inline int64_t scene_since(const struct scene *scene, uint64_t t_ns)
{
	return t_ns == 0 ? UNKNOWN : scene->now_ns > t_ns ? (int64_t)(scene->now_ns - t_ns) : 0;
}

/* Something of the model that the detail pane can tell all about. */
struct subject {
	enum { SUBJECT_NONE, SUBJECT_POOL, SUBJECT_WORKER, SUBJECT_PROCESS } kind;
	uint32_t pool, slot;
	struct process_key process;
};

#endif
