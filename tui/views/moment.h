/* moment.h: which moment is shown?
 *
 *      |<---------- history ---------->|
 *      oldest ........ shown ....... now        live: shown is now, and the model is the history's own
 *                        ^                      paused, stepped, replayed: a model of our own, as it was after
 *                     position                  `position` facts; going on applies more, going back rebuilds
 *
 * Positions count every fact since the beginning, so that they stay true when the history lets its oldest go. While the
 * clock stands the history is pinned: the moment shown, and all before it that was kept, stay. */
#ifndef VIEWS_MOMENT_H
#define VIEWS_MOMENT_H

#include "model/history.h"

struct moment {
	struct history *history;
	bool replay;
	bool standing;          /* the clock does not run: paused, stepped, or the end of a replay */
	int speed;              /* of a replay: 10 to the power of it; -1 .. 2 */
	uint64_t position;      /* unless live */
	uint64_t clock_ns;      /* the time shown */
	uint64_t told_ns;       /* what moment_advance() was told last */
	struct model shown;     /* at `made`, when so many late facts had slipped in before it */
	uint64_t made, made_slipped;
	bool is_made;
};

void moment_init(struct moment *moment, struct history *history, bool replay);
void moment_finish(struct moment *moment);

/* Time goes on, now_ns of CLOCK_MONOTONIC; brings the model up to the moment. */
void moment_advance(struct moment *moment, uint64_t now_ns);

bool moment_is_live(const struct moment *moment);
const struct model *moment_model(const struct moment *moment);
/* How many of the kept facts have happened. */
size_t moment_position(const struct moment *moment);
/* Nothing that can be stepped back to is kept. */
bool moment_is_first(const struct moment *moment);

void moment_pause(struct moment *moment);                 /* and on again; live ones return to now */
/* To the next (1), the last (-1) piece of news, or incident. False: there is none, and the clock stands where it was. */
bool moment_step(struct moment *moment, int direction);
bool moment_incident(struct moment *moment, int direction);
bool moment_speed(struct moment *moment, int step);       /* false: no replay, or it is at its fastest or slowest */
double moment_times(const struct moment *moment);         /* the speed as a factor */

#endif
