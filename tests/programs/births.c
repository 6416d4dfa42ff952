/* births.c: makes one child in each way there is, each ending in /bin/true or at once. */
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int leave(void *unused)
{
	(void)unused;
	_exit(0);
}

int main(void)
{
	char *arguments[] = { "true", NULL }, *stack = malloc(65536);
	pid_t child;

	if (fork() == 0)
		_exit(0);
	wait(NULL);
	if (vfork() == 0)
		_exit(0);
	wait(NULL);
	if (posix_spawn(&child, "/bin/true", NULL, NULL, arguments, NULL))
		return 1;
	wait(NULL);
	clone(leave, stack + 65536, CLONE_VM | SIGCHLD, NULL);
	wait(NULL);
	free(stack);
	return 0;
}
