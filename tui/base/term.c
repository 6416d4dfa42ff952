/* term.c: the one terminal; the only file that includes curses. */
#define NCURSES_WIDECHAR 1
#include "base/term.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

#include <curses.h>

#include "base/guard.h"
#include "base/theme.h"
#include "base/width.h"

enum { ESCAPE_MS = 25 };

struct terminal {
	SCREEN *screen;
	FILE *in, *out;
	int in_fd;
	const struct theme *theme;
	bool colours, ascii;
	struct canvas *shown;       /* what the terminal shows, cell by cell */
	bool stale;                 /* it shows something else */
};

/* ---- the bytes that take the screen and give it back ------------------------------------------------------------- */

static struct { char *bytes; size_t length; } collected; /* tputs() hands its bytes to a function without context */

static int collect(int byte)
{
	if (collected.length < GUARD_BYTES)
		collected.bytes[collected.length++] = (char)byte;
	return byte;
}

static void collect_capability(const char *name)
{
	char *text = tigetstr((char *)name);

	if (text && text != (char *)-1)
		tputs(text, 1, collect);
}

static void collect_mouse(bool on)
{
	char *mode = tigetstr((char *)"XM"), *keys = tigetstr((char *)"kmous");

	if (mode && mode != (char *)-1)
		tputs(tparm(mode, (long)on, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L), 1, collect);
	else if (keys && keys != (char *)-1)
		for (const char *at = on ? "\033[?1000h" : "\033[?1000l"; *at; at++)
			collect(*at);
}

static void plan_enter(struct guard_plan *plan)
{
	collected.bytes = plan->enter;
	collected.length = 0;
	collect_capability("smcup");
	collect_capability("smkx");
	collect_capability("civis");
	collect_mouse(true);
	plan->enter_length = collected.length;
}

static void plan_leave(struct guard_plan *plan)
{
	collected.bytes = plan->leave;
	collected.length = 0;
	collect_mouse(false);
	collect_capability("sgr0");
	collect_capability("op");
	collect_capability("rmkx");
	collect_capability("cnorm");
	collect_capability("rmcup");
	plan->leave_length = collected.length;
}

/* ---- colours ----------------------------------------------------------------------------------------------------- */

static short pair_of(unsigned style)
{
	return (short)(1 + (style & STYLE_MASK) * 2 + (style & STYLE_SELECTED ? 1 : 0));
}

static void define_pair(const struct terminal *term, unsigned style)
{
	const struct paint *paint = style & STYLE_SELECTED ? &term->theme->selected : &term->theme->paint[style];

	if (COLORS >= 256)
		init_pair(pair_of(style), paint->ink, paint->paper);
	else
		init_pair(pair_of(style), paint->ink8, paint->paper8);
}

void term_theme(struct terminal *term, unsigned theme)
{
	const char *no_color = getenv("NO_COLOR");

	term->colours = has_colors() && !(no_color && *no_color) && theme < NR_THEMES && themes[theme].colours;
	term->theme = &themes[term->colours ? theme : THEME_MONO];
	for (unsigned style = 0; term->colours && style < NR_STYLES; style++) {
		define_pair(term, style);
		define_pair(term, style | STYLE_SELECTED);
	}
	term->stale = true;
}

static attr_t attributes_of(const struct terminal *term, unsigned style)
{
	unsigned paint = term->theme->paint[style & STYLE_MASK].attributes;

	if (style & STYLE_SELECTED)
		paint = (paint & ~(unsigned)PAINT_DIM) | term->theme->selected.attributes;
	return (paint & PAINT_BOLD ? A_BOLD : 0) | (paint & PAINT_DIM ? A_DIM : 0) |
	       (paint & PAINT_UNDERLINE ? A_UNDERLINE : 0) | (paint & PAINT_REVERSE ? A_REVERSE : 0);
}

/* ---- open and close ---------------------------------------------------------------------------------------------- */

static FILE *stream_of(int fd, const char *mode)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	FILE *stream = copy < 0 ? NULL : fdopen(copy, mode);

	if (!stream && copy >= 0)
		close(copy);
	return stream;
}

/* Makes curses' screen; what is half done is undone by term_close(). */
static int open_screen(struct terminal *term, int in, int out, const char **why)
{
	term->in_fd = in;
	term->in = stream_of(in, "r");
	term->out = stream_of(out, "w");
	term->shown = canvas_create(false);
	*why = "no memory or no descriptors left";
	if (!term->in || !term->out || !term->shown)
		return -ENOMEM;
	*why = "TERM names no terminal that is known here";
	term->screen = newterm(NULL, term->out, term->in);
	if (!term->screen)
		return -ENOTTY;
	*why = "TERM names a terminal that cannot place its cursor";
	return tigetstr((char *)"cup") ? 0 : -ENOTTY;
}

static void set_up_screen(struct terminal *term)
{
	set_escdelay(ESCAPE_MS);
	cbreak();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	leaveok(stdscr, TRUE);
	typeahead(-1);
	curs_set(0);
	mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	mouseinterval(0);
	if (has_colors()) {
		start_color();
		use_default_colors();
	}
	term->ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

static void discard(struct terminal *term)
{
	if (term->screen)
		delscreen(term->screen);
	if (term->in)
		fclose(term->in);
	if (term->out)
		fclose(term->out);
	canvas_destroy(term->shown);
	free(term);
}

static int guard_terminal(struct terminal *term, int out, const struct termios *outside)
{
	struct guard_plan plan = {.fd = fileno(term->out), .outside = *outside};

	plan_enter(&plan);
	plan_leave(&plan);
	if (tcgetattr(out, &plan.inside) < 0)
		return -errno;
	return guard_init(&plan);
}

int term_open(int in, int out, unsigned theme, struct terminal **result, const char **why)
{
	struct termios outside;
	struct terminal *term;
	int error;

	*why = "not a terminal";
	if (tcgetattr(out, &outside) < 0 || !isatty(in))
		return -ENOTTY;
	*why = "no memory";
	term = calloc(1, sizeof(*term));
	if (!term)
		return -ENOMEM;
	error = open_screen(term, in, out, why);
	if (!error) {
		set_up_screen(term);
		*why = "cannot watch over the terminal";
		error = guard_terminal(term, out, &outside);
	}
	if (error) {
		if (term->screen)
			endwin();
		discard(term);
		return error;
	}
	term_theme(term, theme);
	*result = term;
	return 0;
}

/* Not endwin(): leaving is the same few bytes whatever ends us, so that the rarest way out is tested by the most
 * common one. */
void term_close(struct terminal *term)
{
	if (!term)
		return;
	guard_finish();
	discard(term);
}

bool term_is_ascii(const struct terminal *term)
{
	return term->ascii;
}

void term_size(const struct terminal *term, int *width, int *height)
{
	(void)term;
	*width = COLS;
	*height = LINES;
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

void term_pollfds(const struct terminal *term, struct pollfd fds[TERM_NR_FDS])
{
	fds[0] = (struct pollfd){.fd = term->in_fd, .events = POLLIN};
	fds[1] = (struct pollfd){.fd = guard_fd(), .events = POLLIN};
}

static bool take_resize(struct terminal *term, struct key *key)
{
	int news = guard_take();
	struct winsize size;

	if (news & GUARD_REDRAW)
		term->stale = true;
	if (!(news & GUARD_RESIZED) || ioctl(fileno(term->out), TIOCGWINSZ, &size) < 0)
		return false;
	if (size.ws_row > 0 && size.ws_col > 0 && (size.ws_row != LINES || size.ws_col != COLS))
		resize_term(size.ws_row, size.ws_col);
	term->stale = true;
	key->press = PRESS_RESIZE;
	return true;
}

static uint32_t press_of_mouse(struct key *key)
{
	MEVENT event;

	if (getmouse(&event) != OK)
		return PRESS_NONE;
	key->x = event.x;
	key->y = event.y;
	if (event.bstate & BUTTON4_PRESSED)
		return PRESS_WHEEL_UP;
	if (event.bstate & BUTTON5_PRESSED)
		return PRESS_WHEEL_DOWN;
	return event.bstate & BUTTON1_PRESSED ? PRESS_CLICK : PRESS_NONE;
}

static uint32_t press_of_function_key(wint_t code)
{
	static const struct { wint_t code; uint32_t press; } table[] = {
		{KEY_UP, PRESS_UP}, {KEY_DOWN, PRESS_DOWN}, {KEY_LEFT, PRESS_LEFT}, {KEY_RIGHT, PRESS_RIGHT},
		{KEY_PPAGE, PRESS_PAGE_UP}, {KEY_NPAGE, PRESS_PAGE_DOWN}, {KEY_HOME, PRESS_HOME},
		{KEY_END, PRESS_END}, {KEY_ENTER, PRESS_ENTER}, {KEY_BTAB, PRESS_BACK_TAB},
		{KEY_BACKSPACE, PRESS_BACKSPACE}, {KEY_F(1), PRESS_F1}, {KEY_F(10), PRESS_F10},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (table[i].code == code)
			return table[i].press;
	return PRESS_NONE;
}

static uint32_t press_of_character(wint_t character)
{
	switch (character) {
	case '\r': case '\n': return PRESS_ENTER;
	case '\033':          return PRESS_ESCAPE;
	case '\t':            return PRESS_TAB;
	case '\b': case 0x7f: return PRESS_BACKSPACE;
	case 'L' - '@':       return PRESS_REDRAW;
	default:              return character_width(character) > 0 ? character : PRESS_NONE;
	}
}

bool term_key(struct terminal *term, struct key *key)
{
	*key = (struct key){0};
	if (take_resize(term, key))
		return true;
	for (;;) {
		wint_t got;
		int kind = get_wch(&got);

		if (kind == ERR)
			return false;
		if (kind != KEY_CODE_YES)
			key->press = press_of_character(got);
		else if (got == KEY_MOUSE)
			key->press = press_of_mouse(key);
		else
			key->press = press_of_function_key(got);
		if (key->press != PRESS_NONE)
			return true;
	}
}

/* ---- drawing ----------------------------------------------------------------------------------------------------- */

/* A character that the C library counts differently would move the rest of its row. */
static void draw_cell(const struct terminal *term, int x, int y, const struct cell *cell)
{
	wchar_t text[3] = {(wchar_t)cell->character, (wchar_t)cell->mark};
	cchar_t complex;

	if (cell->character >= 0x80 && wcwidth(text[0]) != character_width(cell->character)) {
		text[0] = '?';
		text[1] = 0;
	}
	setcchar(&complex, text, attributes_of(term, cell->style), term->colours ? pair_of(cell->style) : 0, NULL);
	mvadd_wch(y, x, &complex);
}

/* Nothing is known of the screen: begin with an empty one. */
static bool start_afresh(struct terminal *term)
{
	if (canvas_resize(term->shown, COLS, LINES) < 0)
		return false;
	area_restyle(canvas_area(term->shown), STYLE_MASK); /* no style: every cell differs */
	erase();
	clearok(curscr, TRUE);
	term->stale = false;
	return true;
}

static bool same_cell(const struct cell *a, const struct cell *b)
{
	return a->character == b->character && a->mark == b->mark && a->style == b->style;
}

void term_draw(struct terminal *term, const struct canvas *canvas)
{
	int width = canvas_width(canvas) < COLS ? canvas_width(canvas) : COLS;
	int height = canvas_height(canvas) < LINES ? canvas_height(canvas) : LINES;

	if (term->stale && !start_afresh(term))
		return;
	for (int y = 0; y < height; y++) {
		for (int x = 0; x < width; x++) {
			const struct cell *cell = canvas_cell(canvas, x, y);

			if (cell->character && !same_cell(cell, canvas_cell(term->shown, x, y)))
				draw_cell(term, x, y, cell);
		}
	}
	canvas_copy(term->shown, canvas);
	refresh();
}

void term_redraw(struct terminal *term)
{
	term->stale = true;
}
