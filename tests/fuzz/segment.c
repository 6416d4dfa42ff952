/* segment.c: what can an enemy write into a segment that harms its reader?
 *
 * A good segment is spoilt in a thousand ways, each from its own seed, and read to the end: opened, or refused with a
 * reason; whatever is handed over is in bounds. FUZZ_SEED=n repeats one, FUZZ_ROUNDS=n makes it more. */
#include "tests/segment_pair.h"

#include <inttypes.h>
#include <pthread.h>
#include <time.h>

#include "pool-runtime/record.h"

static uint64_t seed;

static uint64_t any(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static uint64_t any_below(uint64_t bound)
{
	return any() % bound;
}

/* ---- a good segment, to begin with ---- */

struct ground {
	struct pair pair;
	struct mapped_segment mapped;
	unsigned char *good; /* all bytes as they were */
	int fd;
};

static void publish_something(struct publisher *publisher)
{
	publish_worker_new(publisher, 0, 77);
	publish_worker_begin(publisher, 0);
	for (uint64_t task = 1; task < 3000; task++) {
		publish_task_started(publisher, 0, task, 1, publisher_name(publisher, "work"));
		publish_task_finished(publisher, 0, task, 1, STATUS_OK);
	}
	publish_worker_died(publisher, 0, 4242, "SIGKILL", 3000, 2);
	publish_helper_started(publisher, ROLE_TASK_HANDLER, "small:tasks");
	publish_job_submitted(publisher, 1, CALL_MAP, 3000, 1, 2);
	publish_queue_named(publisher, 0, "backlog", 100);
	publish_note(publisher, "as good as it gets");
}

static struct ground open_ground(void)
{
	struct ground ground = {.pair = open_pair()};
	char path[256];

	publish_something(ground.pair.publisher);
	ground.mapped = map_segment(ground.pair.place.key);
	snprintf(path, sizeof(path), "%s/%s", private_directory, ground.pair.place.key);
	ground.fd = open(path, O_RDWR);
	assert_true(ground.fd >= 0);
	ground.good = malloc(ground.mapped.size);
	memcpy(ground.good, ground.mapped.base, ground.mapped.size);
	return ground;
}

static void restore(struct ground *ground)
{
	assert_int_equal(ftruncate(ground->fd, ground->mapped.size), 0);
	memcpy(ground->mapped.base, ground->good, ground->mapped.size);
}

static void close_ground(struct ground *ground)
{
	restore(ground);
	close(ground->fd);
	free(ground->good);
	unmap_segment(&ground->mapped);
	close_pair(&ground->pair);
}

/* ---- spoiling ---- */

static uint64_t extreme(const struct ground *ground)
{
	const uint64_t extremes[] = {
		0, 1, 63, 64, 127, 128, 4095, 4096, 65535, 65536, INT32_MAX, UINT64_C(1) << 31, UINT32_MAX, UINT64_C(1) << 32,
		INT64_MAX, UINT64_C(1) << 63, UINT64_MAX, UINT64_MAX - 63, UINT64_MAX / 128, ground->mapped.size,
		ground->mapped.size - 64, ground->mapped.size + 64, (ground->mapped.size - 4096) / 128,
	};

	return extremes[any_below(sizeof(extremes) / sizeof(extremes[0]))];
}

static void spoil_bytes(struct ground *ground, uint64_t from, uint64_t size)
{
	ground->mapped.base[from + any_below(size)] = any();
}

static void spoil_word(struct ground *ground, uint64_t from, uint64_t size)
{
	uint64_t value = any_below(4) ? extreme(ground) : any(), width = any_below(2) ? 4 : 8;

	memcpy(ground->mapped.base + from + any_below(size / 8) * 8 + (width == 4 && any_below(2) ? 4 : 0), &value, width);
}

/* An enemy's sections: anywhere, of any shape, twice, over one another, out of order. */
static void spoil_section(struct ground *ground)
{
	struct segment_section *section = ground->mapped.header->section;
	unsigned one = any_below(NR_SECTIONS), other = any_below(NR_SECTIONS);
	struct segment_section moved = section[one];

	switch (any_below(6)) {
	case 0: section[one] = section[other]; section[other] = moved; break;
	case 1: section[one].offset = section[other].offset; break;
	case 2: section[one].offset = extreme(ground); break;
	case 3: section[one].stride = extreme(ground); break;
	case 4: section[one].count = extreme(ground); break;
	case 5: section[one].kind = any_below(NR_SECTIONS + 2); break;
	}
}

static void *any_entry(struct ground *ground, enum segment_section_kind kind, unsigned count)
{
	unsigned index = any_below(count);

	for (unsigned i = 0; i < NR_SECTIONS - 1; i++) {
		const struct segment_section *section = &((struct segment_header *)ground->good)->section[i];

		if (section->kind == kind)
			return ground->mapped.base + section->offset + index * section->stride;
	}
	return ground->mapped.base;
}

/* Counters that run backwards, leap, or contradict one another; records and writers of nonsense. */
static void spoil_ring(struct ground *ground)
{
	struct segment_ring *ring = any_entry(ground, SECTION_RINGS, 10);
	struct segment_record *records = (struct segment_record *)(ring + 1);

	switch (any_below(5)) {
	case 0: ring->committed_count = any_below(2) ? extreme(ground) : any_below(20000); break;
	case 1: ring->reserved_count = any_below(2) ? extreme(ground) : any_below(20000); break;
	case 2: ring->committed_count += any_below(5000); ring->reserved_count = ring->committed_count; break;
	case 3: spoil_word(ground, (unsigned char *)ring - ground->mapped.base, sizeof(*ring)); break;
	case 4: spoil_word(ground, (unsigned char *)&records[any_below(4096)] - ground->mapped.base, 32); break;
	}
}

static void spoil_name(struct ground *ground)
{
	struct segment_name *name = any_entry(ground, SECTION_NAMES, 10);

	name->length = extreme(ground);
	name->ready = any_below(3);
	memset(name->text, any_below(2) ? 'x' : 0, any_below(sizeof(name->text) + 1));
}

/* Where the geometry stays as it was, so that reading goes on to what is behind it. */
static void spoil_contents(struct ground *ground)
{
	switch (any_below(5)) {
	case 0: spoil_ring(ground); break;
	case 1: spoil_name(ground); break;
	case 2: spoil_word(ground, (unsigned char *)any_entry(ground, SECTION_WORKERS, 3) - ground->mapped.base, 128); break;
	case 3: spoil_word(ground, (unsigned char *)any_entry(ground, SECTION_HELPERS, 6) - ground->mapped.base, 128); break;
	case 4: spoil_bytes(ground, SEGMENT_HEADER_SIZE, ground->mapped.size - SEGMENT_HEADER_SIZE); break;
	}
}

static void spoil_header(struct ground *ground)
{
	switch (any_below(3)) {
	case 0: spoil_bytes(ground, 0, sizeof(struct segment_header)); break;
	case 1: spoil_word(ground, 0, sizeof(struct segment_header)); break;
	case 2: spoil_section(ground); break;
	}
}

/* ---- reading all that can be read ---- */

struct bounds {
	struct reader *reader;
	uint64_t nr;
};

static void must_be_in_bounds(void *context, const struct reader_news *news)
{
	struct bounds *bounds = context;
	const struct segment_record *record = &news->record;
	enum segment_section_kind section = record_section(record->event);
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	bounds->nr++;
	assert_true(record_is_told(record->event));
	assert_true(record->name < reader_count(bounds->reader, SECTION_NAMES));
	assert_true(record_function(record) < reader_count(bounds->reader, SECTION_NAMES));
	assert_true(section == SECTION_NONE || record->slot < reader_count(bounds->reader, section));
	assert_true(record->time <= (uint64_t)now.tv_sec * 1000000000u + now.tv_nsec);
	assert_true(news->pid >= 0 && news->tid >= 0);
}

static void read_slots(struct reader *reader, enum segment_section_kind section)
{
	struct segment_slot slot;

	for (unsigned i = 0; i < reader_count(reader, section); i++)
		if (reader_slot(reader, section, i, &slot) == READER_SOUND) {
			assert_true(slot.name < reader_count(reader, SECTION_NAMES));
			assert_true(slot.ring <= reader_count(reader, SECTION_RINGS));
			assert_true(slot.pid >= 0 && slot.tid >= 0);
		}
}

static void read_everything(struct reader *reader)
{
	struct bounds bounds = {.reader = reader};

	reader_refresh(reader);
	for (unsigned section = SECTION_NONE; section <= NR_SECTIONS; section++)
		if (section != SECTION_RINGS && section != SECTION_NAMES)
			read_slots(reader, section);
	reader_drain(reader, must_be_in_bounds, &bounds);
	assert_true(bounds.nr <= (uint64_t)reader_count(reader, SECTION_RINGS) * 65536);
	for (unsigned i = 0; i < 16; i++) {
		assert_true(strlen(reader_name(reader, i)) <= SEGMENT_NAME_TEXT);
		assert_true(strlen(reader_name(reader, any())) <= SEGMENT_NAME_TEXT);
	}
	assert_true(reader_header(reader)->name < reader_count(reader, SECTION_NAMES));
}

/* ---- round by round ---- */

static unsigned rounds(unsigned usual)
{
	const char *wish = getenv("FUZZ_ROUNDS");

	return wish ? strtoul(wish, NULL, 10) : usual;
}

static uint64_t first_seed(void)
{
	const char *wish = getenv("FUZZ_SEED");

	return wish ? strtoull(wish, NULL, 10) : 1;
}

/* True: it was believed. In the middle of reading its enemy goes on. */
static bool read_spoilt(struct ground *ground)
{
	struct reader *reader;
	const char *why = NULL;
	int error = reader_open(&ground->pair.place, &reader, &why);

	if (error) {
		assert_true(error < 0);
		assert_true(why && why[0] && why[strlen(why) - 1] != '.');
		return false;
	}
	for (int again = 0; again < 3; again++) {
		read_everything(reader);
		spoil_contents(ground);
		spoil_header(ground);
	}
	assert_int_equal(ftruncate(ground->fd, any_below(ground->mapped.size)), 0);
	read_everything(reader);
	reader_close(reader);
	return true;
}

static unsigned fuzz(unsigned nr, void (*spoil)(struct ground *ground))
{
	struct ground ground = open_ground();
	unsigned believed = 0;

	for (uint64_t round = 0; round < nr; round++) {
		seed = (first_seed() + round) * UINT64_C(0x9e3779b97f4a7c15) | 1;
		for (uint64_t times = 1 + any_below(8); times > 0; times--)
			spoil(&ground);
		believed += read_spoilt(&ground);
		restore(&ground);
	}
	close_ground(&ground);
	return believed;
}

static void a_spoilt_header_is_refused_or_harmless(void **state)
{
	unsigned nr = rounds(4000), believed = fuzz(nr, spoil_header);

	(void)state;
	print_message("# %u of %u were believed\n", believed, nr);
	if (!getenv("FUZZ_ROUNDS"))
		assert_in_range(believed, nr / 100, nr / 2);
}

static void spoilt_contents_are_harmless(void **state)
{
	unsigned nr = rounds(600);

	(void)state;
	assert_int_equal(fuzz(nr, spoil_contents), nr);
}

/* ---- an enemy that never rests ---- */

struct enemy {
	struct ground ground;
	bool is_over;
};

static void *change_all_the_time(void *argument)
{
	struct enemy *enemy = argument;
	uint64_t size = enemy->ground.mapped.size, value = 88172645463325252u;
	const struct segment_ring *rings = any_entry(&enemy->ground, SECTION_RINGS, 1);

	while (!__atomic_load_n(&enemy->is_over, __ATOMIC_RELAXED)) {
		value = value * UINT64_C(6364136223846793005) + 1442695040888963407u;
		if (value >> 60 == 0) {
			/* not with our own mapping: what it has no page for is a SIGBUS for the enemy, too */
			if (ftruncate(enemy->ground.fd, value % size) || ftruncate(enemy->ground.fd, size))
				break;
		} else if (pwrite(enemy->ground.fd, &value, 8, (value >> 32) % (size - 8)) < 0 ||
		           pwrite(enemy->ground.fd, &value, 8, (const unsigned char *)rings - enemy->ground.mapped.base +
		                                               (value >> 40) % 2 * 8) < 0)
			break;
	}
	return NULL;
}

static void an_enemy_at_work_is_harmless(void **state)
{
	struct enemy enemy = {.ground = open_ground()};
	struct reader *reader;
	pthread_t thread;

	(void)state;
	assert_int_equal(reader_open(&enemy.ground.pair.place, &reader, &(const char *){NULL}), 0);
	seed = 1;
	assert_int_equal(pthread_create(&thread, NULL, change_all_the_time, &enemy), 0);
	for (unsigned i = rounds(1000); i > 0; i--) {
		struct reader *another;

		read_everything(reader);
		if (reader_open(&enemy.ground.pair.place, &another, &(const char *){NULL}) == 0) {
			read_everything(another);
			reader_close(another);
		}
	}
	__atomic_store_n(&enemy.is_over, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	reader_close(reader);
	close_ground(&enemy.ground);
}

/* ---- names of files ---- */

static void only_a_name_of_ours_is_a_segments(void **state)
{
	static const char *const bad[] = {
		"", ".", "1", "1.2", "1.2.", "1.2.3.", "1.2.3.4", "0.2.3", "-1.2.3", "+1.2.3", " 1.2.3", "1.2.3 ", "01.2.3", "1.02.3",
		"1.2.+3", "1.2.-3", "1.2.3\n", "0x1.2.3", "2147483648.2.3", "99999999999999999999.2.3", "1.18446744073709551616.3",
		"1.2.4294967296", "1..3", "a.b.c", "1.2.3/../x", "../1.2.3", ".new.1.2.3",
		"111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111.2.3",
	};
	struct place_key key;

	(void)state;
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (place_parse(bad[i], &key))
			fail_msg("taken for a segment's name: %s", bad[i]);
	assert_true(place_parse("2147483647.18446744073709551615.4294967295", &key));
	assert_int_equal(key.pid, INT32_MAX);
	assert_true(key.start == UINT64_MAX && key.number == UINT32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_spoilt_header_is_refused_or_harmless),
		TEST(spoilt_contents_are_harmless),
		TEST(an_enemy_at_work_is_harmless),
		TEST(only_a_name_of_ours_is_a_segments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
