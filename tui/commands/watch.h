/* watch.h: how does a command look at a PID, at a CMD that it starts, or at everything, until the end?
 *
 *   watch_parse -> watch_open -> while (watch_goes_on) ... -> watch_close
 *
 * A CMD is watched from its first instruction and until its whole tree is gone. The first SIGINT or SIGTERM is passed on
 * to it (a terminal does that by itself for SIGINT); without a CMD, or for the second time, it ends the watching. */
#ifndef COMMANDS_WATCH_H
#define COMMANDS_WATCH_H

#include "commands/command.h"
#include "commands/launch.h"
#include "commands/session.h"
#include "sources/recording.h"

struct watch {
	const struct command *command;
	struct session session;
	struct launch launch;
	char **program;          /* CMD, or NULL */
	pid_t pid;               /* 0: none was named */
	const char *record_to;   /* set before watch_open(): keep everything in this file too */
	struct recording_writer *recording;
	int recording_error;     /* said once */
	fact_take *tap;
	void *tap_context;
	bool opened, interrupted, passed_on;
};

/* On a program; NULL: on nothing yet. */
struct watch watch_of(const struct command *command, char **program);
/* Takes `PID` or nothing from argv[at], or a program of split_program(). EXIT_FINE, or EXIT_USAGE after saying why. */
int watch_parse(struct watch *watch, const struct command *command, int argc, char **argv, int at, char **program);

/* Opens the session on it, starts CMD if there is one. EXIT_FINE, or an exit status after saying why. */
int watch_open(struct watch *watch, enum launch_output output, fact_take *tap, void *context);
/* The same with CMD held back until watch_release(), which says like watch_open() what became of it. */
int watch_begin(struct watch *watch, enum launch_output output, fact_take *tap, void *context);

/* The same in steps, for the dashboard, which wants its first frame before the probes are loaded: everything but the
 * probes, with CMD held back; then CMD let go. And what was recorded so far brought to its file. */
int watch_prepare(struct watch *watch, enum launch_output output, size_t history);
int watch_release(struct watch *watch);
void watch_flush(struct watch *watch);
/* Reaps CMD if it has ended. */
void watch_reap(struct watch *watch);

/* Waits for news and takes them in; false when it is over or interrupted, with everything taken in. */
bool watch_goes_on(struct watch *watch);
/* Closes everything, a recording too. EXIT_FINE, or EXIT_OWN_ERROR after saying that the recording is not whole. */
int watch_close(struct watch *watch);

#endif
