/* orphans.c: leaves N processes without their parent; they end when they have got another.
 *
 *   orphans N            to whoever takes orphans: a subreaper above, or init
 *   orphans N subreaper  to this program, which has asked for them, and reaps them
 *   orphans N thread     a thread forks them and ends, its process lives: no orphans
 *   orphans N threads    three threads fork N together, then their process ends with all of them */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int patience_ms = 10000;

static void *have_children(void *nr)
{
	pid_t parent = getpid();

	for (long left = (long)nr; left > 0; left--) {
		if (fork() == 0) {
			for (int ms = 0; ms < patience_ms && getppid() == parent; ms++)
				usleep(1000);
			_exit(0);
		}
	}
	return NULL;
}

static int forked[2]; /* a pipe: a byte from each thread that has its children */

static void *have_children_and_stay(void *nr)
{
	have_children(nr);
	if (write(forked[1], "", 1) == 1)
		pause();
	return NULL;
}

static int die_with_threads(long nr)
{
	pthread_t thread[3];
	long part[3] = { nr / 3, nr / 3, nr - nr / 3 * 2 };
	char byte;

	if (pipe(forked))
		_exit(1);
	for (int i = 0; i < 3; i++)
		pthread_create(&thread[i], NULL, have_children_and_stay, (void *)part[i]);
	for (int left = 3; left > 0; left--)
		if (read(forked[0], &byte, 1) != 1)
			_exit(1);
	_exit(0);
}

static int die_as_thread(long nr)
{
	pthread_t thread;

	patience_ms = 100; /* they will have the same parent all the time */
	pthread_create(&thread, NULL, have_children, (void *)nr);
	pthread_join(thread, NULL);
	while (wait(NULL) > 0)
		;
	_exit(0);
}

int main(int argc, char **argv)
{
	long nr = argc > 1 ? atol(argv[1]) : 1;
	const char *how = argc > 2 ? argv[2] : "";
	pid_t middle;

	if (!strcmp(how, "subreaper"))
		prctl(PR_SET_CHILD_SUBREAPER, 1);
	middle = fork();
	if (middle == 0) {
		if (!strcmp(how, "threads"))
			die_with_threads(nr);
		if (!strcmp(how, "thread"))
			die_as_thread(nr);
		have_children((void *)nr);
		_exit(0);
	}
	waitpid(middle, NULL, 0);
	while (wait(NULL) > 0) /* a subreaper's */
		;
	return 0;
}
