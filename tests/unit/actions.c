/* actions.c: does every key do one thing, and does every action have a key and a word of help? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/views/views.h"

#define VIEW_ENTRY_(NAME) &view_##NAME,
static const struct view *const all_views[] = {VIEWS(VIEW_ENTRY_)};

static void every_action_is_reached_by_its_keys(void **state)
{
	(void)state;
	for (enum action action = ACTION_NONE + 1; action < NR_ACTIONS; action++) {
		const struct action_entry *entry = action_entry(action);

		assert_int_not_equal(entry->key, 0);
		assert_int_equal(action_of(entry->key), action); /* so no key stands twice */
		if (entry->other)
			assert_int_equal(action_of(entry->other), action);
		assert_true(strlen(entry->help) > 0);
	}
}

static void views_have_keys_of_their_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < NR_VIEWS; i++) {
		assert_int_equal(action_of(all_views[i]->key), ACTION_NONE);
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(all_views[i]->key, all_views[j]->key);
		assert_true(strlen(all_views[i]->question) > 0);
	}
}

/* Help shows the actions by group: a group that it does not know would be a page that nobody sees. */
static void every_group_is_shown(void **state)
{
	(void)state;
	for (enum action action = ACTION_NONE + 1; action < NR_ACTIONS; action++) {
		const char *group = action_entry(action)->group;

		assert_true(!strcmp(group, "rows") || !strcmp(group, "time") || !strcmp(group, "screen"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_action_is_reached_by_its_keys),
		cmocka_unit_test(views_have_keys_of_their_own),
		cmocka_unit_test(every_group_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
