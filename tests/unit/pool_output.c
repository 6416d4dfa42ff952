/* pool_output.c: is what a task prints printed once, in time, and never with what the parent had not yet printed? */
#include "tests/unit/pool_test.h"

/* A leak check in a forked worker that calls exit() takes the memory of the parent's threads for lost. */
__attribute__((visibility("default"))) const char *__lsan_default_options(void);
const char *__lsan_default_options(void)
{
	return "leak_check_at_exit=0";
}

static int print(const void *argument, size_t size, struct pool_output *output)
{
	(void)output;
	printf("%.*s.", (int)size, (const char *)argument);
	return 0;
}

static int print_and_leave(const void *argument, size_t size, struct pool_output *output)
{
	print(argument, size, output);
	exit(3);
}

/* A parent whose stdout is a pipe, so that stdio keeps what is printed. */
static void __attribute__((noreturn)) be_a_parent(int out)
{
	struct pool *pool;

	dup2(out, STDOUT_FILENO);
	setvbuf(stdout, NULL, _IOFBF, 4096);
	printf("parent,");
	pool = open_pool(2);
	pool_apply(pool, print, "one", 3, NULL);
	pool_apply(pool, print, "two", 3, NULL);
	pool_apply(pool, print_and_leave, "three", 5, NULL);
	pool_apply(pool, print, "four", 4, NULL);
	fflush(stdout);
	pool_destroy(pool);
	_exit(0);
}

static void everything_is_printed_once_and_in_order(void **state)
{
	char said[256] = "";
	int ends[2], status;
	size_t used = 0;
	ssize_t nr;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0)
		be_a_parent(ends[1]);
	close(ends[1]);
	while (used < sizeof(said) - 1 && (nr = read(ends[0], said + used, sizeof(said) - 1 - used)) > 0)
		used += (size_t)nr;
	close(ends[0]);
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	assert_string_equal(said, "one.two.three.four.parent,");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		pool_test(everything_is_printed_once_and_in_order),
	};

	return run_pool_tests(tests);
}
