/* recording.c: does a recording give back what was put in, and say so when it cannot? */
#include "tests/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sources/recording.h"
#include "sources/recording_format.h"

static char directory[64], path[96];
static struct names *names;

static int begin(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/recording-XXXXXX");
	if (!mkdtemp(directory))
		return -1;
	snprintf(path, sizeof(path), "%s/file", directory);
	names = names_create();
	return 0;
}

static int end(void **state)
{
	(void)state;
	names_destroy(names);
	unlink(path);
	return rmdir(directory);
}

static struct fact heard[4096];
static size_t nr_heard;
static struct recording_header header;
static struct recording_end ending;

static void take(void *context, const struct fact *fact)
{
	assert_null(context);
	if (nr_heard < 4096)
		heard[nr_heard] = *fact;
	nr_heard++;
}

static int read_back(struct names *into, const char **why)
{
	nr_heard = 0;
	memset(&ending, 0, sizeof(ending));
	return recording_read(path, into, &header, take, NULL, &ending, why);
}

static struct recording_writer *create(void)
{
	struct recording_writer *writer = NULL;

	assert_int_equal(recording_create(path, &writer), 0);
	return writer;
}

static void write_text(const char *text, size_t length)
{
	FILE *file = fopen(path, "w");

	assert_int_equal(fwrite(text, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static void facts_come_back_as_they_were(void **state)
{
	struct fact given[] = {
		FACT(PROCESS_FORKED, 100, 12, 3, { F_PARENT, -7 }, { F_HOW, HOW_VFORK }, { F_NAME, names_id(names, "make") }),
		FACT(WORKER_BUSY, 90, 13, UINT64_MAX, { F_SLOT, INT64_MAX }, { F_FUNCTION, names_id(names, "\x1b\xff") }),
		FACT(PROCESS_EXITED, 110, UINT32_MAX, 0, { F_EXIT_CODE, 0 }),
		FACT(NOTE, 120, 1, 1, { F_TEXT, 0 }),
		FACT(NOTE, 121, 1, 1, { F_TEXT, names_id(names, "make") }),
	};
	struct recording_writer *writer = create();
	struct names *others = names_create();
	const char *why = NULL;
	int64_t name;

	(void)state;
	given[1].tid = 14;
	given[1].flags = FACT_SAMPLED | FACT_STATE;
	given[1].source = SOURCE_PROC;
	for (int i = 0; i < 5; i++)
		assert_int_equal(recording_add(writer, names, &given[i]), 0);
	assert_int_equal(recording_close(writer), 0);

	names_id(others, "the other's ids are others");
	assert_int_equal(read_back(others, &why), 0);
	assert_string_equal(why, "");
	assert_int_equal(nr_heard, 5);
	assert_int_equal(ending.nr_facts, 5);
	assert_false(ending.cut);
	assert_true(fact_get(&heard[0], F_NAME, &name));
	assert_string_equal(names_text(others, (uint32_t)name), "make");
	assert_true(fact_get(&heard[1], F_FUNCTION, &name));
	assert_string_equal(names_text(others, (uint32_t)name), "\x1b\xff");
	assert_int_equal(fact_value(&heard[4], F_TEXT, 0), fact_value(&heard[0], F_NAME, 1));
	given[0].value[2] = heard[0].value[2];
	given[1].value[3] = heard[1].value[3];
	given[4].value[0] = heard[4].value[0];
	assert_memory_equal(heard, given, sizeof(given));
	names_destroy(others);
}

static void a_long_recording_is_whole(void **state)
{
	enum { MANY = 50000 };
	struct recording_writer *writer = create();
	const char *why;
	char text[32];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "name %d", i);
		struct fact fact = FACT(NOTE, (uint64_t)i, 1, 1, { F_TEXT, names_id(names, text) });
		assert_int_equal(recording_add(writer, names, &fact), 0);
	}
	assert_int_equal(recording_close(writer), 0);
	assert_int_equal(read_back(names, &why), 0);
	assert_int_equal(nr_heard, MANY);
	assert_int_equal(ending.nr_facts, MANY);
	assert_string_equal(names_text(names, (uint32_t)heard[4000].value[0]), "name 4000");
}

static void an_empty_recording_is_one(void **state)
{
	const char *why;
	struct stat info;

	(void)state;
	assert_int_equal(recording_close(create()), 0);
	assert_int_equal(read_back(names, &why), 0);
	assert_int_equal(nr_heard, 0);
	assert_false(ending.cut);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_true(header.started_ns > 0);
	assert_int_equal(recording_close(NULL), 0);
}

static void a_writer_that_was_killed_leaves_what_it_flushed(void **state)
{
	struct recording_writer *writer = create();
	struct fact fact = FACT(NOTE, 1, 1, 1);
	const char *why;

	(void)state;
	recording_add(writer, names, &fact);
	assert_int_equal(recording_flush(writer), 0);
	assert_int_equal(read_back(names, &why), 0);
	assert_int_equal(nr_heard, 1);
	assert_true(ending.cut);
	recording_close(writer);
}

static void a_recording_replaces_a_recording_and_nothing_else(void **state)
{
	struct recording_writer *writer = create(), *other = NULL;
	struct fact fact = FACT(NOTE, 1, 1, 1);
	const char *why;
	char text[16] = "";

	(void)state;
	recording_add(writer, names, &fact);
	assert_int_equal(recording_close(writer), 0);
	assert_int_equal(recording_close(create()), 0);
	assert_int_equal(read_back(names, &why), 0);
	assert_int_equal(nr_heard, 0);

	write_text("dear diary", 10);
	assert_int_equal(recording_create(path, &other), -EEXIST);
	assert_null(other);
	int fd = open(path, O_RDONLY);
	assert_int_equal(read(fd, text, sizeof(text)), 10);
	close(fd);
	assert_string_equal(text, "dear diary");
	write_text("", 0);
	assert_int_equal(recording_close(create()), 0);
	snprintf(path, sizeof(path), "%s/not/there", directory);
	assert_int_equal(recording_create(path, &other), -ENOENT);
	snprintf(path, sizeof(path), "%s/file", directory);
}

static void a_full_disk_is_said_once_and_for_ever(void **state)
{
	struct recording_writer *writer = NULL;

	(void)state;
	assert_int_equal(recording_create("/dev/full", &writer), -ENOSPC);
	assert_null(writer);
}

static void what_is_no_recording_is_refused(void **state)
{
	struct recording_header wrong = { .magic = RECORDING_MAGIC, .endian = RECORDING_ENDIAN, .major = RECORDING_MAJOR,
	                                  .header_size = sizeof(wrong), .fact_size = sizeof(struct fact) };
	struct { int error; struct recording_header header; } cases[8];
	const char *why = NULL;

	(void)state;
	for (int i = 0; i < 8; i++)
		cases[i].header = wrong;
	cases[0].header.magic[7] = 'x', cases[0].error = -EPROTO;
	cases[1].header.endian = 0x04030201, cases[1].error = -ENOTSUP;
	cases[2].header.major++, cases[2].error = -ENOTSUP;
	cases[3].header.header_size = 0, cases[3].error = -EPROTO;
	cases[4].header.header_size = UINT32_MAX, cases[4].error = -EPROTO;
	cases[5].header.fact_size = 8, cases[5].error = -EPROTO;
	cases[6].header.fact_size = UINT32_MAX, cases[6].error = -EPROTO;
	cases[7].error = 0; /* sound, and cut behind its header */
	for (int i = 0; i < 8; i++) {
		write_text((char *)&cases[i].header, sizeof(wrong));
		assert_int_equal(read_back(names, &why), cases[i].error);
		assert_int_equal(!*why, !cases[i].error);
	}
	assert_true(ending.cut);
	unlink(path);
	assert_int_equal(read_back(names, &why), -ENOENT);
	assert_true(*why);
	write_text("", 0);
	assert_int_equal(read_back(names, &why), -EPROTO);
}

static void put_frame(FILE *file, uint32_t kind, const void *payload, uint32_t length)
{
	struct recording_frame frame = { kind, length };

	fwrite(&frame, sizeof(frame), 1, file);
	if (length)
		fwrite(payload, 1, length, file);
}

/* A later minor version has a longer header, longer facts, events, words and frames that we do not know. */
static void a_later_minor_version_is_read(void **state)
{
	struct recording_header later = { .magic = RECORDING_MAGIC, .endian = RECORDING_ENDIAN, .major = RECORDING_MAJOR,
	                                  .minor = 7, .header_size = sizeof(later) + 16, .fact_size = sizeof(struct fact) + 8 };
	struct { struct fact fact; uint64_t more; } longer = { FACT(PROCESS_FORKED, 1, 2, 3, { F_PARENT, 4 }, { F_HOW, 99 }), 5 };
	FILE *file = fopen(path, "w");
	const char *why;

	(void)state;
	fwrite(&later, sizeof(later), 1, file);
	fwrite("0123456789abcdef", 16, 1, file);
	put_frame(file, 99, "unheard of", 10);
	put_frame(file, FRAME_FACT, &longer, sizeof(longer));
	longer.fact.event = NR_EVENTS + 3;
	put_frame(file, FRAME_FACT, &longer, sizeof(longer));
	longer.fact.event = EV_NOTE;
	longer.fact.source = NR_FACT_SOURCES;
	put_frame(file, FRAME_FACT, &longer, sizeof(longer));
	put_frame(file, FRAME_END, NULL, 0);
	fclose(file);
	assert_int_equal(read_back(names, &why), 0);
	assert_int_equal(nr_heard, 1);
	assert_int_equal(fact_value(&heard[0], F_PARENT, 0), 4);
	assert_int_equal(fact_value(&heard[0], F_HOW, UNKNOWN), UNKNOWN);
	assert_false(ending.cut);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(facts_come_back_as_they_were),
		TEST(a_long_recording_is_whole),
		TEST(an_empty_recording_is_one),
		TEST(a_writer_that_was_killed_leaves_what_it_flushed),
		TEST(a_recording_replaces_a_recording_and_nothing_else),
		TEST(a_full_disk_is_said_once_and_for_ever),
		TEST(what_is_no_recording_is_refused),
		TEST(a_later_minor_version_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
