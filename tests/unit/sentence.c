/* sentence.c: does every event have a sentence, made of fields that it has, and is what is not known left out? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/model/vocabulary.h"
#include "tui/views/sentence.h"

static struct names *names;
static struct model model;
static struct scene scene;

static int set_up(void **state)
{
	(void)state;
	names = names_create();
	model_init(&model);
	scene = (struct scene){.model = &model, .names = names};
	return names ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	model_finish(&model);
	names_destroy(names);
	return 0;
}

/* A fact of which everything is known, and nothing is 0 or 1. */
static struct fact full_fact(enum event event)
{
	struct fact fact = {.event = (uint16_t)event, .pid = 77, .tid = 78};

	for (const uint8_t *field = event_entry(event)->fields; *field != F_NONE; field++)
		fact_set(&fact, *field, field_entry(*field)->type == TYPE_TEXT ? names_id(names, "word") : 2);
	return fact;
}

static void every_event_has_a_sentence_of_its_own_fields(void **state)
{
	(void)state;
	for (enum event event = EV_NONE + 1; event < NR_EVENTS; event++) {
		struct fact fact = full_fact(event);
		struct sentence sentence = fact_sentence(&scene, &fact);

		if (!*sentence.text || strpbrk(sentence.text, "?{}[]"))
			fail_msg("%s: '%s'", event_entry(event)->name, sentence.text);
	}
}

static void nothing_known_still_reads(void **state)
{
	(void)state;
	for (enum event event = EV_NONE + 1; event < NR_EVENTS; event++) {
		struct fact fact = {.event = (uint16_t)event, .pid = 77};
		struct sentence sentence = fact_sentence(&scene, &fact);

		assert_true(*sentence.text);
		assert_null(strpbrk(sentence.text, "{}[]"));
	}
}

static void what_is_not_known_is_left_out(void **state)
{
	struct fact fact = {.event = EV_WORKER_DIED, .pid = 77};

	(void)state;
	fact_set(&fact, F_POOL, names_id(names, "77.1.0"));
	fact_set(&fact, F_SLOT, 0);
	assert_string_equal(fact_sentence(&scene, &fact).text, "worker 0 of 77.1.0 died");
	fact_set(&fact, F_CAUSE, names_id(names, "SIGKILL"));
	fact_set(&fact, F_TASK, 0); /* none */
	assert_string_equal(fact_sentence(&scene, &fact).text, "worker 0 of 77.1.0 died: SIGKILL");
	fact_set(&fact, F_TASK, 12);
	assert_string_equal(fact_sentence(&scene, &fact).text, "worker 0 of 77.1.0 died: SIGKILL, holding task 12");
}

static void ends_are_named(void **state)
{
	struct fact fact = {.event = EV_PROCESS_EXITED, .pid = 77};

	(void)state;
	assert_string_equal(fact_sentence(&scene, &fact).text, "ended: nobody knows how");
	fact_set(&fact, F_EXIT_CODE, 0);
	assert_string_equal(fact_sentence(&scene, &fact).text, "ended: exit 0");
	fact_set(&fact, F_SIGNAL, 11);
	fact_set(&fact, F_CORE, 1);
	assert_string_equal(fact_sentence(&scene, &fact).text, "ended: SIGSEGV, core");
	fact_set(&fact, F_SIGNAL, 999);
	fact_set(&fact, F_CORE, 0);
	assert_string_equal(fact_sentence(&scene, &fact).text, "ended: signal 999");
}

/* However long the names are, the sentence ends inside its room. */
static void long_names_are_cut(void **state)
{
	struct fact fact = full_fact(EV_WORKER_DIED);
	char name[NAME_MAX_BYTES];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	fact_set(&fact, F_POOL, names_id(names, name));
	fact_set(&fact, F_FUNCTION, names_id(names, name));
	assert_int_equal(strlen(fact_sentence(&scene, &fact).text), sizeof(struct sentence) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_event_has_a_sentence_of_its_own_fields),
		cmocka_unit_test(nothing_known_still_reads),
		cmocka_unit_test(what_is_not_known_is_left_out),
		cmocka_unit_test(ends_are_named),
		cmocka_unit_test(long_names_are_cut),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
