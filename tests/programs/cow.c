/* cow.c: makes N pages of its own, forks, and has them written to.
 *
 * Of the pages that parent and child share all the same (stack, C library), who writes first gets the copy. So that the
 * child's numbers are the same in each run, the parent is held back until the child is done, where it has no part.
 *
 *   cow N child    the child writes a byte to each: N copies, in the child
 *   cow N parent   the parent does, while the child lives: N copies, in the parent
 *   cow N reuse    the parent does, after the child's end: N reuses
 *   cow N read     the child has the kernel write to each, by read(2): N copies
 *   cow N huge     as child, of memory in huge pages: copied in small ones
 *   cow N zero     as child, of pages that were only read so far: filled, not copied
 *   cow N file     as child, of a private mapping of a file that nobody has touched: N copies
 *   cow N shared   as child, of shared memory that nobody has touched: nothing to copy
 *   cow N twice    as child, and each page twice: N copies
 *   cow N threads  as child, by two threads, half each: N copies */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, HUGE = 2 << 20 };

struct part {
	volatile char *from;
	size_t nr;
};

static void *touch(void *argument)
{
	struct part *part = argument;

	for (size_t i = 0; i < part->nr; i++)
		part->from[i * PAGE]++;
	return NULL;
}

static int touch_by_read(volatile char *pages, size_t nr)
{
	int zero = open("/dev/zero", O_RDONLY);

	for (size_t i = 0; i < nr; i++)
		if (read(zero, (char *)pages + i * PAGE, 1) != 1)
			return 1;
	return 0;
}

static int touch_by_threads(volatile char *pages, size_t nr)
{
	struct part part[2] = { { pages, nr / 2 }, { pages + nr / 2 * PAGE, nr - nr / 2 } };
	pthread_t thread[2];

	for (int i = 0; i < 2; i++)
		if (pthread_create(&thread[i], NULL, touch, &part[i]))
			return 1;
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	return 0;
}

static char *of_file(size_t size)
{
	char name[] = "/tmp/poolscope-cow-XXXXXX";
	int file = mkstemp(name);

	unlink(name);
	for (size_t at = 0; at < size; at += PAGE) /* in memory, as a page of the file */
		if (pwrite(file, "x", 1, at) != 1)
			exit(1);
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
}

static volatile char *make_pages(size_t size, const char *how)
{
	volatile char *pages;
	bool huge = !strcmp(how, "huge");

	if (!strcmp(how, "file"))
		return of_file(size);
	pages = mmap(NULL, size + HUGE, PROT_READ | PROT_WRITE,
	             (strcmp(how, "shared") ? MAP_PRIVATE : MAP_SHARED) | MAP_ANONYMOUS, -1, 0);
	if (huge)
		pages = (char *)(((unsigned long)pages + HUGE - 1) & ~(HUGE - 1ul));
	madvise((void *)pages, size, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	for (size_t at = 0; at < size && strcmp(how, "shared"); at += PAGE) {
		if (!strcmp(how, "zero"))
			(void)pages[at];
		else
			pages[at] = 1;
	}
	madvise((void *)pages, size, MADV_NOHUGEPAGE); /* or else khugepaged may copy in the child's stead */
	return pages;
}

static int ready[2]; /* a pipe on which the child says that it is settled */

static int child(volatile char *pages, size_t nr, const char *how)
{
	struct part all = { pages, nr };

	if (!strcmp(how, "read"))
		return touch_by_read(pages, nr);
	if (!strcmp(how, "threads"))
		return touch_by_threads(pages, nr);
	if (!strcmp(how, "parent")) /* only be there while the parent writes */
		return write(ready[1], "", 1) != 1 || pause();
	if (strcmp(how, "reuse"))
		touch(&all);
	if (!strcmp(how, "twice"))
		touch(&all);
	return 0;
}

int main(int argc, char **argv)
{
	size_t nr = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
	const char *how = argc > 2 ? argv[2] : "child";
	volatile char *pages = make_pages(nr * PAGE + 1, how);
	struct part all = { pages, nr };
	bool both = !strcmp(how, "parent");
	pid_t pid;

	if (pipe(ready))
		return 1;
	pid = syscall(SYS_clone, both ? SIGCHLD : CLONE_VFORK | SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(child(pages, nr, how));
	if (both) {
		char settled;

		if (read(ready[0], &settled, 1) != 1)
			return 1;
		touch(&all);
		kill(pid, SIGKILL);
	}
	waitpid(pid, NULL, 0);
	if (!strcmp(how, "reuse"))
		touch(&all);
	return 0;
}
