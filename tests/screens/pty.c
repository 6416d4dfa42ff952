/* pty.c: on a real terminal, is what was drawn what is seen, and is the terminal as it was, whatever ends us?
 *
 * What the terminal shows, its cursor and its modes before and after have to be the same. */
#include "tests/screens/on_terminal.h"

/* curses keeps a little memory where newterm() fails, and offers no way to give it back. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:new_prescr";
}

/* ---- the tests --------------------------------------------------------------------------------------------------- */

static void what_is_drawn_is_seen(void **state)
{
	struct stage stage;

	(void)state;
	begin(&stage, "xterm-256color");
	assert_true(stage.alternate);
	assert_false(stage.cursor_visible);
	wait_for_text(&stage, "\xe6\xbc\xa2 \xc3\xa9 \xef\xbf\xbd[2J"); /* safe, and in place */
	press(&stage, "q");
	assert_int_equal(WEXITSTATUS(wait_for_child(&stage, 0)), 7);
	assert_as_before(&stage);
	end(&stage);
}

static void keys_arrive(void **state)
{
	static const struct { const char *bytes, *name; } keys[] = {
		{"x", " x "}, {"\xc3\xa9", " \xc3\xa9 "}, {"\033OA", " Up "}, {"\033[6~", " PgDn "}, {"\033OH", " Home "},
		{"\r", " Enter "}, {"\t", " Tab "}, {"\033[Z", " Shift-Tab "}, {"\033", " Esc "}, {"\033OP", " F1 "},
		{"\f", " Ctrl-L "}, {"\x7f", " Backspace "},
		{"\033[<0;3;4M", " click "}, {"\033[<64;3;4M", " wheel up "}, {"\033[<65;3;4M", " wheel down "},
	};
	struct stage stage;

	(void)state;
	begin(&stage, "xterm-256color");
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		press(&stage, keys[i].bytes);
		wait_for_text(&stage, keys[i].name);
	}
	press(&stage, "q");
	wait_for_child(&stage, 0);
	assert_as_before(&stage);
	end(&stage);
}

static void every_size_is_survived(void **state)
{
	static const struct { int width, height; } sizes[] = {
		{1, 1}, {80, 24}, {2, 2}, {200, 50}, {1, 24}, {80, 1}, {500, 200}, {3, 3}, {80, 24},
	};
	struct stage stage;

	(void)state;
	begin(&stage, "xterm-256color");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct winsize size = {.ws_row = (unsigned short)sizes[i].height, .ws_col = (unsigned short)sizes[i].width};
		char expected[32];

		vterm_set_size(stage.vterm, sizes[i].height, sizes[i].width);
		assert_int_equal(ioctl(stage.master, TIOCSWINSZ, &size), 0);
		snprintf(expected, sizeof(expected), "%dx%d resize\n", sizes[i].width, sizes[i].height);
		wait_until_drawn(&stage, expected);
		if (sizes[i].width >= 80 && sizes[i].height >= 24)
			wait_for_text(&stage, strtok(expected, "\n"));
	}
	press(&stage, "q");
	assert_int_equal(WEXITSTATUS(wait_for_child(&stage, 0)), 7);
	end(&stage);
}

static void signals_leave_the_terminal_as_it_was(void **state)
{
	static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV};

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		struct stage stage;
		int status;

		begin(&stage, "xterm-256color");
		kill(stage.child, signals[i]);
		status = wait_for_child(&stage, 0);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), signals[i]);
		assert_as_before(&stage);
		end(&stage);
	}
}

static void a_crash_leaves_the_terminal_as_it_was(void **state)
{
	struct stage stage;
	int status;

	(void)state;
	begin(&stage, "xterm-256color");
	press(&stage, "a");
	status = wait_for_child(&stage, 0);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	assert_as_before(&stage);
	end(&stage);
}

/* The child leads a session of its own: an orphaned process group, which the kernel does not stop by SIGTSTP. So what is
 * seen here is leaving and coming back; stopping itself is the kernel's. */
static void ctrl_z_leaves_and_comes_back(void **state)
{
	struct stage stage;

	(void)state;
	begin(&stage, "xterm-256color");
	press(&stage, "z");
	wait_for_text(&stage, "80x24 resize");
	assert_true(stage.alternate);
	press(&stage, "q");
	assert_int_equal(WEXITSTATUS(wait_for_child(&stage, 0)), 7);
	assert_as_before(&stage);
	end(&stage);
}

static void a_stop_and_fg_repaint(void **state)
{
	struct stage stage;

	(void)state;
	begin(&stage, "xterm-256color");
	kill(stage.child, SIGSTOP);
	assert_true(WIFSTOPPED(wait_for_child(&stage, WUNTRACED)));
	vterm_input_write(stage.vterm, "\033[2Jscribble", 12);
	tcsetattr(stage.slave, TCSANOW, &stage.modes);
	kill(stage.child, SIGCONT);
	wait_for_text(&stage, "80x24 resize");
	press(&stage, "x");
	wait_for_text(&stage, "80x24 x ");
	press(&stage, "q");
	assert_int_equal(WEXITSTATUS(wait_for_child(&stage, 0)), 7);
	assert_as_before(&stage);
	end(&stage);
}

static void poor_terminals_do(void **state)
{
	static const char *const names[] = {"xterm", "linux", "vt100", "screen", "tmux-256color"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct stage stage;

		begin(&stage, names[i]);
		press(&stage, "q");
		assert_int_equal(WEXITSTATUS(wait_for_child(&stage, 0)), 7);
		end(&stage);
	}
}

static void what_is_no_terminal_is_refused(void **state)
{
	struct terminal *terminal = NULL;
	const char *why = NULL;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct stage stage;

	(void)state;
	assert_int_equal(term_open(null, null, 0, &terminal, &why), -ENOTTY);
	assert_string_equal(why, "not a terminal");
	close(null);
	open_terminal(&stage);
	setenv("TERM", "no-such-terminal", 1);
	assert_int_equal(term_open(stage.slave, stage.slave, 0, &terminal, &why), -ENOTTY);
	assert_string_equal(why, "TERM names no terminal that is known here");
	setenv("TERM", "dumb", 1);
	assert_int_equal(term_open(stage.slave, stage.slave, 0, &terminal, &why), -ENOTTY);
	assert_null(terminal);
	end(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_drawn_is_seen),
		cmocka_unit_test(keys_arrive),
		cmocka_unit_test(every_size_is_survived),
		cmocka_unit_test(signals_leave_the_terminal_as_it_was),
		cmocka_unit_test(a_crash_leaves_the_terminal_as_it_was),
		cmocka_unit_test(ctrl_z_leaves_and_comes_back),
		cmocka_unit_test(a_stop_and_fg_repaint),
		cmocka_unit_test(poor_terminals_do),
		cmocka_unit_test(what_is_no_terminal_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
