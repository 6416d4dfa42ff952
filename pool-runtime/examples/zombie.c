/* zombie.c: what is a zombie, and who ends it?
 *
 * A process that has died stays in the process table until its parent asks how. That is all that a zombie is: an exit
 * status, waiting for wait(). */
#include <poolscope/pool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	unsigned pause_ms = argc > 1 ? (unsigned)atoi(argv[1]) * 500 : 4000;
	int status;

	poolscope_note("A parent and no child yet.");
	usleep(pause_ms * 500);
	pid_t child = fork();
	if (!child) {
		usleep(pause_ms * 500);
		_exit(7);
	}
	poolscope_note("The child runs. In a moment it will end with exit code 7.");
	usleep(pause_ms * 1000);
	poolscope_note("The child is dead, and still there: Z, a zombie. Its parent has not asked for the exit status.");
	usleep(pause_ms * 1500);
	if (waitpid(child, &status, 0) != child)
		return EXIT_FAILURE;
	printf("the parent asked: exit code %d\n", WEXITSTATUS(status));
	poolscope_note("The parent has called waitpid(): the zombie is reaped, its pid is free again.");
	usleep(pause_ms * 500);
	return WEXITSTATUS(status) == 7 ? EXIT_SUCCESS : EXIT_FAILURE;
}
