/* look.c: how is a state shown? */
#include "views/look.h"

#include <stdio.h>
#include <string.h>

#include "model/vocabulary.h"

enum style worker_style(unsigned state)
{
	static const enum style styles[NR_WORKER_STATES] = {
		[WORKER_NEW] = STYLE_DIM,           [WORKER_STARTING] = STYLE_PASSING,
		[WORKER_INITIALIZING] = STYLE_PASSING, [WORKER_IDLE] = STYLE_WAITING,
		[WORKER_BUSY] = STYLE_BUSY,         [WORKER_EXITING] = STYLE_PASSING,
		[WORKER_DIED] = STYLE_BAD,
	};

	return state < NR_WORKER_STATES ? styles[state] : STYLE_NORMAL;
}

enum style thread_style(unsigned state)
{
	static const enum style styles[NR_THREAD_STATES] = {
		[THREAD_NEW] = STYLE_PASSING,     [THREAD_READY] = STYLE_PASSING,   [THREAD_RUNNING] = STYLE_BUSY,
		[THREAD_WAITING] = STYLE_WAITING, [THREAD_STOPPED] = STYLE_WARNING, [THREAD_ZOMBIE] = STYLE_BAD,
		[THREAD_GONE] = STYLE_DEAD,
	};

	return state < NR_THREAD_STATES ? styles[state] : STYLE_NORMAL;
}

enum style pool_style(unsigned state)
{
	static const enum style styles[NR_POOL_STATES] = {
		[POOL_OPEN] = STYLE_GOOD,   [POOL_CLOSING] = STYLE_PASSING, [POOL_TERMINATING] = STYLE_PASSING,
		[POOL_JOINED] = STYLE_DEAD, [POOL_BROKEN] = STYLE_BAD,      [POOL_DEAD] = STYLE_BAD,
	};

	return state < NR_POOL_STATES ? styles[state] : STYLE_NORMAL;
}

static void draw_state(struct area cell, enum style style, struct word_list words, unsigned state)
{
	char text[32];

	snprintf(text, sizeof(text), "%c %s", letter_of(words, state), word_of(words, state));
	area_field(cell, 0, 0, cell.width, ALIGN_LEFT, style, text);
}

void draw_worker_state(struct area cell, unsigned state)
{
	draw_state(cell, worker_style(state), worker_words, state);
}

void draw_thread_state(struct area cell, unsigned state)
{
	draw_state(cell, thread_style(state), thread_words, state);
}

struct phrase end_phrase(int64_t exit_code, int64_t signal, int64_t core)
{
	struct phrase phrase = {""};
	const char *name = signal > 0 ? sigabbrev_np((int)signal) : NULL;
	const char *tail = core > 0 ? ", core" : "";

	if (name)
		snprintf(phrase.text, sizeof(phrase.text), "SIG%s%s", name, tail);
	else if (signal > 0)
		snprintf(phrase.text, sizeof(phrase.text), "signal %d%s", (int)signal, tail);
	else if (exit_code >= 0)
		snprintf(phrase.text, sizeof(phrase.text), "exit %d", (int)exit_code);
	return phrase;
}

const char *pool_label(const struct scene *scene, uint32_t pool)
{
	const struct pool *found = model_pool(scene->model, pool);
	const char *name = found ? scene_text(scene, found->name) : "";

	return *name ? name : scene_text(scene, pool);
}
