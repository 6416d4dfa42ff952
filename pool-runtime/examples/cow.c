/* cow.c: what does fork copy, and when?
 *
 *     after fork        parent --> [ page ] <-- child        one page, shared, read-only for both
 *     child writes      parent --> [ page ]    [ copy ] <-- child        the write fault makes the copy
 *     parent writes     parent --> [ page ]              nobody else has it any more: made writable, no copy
 *
 * The address is the same in both, all the time: it is the mapping behind it that differs. */
#include <poolscope/pool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGES = 64 };

static unsigned pause_ms;

static void write_to_each_page(char *pages, long page_size, char value)
{
	for (int i = 0; i < PAGES; i++) {
		pages[i * page_size] = value;
		usleep(pause_ms * 1000 / PAGES);
	}
}

static void child(char *pages, long page_size, int told)
{
	usleep(pause_ms * 1000);
	write_to_each_page(pages, page_size, 'c');
	printf("child:  at %p stands '%c'\n", (void *)pages, pages[0]);
	fflush(stdout);
	if (write(told, "w", 1) != 1)
		_exit(1);
	usleep(pause_ms * 3000); /* lives on while the parent writes */
	_exit(0);
}

int main(int argc, char **argv)
{
	long page_size = sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, PAGES * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int child_wrote[2];
	char word;

	pause_ms = argc > 1 ? (unsigned)atoi(argv[1]) * 200 : 4000;
	if (pages == MAP_FAILED || madvise(pages, PAGES * page_size, MADV_NOHUGEPAGE) || pipe(child_wrote))
		return EXIT_FAILURE;
	memset(pages, 'p', PAGES * page_size);
	poolscope_note("64 pages, written by the parent. Now it forks: nothing is copied, all is shared.");
	pid_t pid = fork();
	if (!pid)
		child(pages, page_size, child_wrote[1]);
	usleep(pause_ms * 1000);
	poolscope_note("The child writes to each page: at every first write the kernel copies that page for it.");
	if (read(child_wrote[0], &word, 1) != 1)
		return EXIT_FAILURE;
	printf("parent: at %p stands '%c'\n", (void *)pages, pages[0]);
	poolscope_note("Now the parent writes. The child has its own pages: nobody shares these, so no copy is needed.");
	write_to_each_page(pages, page_size, 'P');
	poolscope_note("The same address in both, different values: each has its own page behind it.");
	return waitpid(pid, NULL, 0) == pid && pages[0] == 'P' ? EXIT_SUCCESS : EXIT_FAILURE;
}
