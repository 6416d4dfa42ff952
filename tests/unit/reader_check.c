/* reader_check.c: is a segment refused, and said why, where it cannot be believed? */
#include "tests/segment_pair.h"

/* ---- what changes under the reader ---- */

static void a_file_that_shrinks_is_read_short(void **state)
{
	struct pair pair = open_pair();
	off_t size = reader_header(pair.reader)->file_size;
	struct segment_slot slot;
	char path[256];

	(void)state;
	publish_note(pair.publisher, "soon gone");
	drain(pair.reader);
	snprintf(path, sizeof(path), "%s/%s", private_directory, pair.place.key);
	assert_int_equal(truncate(path, 5000), 0);
	assert_int_equal(reader_slot(pair.reader, SECTION_HELPERS, 3, &slot), READER_FAILED);
	assert_int_equal(drain(pair.reader), 0);
	assert_int_equal(heard.nr, 0);
	assert_string_equal(reader_name(pair.reader, 1), "?");
	assert_string_equal(reader_name(pair.reader, 1u << 31), "?");
	assert_string_equal(reader_name(pair.reader, 0), "");
	reader_close(pair.reader);
	assert_int_equal(truncate(path, size), 0);
	publisher_close(pair.publisher);
}

static void a_name_that_is_not_ready_is_asked_again(void **state)
{
	struct pair pair = open_pair();
	struct mapped_segment mapped = map_segment(pair.place.key);
	struct segment_name *name;
	uint32_t id = publisher_name(pair.publisher, "late");

	(void)state;
	name = entry_in(&mapped, SECTION_NAMES, id);
	name->ready = 0;
	assert_string_equal(reader_name(pair.reader, id), "?");
	name->ready = 1;
	assert_string_equal(reader_name(pair.reader, id), "late");
	unmap_segment(&mapped);
	close_pair(&pair);
}

/* ---- what is refused ---- */

static void what_cannot_be_believed_is_refused_with_a_reason(void **state)
{
	static const struct { size_t offset; size_t size; uint64_t value; int error; const char *why; } cases[] = {
#define CASE(member, bad, error, why) \
	{offsetof(struct segment_header, member), sizeof(((struct segment_header *)0)->member), bad, error, why}
		CASE(endian, 0x04030201, -ENOTSUP, "its bytes are in another order"),
		CASE(major, 2, -ENOTSUP, "it has another major version"),
		CASE(pid, 1, -EPROTO, "it says to be another's than its name and owner"),
		CASE(start, 1, -EPROTO, "it says to be another's than its name and owner"),
		CASE(uid, 77777, -EPROTO, "it says to be another's than its name and owner"),
		CASE(ready, 0, -EPROTO, "it was never finished"),
		CASE(kind, NR_POOL_KINDS, -EPROTO, "it says to be of a kind that does not exist"),
		CASE(clock_kind, 3, -EPROTO, "its clock is unknown"),
		CASE(clock_shift, 64, -EPROTO, "its clock is unknown"),
		CASE(header_size, 16, -EPROTO, "its header has an impossible size"),
		CASE(file_size, UINT64_MAX, -EPROTO, "the file is shorter than it says"),
		CASE(nr_sections, 1000, -EPROTO, "there are too many sections"),
		CASE(nr_sections, 2, -EPROTO, "a section is missing"),
		CASE(section[1].count, 70000, -EPROTO, "a section has an impossible number of entries"),
		CASE(section[1].stride, 100, -EPROTO, "a section's entries have an impossible size"),
		CASE(section[1].stride, 0, -EPROTO, "a section's entries have an impossible size"),
		CASE(section[1].offset, 64, -EPROTO, "a section begins where it cannot"),
		CASE(section[1].offset, UINT64_MAX - 63, -EPROTO, "a section begins where it cannot"),
		CASE(section[1].count, 65535, -EPROTO, "a section reaches beyond the end of the file"),
		CASE(section[1].offset, 4096, -EPROTO, "two sections overlap"),
		CASE(section[1].kind, SECTION_POOL, -EPROTO, "a section is there twice"),
		CASE(section[2].kind, SECTION_WORKERS, -EPROTO, "a section is there twice"),
		CASE(section[4].stride, 64 * 40, -EPROTO, "the rings have an impossible size"),
	};
	struct pair pair = open_pair();
	struct mapped_segment mapped = map_segment(pair.place.key);
	struct segment_header good = *mapped.header;

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reader *reader = NULL;
		const char *why = "it was believed";
		int error;

		memcpy(mapped.base + cases[i].offset, &cases[i].value, cases[i].size);
		error = reader_open(&pair.place, &reader, &why);
		if (error != cases[i].error || strcmp(why, cases[i].why))
			fail_msg("case %u: %d, %s", i, error, why);
		*mapped.header = good;
	}
	mapped.header->magic[0] = 'P';
	assert_int_equal(reader_open(&pair.place, &(struct reader *){NULL}, &(const char *){NULL}), -EPROTO);
	*mapped.header = good;
	mapped.header->boot_id[3] ^= 1;
	assert_int_equal(reader_open(&pair.place, &(struct reader *){NULL}, &(const char *){NULL}), -EPROTO);
	*mapped.header = good;
	unmap_segment(&mapped);
	close_pair(&pair);
}

/* A later minor version has a section more, and longer slots. */
static void what_a_later_minor_version_adds_is_leapt_over(void **state)
{
	struct pair pair = open_pair();
	struct mapped_segment mapped = map_segment(pair.place.key);
	struct reader *reader;
	struct segment_slot slot;
	const char *why = "";

	(void)state;
	mapped.header->minor = 9;
	for (unsigned i = 0; i < mapped.header->nr_sections; i++)
		if (mapped.header->section[i].kind == SECTION_QUEUES)
			mapped.header->section[i].kind = 250;
		else if (mapped.header->section[i].kind == SECTION_HELPERS)
			mapped.header->section[i] = (struct segment_section){
				.kind = SECTION_HELPERS, .count = 3, .offset = mapped.header->section[i].offset,
				.stride = 256, .entry_size = 200,
			};
	publish_helper_started(pair.publisher, ROLE_RESULT_HANDLER, "third slot of 128, second of 256");
	if (reader_open(&pair.place, &reader, &why))
		fail_msg("%s", why);
	assert_int_equal(reader_count(reader, SECTION_QUEUES), 0);
	assert_int_equal(reader_slot(reader, SECTION_HELPERS, 1, &slot), READER_SOUND);
	assert_string_equal(reader_name(reader, slot.name), "third slot of 128, second of 256");
	reader_close(reader);
	unmap_segment(&mapped);
	close_pair(&pair);
}

static void another_clock_is_converted(void **state)
{
	struct pair pair = open_pair();
	struct mapped_segment mapped = map_segment(pair.place.key);
	struct segment_header *header = mapped.header;

	(void)state;
	assert_int_equal(reader_ns(pair.reader, 12345), 12345);
	reader_close(pair.reader);
	header->clock_kind = CLOCK_KIND_TSC;
	header->clock_base_ticks = 1000000;
	header->clock_base_ns = 5000;
	header->clock_mult = 1u << 31; /* half a nanosecond a tick */
	header->clock_shift = 32;
	assert_int_equal(reader_open(&pair.place, &pair.reader, &(const char *){NULL}), 0);
	assert_int_equal(reader_ns(pair.reader, 1000000), 5000);
	assert_int_equal(reader_ns(pair.reader, 1002000), 6000);
	assert_int_equal(reader_ns(pair.reader, 998000), 4000);
	header->clock_sequence = 1; /* being changed */
	header->clock_base_ns = 7000;
	reader_refresh(pair.reader);
	assert_int_equal(reader_ns(pair.reader, 1000000), 5000);
	header->clock_sequence = 2;
	reader_refresh(pair.reader);
	assert_int_equal(reader_ns(pair.reader, 1000000), 7000);
	unmap_segment(&mapped);
	close_pair(&pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_file_that_shrinks_is_read_short),
		TEST(a_name_that_is_not_ready_is_asked_again),
		TEST(what_cannot_be_believed_is_refused_with_a_reason),
		TEST(what_a_later_minor_version_adds_is_leapt_over),
		TEST(another_clock_is_converted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
