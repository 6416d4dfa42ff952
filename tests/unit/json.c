/* json.c: is every fact and every state JSON that others can read, with null for what is not known? */
#include "tests/facts.h"

#include <stdlib.h>
#include <string.h>

#include "commands/json.h"
#include "model/vocabulary.h"

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

/* As it is printed, and read again by a strict parser. One line. */
static struct json_object *printed(struct json_object *object)
{
	struct json_tokener *tokener = json_tokener_new();
	char *line = NULL;
	size_t size;
	FILE *out = open_memstream(&line, &size);

	json_print(out, object, false);
	fclose(out);
	assert_ptr_equal(strchr(line, '\n'), line + size - 1);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	struct json_object *read = json_tokener_parse_ex(tokener, line, (int)size);
	assert_int_equal(json_tokener_get_error(tokener), json_tokener_success);
	json_tokener_free(tokener);
	free(line);
	return read;
}

static struct json_object *member(struct json_object *object, const char *name)
{
	struct json_object *found = NULL;

	if (!json_object_object_get_ex(object, name, &found))
		fail_msg("no member '%s'", name);
	return found;
}

static const char *text(struct json_object *object, const char *name)
{
	return json_object_get_string(member(object, name));
}

static int64_t number(struct json_object *object, const char *name)
{
	assert_int_equal(json_object_get_type(member(object, name)), json_type_int);
	return json_object_get_int64(member(object, name));
}

static void a_fact_is_one_object(void **state)
{
	struct fact fact = FACT(PROCESS_EXITED, 5, 12, 34, { F_EXIT_CODE, 0 }, { F_SIGNAL, 9 }, { F_CORE, 1 });

	(void)state;
	fact.tid = 13;
	fact.flags = FACT_SAMPLED;
	struct json_object *object = printed(json_fact(&fact, names));
	assert_int_equal(number(object, "t_ns"), 5);
	assert_string_equal(text(object, "event"), "process.exited");
	assert_int_equal(number(object, "pid"), 12);
	assert_int_equal(number(object, "start"), 34);
	assert_int_equal(number(object, "tid"), 13);
	assert_string_equal(text(object, "source"), "kernel");
	assert_true(json_object_get_boolean(member(object, "sampled")));
	assert_int_equal(number(object, "exit_code"), 0);
	assert_int_equal(number(object, "signal"), 9);
	assert_int_equal(json_object_get_type(member(object, "core")), json_type_boolean);
	assert_null(member(object, "cow_copies")); /* not known: null, never 0 */
	json_object_put(object);
}

static void every_event_has_its_fields_whatever_their_values(void **state)
{
	static const int64_t extremes[] = { INT64_MIN, -1, 0, 1, UINT32_MAX, INT64_MAX };

	(void)state;
	names_id(names, "\x1b]0;\xff\xc0\xaf\"\\\n\xf4\x8f\xbf\xbf");
	for (int event = 1; event < NR_EVENTS; event++)
		for (unsigned which = 0; which < sizeof(extremes) / sizeof(extremes[0]); which++) {
			struct fact fact = { .event = (uint16_t)event, .known = UINT32_MAX, .t_ns = UINT64_MAX, .start = UINT64_MAX };
			const uint8_t *fields = event_entry(event)->fields;
			for (int i = 0; i < EVENT_MAX_FIELDS; i++)
				fact.value[i] = extremes[which];
			struct json_object *object = printed(json_fact(&fact, names));
			assert_string_equal(text(object, "event"), event_entry(event)->name);
			for (int i = 0; fields[i] != F_NONE; i++)
				member(object, field_entry(fields[i])->name);
			json_object_put(object);
		}
}

static void words_and_names_are_texts(void **state)
{
	struct fact fact = FACT(POOL_OPENED, 5, 12, 34, { F_POOL, names_id(names, "12.34.0") },
	                        { F_NAME, names_id(names, "caf\xc3\xa9 \xff") }, { F_KIND, KIND_THREAD }, { F_START_METHOD, 99 });
	struct json_object *object = printed(json_fact(&fact, names));

	(void)state;
	assert_string_equal(text(object, "pool"), "12.34.0");
	assert_string_equal(text(object, "name"), "caf\xc3\xa9 \xef\xbf\xbd");
	assert_string_equal(text(object, "kind"), "thread");
	assert_string_equal(text(object, "start_method"), "?");
	assert_null(member(object, "workers"));
	json_object_put(object);
}

static void the_longest_text_fits(void **state)
{
	char bytes[NAME_MAX_BYTES + 1];

	(void)state;
	memset(bytes, 0xff, NAME_MAX_BYTES); /* each becomes three bytes */
	bytes[NAME_MAX_BYTES] = '\0';
	struct json_object *object = json_object_new_array();
	json_object_array_add(object, json_text(bytes));
	object = printed(object);
	assert_in_range(json_object_get_string_len(json_object_array_get_idx(object, 0)), NAME_MAX_BYTES * 3 - 12,
	                NAME_MAX_BYTES * 3);
	json_object_put(object);
}

static void a_snapshot_lists_threads_from_the_first(void **state)
{
	uint32_t key = names_id(names, "10.100.0");

	(void)state;
	APPLY(&model, POOL_OPENED, 1, 10, 100, { F_POOL, key }, { F_NAME, names_id(names, "io") }, { F_KIND, KIND_PROCESS });
	APPLY(&model, PROCESS_SEEN, 1, 10, 100, { F_PARENT, 1 }, { F_NAME, names_id(names, "prog") }, { F_STATE, THREAD_WAITING });
	for (uint32_t tid = 11; tid < 14; tid++) {
		struct fact fact = FACT(THREAD_STARTED, 2, 10, 100, { F_NAME, names_id(names, "helper") });
		fact.tid = tid;
		model_apply(&model, &fact);
	}
	struct json_object *object = printed(json_snapshot(&model, names, model_pool(&model, key), NULL));
	assert_string_equal(text(object, "schema"), "poolscope/1");
	assert_int_equal(number(object, "lost"), 0);
	struct json_object *process = json_object_array_get_idx(member(object, "processes"), 0);
	struct json_object *threads = member(process, "threads");
	assert_int_equal(json_object_array_length(threads), 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(number(json_object_array_get_idx(threads, i), "tid"), 10 + i);
	assert_string_equal(text(json_object_array_get_idx(threads, 0), "state"), "waiting");
	assert_null(member(process, "cow_copies"));
	assert_null(member(process, "born_of"));
	json_object_put(object);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_fact_is_one_object),
		TEST(every_event_has_its_fields_whatever_their_values),
		TEST(words_and_names_are_texts),
		TEST(the_longest_text_fits),
		TEST(a_snapshot_lists_threads_from_the_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
