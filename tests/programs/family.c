/* family.c: N children with M threads and K children each; when all of them run it writes a byte to its standard
 * output, half a second later they all end. */
#include <pthread.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int settled[2]; /* a pipe: a byte for each that runs */

static void *stay(void *unused)
{
	(void)unused;
	if (write(settled[1], "", 1) == 1)
		pause();
	return NULL;
}

static void be_child(int nr_threads, int nr_children)
{
	pthread_t thread;

	for (int i = 0; i < nr_threads; i++)
		pthread_create(&thread, NULL, stay, NULL);
	for (int i = 0; i < nr_children; i++)
		if (fork() == 0)
			stay(NULL);
	stay(NULL);
}

int main(int argc, char **argv)
{
	int nr = argc > 1 ? atoi(argv[1]) : 1, nr_threads = argc > 2 ? atoi(argv[2]) : 0;
	int nr_children = argc > 3 ? atoi(argv[3]) : 0;
	char byte;

	if (pipe(settled) || setpgid(0, 0))
		return 1;
	for (int i = 0; i < nr; i++)
		if (fork() == 0)
			be_child(nr_threads, nr_children);
	for (int left = nr * (1 + nr_threads + nr_children); left > 0; left--)
		if (read(settled[0], &byte, 1) != 1)
			return 1;
	if (write(STDOUT_FILENO, "", 1) != 1)
		return 1;
	poll(NULL, 0, 500);
	kill(0, SIGTERM);
	return 0;
}
