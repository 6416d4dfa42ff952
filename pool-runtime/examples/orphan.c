/* orphan.c: what becomes of a child whose parent dies?
 *
 *     grandparent --- parent --- child          the parent dies:
 *     grandparent                child --- init (or the nearest subreaper), never the grandparent */
#include <poolscope/pool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned pause_ms;

static void child_lives_on(void)
{
	pid_t parent = getppid();

	while (getppid() == parent)
		usleep(1000);
	printf("the child's parent was %d and is %d now\n", parent, getppid());
	fflush(stdout);
	usleep(pause_ms * 1000);
	_exit(0);
}

static void parent_dies(void)
{
	pid_t child = fork();

	if (!child)
		child_lives_on();
	usleep(pause_ms * 1000);
	_exit(child < 0);
}

int main(int argc, char **argv)
{
	pause_ms = argc > 1 ? (unsigned)atoi(argv[1]) * 400 : 4000;
	poolscope_note("A grandparent, a parent and its child.");
	pid_t parent = fork();
	if (!parent)
		parent_dies();
	usleep(pause_ms * 500);
	poolscope_note("In a moment the parent ends, while its child still runs.");
	if (waitpid(parent, NULL, 0) != parent)
		return EXIT_FAILURE;
	poolscope_note("The parent is gone. Its child is an orphan: adopted by init or a subreaper, not by its grandparent.");
	usleep(pause_ms * 1300);
	poolscope_note("The orphan has ended too, and who adopted it has reaped it.");
	usleep(pause_ms * 300);
	return EXIT_SUCCESS;
}
