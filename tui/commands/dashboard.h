/* dashboard.h: the dashboard as a command: a terminal, a session or a recording, and the loop between them. */
#ifndef COMMANDS_DASHBOARD_H
#define COMMANDS_DASHBOARD_H

#include "commands/watch.h"
#include "sources/recording.h"

/* On watch's PID, on its program (which then runs on a terminal of its own, and is ended with us), or on everything.
 * question: of a lesson, or NULL. Returns the exit status; a program's own if it
 * had ended before the dashboard was left. */
int dashboard_run(struct watch *watch, const char *question);

/* On a history that holds a whole recording. */
int dashboard_replay(struct history *history, const struct recording_header *header);

#endif
