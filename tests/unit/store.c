/* store.c: is everything that was added found again, and nothing else, whatever grows, goes and is copied? */
#include "tests/facts.h"

#include <stdlib.h>

#include "model/store.h"

struct key { uint32_t id, zero; };
struct entry { struct key key; uint64_t value; };

static struct store of(uint32_t count)
{
	struct store store;

	store_init(&store, sizeof(struct entry), sizeof(struct key));
	for (uint32_t i = 0; i < count; i++)
		((struct entry *)store_add(&store, &(struct key){ .id = i * 3 }, NULL))->value = i;
	return store;
}

static struct entry *find(const struct store *store, uint32_t id)
{
	return store_find(store, &(struct key){ .id = id });
}

static void an_empty_store_has_nothing(void **state)
{
	struct store store = of(0), other = of(0);

	(void)state;
	assert_null(find(&store, 0));
	assert_int_equal(store_copy(&other, &store), 0);
	assert_null(find(&other, 0));
	store_clear(&store);
	store_keep(&store, NULL, NULL);
	store_finish(&store);
	store_finish(&other);
}

static void what_is_added_is_found(void **state)
{
	enum { MANY = 20000 };
	struct store store = of(MANY);
	bool added;

	(void)state;
	assert_int_equal(store.count, MANY);
	for (uint32_t i = 0; i < MANY; i++) {
		assert_int_equal(find(&store, i * 3)->value, i);
		assert_null(find(&store, i * 3 + 1));
		assert_int_equal(((struct entry *)store_at(&store, i))->key.id, i * 3);
	}
	((struct entry *)store_add(&store, &(struct key){ .id = 30 }, &added))->value++;
	assert_false(added);
	assert_int_equal(find(&store, 30)->value, 11);
	assert_int_equal(store.count, MANY);
	store_finish(&store);
}

static void a_new_entry_is_zeroed(void **state)
{
	struct store store = of(5);
	bool added;

	(void)state;
	store_clear(&store);
	assert_null(find(&store, 3));
	assert_int_equal(((struct entry *)store_add(&store, &(struct key){ .id = 3 }, &added))->value, 0);
	assert_true(added);
	store_finish(&store);
}

static bool is_even(const void *entry, void *context)
{
	++*(int *)context;
	return ((const struct entry *)entry)->value % 2 == 0;
}

static bool is_anything(const void *entry, void *context)
{
	(void)entry;
	return context != NULL;
}

static void what_is_not_kept_is_gone_and_the_order_stays(void **state)
{
	struct store store = of(1000);
	int asked = 0;

	(void)state;
	store_keep(&store, is_even, &asked);
	assert_int_equal(asked, 1000);
	assert_int_equal(store.count, 500);
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(find(&store, i * 3) != NULL, i % 2 == 0);
	for (uint32_t i = 0; i < 500; i++)
		assert_int_equal(((struct entry *)store_at(&store, i))->value, i * 2);
	store_keep(&store, is_anything, &asked);
	assert_int_equal(store.count, 500);
	store_keep(&store, is_anything, NULL);
	assert_int_equal(store.count, 0);
	assert_null(find(&store, 0));
	store_finish(&store);
}

static void assert_same(const struct store *one, const struct store *other)
{
	const struct entry *entry;

	assert_int_equal(one->count, other->count);
	for store_each(entry, one)
		assert_int_equal(find(other, entry->key.id)->value, entry->value);
}

/* The copy has its own memory, larger or smaller than the other's. */
static void a_copy_is_whole_and_apart(void **state)
{
	struct store small = of(10), large = of(5000), copy = of(0);

	(void)state;
	assert_int_equal(store_copy(&copy, &large), 0);
	assert_same(&copy, &large);
	assert_int_equal(store_copy(&copy, &small), 0);
	assert_same(&copy, &small);
	assert_null(find(&copy, 3000));
	find(&copy, 27)->value = 99;
	assert_int_equal(find(&small, 27)->value, 9);
	assert_int_equal(store_copy(&small, &large), 0);
	assert_same(&small, &large);
	store_finish(&small);
	store_finish(&large);
	store_finish(&copy);
}

/* Adds, finds and drops at random, beside an array that cannot be wrong. */
static bool is_below(const void *entry, void *context)
{
	return ((const struct entry *)entry)->key.id < *(uint32_t *)context;
}

static void it_agrees_with_an_array(void **state)
{
	enum { IDS = 700 };
	uint64_t expected[IDS] = { 0 };
	struct store store = of(0);
	unsigned seed = 7;

	(void)state;
	for (int step = 1; step < 20000; step++) {
		uint32_t id = (uint32_t)rand_r(&seed) % IDS;
		struct entry *entry = find(&store, id);
		assert_int_equal(entry ? entry->value : 0, expected[id]);
		((struct entry *)store_add(&store, &(struct key){ .id = id }, NULL))->value = expected[id] = (uint64_t)step;
		if (step % 1500)
			continue;
		store_keep(&store, is_below, &id);
		for (uint32_t gone = id; gone < IDS; gone++)
			expected[gone] = 0;
	}
	store_finish(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_store_has_nothing),
		cmocka_unit_test(what_is_added_is_found),
		cmocka_unit_test(a_new_entry_is_zeroed),
		cmocka_unit_test(what_is_not_kept_is_gone_and_the_order_stays),
		cmocka_unit_test(a_copy_is_whole_and_apart),
		cmocka_unit_test(it_agrees_with_an_array),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
