/* sizes.c: does every view survive every size, every key and hostile facts, and leave nothing unsafe on the screen? */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/screens/facts.h"
#include "tui/base/canvas.h"
#include "tui/base/width.h"
#include "tui/views/dashboard.h"

#define FOLDER "tests/screens/"

struct stage {
	struct names *names;
	struct history history;
	struct canvas *canvas;
	struct dashboard *dashboard;
	struct dashboard_status status;
};

static void set_up(struct stage *stage, const char *facts, enum dashboard_mode mode, bool ascii)
{
	*stage = (struct stage){.status = {
		.cpu_percent = 100, .memory_bytes = 1 << 30, .lost = 3, .probes = "kernel probes off: \033[2Jnot allowed",
		.lesson = "what \033[31mis a zombie?", .output = "one\r\n\033[1mtwo\033[0m\nthree \xff\nfour",
	}};
	stage->names = names_create();
	assert_non_null(stage->names);
	assert_int_equal(history_init(&stage->history, stage->names, 64), 0); /* small: it lets facts go */
	if (facts)
		facts_of(FOLDER, facts, stage->names, &stage->history);
	stage->status.now_ns = stage->history.now.now_ns + 1;
	stage->canvas = canvas_create(ascii);
	stage->dashboard = dashboard_create(&stage->history, stage->names, mode);
	assert_non_null(stage->canvas);
	assert_non_null(stage->dashboard);
}

static void tear_down(struct stage *stage)
{
	dashboard_destroy(stage->dashboard);
	canvas_destroy(stage->canvas);
	history_finish(&stage->history);
	names_destroy(stage->names);
}

static void assert_safe(const struct canvas *canvas, bool ascii)
{
	for (int y = 0; y < canvas_height(canvas); y++)
		for (int x = 0; x < canvas_width(canvas); x++) {
			const struct cell *cell = canvas_cell(canvas, x, y);
			bool covered = cell->character == 0 && x > 0 &&
			               character_width(canvas_cell(canvas, x - 1, y)->character) == 2;

			assert_true(covered || character_width(cell->character) > 0);
			assert_true(!ascii || (cell->character < 0x7f && !cell->mark));
		}
}

static void press(struct stage *stage, uint32_t press, int x, int y)
{
	struct key key = {.press = press, .x = x, .y = y};

	dashboard_key(stage->dashboard, &key);
}

static void draw(struct stage *stage, int width, int height, bool ascii)
{
	assert_int_equal(canvas_resize(stage->canvas, width, height), 0);
	dashboard_draw(stage->dashboard, &stage->status, stage->canvas);
	assert_safe(stage->canvas, ascii);
}

static const char *const all_facts[] = {"pool.facts", "family.facts", "hostile.facts", "rings.facts", NULL};

static void every_view_survives_every_size(void **state)
{
	static const struct { int width, height; } sizes[] = {{40, 10}, {80, 24}, {120, 40}, {200, 50}, {500, 200}};

	(void)state;
	for (size_t i = 0; i < sizeof(all_facts) / sizeof(*all_facts); i++) {
		struct stage stage;

		set_up(&stage, all_facts[i], DASHBOARD_LIVE, i % 2);
		for (const char *keys = "1234!?\r\r"; *keys; keys++) {
			press(&stage, *keys == '\r' ? (uint32_t)PRESS_ENTER : (uint32_t)*keys, 0, 0);
			for (int width = 0; width < 14; width++)
				for (int height = 0; height < 14; height++)
					draw(&stage, width, height, i % 2);
			for (size_t j = 0; j < sizeof(sizes) / sizeof(*sizes); j++)
				draw(&stage, sizes[j].width, sizes[j].height, i % 2);
		}
		tear_down(&stage);
	}
}

static void add_facts_again(struct stage *stage, unsigned which)
{
	if (stage->history.now.now_ns < UINT64_MAX / 2 && all_facts[which % 5])
		facts_of(FOLDER, all_facts[which % 5], stage->names, &stage->history);
}

/* Thousands of keys in an order that nobody would think of, while facts come (late ones too) and the history forgets. */
static void every_key_at_every_time(void **state)
{
	static const uint32_t keys[] = {
		'1', '2', '3', '4', '!', '?', 'q', ' ', '[', ']', '{', '}', '+', '-', 's', 'S', 'r', 'p', 'P', 't', '/', 'f',
		'o', 'g', 'G', 'x', 0xe9, PRESS_UP, PRESS_DOWN, PRESS_LEFT, PRESS_RIGHT, PRESS_PAGE_UP, PRESS_PAGE_DOWN,
		PRESS_HOME, PRESS_END, PRESS_ENTER, PRESS_ESCAPE, PRESS_TAB, PRESS_BACKSPACE, PRESS_CLICK, PRESS_WHEEL_UP,
		PRESS_WHEEL_DOWN, PRESS_RESIZE, PRESS_REDRAW,
	};
	uint32_t random = 1;

	(void)state;
	for (int mode = DASHBOARD_LIVE; mode <= DASHBOARD_REPLAY; mode++) {
		struct stage stage;

		set_up(&stage, "pool.facts", (enum dashboard_mode)mode, false);
		for (int i = 0; i < 6000; i++) {
			random = random * 1664525 + 1013904223;
			press(&stage, keys[(random >> 16) % (sizeof(keys) / sizeof(*keys))], (int)(random >> 8) % 80,
			      (int)(random >> 20) % 24);
			if (random % 7 == 0 && mode == DASHBOARD_LIVE)
				add_facts_again(&stage, random >> 12);
			if (random % 11 == 0)
				model_forget(&stage.history.now, stage.status.now_ns - 1000000);
			stage.status.now_ns += random % 300000000;
			if (random % 3)
				draw(&stage, 20 + (int)(random >> 9) % 180, (int)(random >> 10) % 50, false);
		}
		tear_down(&stage);
	}
}

static void drawing_the_same_again_keeps_no_memory(void **state)
{
	struct stage stage;
	size_t before;

	(void)state;
	set_up(&stage, "pool.facts", DASHBOARD_LIVE, false);
	for (const char *view = "1234!"; *view; view++) {
		press(&stage, (uint32_t)*view, 0, 0);
		draw(&stage, 120, 40, false);
		stage.status.now_ns += 2000000000;
		draw(&stage, 120, 40, false);
		before = mallinfo2().uordblks;
		for (int i = 0; i < 50; i++) {
			stage.status.now_ns += 300000000;
			dashboard_draw(stage.dashboard, &stage.status, stage.canvas);
		}
		assert_int_equal(mallinfo2().uordblks, before);
	}
	tear_down(&stage);
}

static void wanting_copy_on_write_counts_depends_on_the_view(void **state)
{
	struct stage stage;

	(void)state;
	set_up(&stage, "family.facts", DASHBOARD_LIVE, false);
	assert_false(dashboard_wants_cow(stage.dashboard));
	assert_true(dashboard_show(stage.dashboard, "tree"));
	assert_true(dashboard_wants_cow(stage.dashboard));
	assert_false(dashboard_show(stage.dashboard, "no such view"));
	press(&stage, '1', 0, 0);
	assert_false(dashboard_wants_cow(stage.dashboard));
	press(&stage, PRESS_ENTER, 0, 0); /* a process's counts are in the detail */
	assert_true(dashboard_wants_cow(stage.dashboard));
	tear_down(&stage);
}

static void keys_have_answers(void **state)
{
	struct stage stage;
	struct key key = {.press = 'q'};

	(void)state;
	set_up(&stage, NULL, DASHBOARD_LIVE, false);
	assert_int_equal(dashboard_key(stage.dashboard, &key), DASHBOARD_QUIT);
	key.press = 'c';
	assert_int_equal(dashboard_key(stage.dashboard, &key), DASHBOARD_COLOURS);
	key.press = PRESS_REDRAW;
	assert_int_equal(dashboard_key(stage.dashboard, &key), DASHBOARD_REPAINT);
	key.press = '4';
	dashboard_key(stage.dashboard, &key);
	key.press = '/';
	dashboard_key(stage.dashboard, &key);
	key.press = 'q'; /* a letter of the filter now */
	assert_int_equal(dashboard_key(stage.dashboard, &key), DASHBOARD_GO_ON);
	tear_down(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_view_survives_every_size),
		cmocka_unit_test(every_key_at_every_time),
		cmocka_unit_test(drawing_the_same_again_keeps_no_memory),
		cmocka_unit_test(wanting_copy_on_write_counts_depends_on_the_view),
		cmocka_unit_test(keys_have_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
