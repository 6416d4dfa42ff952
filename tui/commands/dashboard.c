/* dashboard.c: a terminal, a session or a recording, and the loop between them.
 *
 *   open the terminal -> first frame -> load the probes -> { wait; facts in; keys in; draw }
 *
 * The probes come after the first frame: loading them takes longer than people like to look at nothing. */
#include "commands/dashboard.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/term.h"
#include "base/theme.h"
#include "commands/commands.h"
#include "commands/cost.h"
#include "commands/output.h"
#include "pool-runtime/reader.h"
#include "views/dashboard.h"

enum { HISTORY = 1 << 16, TICK_MS = 100, HASTY_TICK_MS = 10, REPLAY_TICK_MS = 50 };

struct screen {
	const struct command *command;
	struct terminal *term;
	struct canvas *canvas;
	struct dashboard *dashboard;
	struct dashboard_status status;
	struct cost cost;
	struct output output;
	unsigned theme;
	int signals;              /* signalfd */
	int ended_by;             /* signal, 0 none */
	bool quit;
};

static int64_t wall_offset_ns(void)
{
	struct timespec wall, monotonic;

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_MONOTONIC, &monotonic);
	return (wall.tv_sec - monotonic.tv_sec) * 1000000000 + wall.tv_nsec - monotonic.tv_nsec;
}

/* ---- the screen ---- */

/* Signals that end us come as bytes: there may be a program to be ended and a recording to be closed. */
static int take_signals(void)
{
	sigset_t ending;

	sigemptyset(&ending);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGHUP);
	sigprocmask(SIG_BLOCK, &ending, NULL);
	return signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int screen_open(struct screen *screen, struct history *history, enum dashboard_mode mode)
{
	const char *why;

	screen->theme = theme_by_name(getenv("POOLSCOPE_THEME"));
	int error = term_open(STDIN_FILENO, STDOUT_FILENO, screen->theme, &screen->term, &why);
	if (error)
		return command_fails(screen->command, "no dashboard here: %s", why);
	screen->signals = take_signals();
	screen->canvas = canvas_create(term_is_ascii(screen->term));
	screen->dashboard = dashboard_create(history, history->names, mode);
	screen->status.memory_bytes = UNKNOWN;
	screen->status.cpu_percent = UNKNOWN;
	screen->status.wall_offset_ns = wall_offset_ns();
	if (screen->canvas && screen->dashboard)
		return EXIT_FINE;
	return command_fails(screen->command, "not enough memory");
}

static void screen_close(struct screen *screen)
{
	term_close(screen->term);
	dashboard_destroy(screen->dashboard);
	canvas_destroy(screen->canvas);
	if (screen->signals > 0)
		close(screen->signals);
}

static void screen_draw(struct screen *screen)
{
	int width, height;

	term_size(screen->term, &width, &height);
	if ((width != canvas_width(screen->canvas) || height != canvas_height(screen->canvas)) &&
	    canvas_resize(screen->canvas, width, height))
		return;
	cost_measure(&screen->cost, clock_now_ns());
	screen->status.now_ns = clock_now_ns();
	screen->status.cpu_percent = screen->cost.percent;
	screen->status.memory_bytes = screen->cost.memory;
	canvas_clear(screen->canvas);
	dashboard_draw(screen->dashboard, &screen->status, screen->canvas);
	term_draw(screen->term, screen->canvas);
}

static void screen_keys(struct screen *screen)
{
	struct signalfd_siginfo info;
	struct key key;

	while (term_key(screen->term, &key)) {
		switch (dashboard_key(screen->dashboard, &key)) {
		case DASHBOARD_QUIT:
			screen->quit = true;
			break;
		case DASHBOARD_COLOURS:
			screen->theme = (screen->theme + 1) % NR_THEMES;
			term_theme(screen->term, screen->theme);
			break;
		case DASHBOARD_REPAINT:
			term_redraw(screen->term);
			break;
		case DASHBOARD_GO_ON:
			break;
		}
	}
	if (read(screen->signals, &info, sizeof(info)) == sizeof(info)) {
		screen->ended_by = (int)info.ssi_signo;
		screen->quit = true;
	}
}

/* Terminal, signals, and the program's terminal if there is one. Returns how many. */
static unsigned screen_fds(const struct screen *screen, struct pollfd *fds)
{
	unsigned count = TERM_NR_FDS;

	term_pollfds(screen->term, fds);
	fds[count++] = (struct pollfd){ .fd = screen->signals, .events = POLLIN };
	if (screen->output.pty >= 0)
		fds[count++] = (struct pollfd){ .fd = screen->output.pty, .events = POLLIN };
	return count;
}

/* ---- live ---- */

static uint64_t all_lost(const struct model *model)
{
	const struct lost *lost;
	uint64_t count = 0;

	for store_each(lost, &model->lost)
		count += lost->count;
	return count;
}

static void live_step(struct screen *screen, struct watch *watch)
{
	struct session *session = &watch->session;
	const char *reason = session_kernel_reason(session);

	output_read(&screen->output);
	watch_reap(watch);
	session_need_cow(session, watch->program || dashboard_wants_cow(screen->dashboard));
	session_tick(session);
	watch_flush(watch);
	screen->status.lost = all_lost(&session->history.now);
	screen->status.output = watch->program ? screen->output.text : NULL;
	snprintf(screen->status.probes, sizeof(screen->status.probes), *reason ? "kernel probes off: %s" : "%s", reason);
}

static void live_loop(struct screen *screen, struct watch *watch)
{
	uint64_t drawn_ns = 0, lost = 0;

	while (!screen->quit) {
		int tick_ms = screen->status.lost > lost ? HASTY_TICK_MS : TICK_MS; /* somebody writes faster than we read */
		struct pollfd fds[TERM_NR_FDS + 2];
		unsigned count = screen_fds(screen, fds);
		lost = screen->status.lost;
		bool key = session_wait(&watch->session, fds, count, tick_ms) > 0 && (fds[0].revents || fds[1].revents);
		if (fds[0].revents & POLLHUP)
			break;
		screen_keys(screen);
		live_step(screen, watch);
		if (key || clock_now_ns() - drawn_ns >= TICK_MS * 1000000u) {
			screen_draw(screen);
			drawn_ns = clock_now_ns();
		}
	}
}

static int run_live(struct screen *screen, struct watch *watch)
{
	int status = watch_prepare(watch, LAUNCH_PTY, HISTORY);

	if (status)
		return status;
	output_follow(&screen->output, watch->launch.pty);
	status = screen_open(screen, &watch->session.history, DASHBOARD_LIVE);
	if (!status) {
		live_step(screen, watch);
		screen_draw(screen);
		session_load_kernel(&watch->session, watch->program != NULL);
		live_step(screen, watch);
		status = watch_release(watch);
	}
	if (!status)
		live_loop(screen, watch);
	screen_close(screen);
	return status;
}

/* A program that was ended because the dashboard was left did not die: nobody wants to look at what remains of it. */
static void discard_remains(pid_t pid)
{
	enum { PLACES_MAX = 64 };
	static struct reader_place places[PLACES_MAX];
	size_t count = reader_find(places, PLACES_MAX);

	for (size_t i = 0; i < count && i < PLACES_MAX; i++)
		if (places[i].pid == pid && !places[i].alive)
			reader_discard(&places[i]);
}

int dashboard_run(struct watch *watch, const char *question)
{
	struct screen screen = { .command = watch->command, .output.pty = -1, .status.lesson = question };
	int status = run_live(&screen, watch);

	bool ended_by_itself = watch->launch.ended;
	if (watch->program)
		launch_end(&watch->launch);
	if (watch->program && !ended_by_itself)
		discard_remains(watch->launch.pid);
	if (ended_by_itself && !status)
		status = launch_exit_status(&watch->launch);
	output_forget(&screen.output);
	int own = watch_close(watch);
	if (screen.ended_by)
		return 128 + screen.ended_by;
	return own ? own : status;
}

/* ---- replay ---- */

int dashboard_replay(struct history *history, const struct recording_header *header)
{
	struct screen screen = { .command = &command_replay, .output.pty = -1 };
	int status = screen_open(&screen, history, DASHBOARD_REPLAY);

	screen.status.wall_offset_ns = header->wall_offset_ns;
	screen.status.lost = all_lost(&history->now);
	while (!status && !screen.quit) {
		struct pollfd fds[TERM_NR_FDS + 2];
		unsigned count = screen_fds(&screen, fds);
		screen_draw(&screen);
		poll(fds, count, REPLAY_TICK_MS);
		if (fds[0].revents & POLLHUP)
			break;
		screen_keys(&screen);
	}
	screen_close(&screen);
	return status ? status : screen.ended_by ? 128 + screen.ended_by : EXIT_FINE;
}

/* ---- the command ---- */

static const struct option options[] = { { "help", no_argument, NULL, 'h' }, { 0 } };

static int run(int argc, char **argv)
{
	char **program = split_program(&argc, argv);
	struct watch watch;
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h') {
			command_help(&command_dashboard, stdout);
			return EXIT_FINE;
		}
		return EXIT_USAGE;
	}
	int status = watch_parse(&watch, &command_dashboard, argc, argv, optind, program);
	if (status)
		return status;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return command_fails(&command_dashboard, "the dashboard needs a terminal; for scripts there are list, snapshot, "
		                                         "events and check");
	return dashboard_run(&watch, NULL);
}

const struct command command_dashboard = {
	.name = "dashboard",
	.synopsis = "[PID | -- CMD...]",
	.summary = "The dashboard: of every pool that is found, or of the one that PID belongs to.",
	.help = "`poolscope` alone is the same. Press ? in it for every key.\n"
	        "POOLSCOPE_THEME=default, colour-blind, contrast or mono chooses the colours; NO_COLOR is obeyed.\n",
	.run = run,
};
