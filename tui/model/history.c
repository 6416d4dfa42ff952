/* history.c: the latest facts, and the model before them. */
#include "model/history.h"

#include <errno.h>
#include <stdlib.h>

int history_init(struct history *history, struct names *names, size_t capacity)
{
	*history = (struct history){ .names = names, .capacity = capacity };
	model_init(&history->base);
	model_init(&history->now);
	history->facts = malloc(capacity * sizeof(*history->facts));
	return history->facts ? 0 : -ENOMEM;
}

void history_finish(struct history *history)
{
	model_finish(&history->base);
	model_finish(&history->now);
	free(history->facts);
	history->facts = NULL;
}

static struct fact *place(const struct history *history, size_t i)
{
	size_t at = history->first + i;

	return &history->facts[at < history->capacity ? at : at - history->capacity];
}

/* The oldest go into base until there is room for `count` more. */
static void make_room(struct history *history, size_t count)
{
	while (history->count + count > history->capacity) {
		model_apply(&history->base, place(history, 0));
		history->first = (history->first + 1) % history->capacity;
		history->count--;
	}
}

/* Facts are kept in order of time, so that any prefix of them is a moment. Two sorted runs are merged from the back:
 *
 *   kept  a c e f . . .      new  b d g      ->  a b c d e f g        nothing moves where all that is new is later */
static void merge(struct history *history, const struct fact *facts, size_t count)
{
	size_t kept = history->count, slipped_in = 0;

	for (size_t to = kept + count; count; to--) {
		if (kept && place(history, kept - 1)->t_ns > facts[count - 1].t_ns) {
			*place(history, to - 1) = *place(history, kept - 1);
			kept--;
		} else {
			*place(history, to - 1) = facts[--count];
			slipped_in += kept < history->pin;
		}
	}
	history->pin += slipped_in;
	history->slipped_in += slipped_in;
}

/* Without memory for the copy the gap stays, and grows: nothing is kept behind it. */
static void close_gap(struct history *history)
{
	if (!history->not_kept || model_copy(&history->base, &history->now))
		return;
	history->first = history->count = 0;
	history->not_kept = 0;
}

void history_pin(struct history *history, size_t position)
{
	history->pinned = true;
	history->pin = position;
}

void history_release(struct history *history)
{
	history->pinned = false;
	history->pin = 0;
	close_gap(history);
}

static void pass_by(struct history *history, const struct fact *facts, size_t count)
{
	history->not_kept += count;
	for (size_t i = 0; i < count; i++)
		model_apply(&history->now, &facts[i]);
}

/* For how many facts there is room, or can be made. */
static size_t room(const struct history *history)
{
	if (history->not_kept)
		return 0;
	return history->pinned ? history->capacity - history->count : history->capacity;
}

void history_add_all(struct history *history, const struct fact *facts, size_t count)
{
	if (!history->pinned)
		close_gap(history);
	for (size_t batch; count; facts += batch, count -= batch) {
		batch = count < room(history) ? count : room(history);
		if (!batch) {
			pass_by(history, facts, count);
			return;
		}
		make_room(history, batch);
		merge(history, facts, batch);
		history->count += batch;
		for (size_t i = 0; i < batch; i++) {
			history->late += facts[i].t_ns < history->now.now_ns;
			model_apply(&history->now, &facts[i]);
		}
	}
}

void history_add(struct history *history, const struct fact *fact)
{
	history_add_all(history, fact, 1);
}

const struct fact *history_at(const struct history *history, size_t i)
{
	return place(history, i);
}

size_t history_after(const struct history *history, uint64_t t_ns)
{
	size_t low = 0, high = history->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (place(history, middle)->t_ns <= t_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int history_rebuild(const struct history *history, size_t position, struct model *model)
{
	if (model_copy(model, &history->base))
		return -ENOMEM;
	for (size_t i = 0; i < position && i < history->count; i++)
		model_apply(model, place(history, i));
	return 0;
}

bool fact_is_incident(const struct fact *fact)
{
	switch (fact->event) {
	case EV_WORKER_DIED:
	case EV_TASK_LOST:
	case EV_POOL_BROKEN:
	case EV_POOL_DEAD:
	case EV_PROCESS_ORPHANED:
	case EV_RECORDS_LOST:
		return true;
	case EV_PROCESS_REAPED: /* everybody is a zombie for a moment; a second is an incident */
		return fact_value(fact, F_ZOMBIE_NS, 0) >= 1000000000;
	case EV_PROCESS_EXITED:
		return fact_value(fact, F_SIGNAL, 0) > 0;
	default:
		return false;
	}
}
