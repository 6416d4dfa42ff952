/* moment.c: which moment is shown? */
#include "views/moment.h"

void moment_init(struct moment *moment, struct history *history, bool replay)
{
	*moment = (struct moment){.history = history, .replay = replay};
	model_init(&moment->shown);
	if (replay && history->count)
		moment->clock_ns = history_at(history, 0)->t_ns;
}

void moment_finish(struct moment *moment)
{
	model_finish(&moment->shown);
}

bool moment_is_live(const struct moment *moment)
{
	return !moment->replay && !moment->standing;
}

/* Facts that the history has let go. */
static uint64_t oldest(const struct moment *moment)
{
	return moment->history->base.nr_facts;
}

static uint64_t newest(const struct moment *moment)
{
	return oldest(moment) + moment->history->count;
}

size_t moment_position(const struct moment *moment)
{
	if (moment_is_live(moment))
		return moment->history->count;
	return moment->position > oldest(moment) ? (size_t)(moment->position - oldest(moment)) : 0;
}

const struct model *moment_model(const struct moment *moment)
{
	return moment_is_live(moment) ? &moment->history->now : &moment->shown;
}

/* ---- the model of a moment ------------------------------------------------------------------------------------- */

/* Whether what has been made can be reached from by applying more. */
static bool can_go_on(const struct moment *moment)
{
	return moment->is_made && moment->made <= moment->position && moment->made >= oldest(moment) &&
	       moment->made_slipped == moment->history->slipped_in;
}

static bool rebuild(struct moment *moment)
{
	if (moment->position == newest(moment) && !moment->history->not_kept)
		return model_copy(&moment->shown, &moment->history->now) == 0;
	return history_rebuild(moment->history, moment_position(moment), &moment->shown) == 0;
}

/* Without memory the moment before stays on the screen. */
static void make(struct moment *moment)
{
	if (moment->history->pinned)
		moment->position = oldest(moment) + moment->history->pin;
	if (can_go_on(moment)) {
		for (; moment->made < moment->position; moment->made++)
			model_apply(&moment->shown,
			            history_at(moment->history, (size_t)(moment->made - oldest(moment))));
	} else if (rebuild(moment)) {
		moment->made = moment->position;
		moment->made_slipped = moment->history->slipped_in;
		moment->is_made = true;
	}
	model_tick(&moment->shown, moment->clock_ns);
}

/* ---- time ------------------------------------------------------------------------------------------------------ */

static void play(struct moment *moment, uint64_t passed_ns)
{
	const struct history *history = moment->history;
	uint64_t end_ns = history->count ? history_at(history, history->count - 1)->t_ns : 0;

	moment->clock_ns += (uint64_t)((double)passed_ns * moment_times(moment));
	moment->position = oldest(moment) + history_after(history, moment->clock_ns);
	if (moment->clock_ns >= end_ns) {
		moment->clock_ns = end_ns;
		moment->standing = true;
	}
}

void moment_advance(struct moment *moment, uint64_t now_ns)
{
	uint64_t passed_ns = moment->told_ns && now_ns > moment->told_ns ? now_ns - moment->told_ns : 0;

	moment->told_ns = now_ns;
	if (moment_is_live(moment)) {
		moment->clock_ns = now_ns;
		moment->is_made = false;
		model_tick(&moment->history->now, now_ns);
		return;
	}
	if (!moment->standing)
		play(moment, passed_ns);
	make(moment);
}

/* ---- what keys do ---------------------------------------------------------------------------------------------- */

static void stand(struct moment *moment, size_t position)
{
	moment->position = oldest(moment) + position;
	moment->standing = true;
	if (!moment->replay)
		history_pin(moment->history, position);
}

void moment_pause(struct moment *moment)
{
	if (!moment->standing) {
		stand(moment, moment_position(moment));
		return;
	}
	moment->standing = false;
	history_release(moment->history);
	if (moment->replay && moment->position >= newest(moment) && moment->history->count)
		moment->clock_ns = history_at(moment->history, 0)->t_ns; /* from its end a replay begins again */
}

static bool is_news(const struct fact *fact)
{
	return !(fact->flags & FACT_STATE);
}

/* Stands behind the next fact in a direction that is wanted; false where there is none. */
static bool seek(struct moment *moment, int direction, bool (*wanted)(const struct fact *fact))
{
	const struct history *history = moment->history;
	long at;

	stand(moment, moment_position(moment));
	/* `position` facts have happened: the last of them is the one we stand on, the next is number `position` */
	at = (long)moment_position(moment) + (direction < 0 ? -2 : 0);
	for (; at >= 0 && at < (long)history->count; at += direction) {
		const struct fact *fact = history_at(history, (size_t)at);

		if (!wanted(fact))
			continue;
		stand(moment, (size_t)at + 1);
		moment->clock_ns = fact->t_ns;
		return true;
	}
	return false;
}

bool moment_is_first(const struct moment *moment)
{
	size_t before = moment_position(moment);

	if (moment_is_live(moment))
		return false;
	while (before > 1)
		if (is_news(history_at(moment->history, --before - 1)))
			return false;
	return true;
}

bool moment_step(struct moment *moment, int direction)
{
	return seek(moment, direction, is_news);
}

bool moment_incident(struct moment *moment, int direction)
{
	return seek(moment, direction, fact_is_incident);
}

bool moment_speed(struct moment *moment, int step)
{
	int speed = moment->speed + step;

	if (!moment->replay || speed < -1 || speed > 2)
		return false;
	moment->speed = speed;
	return true;
}

double moment_times(const struct moment *moment)
{
	static const double times[] = {0.1, 1, 10, 100};

	return times[moment->speed + 1];
}
