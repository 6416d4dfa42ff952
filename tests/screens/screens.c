/* screens.c: do these facts and these keys give exactly this screen?
 *
 * A test is a file NAME.screen: a script, a line of dashes, and the screen as it must be.
 *
 *	question: does the ticker show the death?      what the test is for
 *	facts: pool.facts                              what has happened (facts_of() below)
 *	size: 80x24
 *	keys: 2 Down Enter +1.5 ]                      names of keys (base/keys.h); +S lets S seconds pass
 *	now: 12.5                                      the clock at the first draw; else just behind the last fact
 *	mode: live | replay      charset: utf-8 | ascii      styles: yes | no      lost, probes, lesson, output: the status
 *
 * UPDATE=1 writes what is drawn now in place of the screen; then look at the difference before you commit it. Locale,
 * time zone, clock and size are pinned; there is no terminal. */
#include <dirent.h>
#include <inttypes.h>
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
#include "tui/views/dashboard.h"

#define FOLDER "tests/screens/"
enum { MAX_SCREENS = 128 };

struct script {
	char facts[64], keys[512], mode[16], charset[16], styles[8];
	int width, height;
	double now;
	struct dashboard_status status;
	char lesson[256], output[1024];
	char head[4096];          /* the script as it stands, dashes included */
	char *expected;
};

/* ---- reading a script ------------------------------------------------------------------------------------------- */

static void unescape(char *text)
{
	char *to = text;

	for (char *at = text; *at; at++) {
		if (*at == '\\' && at[1] == 'n')
			*to++ = (at++, '\n');
		else if (*at == '\\' && at[1] == 'e')
			*to++ = (at++, '\033');
		else if (*at == '\\' && at[1] == 'r')
			*to++ = (at++, '\r');
		else
			*to++ = *at;
	}
	*to = '\0';
}

static void take_line(struct script *script, char *name, char *value)
{
	if (!strcmp(name, "facts"))
		snprintf(script->facts, sizeof(script->facts), "%s", value);
	else if (!strcmp(name, "keys"))
		snprintf(script->keys, sizeof(script->keys), "%s", value);
	else if (!strcmp(name, "mode"))
		snprintf(script->mode, sizeof(script->mode), "%s", value);
	else if (!strcmp(name, "charset"))
		snprintf(script->charset, sizeof(script->charset), "%s", value);
	else if (!strcmp(name, "styles"))
		snprintf(script->styles, sizeof(script->styles), "%s", value);
	else if (!strcmp(name, "now"))
		script->now = atof(value);
	else if (!strcmp(name, "lost"))
		script->status.lost = strtoull(value, NULL, 10);
	else if (!strcmp(name, "probes"))
		snprintf(script->status.probes, sizeof(script->status.probes), "%s", value);
	else if (!strcmp(name, "lesson"))
		snprintf(script->lesson, sizeof(script->lesson), "%s", value);
	else if (!strcmp(name, "output"))
		snprintf(script->output, sizeof(script->output), "%s", value);
	else if (!strcmp(name, "size"))
		assert_int_equal(sscanf(value, "%dx%d", &script->width, &script->height), 2);
	else
		assert_string_equal(name, "question"); /* anything else is a mistake */
}

static void read_script(struct script *script, const char *name)
{
	char path[512], line[2048];
	FILE *file;
	size_t size;

	*script = (struct script){.width = 80, .height = 24};
	snprintf(path, sizeof(path), FOLDER "%s", name);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		char *value = strstr(line, ": ");

		strncat(script->head, line, sizeof(script->head) - strlen(script->head) - 1);
		if (!strncmp(line, "---", 3))
			break;
		line[strcspn(line, "\n")] = '\0';
		assert_non_null(value);
		*value = '\0';
		take_line(script, line, value + 2);
	}
	script->expected = calloc(1, 1 << 20);
	assert_non_null(script->expected);
	size = fread(script->expected, 1, (1 << 20) - 1, file);
	script->expected[size] = '\0';
	fclose(file);
	unescape(script->output);
	script->status.lesson = *script->lesson ? script->lesson : NULL;
	script->status.output = *script->output ? script->output : NULL;
}

/* ---- playing it ------------------------------------------------------------------------------------------------- */

struct stage {
	struct names *names;
	struct history history;
	struct canvas *canvas;
	struct dashboard *dashboard;
};

static void set_up(struct stage *stage, struct script *script)
{
	bool replay = !strcmp(script->mode, "replay");

	stage->names = names_create();
	assert_non_null(stage->names);
	assert_int_equal(history_init(&stage->history, stage->names, 4096), 0);
	if (*script->facts)
		facts_of(FOLDER, script->facts, stage->names, &stage->history);
	script->status.now_ns = script->now > 0 ? (uint64_t)(script->now * 1e9) : stage->history.now.now_ns + 500000000;
	script->status.wall_offset_ns = 1700000000000000000;
	script->status.cpu_percent = 0.4;
	script->status.memory_bytes = 8 << 20;
	stage->canvas = canvas_create(!strcmp(script->charset, "ascii"));
	assert_int_equal(canvas_resize(stage->canvas, script->width, script->height), 0);
	stage->dashboard = dashboard_create(&stage->history, stage->names, replay ? DASHBOARD_REPLAY : DASHBOARD_LIVE);
	assert_non_null(stage->dashboard);
}

static void tear_down(struct stage *stage)
{
	dashboard_destroy(stage->dashboard);
	canvas_destroy(stage->canvas);
	history_finish(&stage->history);
	names_destroy(stage->names);
}

static void play(struct stage *stage, struct script *script)
{
	char *next = script->keys, *word;

	dashboard_draw(stage->dashboard, &script->status, stage->canvas);
	while ((word = strsep(&next, " "))) {
		struct key key = {0};

		if (!*word)
			continue;
		if (*word == '+' && word[1]) {
			script->status.now_ns += (uint64_t)(atof(word + 1) * 1e9);
		} else if (sscanf(word, "click=%d,%d", &key.x, &key.y) == 2) {
			key.press = PRESS_CLICK;
			dashboard_key(stage->dashboard, &key);
		} else {
			key.press = press_by_name(word);
			assert_int_not_equal(key.press, 0);
			dashboard_key(stage->dashboard, &key);
		}
		dashboard_draw(stage->dashboard, &script->status, stage->canvas);
	}
}

static void rewrite(const struct script *script, const char *name, const char *screen)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), FOLDER "%s", name);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "%s%s", script->head, screen);
	fclose(file);
}

static void screen_is_as_it_was(void **state)
{
	const char *name = *state;
	struct script script;
	struct stage stage;
	char *screen;

	read_script(&script, name);
	set_up(&stage, &script);
	play(&stage, &script);
	screen = canvas_to_text(stage.canvas, !strcmp(script.styles, "yes"));
	assert_non_null(screen);
	if (getenv("UPDATE"))
		rewrite(&script, name, screen);
	else
		assert_string_equal(screen, script.expected);
	free(screen);
	free(script.expected);
	tear_down(&stage);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct CMUnitTest *)a)->name, ((const struct CMUnitTest *)b)->name);
}

int main(void)
{
	struct CMUnitTest tests[MAX_SCREENS] = {0};
	DIR *folder = opendir(FOLDER);
	struct dirent *entry;
	size_t count = 0;
	int failed;

	setenv("TZ", "UTC", 1);
	if (!folder)
		return 1;
	while ((entry = readdir(folder)) && count < MAX_SCREENS) {
		size_t length = strlen(entry->d_name);

		if (length < 7 || strcmp(entry->d_name + length - 7, ".screen") != 0)
			continue;
		tests[count].name = strdup(entry->d_name);
		tests[count].test_func = screen_is_as_it_was;
		tests[count].initial_state = (void *)tests[count].name;
		count++;
	}
	closedir(folder);
	qsort(tests, count, sizeof(*tests), by_name);
	failed = _cmocka_run_group_tests("screens", tests, count, NULL, NULL);
	for (size_t i = 0; i < count; i++)
		free((char *)tests[i].name);
	return failed || count == 0;
}
