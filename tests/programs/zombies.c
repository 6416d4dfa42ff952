/* zombies.c: leaves N children unreaped for MS milliseconds, then reaps them all. */
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int nr = argc > 1 ? atoi(argv[1]) : 1, ms = argc > 2 ? atoi(argv[2]) : 100;

	for (int i = 0; i < nr; i++)
		if (fork() == 0)
			_exit(0);
	poll(NULL, 0, ms);
	while (wait(NULL) > 0)
		nr--;
	return nr != 0;
}
