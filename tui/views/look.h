/* look.h: how is a state shown? Style, letter and word of each, so that no view says it differently. */
#ifndef VIEWS_LOOK_H
#define VIEWS_LOOK_H

#include "base/canvas.h"
#include "views/scene.h"

enum style worker_style(unsigned state);
enum style thread_style(unsigned state);
enum style pool_style(unsigned state);

/* "B busy" in the state's style, into a cell of one row. */
void draw_worker_state(struct area cell, unsigned state);
void draw_thread_state(struct area cell, unsigned state);

/* "exit 3", "SIGKILL", "SIGSEGV, core"; "" where it lives or nobody knows. */
struct phrase { char text[64]; };
struct phrase end_phrase(int64_t exit_code, int64_t signal, int64_t core);

/* A pool's name, or its key where it has none; printable or not: it goes to a canvas. */
const char *pool_label(const struct scene *scene, uint32_t pool);

#endif
