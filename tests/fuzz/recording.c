/* recording.c: can a file do us harm? Cut at every byte, changed at random, extreme: read, applied, said, written as JSON. */
#include "tests/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands/json.h"
#include "commands/line.h"
#include "findings/findings.h"
#include "model/history.h"
#include "sources/recording.h"
#include "sources/recording_format.h"
#include "sources/source.h"

enum { SEEDS_SECONDS = 2 };

static char directory[64], path[96];
static char *sound; /* a recording with every event in it */
static size_t size;
static FILE *nowhere;

/* Everything that is done with a recording. */
struct victim {
	struct names *names;
	struct history history;
};

static void take(void *context, const struct fact *fact)
{
	struct victim *victim = context;

	assert_in_range(fact->event, 1, NR_EVENTS - 1);
	history_add(&victim->history, fact);
	json_print(nowhere, json_fact(fact, victim->names), false);
	print_fact(nowhere, &victim->history.now, victim->names, fact);
}

static void look_at(struct victim *victim)
{
	struct findings *findings = malloc(sizeof(*findings));
	const struct model *now = &victim->history.now;
	const struct pool *pool;
	struct model then;

	findings_collect(now, victim->names, findings);
	for store_each(pool, &now->pools)
		json_print(nowhere, json_snapshot(now, victim->names, pool, findings), false);
	model_init(&then);
	assert_int_equal(history_rebuild(&victim->history, victim->history.count / 2, &then), 0);
	model_forget(&then, now->now_ns);
	model_finish(&then);
	free(findings);
}

/* Returns what recording_read() did. */
static int read_all(struct recording_end *end)
{
	struct victim victim = { .names = names_create() };
	struct recording_header header;
	const char *why = NULL;
	int error;

	assert_int_equal(history_init(&victim.history, victim.names, 64), 0);
	error = recording_read(path, victim.names, &header, take, &victim, end, &why);
	assert_non_null(why);
	look_at(&victim);
	history_finish(&victim.history);
	names_destroy(victim.names);
	return error;
}

static void forget(void *context, const struct fact *fact)
{
	assert_null(context);
	assert_in_range(fact->event, 1, NR_EVENTS - 1);
}

static int only_read(struct recording_end *end)
{
	struct names *names = names_create();
	struct recording_header header;
	const char *why = NULL;
	int error = recording_read(path, names, &header, forget, NULL, end, &why);

	assert_non_null(why);
	names_destroy(names);
	return error;
}

static int read_bytes(const char *bytes, size_t length, struct recording_end *end)
{
	FILE *file = fopen(path, "w");

	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	return read_all(end);
}

static void add_every_event(struct recording_writer *writer, struct names *names, int64_t value)
{
	for (int event = 1; event < NR_EVENTS; event++) {
		struct fact fact = fact_make(event, SOURCE_RUNTIME, (uint64_t)value, (uint32_t)value, (uint64_t)value);
		fact.known = UINT32_MAX;
		for (int i = 0; i < EVENT_MAX_FIELDS; i++)
			fact.value[i] = value;
		recording_add(writer, names, &fact);
	}
}

static int begin(void **state)
{
	struct recording_writer *writer = NULL;
	struct names *names = names_create();

	(void)state;
	strcpy(directory, "/tmp/recording-XXXXXX");
	if (!mkdtemp(directory))
		return -1;
	snprintf(path, sizeof(path), "%s/file", directory);
	nowhere = fopen("/dev/null", "w");
	for (int i = 1; i < 8; i++)
		names_id(names, ((const char *[]){ "1.1.0", "io", "\x1b[2J", "\xff", "tasks", "backlog", "life" })[i - 1]);
	recording_create(path, &writer);
	for (int64_t value = 1; value < 4; value++)
		add_every_event(writer, names, value);
	recording_close(writer);
	names_destroy(names);
	FILE *file = fopen(path, "r");
	sound = malloc(1 << 20);
	size = fread(sound, 1, 1 << 20, file);
	return fclose(file);
}

static int finish(void **state)
{
	(void)state;
	free(sound);
	fclose(nowhere);
	unlink(path);
	return rmdir(directory);
}

static void a_recording_cut_anywhere_is_read_up_to_there(void **state)
{
	struct recording_end end = { 0 };
	uint64_t facts;

	(void)state;
	assert_int_equal(read_bytes(sound, size, &end), 0);
	assert_false(end.cut);
	facts = end.nr_facts;
	assert_int_equal(facts, 3 * (NR_EVENTS - 1));
	for (size_t length = size; length-- > 0;) {
		assert_int_equal(truncate(path, (off_t)length), 0);
		int error = length % 64 ? only_read(&end) : read_all(&end);
		assert_int_equal(error < 0, length < sizeof(struct recording_header));
		assert_true(error < 0 || end.cut);
		assert_true(end.nr_facts <= facts);
		facts = end.nr_facts;
	}
	assert_int_equal(facts, 0);
}

static void every_number_at_its_extremes(void **state)
{
	static const int64_t extremes[] = { 0, -1, INT64_MIN, INT64_MAX, INT32_MAX, INT32_MIN, UINT32_MAX, INT64_C(1) << 32, 65536 };
	struct recording_writer *writer = NULL;
	struct names *names = names_create();
	struct recording_end end = { 0 };

	(void)state;
	unlink(path);
	assert_int_equal(recording_create(path, &writer), 0);
	for (int again = 0; again < 2; again++)
		for (unsigned i = 0; i < sizeof(extremes) / sizeof(extremes[0]); i++)
			add_every_event(writer, names, extremes[i]);
	assert_int_equal(recording_close(writer), 0);
	assert_int_equal(read_all(&end), 0);
	assert_int_equal(end.nr_facts, 18 * (NR_EVENTS - 1));
	names_destroy(names);
}

static void change(char *bytes, unsigned *seed)
{
	static const unsigned char odd[] = { 0, 1, 0x7f, 0x80, 0xff };

	for (int changes = 1 + rand_r(seed) % 8; changes; changes--) {
		size_t at = (size_t)rand_r(seed) % size;
		switch (rand_r(seed) % 4) {
		case 0:
			bytes[at] = (char)rand_r(seed);
			break;
		case 1:
			bytes[at] = (char)odd[(size_t)rand_r(seed) % sizeof(odd)];
			break;
		case 2: /* a run of one byte */
			memset(bytes + at, odd[(size_t)rand_r(seed) % sizeof(odd)], size - at < 8 ? size - at : 8);
			break;
		default: { /* a piece elsewhere */
			size_t from = (size_t)rand_r(seed) % size, length = (size_t)rand_r(seed) % 200;
			size_t most = size - (from > at ? from : at);
			memmove(bytes + at, bytes + from, length < most ? length : most);
		}
		}
	}
}

/* The seed that fails is printed: give it in SEED to see it again. */
void __sanitizer_set_death_callback(void (*say)(void)) __attribute__((weak));
static unsigned seed_now;
static bool survived;

static void say_seed(void)
{
	fprintf(stderr, "# SEED=%u\n", seed_now);
}

static int say_seed_if_it_failed(void **state)
{
	(void)state;
	if (!survived)
		say_seed();
	return 0;
}

static void a_changed_recording_does_no_harm(void **state)
{
	const char *given = getenv("SEED");
	unsigned from = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL) * 1000, nr = 0;
	char *bytes = malloc(size);
	time_t begun = time(NULL);

	(void)state;
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(say_seed);
	for (unsigned first = from; given ? first == from : time(NULL) - begun < SEEDS_SECONDS; first++, nr++) {
		unsigned seed = first;
		struct recording_end end = { 0 };
		seed_now = first;
		memcpy(bytes, sound, size);
		change(bytes, &seed);
		read_bytes(bytes, size, &end);
		assert_true(end.nr_facts <= size / sizeof(struct fact));
	}
	fprintf(stderr, "# %u changed recordings\n", nr);
	assert_true(nr > 0);
	survived = true;
	free(bytes);
}

/* Time that runs backwards must not make a replay wait for ever. */
static void the_worst_order_takes_no_longer_than_the_best(void **state)
{
	enum { MANY = 300000 };
	struct fact *facts = malloc(MANY * sizeof(*facts));
	struct names *names = names_create();
	struct history history;

	(void)state;
	for (uint32_t i = 0; i < MANY; i++)
		facts[i] = FACT(PROCESS_SEEN, MANY - i, i + 1, 1, { F_PARENT, i });
	assert_int_equal(facts_sort(facts, MANY), 0);
	assert_int_equal(history_init(&history, names, MANY), 0);
	history_add_all(&history, facts, MANY);
	assert_int_equal(history_at(&history, 0)->pid, MANY);
	assert_int_equal(history.now.processes.count, MANY);
	history_finish(&history);
	names_destroy(names);
	free(facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_recording_cut_anywhere_is_read_up_to_there),
		cmocka_unit_test(every_number_at_its_extremes),
		cmocka_unit_test_teardown(a_changed_recording_does_no_harm, say_seed_if_it_failed),
		cmocka_unit_test(the_worst_order_takes_no_longer_than_the_best),
	};

	return cmocka_run_group_tests(tests, begin, finish);
}
