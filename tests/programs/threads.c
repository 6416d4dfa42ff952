/* threads.c: starts N threads, which name themselves t0, t1, ... and end; the last one, if asked, execs.
 *
 *   threads N          joined one by one
 *   threads N leader   the first thread ends before the others
 *   threads N exec     a thread becomes /bin/true, and the first thread and the others end by that */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *named(void *number)
{
	char name[16];

	snprintf(name, sizeof(name), "t%ld", (long)number);
	pthread_setname_np(pthread_self(), name);
	return NULL;
}

static void *late(void *number)
{
	usleep(20000);
	return named(number);
}

static void *becomes_true(void *unused)
{
	(void)unused;
	execl("/bin/true", "true", NULL);
	return NULL;
}

int main(int argc, char **argv)
{
	long nr = argc > 1 ? atol(argv[1]) : 1;
	const char *how = argc > 2 ? argv[2] : "";

	for (long i = 0; i < nr; i++) {
		pthread_t thread;
		bool last = i == nr - 1;

		if (pthread_create(&thread, NULL, *how ? last && *how == 'e' ? becomes_true : late : named, (void *)i))
			return 1;
		if (!*how)
			pthread_join(thread, NULL);
	}
	if (*how)
		pthread_exit(NULL);
	return 0;
}
