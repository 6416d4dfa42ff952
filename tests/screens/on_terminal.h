/* on_terminal.h: a terminal that a test plays, with term.c on its other end.
 *
 *   the test: the pty's master, libvterm plays the terminal     child: term.c on the pty's slave
 *
 * The child is told what to do by keys, and ends by them, by a signal, or by a crash. */
#ifndef TESTS_ON_TERMINAL_H
#define TESTS_ON_TERMINAL_H

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>
#include <vterm.h>

#include "tui/base/canvas.h"
#include "tui/base/shapes.h"
#include "tui/base/term.h"

/* ---- the child: draws its size and the last key, and says so when it has drawn; q quits, a aborts, z stops ----- */

static void draw(struct terminal *terminal, struct canvas *canvas, uint32_t press, int told)
{
	int width, height;
	char name[16];
	struct area area;

	term_size(terminal, &width, &height);
	canvas_resize(canvas, width, height);
	press_name(press, name, sizeof(name));
	area = shape_box(canvas_area(canvas), STYLE_LINE, NULL);
	/* before the size: who has seen that has seen this, and this libvterm does not survive a shrinking screen with
	 * half of a wide character still to come */
	area_text(area, 0, 0, STYLE_BAD, "\xe6\xbc\xa2 \xc3\xa9 \033[2J");
	area_print(area, 0, 1, STYLE_BUSY, "%dx%d %s", width, height, press ? name : "ready");
	term_draw(terminal, canvas);
	dprintf(told, "%dx%d %s\n", width, height, press ? name : "ready");
}

static void child_main(int tty, int told)
{
	struct canvas *canvas = canvas_create(false);
	struct pollfd fds[TERM_NR_FDS];
	struct terminal *terminal;
	const char *why;
	struct key key = {0};

	setlocale(LC_CTYPE, "C.UTF-8");
	if (!canvas || term_open(tty, tty, 0, &terminal, &why))
		_exit(99);
	draw(terminal, canvas, 0, told);
	while (key.press != 'q') {
		term_pollfds(terminal, fds);
		poll(fds, TERM_NR_FDS, -1);
		while (term_key(terminal, &key) && key.press != 'q') {
			if (key.press == 'a')
				abort();
			if (key.press == 'z')
				raise(SIGTSTP);
			draw(terminal, canvas, key.press, told);
		}
	}
	term_close(terminal);
	canvas_destroy(canvas);
	_exit(7);
}

/* ---- this side: the terminal ------------------------------------------------------------------------------------- */

struct stage {
	int master, slave;
	int told[2];         /* a pipe: what the child has drawn */
	pid_t child;
	VTerm *vterm;
	VTermScreen *screen;
	struct termios modes;
	char before[4096];
	VTermPos cursor_before;
	bool cursor_visible, alternate;
	int mouse;
};

static int on_property(VTermProp property, VTermValue *value, void *context)
{
	struct stage *stage = context;

	if (property == VTERM_PROP_CURSORVISIBLE)
		stage->cursor_visible = value->boolean;
	if (property == VTERM_PROP_ALTSCREEN)
		stage->alternate = value->boolean;
	if (property == VTERM_PROP_MOUSE)
		stage->mouse = value->number;
	return 1;
}

static void on_output(const char *bytes, size_t length, void *context)
{
	struct stage *stage = context;

	assert_int_equal(write(stage->master, bytes, length), length);
}

static void read_screen(struct stage *stage, char *text, size_t size)
{
	VTermRect all = {.end_row = 24, .end_col = 80};
	int rows, columns;
	size_t length;

	vterm_get_size(stage->vterm, &rows, &columns);
	all.end_row = rows;
	all.end_col = columns;
	length = vterm_screen_get_text(stage->screen, text, size - 1, all); /* what it would take */
	text[length < size ? length : size - 1] = '\0';
}

static VTermPos cursor_of(struct stage *stage)
{
	VTermPos position;

	vterm_state_get_cursorpos(vterm_obtain_state(stage->vterm), &position);
	return position;
}

/* Feeds the terminal what the child wrote, as long as there is something. */
static void take_output(struct stage *stage, int timeout_ms)
{
	struct pollfd fd = {.fd = stage->master, .events = POLLIN};
	char bytes[4096];

	while (poll(&fd, 1, timeout_ms) > 0) {
		ssize_t length = read(stage->master, bytes, sizeof(bytes));

		if (length <= 0)
			break;
		vterm_input_write(stage->vterm, bytes, (size_t)length);
		timeout_ms = 0;
	}
}

static void wait_for_text(struct stage *stage, const char *expected)
{
	static char text[1 << 20];

	for (int tries = 0; tries < 200; tries++) {
		read_screen(stage, text, sizeof(text));
		if (strstr(text, expected))
			return;
		take_output(stage, 100);
	}
	fail_msg("'%s' was never shown; the screen is\n%s", expected, text);
}

/* A screen too small to say what it shows: its frame is whole when the child says so. */
static void wait_until_drawn(struct stage *stage, const char *expected)
{
	char told[4096] = "";
	size_t length = 0;

	for (int tries = 0; tries < 200 && !strstr(told, expected); tries++) {
		ssize_t more;

		take_output(stage, 100);
		more = read(stage->told[0], told + length, sizeof(told) - 1 - length);
		if (more > 0)
			length += (size_t)more;
		told[length] = '\0';
	}
	assert_non_null(strstr(told, expected));
	take_output(stage, 0);
}

static void open_terminal(struct stage *stage)
{
	static VTermScreenCallbacks callbacks = {.settermprop = on_property};
	struct winsize size = {.ws_row = 24, .ws_col = 80};

	*stage = (struct stage){.cursor_visible = true};
	assert_int_equal(openpty(&stage->master, &stage->slave, NULL, NULL, &size), 0);
	assert_int_equal(pipe2(stage->told, O_NONBLOCK), 0);
	stage->vterm = vterm_new(24, 80);
	vterm_set_utf8(stage->vterm, 1);
	vterm_output_set_callback(stage->vterm, on_output, stage);
	stage->screen = vterm_obtain_screen(stage->vterm);
	vterm_screen_enable_altscreen(stage->screen, 1);
	vterm_screen_set_callbacks(stage->screen, &callbacks, stage);
	vterm_screen_reset(stage->screen, 1);
}

/* A shell's words stand on the screen before we come. */
static void begin(struct stage *stage, const char *name)
{
	open_terminal(stage);
	vterm_input_write(stage->vterm, "$ make\r\n$ poolscope ", 20);
	read_screen(stage, stage->before, sizeof(stage->before));
	stage->cursor_before = cursor_of(stage);
	memset(&stage->modes, 0, sizeof(stage->modes));
	tcgetattr(stage->slave, &stage->modes);
	setenv("TERM", name, 1);
	unsetenv("NO_COLOR");
	stage->child = fork();
	assert_true(stage->child >= 0);
	if (stage->child == 0) {
		struct rlimit none = {0};

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setrlimit(RLIMIT_CORE, &none);
		setsid();
		ioctl(stage->slave, TIOCSCTTY, 0);
		child_main(stage->slave, stage->told[1]);
	}
	wait_for_text(stage, "80x24 ready");
}

static void press(struct stage *stage, const char *keys)
{
	assert_int_equal(write(stage->master, keys, strlen(keys)), strlen(keys));
}

static int wait_for_child(struct stage *stage, int options)
{
	int status;

	while (waitpid(stage->child, &status, options) < 0)
		assert_int_equal(errno, EINTR);
	return status;
}

static void assert_as_before(struct stage *stage)
{
	struct termios modes;
	char after[4096];

	memset(&modes, 0, sizeof(modes)); /* the gaps in it, too: it is compared as bytes */
	take_output(stage, 0);
	read_screen(stage, after, sizeof(after));
	assert_string_equal(after, stage->before);
	assert_int_equal(cursor_of(stage).row, stage->cursor_before.row);
	assert_int_equal(cursor_of(stage).col, stage->cursor_before.col);
	assert_true(stage->cursor_visible);
	assert_false(stage->alternate);
	assert_int_equal(stage->mouse, VTERM_PROP_MOUSE_NONE);
	tcgetattr(stage->slave, &modes);
	assert_memory_equal(&modes, &stage->modes, sizeof(modes));
}

static void end(struct stage *stage)
{
	vterm_free(stage->vterm);
	close(stage->master);
	close(stage->slave);
	close(stage->told[0]);
	close(stage->told[1]);
}

#endif
