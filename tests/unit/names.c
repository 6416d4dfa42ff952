/* names.c: does every text have one id, for ever, and a flood of them an end? */
#include "tests/facts.h"

#include <stdio.h>
#include <string.h>

#include "model/names.h"

static void nothing_is_0(void **state)
{
	struct names *names = names_create();

	(void)state;
	assert_int_equal(names_id(names, NULL), 0);
	assert_int_equal(names_id(names, ""), 0);
	assert_int_equal(names_id_bytes(names, "x", 0), 0);
	assert_int_equal(names_id_bytes(names, "\0x", 2), 0);
	assert_string_equal(names_text(names, 0), "");
	assert_string_equal(names_text(names, 1), "");
	assert_string_equal(names_text(names, UINT32_MAX), "");
	assert_int_equal(names_count(names), 0);
	names_destroy(names);
	names_destroy(NULL);
}

static void a_text_has_one_id_and_stays_where_it_is(void **state)
{
	enum { MANY = 5000 };
	struct names *names = names_create();
	const char *first;
	char text[32];

	(void)state;
	assert_int_equal(names_id(names, "worker"), 1);
	first = names_text(names, 1);
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "name %d", i);
		assert_int_equal(names_id(names, text), i + 2);
	}
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "name %d", i);
		assert_int_equal(names_id(names, text), i + 2);
		assert_string_equal(names_text(names, (uint32_t)i + 2), text);
	}
	assert_ptr_equal(names_text(names, 1), first);
	assert_int_equal(names_count(names), MANY + 1);
	names_destroy(names);
}

/* A name of the kernel fills its 16 bytes, with a NUL or without. */
static void bytes_end_at_their_length_or_their_nul(void **state)
{
	struct names *names = names_create();

	(void)state;
	assert_int_equal(names_id_bytes(names, "worker", 4), 1);
	assert_string_equal(names_text(names, 1), "work");
	assert_int_equal(names_id(names, "work"), 1);
	assert_int_equal(names_id_bytes(names, "work\0er", 7), 1);
	assert_int_equal(names_id(names, "worker"), 2);
	assert_int_equal(names_id(names, "wor"), 3);
	names_destroy(names);
}

static void a_long_text_is_cut(void **state)
{
	struct names *names = names_create();
	char text[NAME_MAX_BYTES * 2];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	uint32_t id = names_id(names, text);
	assert_int_equal(strlen(names_text(names, id)), NAME_MAX_BYTES);
	text[NAME_MAX_BYTES] = '\0';
	assert_int_equal(names_id(names, text), id);
	names_destroy(names);
}

static void hostile_bytes_come_back_as_they_were(void **state)
{
	struct names *names = names_create();
	const char *text = "\x1b[2J\xff\xc0\x80\n";

	(void)state;
	assert_string_equal(names_text(names, names_id(names, text)), text);
	names_destroy(names);
}

static void a_flood_gets_one_word_for_all(void **state)
{
	struct names *names = names_create();
	char text[32];
	uint32_t id = 0;

	(void)state;
	names_id(names, "(too many names)"); /* nobody can take the last word's place */
	for (int i = 0; i < NAMES_MAX + 1000; i++) {
		snprintf(text, sizeof(text), "%x", i);
		id = names_id(names, text);
		assert_in_range(id, 1, NAMES_MAX);
	}
	assert_int_equal(names_count(names), NAMES_MAX);
	assert_int_equal(id, NAMES_MAX);
	assert_string_equal(names_text(names, id), "(too many names)");
	assert_int_equal(names_id(names, "0"), 2);
	assert_string_equal(names_text(names, 2), "0");
	names_destroy(names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_0),
		cmocka_unit_test(a_text_has_one_id_and_stays_where_it_is),
		cmocka_unit_test(bytes_end_at_their_length_or_their_nul),
		cmocka_unit_test(a_long_text_is_cut),
		cmocka_unit_test(hostile_bytes_come_back_as_they_were),
		cmocka_unit_test(a_flood_gets_one_word_for_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
