/* guard.h: who puts the terminal back, whatever ends us?
 *
 *   outside --guard_enter()--> inside --guard_leave()--> outside
 *               ^                |  fatal signal: leave, then die of it
 *               +-- SIGCONT -----+  Ctrl-Z: leave, then stop
 *
 * Signal handlers may only write(2) and tcsetattr(3); so what they need is prepared here: the bytes that take the
 * screen and give it back, and both sets of modes. There is one terminal, signals have no context: hence the one
 * place of static data in base/. */
#ifndef BASE_GUARD_H
#define BASE_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

enum { GUARD_BYTES = 512 };

struct guard_plan {
	int fd;                         /* the terminal, open until guard_finish() */
	char enter[GUARD_BYTES], leave[GUARD_BYTES];
	size_t enter_length, leave_length;
	struct termios outside, inside; /* modes */
};

/* Takes over the signals; the terminal counts as inside already. Returns 0 or -errno. */
int guard_init(const struct guard_plan *plan);
/* Leaves, and gives the signals back. */
void guard_finish(void);

/* Readable when a signal has something for the main loop. */
int guard_fd(void);
enum { GUARD_RESIZED = 1, GUARD_REDRAW = 2 };
/* What signals said since the last call. */
int guard_take(void);

#endif
