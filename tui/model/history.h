/* history.h: how does time stand still and run backwards?
 *
 *     base                          shown            now
 *      |  f  f  f  f  f  f  f  f  f  |  f  f  f  f    |        base + every fact kept = now
 *
 * The history keeps the latest facts, and the model as it was before the oldest of them. When room is needed the oldest
 * are applied to base and let go. Any moment between is base, copied, plus the facts up to it.
 *
 *     base                          shown     | gap |  now    pinned: somebody looks at what is kept, and it stays
 *      |  f  f  f  f  f  f  f  f  f  |  f  f  | . . |
 *
 * Pinned and full, it keeps nothing more: what comes is applied to now alone, and counted. Released, it begins afresh
 * behind that gap, with base = now. */
#ifndef MODEL_HISTORY_H
#define MODEL_HISTORY_H

#include <stddef.h>

#include "model/model.h"

struct history {
	struct model base, now;
	struct names *names;         /* borrowed */
	struct fact *facts;          /* a ring of `capacity` */
	size_t capacity, first, count;
	uint64_t late;               /* facts that came after a later one had been applied */
	bool pinned;
	size_t pin;                  /* the moment looked at: after so many of the kept facts */
	uint64_t slipped_in;         /* late facts that found their places before the pin, which moved on with them */
	uint64_t not_kept;           /* facts in the gap; while it is not 0, base + every fact kept is before now */
};

int history_init(struct history *history, struct names *names, size_t capacity); /* 0 or -ENOMEM */
void history_finish(struct history *history);
void history_add(struct history *history, const struct fact *fact);
/* What a tick brought, in order of time. Those that are older than what is kept are put in their places all at once: a pool
 * that is found tells of thousands of slots that have stood for hours. */
void history_add_all(struct history *history, const struct fact *facts, size_t count);
/* Nothing that is kept is let go until it is released. Again: the pin moves. */
void history_pin(struct history *history, size_t position);
void history_release(struct history *history);
/* i = 0 is the oldest that is kept; i < count. */
const struct fact *history_at(const struct history *history, size_t i);
/* The first kept fact with a time later than t_ns; count if there is none. */
size_t history_after(const struct history *history, uint64_t t_ns);
/* `model` becomes how things stood after the first `position` kept facts. 0 or -ENOMEM. */
int history_rebuild(const struct history *history, size_t position, struct model *model);

/* Deaths by signals, broken or dead pools, zombies that stayed, orphans, loss: what people jump to. */
bool fact_is_incident(const struct fact *fact);

#endif
