/* news.c: which of the kept facts are worth a line, and contain a text? */
#include "views/news.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/vocabulary.h"
#include "views/sentence.h"

void news_finish(struct news *news)
{
	free(news->positions);
}

static uint64_t oldest(const struct scene *scene)
{
	return scene->history->base.nr_facts;
}

static bool contains(const struct scene *scene, const struct fact *fact, const char *filter)
{
	const struct process *process = model_process(scene->model, fact->pid, fact->start);
	char line[480];

	snprintf(line, sizeof(line), "%s %u %s %s", event_entry(fact->event)->name, fact->pid,
	         process ? scene_text(scene, process->name) : "", fact_sentence(scene, fact).text);
	return strcasestr(line, filter) != NULL;
}

static bool add(struct news *news, uint64_t position)
{
	if (news->first + news->count == news->capacity) {
		size_t capacity = news->count < news->capacity / 2 ? news->capacity : news->capacity * 2 + 256;
		uint64_t *positions = news->positions;

		if (news->first)
			memmove(positions, positions + news->first, news->count * sizeof(*positions));
		news->first = 0;
		if (capacity != news->capacity)
			positions = realloc(positions, capacity * sizeof(*positions));
		if (!positions)
			return false;
		news->positions = positions;
		news->capacity = capacity;
	}
	news->positions[news->first + news->count++] = position;
	return true;
}

static void begin_afresh(struct news *news)
{
	news->first = news->count = 0;
	news->seen = 0;
}

void news_filter(struct news *news, const char *text)
{
	if (!strcmp(news->filter, text))
		return;
	snprintf(news->filter, sizeof(news->filter), "%s", text);
	begin_afresh(news);
}

void news_gather(struct news *news, const struct scene *scene)
{
	uint64_t end = oldest(scene) + scene->history->count;

	if (news->late != scene->history->late || news->seen > end)
		begin_afresh(news);
	news->late = scene->history->late;
	while (news->count && news->positions[news->first] < oldest(scene)) {
		news->first++;
		news->count--;
	}
	if (news->seen < oldest(scene))
		news->seen = oldest(scene);
	for (; news->seen < end; news->seen++) {
		const struct fact *fact = history_at(scene->history, (size_t)(news->seen - oldest(scene)));

		if (fact_is_news(fact) && (!*news->filter || contains(scene, fact, news->filter)) && !add(news, news->seen))
			return;
	}
}

size_t news_count(const struct news *news, const struct scene *scene)
{
	uint64_t end = oldest(scene) + scene->position;
	size_t low = 0, high = news->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (news->positions[news->first + middle] < end)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint64_t news_position(const struct news *news, size_t i)
{
	return news->positions[news->first + i];
}

const struct fact *news_at(const struct news *news, const struct scene *scene, size_t i)
{
	return history_at(scene->history, (size_t)(news_position(news, i) - oldest(scene)));
}
