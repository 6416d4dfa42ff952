/* sentence.c: has every event its words, and do they hold whatever a recording says? */
#include "tests/facts.h"

#include <stdlib.h>
#include <string.h>

#include "commands/line.h"
#include "model/vocabulary.h"
#include "views/sentence.h"

static struct names *names;
static struct model model;

static int begin(void **state)
{
	(void)state;
	names = names_create();
	model_init(&model);
	return 0;
}

static int end(void **state)
{
	(void)state;
	names_destroy(names);
	model_finish(&model);
	return 0;
}

static const char *said(struct fact fact)
{
	static struct sentence sentence;
	struct scene scene = { .model = &model, .names = names, .now_ns = fact.t_ns };

	sentence = fact_sentence(&scene, &fact);
	return sentence.text;
}

static int64_t id(const char *text)
{
	return names_id(names, text);
}

static void words_stand_for_numbers(void **state)
{
	(void)state;
	assert_string_equal(said(FACT(PROCESS_FORKED, 1, 12, 3, { F_PARENT, 7 }, { F_HOW, HOW_VFORK }, { F_NAME, id("make") })),
	                    "born of 7 by vfork: make");
	assert_string_equal(said(FACT(PROCESS_REAPED, 1, 12, 3, { F_REAPER, 1 }, { F_ZOMBIE_NS, 1500000000 })),
	                    "was reaped by 1 after 1.5s");
	assert_string_equal(said(FACT(MEMORY_COW_COPIED, 1, 12, 3, { F_ADDRESS, 0x7f00 })), "wrote to 0x7f00: page copied");
	assert_string_equal(said(FACT(NOTE, 1, 12, 3, { F_TEXT, id("now watch") })), "now watch");
}

static void what_is_not_known_is_left_out(void **state)
{
	(void)state;
	assert_string_equal(said(FACT(PROCESS_REAPED, 1, 12, 3)), "was reaped");
	assert_string_equal(said(FACT(WORKER_BUSY, 1, 12, 3, { F_SLOT, 0 }, { F_TASK, 4 }, { F_FUNCTION, 0 })),
	                    "worker 0 of ? runs task 4");
	assert_string_equal(said(FACT(NOTE, 1, 12, 3)), "?");
	assert_string_equal(said((struct fact){ .event = 60000 }), "");
}

static void every_event_has_words_that_fit(void **state)
{
	static const int64_t extremes[] = { INT64_MIN, -1, 0, 1, 2, UINT32_MAX, INT64_MAX };
	char name[NAME_MAX_BYTES + 1] = "";

	(void)state;
	memset(name, 'n', NAME_MAX_BYTES);
	assert_int_equal(id(name), 1);
	for (int event = 1; event < NR_EVENTS; event++)
		for (unsigned which = 0; which < sizeof(extremes) / sizeof(extremes[0]); which++) {
			struct fact fact = { .event = (uint16_t)event, .pid = UINT32_MAX, .tid = 1, .known = UINT32_MAX };
			for (int i = 0; i < EVENT_MAX_FIELDS; i++)
				fact.value[i] = extremes[which];
			size_t length = strlen(said(fact));
			assert_in_range(length, 1, sizeof(struct sentence) - 1);
		}
}

/* Names go to a canvas as they came; what is printed is made safe. */
static void a_printed_line_is_one_line_and_safe(void **state)
{
	char *line = NULL;
	size_t size;
	FILE *out = open_memstream(&line, &size);
	struct fact fact = FACT(NOTE, 1500000000, 12, 3, { F_TEXT, id("\x1b]0;gone\a\nnext \xff\xe2\x80\xae line") });

	(void)state;
	print_fact(out, &model, names, &fact);
	fclose(out);
	assert_ptr_equal(strchr(line, '\n'), line + size - 1);
	assert_null(strpbrk(line, "\x1b\a\x7f\r"));
	assert_null(strstr(line, "\xe2\x80\xae")); /* turns the writing around */
	assert_non_null(strstr(line, "1.500000  note"));
	free(line);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(words_stand_for_numbers),
		TEST(what_is_not_known_is_left_out),
		TEST(every_event_has_words_that_fit),
		TEST(a_printed_line_is_one_line_and_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
