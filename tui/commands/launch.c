/* launch.c: a program, started under our eyes. */
#include "commands/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Our handlers are no business of the program's; exec would take them away, but it waits before that. What was ignored
 * before us stays so, as under nohup. */
static void drop_handlers(void)
{
	struct sigaction action;
	sigset_t none;

	sigemptyset(&none);
	for (int number = 1; number < NSIG; number++)
		if (!sigaction(number, NULL, &action) && action.sa_handler != SIG_IGN)
			signal(number, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The child's side. */
static void become(char **command, enum launch_output output, int go, int failed)
{
	char word;

	drop_handlers();
	if (output == LAUNCH_TO_STDERR)
		dup2(STDERR_FILENO, STDOUT_FILENO);
	if (read(go, &word, 1) != 1)
		_exit(EXIT_FAILURE); /* who wanted to watch is gone */
	execvp(command[0], command);
	int error = errno;
	if (write(failed, &error, sizeof(error)) != sizeof(error))
		_exit(127);
	_exit(error == ENOENT ? 127 : 126);
}

static pid_t fork_child(struct launch *launch, enum launch_output output)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };

	if (output != LAUNCH_PTY)
		return fork();
	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	pid_t pid = forkpty(&launch->pty, NULL, NULL, &size);
	if (pid > 0) {
		fcntl(launch->pty, F_SETFD, FD_CLOEXEC);
		fcntl(launch->pty, F_SETFL, O_NONBLOCK);
	}
	return pid;
}

int launch_start(struct launch *launch, char **command, enum launch_output output)
{
	int go[2], failed[2];

	*launch = (struct launch){ .pty = -1 };
	if (pipe2(go, O_CLOEXEC))
		return -errno;
	if (pipe2(failed, O_CLOEXEC)) {
		int error = errno;
		close(go[0]);
		close(go[1]);
		return -error;
	}
	launch->pid = fork_child(launch, output);
	if (!launch->pid) {
		close(go[1]);
		close(failed[0]);
		become(command, output, go[0], failed[1]);
	}
	int error = launch->pid < 0 ? -errno : 0;
	close(go[0]);
	close(failed[1]);
	launch->go = go[1];
	launch->failed = failed[0];
	if (error) {
		close(launch->go);
		close(launch->failed);
	}
	return error;
}

int launch_release(struct launch *launch)
{
	int error = 0;
	ssize_t got;
	void (*before)(int) = signal(SIGPIPE, SIG_IGN); /* somebody may have killed it already */

	if (write(launch->go, "g", 1) != 1)
		error = errno;
	signal(SIGPIPE, before);
	close(launch->go);
	do
		got = read(launch->failed, &error, sizeof(error)); /* nothing: exec closed it */
	while (got < 0 && errno == EINTR);
	close(launch->failed);
	return -error;
}

bool launch_has_ended(struct launch *launch)
{
	if (!launch->ended && waitpid(launch->pid, &launch->status, WNOHANG) == launch->pid)
		launch->ended = true;
	return launch->ended;
}

static bool ends_within(struct launch *launch, int milliseconds)
{
	for (int i = 0; i < milliseconds / 10 && !launch_has_ended(launch); i++)
		poll(NULL, 0, 10);
	return launch_has_ended(launch);
}

void launch_end(struct launch *launch)
{
	if (launch->pid > 0 && !launch_has_ended(launch)) {
		kill(launch->pid, SIGTERM);
		kill(launch->pid, SIGCONT);
		if (!ends_within(launch, 1000)) {
			kill(launch->pid, SIGKILL);
			while (!ends_within(launch, 1000))
				;
		}
	}
	if (launch->pty >= 0)
		close(launch->pty);
	launch->pty = -1;
}

int launch_exit_status(const struct launch *launch)
{
	return WIFSIGNALED(launch->status) ? 128 + WTERMSIG(launch->status) : WEXITSTATUS(launch->status);
}
