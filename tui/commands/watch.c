/* watch.c: a PID, a CMD or everything, until the end. */
#include "commands/watch.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

enum { HISTORY = 1 << 14, TICK_MS = 20 };
/* The kernel tells who was reaped some ten milliseconds late; a stream that is printed cannot be mended afterwards. */
#define HOLD_NS 60000000u

static volatile sig_atomic_t signals_seen, last_signal;

static void on_signal(int number)
{
	signals_seen++;
	last_signal = number;
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigemptyset(&action.sa_mask);
	signals_seen = 0;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

struct watch watch_of(const struct command *command, char **program)
{
	return (struct watch){ .command = command, .program = program, .launch = { .pty = -1 } };
}

int watch_parse(struct watch *watch, const struct command *command, int argc, char **argv, int at, char **program)
{
	*watch = watch_of(command, program);
	if (program && !program[0])
		return command_fails(command, "a program to run is needed behind --");
	if (program && at < argc)
		return command_fails(command, "a process to look at, or a program to run, but not both");
	if (at < argc) {
		if (parse_pid(argv[at], &watch->pid))
			return command_fails(command, "'%s' is no process id", argv[at]);
		at++;
	}
	if (at < argc)
		return command_fails(command, "too many arguments: '%s'", argv[at]);
	return EXIT_FINE;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int say_recording_error(struct watch *watch, int error)
{
	if (!error || watch->recording_error)
		return error ? EXIT_OWN_ERROR : EXIT_FINE;
	watch->recording_error = error;
	command_fails(watch->command, "cannot write %s: %s", watch->record_to,
	              error == -EEXIST ? "it is there and is no recording" : strerror(-error));
	return EXIT_OWN_ERROR;
}

static void take(void *context, const struct fact *fact)
{
	struct watch *watch = context;

	if (watch->recording)
		recording_add(watch->recording, watch->session.names, fact);
	if (watch->tap)
		watch->tap(watch->tap_context, fact);
}

static int start(struct watch *watch, enum launch_output output)
{
	int error = launch_start(&watch->launch, watch->program, output);

	if (error) {
		command_fails(watch->command, "cannot start '%s': %s", watch->program[0], strerror(-error));
		return EXIT_OWN_ERROR;
	}
	watch->pid = watch->launch.pid;
	return EXIT_FINE;
}

int watch_release(struct watch *watch)
{
	if (!watch->program)
		return EXIT_FINE;
	int error = launch_release(&watch->launch);

	if (!error)
		return EXIT_FINE;
	command_fails(watch->command, "cannot run '%s': %s", watch->program[0], strerror(-error));
	while (!launch_has_ended(&watch->launch))
		;
	watch_close(watch);
	return launch_exit_status(&watch->launch);
}

int watch_prepare(struct watch *watch, enum launch_output output, size_t history)
{
	struct session_plan plan = { .history = history, .tap = take, .tap_context = watch };
	int status;

	if (watch->record_to && (status = say_recording_error(watch, recording_create(watch->record_to, &watch->recording))))
		return status;
	if (watch->program && (status = start(watch, output)))
		return status;
	plan.target = watch->pid;
	plan.owned = watch->program != NULL;
	plan.name = watch->program ? base_name(watch->program[0]) : NULL;
	int error = session_open(&watch->session, &plan);
	if (error == -ESRCH)
		return command_fails(watch->command, "there is no process %d", watch->pid);
	if (error)
		return command_fails(watch->command, "%s", strerror(-error));
	watch->opened = true;
	return EXIT_FINE;
}

int watch_begin(struct watch *watch, enum launch_output output, fact_take *tap, void *context)
{
	watch->tap = tap;
	watch->tap_context = context;
	int status = watch_prepare(watch, output, HISTORY);
	if (status)
		return status;
	catch_signals();
	session_load_kernel(&watch->session, true);
	session_tick(&watch->session); /* the watch stands before the first instruction */
	const char *reason = session_kernel_reason(&watch->session);
	if (*reason)
		fprintf(stderr, "poolscope %s: kernel probes are off (%s): births and deaths are sampled from /proc\n",
		        watch->command->name, reason);
	watch->session.stream.hold_ns = HOLD_NS;
	return EXIT_FINE;
}

int watch_open(struct watch *watch, enum launch_output output, fact_take *tap, void *context)
{
	int status = watch_begin(watch, output, tap, context);

	return status ? status : watch_release(watch);
}

void watch_flush(struct watch *watch)
{
	if (watch->recording)
		say_recording_error(watch, recording_flush(watch->recording));
}

static void on_interrupt(struct watch *watch)
{
	if (!signals_seen || watch->interrupted)
		return;
	if (!watch->program || watch->passed_on || watch->launch.ended) {
		watch->interrupted = true;
		return;
	}
	if (last_signal != SIGINT) /* the terminal has sent that one to both */
		kill(watch->launch.pid, last_signal);
	watch->passed_on = true;
	signals_seen = 0;
}

void watch_reap(struct watch *watch)
{
	if (watch->program && launch_has_ended(&watch->launch))
		session_root_ended(&watch->session);
}

bool watch_goes_on(struct watch *watch)
{
	session_wait(&watch->session, NULL, 0, TICK_MS);
	watch_reap(watch);
	session_tick(&watch->session);
	watch_flush(watch);
	on_interrupt(watch);
	if (!watch->interrupted && !session_is_over(&watch->session))
		return true;
	watch->session.stream.hold_ns = 0;
	session_tick(&watch->session);
	return false;
}

int watch_close(struct watch *watch)
{
	if (watch->opened)
		session_close(&watch->session);
	watch->opened = false;
	int error = recording_close(watch->recording);
	watch->recording = NULL;
	return say_recording_error(watch, watch->recording_error ? watch->recording_error : error);
}
