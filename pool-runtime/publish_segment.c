/* publish_segment.c: how does a segment come to be, and how does it go?
 *
 *   a directory of ours -> too many of the dead in it go -> .new.<key>: allocate, map, fill, ready -> rename to <key>
 *
 * Who finds <key> finds it whole. All of its space is allocated, because a page that cannot be had later would be a
 * SIGBUS in the middle of somebody's task. */
#include "publisher.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "process.h"

#define RINGS_BUDGET (UINT64_C(16) << 20)

/* ---- the layout ---- */

/* As many records as fit the budget; that many at least that a reader of ten times a second sees a burst whole. */
static uint64_t ring_records(uint64_t nr_rings, uint64_t available)
{
	uint64_t budget = available / 8 < RINGS_BUDGET ? available / 8 : RINGS_BUDGET;
	uint64_t records = RING_MOST_RECORDS;

	while (records > RING_LEAST_RECORDS &&
	       nr_rings * (sizeof(struct segment_ring) + records * sizeof(struct segment_record)) > budget)
		records /= 2;
	return records;
}

static void add_section(struct segment_header *header, enum segment_section_kind kind, uint64_t count,
                        uint64_t stride, uint64_t entry_size)
{
	header->section[header->nr_sections++] = (struct segment_section){
		.kind = kind, .count = count, .offset = header->file_size, .stride = stride, .entry_size = entry_size,
	};
	header->file_size += count * stride;
}

static void lay_out(struct segment_header *header, const struct publisher_plan *plan, uint64_t available)
{
	uint64_t slot = sizeof(struct segment_slot), name = sizeof(struct segment_name);
	uint64_t nr_rings = (uint64_t)plan->max_workers + NR_HELPER_ROLES + PUBLISH_CALLERS;
	uint64_t records = ring_records(nr_rings, available);

	header->file_size = SEGMENT_HEADER_SIZE;
	add_section(header, SECTION_POOL, 1, slot, slot);
	add_section(header, SECTION_WORKERS, plan->max_workers, slot, slot);
	add_section(header, SECTION_HELPERS, NR_HELPER_ROLES, slot, slot);
	add_section(header, SECTION_QUEUES, plan->nr_queues, slot, slot);
	add_section(header, SECTION_RINGS, nr_rings,
	            sizeof(struct segment_ring) + records * sizeof(struct segment_record), sizeof(struct segment_ring));
	add_section(header, SECTION_NAMES, PUBLISHER_NAMES, name, name);
}

/* ---- the header ---- */

static void describe(struct segment_header *header, const struct publisher_plan *plan, const struct place_key *key)
{
	memcpy(header->magic, SEGMENT_MAGIC, sizeof(header->magic));
	header->endian = SEGMENT_ENDIAN;
	header->major = SEGMENT_MAJOR;
	header->minor = SEGMENT_MINOR;
	header->header_size = SEGMENT_HEADER_SIZE;
	header->pid = key->pid;
	header->start = key->start;
	header->uid = geteuid();
	header->pidns_inode = process_pid_namespace();
	place_boot_id(header->boot_id);
	header->opened_ns = publisher_now();
	header->kind = plan->kind;
	header->start_method = plan->start_method;
	header->clock_kind = CLOCK_KIND_MONOTONIC;
	header->clock_mult = 1;
}

/* ---- the file ---- */

static int allocate(int fd, uint64_t size)
{
	struct rlimit limit;
	int error;

	/* beyond it the kernel would send SIGXFSZ */
	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && size > limit.rlim_cur)
		return -EFBIG;
	do
		error = posix_fallocate(fd, 0, size);
	while (error == EINTR);
	return -error;
}

static void find_parts(struct publisher *publisher, const struct segment_header *header)
{
	unsigned char *part[NR_SECTIONS] = {NULL};
	const struct segment_section *rings = NULL;

	for (unsigned i = 0; i < header->nr_sections; i++) {
		part[header->section[i].kind] = publisher->base + header->section[i].offset;
		if (header->section[i].kind == SECTION_RINGS)
			rings = &header->section[i];
	}
	publisher->pool = (struct segment_slot *)part[SECTION_POOL];
	publisher->workers = (struct segment_slot *)part[SECTION_WORKERS];
	publisher->helpers = (struct segment_slot *)part[SECTION_HELPERS];
	publisher->queues = (struct segment_slot *)part[SECTION_QUEUES];
	publisher->rings = part[SECTION_RINGS];
	publisher->names = (struct segment_name *)part[SECTION_NAMES];
	publisher->nr_rings = rings->count;
	publisher->ring_stride = rings->stride;
	publisher->ring_mask = (rings->stride - sizeof(struct segment_ring)) / sizeof(struct segment_record) - 1;
}

/* Everything that is not zero. */
static void fill(struct publisher *publisher, struct segment_header *header, const struct publisher_plan *plan)
{
	struct segment_slot *pool = publisher->pool;

	publisher->names[0] = (struct segment_name){.length = 1, .ready = 1};
	for (unsigned i = 0; i < publisher->nr_rings; i++) {
		struct segment_ring *ring = publisher_ring(publisher, i);

		ring->capacity = publisher->ring_mask + 1;
		ring->owner = i < publisher->nr_workers ? RING_OWNER(SECTION_WORKERS, i) :
		              i < publisher_first_caller(publisher) ? RING_OWNER(SECTION_HELPERS, i - publisher->nr_workers) :
		              RING_OWNER(SECTION_RINGS, i);
	}
	pool->word = SLOT_WORD(1, 0, POOL_OPEN);
	pool->since = header->opened_ns;
	pool->pid = pool->tid = header->pid;
	pool->start = header->start;
	pool->old = plan->nr_workers;
	header->name = publisher_name(publisher, plan->name ? plan->name : "");
	memcpy(publisher->base, header, sizeof(*header));
}

static int map_and_fill(struct publisher *publisher, int fd, struct segment_header *header,
                        const struct publisher_plan *plan)
{
	int error = allocate(fd, header->file_size);
	void *base;

	if (error)
		return error;
	base = mmap(NULL, header->file_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (base == MAP_FAILED)
		return -errno;
	publisher->base = base;
	publisher->size = header->file_size;
	find_parts(publisher, header);
	fill(publisher, header, plan);
	STORE_RELEASE(((struct segment_header *)publisher->base)->ready, 1);
	return 0;
}

static int make_file(struct publisher *publisher, int directory, struct segment_header *header,
                     const struct publisher_plan *plan)
{
	char unfinished[PLACE_KEY_SIZE + 8];
	int fd, error;

	snprintf(unfinished, sizeof(unfinished), PLACE_UNFINISHED "%s", publisher->key);
	fd = openat(directory, unfinished, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	error = fchmod(fd, 0600) ? -errno : map_and_fill(publisher, fd, header, plan);
	close(fd);
	if (!error && renameat(directory, unfinished, directory, publisher->key))
		error = -errno;
	if (error)
		unlinkat(directory, unfinished, 0);
	return error;
}

static unsigned next_number(void)
{
	static unsigned number;

	return __atomic_fetch_add(&number, 1, __ATOMIC_RELAXED);
}

int publisher_make_segment(struct publisher *publisher, const struct publisher_plan *plan)
{
	struct place_key key = {.pid = getpid(), .number = next_number()};
	struct segment_header header = {.nr_sections = 0};
	int error = process_start_time(key.pid, &key.start, NULL), directory;
	struct statfs space;
	uint64_t available;

	if (error)
		return error;
	directory = publisher_open_directory(publisher->directory);
	if (directory < 0)
		return directory;
	publisher_bury_dead(directory);
	place_print(&key, publisher->key);
	if (fstatfs(directory, &space))
		error = -errno;
	else {
		available = (uint64_t)space.f_bavail * space.f_bsize;
		lay_out(&header, plan, available);
		describe(&header, plan, &key);
		/* the other half is the program's */
		error = header.file_size > available / 2 ? -ENOSPC : make_file(publisher, directory, &header, plan);
	}
	close(directory);
	return error;
}
