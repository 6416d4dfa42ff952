/* launch.h: how is a program started so that it can be watched from its first instruction?
 *
 *   we:     launch_start --- watch the pid --- launch_release ---> go on
 *   child:  fork, waits on a pipe ................ exec CMD        exec failed: its errno comes back on another pipe */
#ifndef COMMANDS_LAUNCH_H
#define COMMANDS_LAUNCH_H

#include <stdbool.h>
#include <sys/types.h>

enum launch_output {
	LAUNCH_KEEP,      /* our own standard input, output and error */
	LAUNCH_TO_STDERR, /* its standard output goes to our standard error */
	LAUNCH_PTY        /* a terminal of its own, whose other end is `pty` */
};

struct launch {
	pid_t pid;
	int go, failed;   /* pipes */
	int pty;          /* -1: none */
	bool ended;
	int status;       /* of waitpid(), once ended */
};

int launch_start(struct launch *launch, char **command, enum launch_output output); /* 0 or -errno */
/* 0, or the -errno of exec. */
int launch_release(struct launch *launch);
/* Looks whether it has ended; reaps it. */
bool launch_has_ended(struct launch *launch);
/* Ends it if it runs: SIGTERM, and SIGKILL after a second; reaps it. For who asked for it to be started. */
void launch_end(struct launch *launch);
/* What a shell would say: its exit status, 128 + signal. */
int launch_exit_status(const struct launch *launch);

#endif
