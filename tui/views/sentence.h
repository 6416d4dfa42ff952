/* sentence.h: a fact, said in words (sentences.h). */
#ifndef VIEWS_SENTENCE_H
#define VIEWS_SENTENCE_H

#include "base/style.h"
#include "views/scene.h"

struct sentence { char text[320]; };

/* Names in it are as they came: it goes to a canvas. */
struct sentence fact_sentence(const struct scene *scene, const struct fact *fact);
enum style fact_style(const struct fact *fact);
/* Worth a line in a list of news: it happened now, and is not merely how things stand. */
bool fact_is_news(const struct fact *fact);
/* Worth one of the few lines of a ticker. */
bool fact_is_headline(const struct fact *fact);

#endif
