/* publish_names.c: has a text one id, whatever happened to who wrote it first? */
#include "tests/segment_pair.h"

/* ---- names ---- */

static int name_one(void *publisher)
{
	return publisher_name(publisher, "from the child");
}

static void a_text_has_one_id(void **state)
{
	struct publisher *publisher = open_small();
	uint32_t one = publisher_name(publisher, "one"), two = publisher_name(publisher, "two"), child;

	(void)state;
	assert_true(one && two && one != two);
	assert_int_equal(publisher_name(publisher, "one"), one);
	assert_int_equal(publisher_name(publisher, ""), 0);
	child = in_a_child(name_one, publisher);
	assert_true(child > two);
	assert_int_equal(publisher_name(publisher, "from the child"), child);
	publisher_close(publisher);
}

static void a_long_text_is_cut_between_characters(void **state)
{
	struct publisher *publisher = open_small();
	char text[200];
	struct mapped_segment mapped = map_segment(publisher_key(publisher));
	struct segment_name *name;

	(void)state;
	memset(text, 'x', 119);
	strcpy(text + 119, "\xe2\x82\xac and more");
	name = entry_in(&mapped, SECTION_NAMES, publisher_name(publisher, text));
	assert_int_equal(name->length, 119);
	assert_memory_equal(name->text, text, 119);
	unmap_segment(&mapped);
	publisher_close(publisher);
}

static void a_full_table_is_counted(void **state)
{
	struct publisher *publisher = open_small();
	unsigned given = 0, refused = 0;
	char text[32];

	(void)state;
	for (int i = 0; i < 3000; i++) {
		snprintf(text, sizeof(text), "name %d", i);
		if (publisher_name(publisher, text))
			given++;
		else
			refused++;
	}
	assert_int_equal(given, 2046); /* entry 0 is "", one is the pool's own */
	assert_int_equal(count_of_pool(publisher_key(publisher), COUNT_NAMES_LOST), refused);
	assert_int_not_equal(publisher_name(publisher, "name 7"), 0);
	publisher_close(publisher);
}

/* Claimed, never filled: whoever did it was killed between. */
static void an_unfinished_name_is_no_ones(void **state)
{
	struct publisher *publisher = open_small();
	struct mapped_segment mapped = map_segment(publisher_key(publisher));
	uint32_t *claimed = &((struct segment_name *)entry_in(&mapped, SECTION_NAMES, 0))->length, next;

	(void)state;
	next = __atomic_fetch_add(claimed, 1, __ATOMIC_RELAXED);
	assert_int_equal(publisher_name(publisher, "after"), next + 1);
	assert_int_equal(publisher_name(publisher, "after"), next + 1);
	unmap_segment(&mapped);
	publisher_close(publisher);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_text_has_one_id),
		TEST(a_long_text_is_cut_between_characters),
		TEST(a_full_table_is_counted),
		TEST(an_unfinished_name_is_no_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
