/* stream.c: do facts of many sources come out in order of time, each once, and none from the future? */
#include "tests/facts.h"

#include <stdlib.h>

#include "sources/source.h"

static struct names *names;
static struct stream stream;

static struct fact given[100000];
static size_t nr_given;

static void take(void *context, const struct fact *facts, size_t count)
{
	assert_ptr_equal(context, &stream);
	assert_true(count > 0);
	for (size_t i = 0; i < count; i++)
		given[nr_given++] = facts[i];
}

static int begin(void **state)
{
	(void)state;
	names = names_create();
	stream_init(&stream, names);
	nr_given = 0;
	return 0;
}

static int end(void **state)
{
	(void)state;
	stream_finish(&stream);
	names_destroy(names);
	return 0;
}

static void push(uint64_t t_ns, uint32_t pid)
{
	struct fact fact = fact_make(EV_NOTE, SOURCE_PROC, t_ns, pid, 1);

	stream_push(&stream, &fact);
}

static void facts_come_in_order_and_equals_as_they_came(void **state)
{
	const uint32_t expected[] = { 3, 1, 4, 6, 2, 5 };

	(void)state;
	push(20, 1);
	push(30, 2);
	push(10, 3);
	push(20, 4);
	push(40, 5);
	push(20, 6);
	stream_tick(&stream, 40, take, &stream);
	assert_int_equal(nr_given, 6);
	for (int i = 0; i < 6; i++)
		assert_int_equal(given[i].pid, expected[i]);
	stream_tick(&stream, 50, take, &stream);
	assert_int_equal(nr_given, 6);
}

static void what_is_later_than_now_waits(void **state)
{
	(void)state;
	push(20, 2);
	push(10, 1);
	stream_tick(&stream, 9, take, &stream);
	assert_int_equal(nr_given, 0);
	stream_tick(&stream, 10, take, &stream);
	assert_int_equal(nr_given, 1);
	push(20, 3);
	push(5, 4);
	stream_tick(&stream, 100, take, &stream);
	assert_int_equal(nr_given, 4);
	assert_int_equal(given[1].pid, 4);
	assert_int_equal(given[2].pid, 2);
	assert_int_equal(given[3].pid, 3);
}

static void any_order_becomes_the_right_one(void **state)
{
	enum { MANY = 50001 };
	unsigned seed = 11;

	(void)state;
	for (uint32_t i = 0; i < MANY; i++)
		push((uint64_t)rand_r(&seed) % 5000, i);
	stream_tick(&stream, 5000, take, &stream);
	assert_int_equal(nr_given, MANY);
	for (size_t i = 1; i < nr_given; i++) {
		assert_true(given[i - 1].t_ns <= given[i].t_ns);
		assert_true(given[i - 1].t_ns < given[i].t_ns || given[i - 1].pid < given[i].pid);
	}
}

static void the_worst_orders_are_sorted_too(void **state)
{
	enum { MANY = 3000 };
	static struct fact facts[MANY];

	(void)state;
	assert_int_equal(facts_sort(facts, 0), 0);
	for (int i = 0; i < MANY; i++)
		facts[i] = fact_make(EV_NOTE, SOURCE_PROC, (uint64_t)(MANY - i), 1, 1);
	assert_int_equal(facts_sort(facts, 1), 0);
	assert_int_equal(facts_sort(facts, MANY), 0);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(facts[i].t_ns, i + 1);
	facts[MANY - 1].t_ns = 0;
	assert_int_equal(facts_sort(facts, MANY), 0);
	assert_int_equal(facts[0].t_ns, 0);
	assert_int_equal(facts[MANY - 1].t_ns, MANY - 1);
}

struct test_source {
	struct source source;
	int *closed;
	uint64_t told_ns;
};

static void drain(struct source *source, struct stream *to, uint64_t now_ns)
{
	struct test_source *self = (struct test_source *)source;

	assert_true(now_ns > self->told_ns);
	self->told_ns = now_ns;
	struct fact fact = fact_make(EV_NOTE, SOURCE_PROC, now_ns - 1, 1, 1);
	stream_push(to, &fact);
}

static void close_source(struct source *source)
{
	++*((struct test_source *)source)->closed;
	free(source);
}

static void add_source(int *closed)
{
	struct test_source *source = calloc(1, sizeof(*source));

	*source = (struct test_source){ .source = { .drain = drain, .close = close_source, .fd = -1 }, .closed = closed };
	stream_add(&stream, &source->source);
}

static void every_source_is_asked_and_closed(void **state)
{
	int closed = 0;

	(void)state;
	for (int i = 0; i < STREAM_SOURCES; i++)
		add_source(&closed);
	stream_tick(&stream, 10, take, &stream);
	stream_tick(&stream, 20, take, &stream);
	assert_int_equal(nr_given, 2 * STREAM_SOURCES);
	stream_finish(&stream);
	assert_int_equal(closed, STREAM_SOURCES);
}

static void a_fact_that_is_told_late_finds_its_place(void **state)
{
	struct fact early = fact_make(EV_NOTE, SOURCE_KERNEL, 90, 1, 1), late = fact_make(EV_NOTE, SOURCE_PROC, 100, 1, 1);

	(void)state;
	stream.hold_ns = 50;
	stream_push(&stream, &late);
	stream_tick(&stream, 110, take, &stream);
	assert_int_equal(nr_given, 0);
	stream_push(&stream, &early);
	stream_tick(&stream, 140, take, &stream); /* old enough, and the first */
	assert_int_equal(nr_given, 1);
	stream.hold_ns = 0;
	stream_tick(&stream, 141, take, &stream);
	assert_int_equal(nr_given, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(facts_come_in_order_and_equals_as_they_came),
		TEST(what_is_later_than_now_waits),
		TEST(any_order_becomes_the_right_one),
		TEST(the_worst_orders_are_sorted_too),
		TEST(a_fact_that_is_told_late_finds_its_place),
		TEST(every_source_is_asked_and_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
