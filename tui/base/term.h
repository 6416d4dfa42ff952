/* term.h: the one terminal that the dashboard is drawn on; nobody else knows curses.
 *
 *   term_open -> { poll, term_key until false, draw a canvas, term_draw } -> term_close
 *
 * Whatever ends the process, the terminal is as it was: fatal signals and Ctrl-Z write bytes that were saved at
 * term_open() and set the saved modes, which is all that a signal handler may do. SIGTERM, SIGINT and SIGHUP then end
 * the process as they always do; a caller with something to tidy up blocks them and takes them from a signalfd.
 * One terminal at a time, all from one thread. */
#ifndef BASE_TERM_H
#define BASE_TERM_H

#include <poll.h>

#include "base/canvas.h"
#include "base/keys.h"

struct terminal;

/* `in` and `out`: descriptors of a terminal, borrowed. theme: of theme.h; where there are no colours, or NO_COLOR is in
 * the environment, it is mono all the same. On failure -errno and a sentence in *why (static storage).
 * setlocale(LC_CTYPE, "") must have been called. */
int term_open(int in, int out, unsigned theme, struct terminal **term, const char **why);
void term_close(struct terminal *term);

bool term_is_ascii(const struct terminal *term);       /* its locale has no UTF-8: draw on an ASCII canvas */
void term_size(const struct terminal *term, int *width, int *height);
void term_theme(struct terminal *term, unsigned theme);

/* What to poll for. When anything has come, ask term_key(); POLLHUP in the first: the terminal is gone. */
enum { TERM_NR_FDS = 2 };
void term_pollfds(const struct terminal *term, struct pollfd fds[TERM_NR_FDS]);
/* The next key; false if there is none now. PRESS_RESIZE: ask term_size() and draw. Never waits, but for 25 ms behind
 * an Esc. */
bool term_key(struct terminal *term, struct key *key);

/* Shows a canvas; sends only what differs from what is there. */
void term_draw(struct terminal *term, const struct canvas *canvas);
/* The next term_draw() repaints all of it: somebody else wrote over the screen. */
void term_redraw(struct terminal *term);

#endif
