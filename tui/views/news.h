/* news.h: which of the kept facts are worth a line, and contain a text?
 *
 * Positions count every fact since the beginning (moment.h). Kept up to date as facts come; begun afresh when the text
 * changes, and when a late fact has moved others. */
#ifndef VIEWS_NEWS_H
#define VIEWS_NEWS_H

#include "views/scene.h"

struct news {
	uint64_t *positions;    /* ascending */
	size_t first, count, capacity;
	uint64_t seen, late;    /* facts looked at; the history's count of late ones then */
	char filter[64];
};

void news_finish(struct news *news);
/* Everything that the history holds. */
void news_gather(struct news *news, const struct scene *scene);
void news_filter(struct news *news, const char *text);
/* How many of them have happened at the moment shown; they are 0 .. this - 1. */
size_t news_count(const struct news *news, const struct scene *scene);
const struct fact *news_at(const struct news *news, const struct scene *scene, size_t i);
uint64_t news_position(const struct news *news, size_t i);

#endif
