/* dashboard.h: what is on the screen, and what does each key change? Pure: facts and time come in, a canvas comes out.
 *
 *   caller: add facts to the history -> dashboard_draw(status) -> show the canvas -> dashboard_key() for each key
 *
 * Live, paused, stepped and replayed are the same code: only the moment differs (moment.h). */
#ifndef VIEWS_DASHBOARD_H
#define VIEWS_DASHBOARD_H

#include "base/canvas.h"
#include "base/keys.h"
#include "model/history.h"

struct dashboard;

enum dashboard_mode {
	DASHBOARD_LIVE,   /* the history grows; what is shown is now, until somebody pauses */
	DASHBOARD_REPLAY, /* the history holds all there is; it is played from its beginning */
};

/* Both are borrowed. NULL: no memory. */
struct dashboard *dashboard_create(struct history *history, const struct names *names, enum dashboard_mode mode);
void dashboard_destroy(struct dashboard *dashboard);

/* What the caller knows and the model does not. */
struct dashboard_status {
	uint64_t now_ns;         /* CLOCK_MONOTONIC of this machine, in a replay too */
	int64_t wall_offset_ns;  /* wall clock minus CLOCK_MONOTONIC: of this machine, or of the recording */
	double cpu_percent;      /* our own cost; negative: not known */
	int64_t memory_bytes;    /* UNKNOWN: not known */
	uint64_t lost;           /* records, by every source */
	char probes[160];        /* "kernel probes off: needs CAP_BPF and CAP_PERFMON"; "" if there is nothing to say */
	const char *lesson;      /* a lesson's question, until its first note; NULL: none */
	const char *output;      /* the last lines of the program that we run, as it wrote them; NULL: there is none */
};

void dashboard_draw(struct dashboard *dashboard, const struct dashboard_status *status, struct canvas *canvas);

enum dashboard_answer {
	DASHBOARD_GO_ON,
	DASHBOARD_QUIT,
	DASHBOARD_COLOURS, /* asks for the next theme */
	DASHBOARD_REPAINT, /* asks for term_redraw() */
};
enum dashboard_answer dashboard_key(struct dashboard *dashboard, const struct key *key);

/* Begins with a view; false if there is none of that name. */
bool dashboard_show(struct dashboard *dashboard, const char *view);
/* The chosen pool, as pools.key.id; 0 forgets the choice. */
void dashboard_choose_pool(struct dashboard *dashboard, uint32_t pool);
/* Something on the screen needs copy-on-write counts: page faults are worth probing now. */
bool dashboard_wants_cow(const struct dashboard *dashboard);

#endif
