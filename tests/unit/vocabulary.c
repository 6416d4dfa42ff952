/* vocabulary.c: is every word of the contract there, once, and every lookup safe? */
#include "tests/facts.h"

#include <ctype.h>
#include <string.h>

#include "model/vocabulary.h"

static void every_event_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int i = 1; i < NR_EVENTS; i++) {
		const struct event_entry *entry = event_entry(i);
		assert_true(*entry->name && *entry->meaning);
		assert_int_equal(event_by_name(entry->name), i);
		for (const char *letter = entry->name; *letter; letter++)
			assert_true(islower((unsigned char)*letter) || strchr("._", *letter));
	}
}

static void every_field_of_an_event_is_there_once(void **state)
{
	(void)state;
	for (int i = 1; i < NR_EVENTS; i++) {
		const uint8_t *fields = event_entry(i)->fields;
		uint64_t seen = 0;
		assert_int_equal(fields[EVENT_MAX_FIELDS], F_NONE);
		for (int k = 0; fields[k] != F_NONE; k++) {
			assert_in_range(fields[k], 1, NR_EVENT_FIELDS - 1);
			assert_int_equal(seen >> fields[k] & 1, 0);
			seen |= UINT64_C(1) << fields[k];
			assert_int_equal(fact_field(i, fields[k]), k);
		}
	}
}

static void every_field_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int i = 1; i < NR_EVENT_FIELDS; i++)
		for (int k = 1; k < i; k++)
			assert_string_not_equal(field_entry(i)->name, field_entry(k)->name);
}

static void check_list(struct word_list list, unsigned count)
{
	assert_int_equal(list.count, count);
	for (unsigned i = 0; i < list.count; i++) {
		assert_string_equal(word_of(list, i), list.words[i].word);
		assert_int_equal(letter_of(list, i), list.words[i].letter);
		for (unsigned k = 0; k < i; k++) {
			assert_string_not_equal(list.words[i].word, list.words[k].word);
			assert_int_not_equal(list.words[i].letter, list.words[k].letter);
		}
	}
}

static void every_list_is_whole_and_its_letters_differ(void **state)
{
	(void)state;
	check_list(worker_words, NR_WORKER_STATES);
	check_list(pool_words, NR_POOL_STATES);
	check_list(thread_words, NR_THREAD_STATES);
	check_list(type_words(TYPE_KIND), NR_POOL_KINDS);
	check_list(type_words(TYPE_START_METHOD), NR_START_METHODS);
	check_list(type_words(TYPE_ROLE), NR_HELPER_ROLES);
	check_list(type_words(TYPE_CALL), NR_JOB_CALLS);
	check_list(type_words(TYPE_STATUS), NR_TASK_STATUSES);
	check_list(type_words(TYPE_HOW), NR_FORK_MANNERS);
	check_list(type_words(TYPE_STATE), NR_THREAD_STATES);
	check_list(type_words(TYPE_PROBE_STATE), NR_PROBE_STATES);
	check_list(type_words(TYPE_NUMBER), 0);
	check_list(type_words(TYPE_TEXT), 0);
}

static void what_is_out_of_bounds_is_a_question_mark(void **state)
{
	(void)state;
	assert_string_equal(event_entry(EV_NONE)->name, "?");
	assert_string_equal(event_entry(NR_EVENTS)->name, "?");
	assert_string_equal(event_entry((enum event)65535)->name, "?");
	assert_string_equal(field_entry((enum event_field)NR_EVENT_FIELDS)->name, "?");
	assert_string_equal(word_of(pool_words, -1), "?");
	assert_string_equal(word_of(pool_words, NR_POOL_STATES), "?");
	assert_string_equal(word_of(pool_words, INT64_MIN), "?");
	assert_string_equal(word_of(type_words(TYPE_NUMBER), 0), "?");
	assert_int_equal(letter_of(worker_words, INT64_MAX), '?');
	assert_int_equal(event_by_name("process.unheard_of"), EV_NONE);
	assert_int_equal(event_by_name("?"), EV_NONE);
	assert_int_equal(event_by_name(""), EV_NONE);
}

/* Saved files hold these numbers. */
static void numbers_stay(void **state)
{
	(void)state;
	assert_int_equal(EV_POOL_OPENED, 1);
	assert_int_equal(EV_PROCESS_FORKED, 24);
	assert_int_equal(EV_NOTE, 37);
	assert_int_equal(EV_POOL_DEAD, 42);
	assert_int_equal(F_POOL, 1);
	assert_int_equal(F_CPU_NS, 50);
	assert_int_equal(sizeof(struct fact), 32 + 8 * EVENT_MAX_FIELDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_event_has_a_name_of_its_own),
		cmocka_unit_test(every_field_of_an_event_is_there_once),
		cmocka_unit_test(every_field_has_a_name_of_its_own),
		cmocka_unit_test(every_list_is_whole_and_its_letters_differ),
		cmocka_unit_test(what_is_out_of_bounds_is_a_question_mark),
		cmocka_unit_test(numbers_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
