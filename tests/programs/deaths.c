/* deaths.c: has one child that ends in the way that is asked for.
 *
 *   deaths exit CODE      calls _exit(CODE)
 *   deaths signal NUMBER  is killed by it
 *   deaths ignored        its parent ignores SIGCHLD: nobody has to reap it
 *   deaths nocldwait      its parent said SA_NOCLDWAIT: the same
 *   deaths silent         its parent asked for no signal: a zombie all the same
 *   deaths exec           becomes /bin/false */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void end(const char *how, int number)
{
	struct rlimit core = { 0, 0 };

	if (!strcmp(how, "signal")) {
		setrlimit(RLIMIT_CORE, &core);
		raise(number);
	}
	if (!strcmp(how, "exec"))
		execl("/bin/false", "false", NULL);
	_exit(number);
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "exit";
	int number = argc > 2 ? atoi(argv[2]) : 0;
	struct sigaction careless = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT };

	if (!strcmp(how, "ignored"))
		signal(SIGCHLD, SIG_IGN);
	if (!strcmp(how, "nocldwait"))
		sigaction(SIGCHLD, &careless, NULL);
	if (syscall(SYS_clone, strcmp(how, "silent") ? SIGCHLD : 0, 0, 0, 0, 0) == 0)
		end(how, number);
	waitpid(-1, NULL, __WALL);
	return 0;
}
