/* segment_pair.h: a publisher, a reader of it that notes what it hears, and children that do something to it. */
#ifndef SEGMENT_PAIR_H
#define SEGMENT_PAIR_H

#include "tests/private_runtime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct heard {
	unsigned nr;
	struct reader_news news[8192];
};

static inline void hear(void *context, const struct reader_news *news)
{
	struct heard *heard = context;

	if (heard->nr < 8192)
		heard->news[heard->nr] = *news;
	heard->nr++;
}

static struct heard heard; /* since drain() was last called */

static inline uint64_t drain(struct reader *reader)
{
	heard.nr = 0;
	return reader_drain(reader, hear, &heard);
}

/* A publisher and who reads it. */
struct pair {
	struct publisher *publisher;
	struct reader_place place;
	struct reader *reader;
};

static inline struct pair open_pair(void)
{
	struct pair pair = {.publisher = NULL};
	const char *why = "";

	assert_int_equal(publisher_open(&small_plan, &pair.publisher), 0);
	pair.place = private_runtime_place(publisher_key(pair.publisher));
	if (reader_open(&pair.place, &pair.reader, &why))
		fail_msg("%s", why);
	return pair;
}

static inline void close_pair(struct pair *pair)
{
	reader_close(pair->reader);
	publisher_close(pair->publisher);
}

static inline const struct reader_news *last_news(enum event event)
{
	for (unsigned i = heard.nr; i-- > 0;)
		if (heard.news[i].record.event == event)
			return &heard.news[i];
	fail_msg("no event %d among %u", event, heard.nr);
	return NULL;
}

/* The ring of the publisher's first thread that is neither worker nor helper. */
static inline struct segment_ring *own_ring(struct mapped_segment *mapped)
{
	return entry_in(mapped, SECTION_RINGS, small_plan.max_workers + NR_HELPER_ROLES);
}

static inline struct publisher *open_small(void)
{
	struct publisher *publisher = NULL;

	assert_int_equal(publisher_open(&small_plan, &publisher), 0);
	assert_non_null(publisher);
	return publisher;
}

/* Runs in a child, which a signal or a failed assertion cannot take us with; its exit status. */
static inline int in_a_child(int (*act)(void *), void *argument)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0)
		_exit(act(argument));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static inline uint64_t count_of_pool(const char *key, unsigned which)
{
	struct mapped_segment mapped = map_segment(key);
	uint64_t count = ((struct segment_slot *)entry_in(&mapped, SECTION_POOL, 0))->count[which];

	unmap_segment(&mapped);
	return count;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, private_runtime_enter, private_runtime_leave)

#endif
