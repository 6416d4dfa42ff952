/* arena_extent.c: how does the arena grow? */
#include "arena_extent.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/* An extent in the table: its end in pages (40 bits), ready (1), owner + 1 (16). It begins where the one before ends. */
#define EXTENT_WORD(end, owner) ((uint64_t)(end) << 24 | ((uint64_t)(owner) + 1))
#define EXTENT_READY (1ull << 16)
#define EXTENT_END(word) ((word) >> 24)
#define EXTENT_OWNER(word) ((unsigned)((word) & 0xffff) - 1)

enum { PAGE = 4096, LEAST_PAGES = 64, PAGES_WORTH_ASKING = 256 };

static const size_t most_reach = (size_t)64 << 30, least_reach = (size_t)64 << 20;

/* ---- memory ------------------------------------------------------------------------------------------------------ */

/* Asks before a large piece is allocated: the kernel would rather kill somebody than refuse. */
static bool memory_is_there(uint64_t bytes)
{
	unsigned long long available_kb;
	FILE *info = fopen("/proc/meminfo", "re");
	bool known = info && fscanf(info, "MemTotal: %*u kB MemFree: %*u kB MemAvailable: %llu", &available_kb) == 1;

	if (info)
		fclose(info);
	return !known || bytes / 1024 < available_kb;
}

static int file_allocate(int file, uint64_t offset, uint64_t size)
{
	struct rlimit limit;

	/* beyond this limit the kernel would send a signal */
	if (!getrlimit(RLIMIT_FSIZE, &limit) && limit.rlim_cur != RLIM_INFINITY && offset + size > limit.rlim_cur)
		return -EFBIG;
	if (size >= (uint64_t)PAGES_WORTH_ASKING * PAGE && !memory_is_there(size))
		return -ENOMEM;
	while (fallocate(file, 0, (off_t)offset, (off_t)size)) {
		if (errno != EINTR)
			return errno == EFBIG ? -EFBIG : -ENOMEM;
	}
	return 0;
}

/* As far as the address space allows. */
static int file_map(struct arena *arena)
{
	for (arena->reach = most_reach; arena->reach >= least_reach; arena->reach /= 2) {
		void *base = mmap(NULL, arena->reach, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE,
		                  arena->file, 0);

		if (base == MAP_FAILED)
			continue;
		arena->base = base;
		madvise(base, arena->reach, MADV_DONTDUMP); /* a core dump would walk through all of it */
		return 0;
	}
	return -ENOMEM;
}

int arena_create(size_t control_size, struct arena **result)
{
	struct arena *arena = calloc(1, sizeof(*arena));
	int error = -ENOMEM;

	if (!arena)
		return -ENOMEM;
	arena->control_size = (control_size + PAGE - 1) / PAGE * PAGE;
	arena->references = 1;
	arena->file = memfd_create("poolscope", MFD_CLOEXEC);
	if (arena->file < 0)
		error = -errno;
	else
		error = file_allocate(arena->file, 0, arena->control_size);
	if (!error)
		error = file_map(arena);
	if (error) {
		if (arena->file >= 0)
			close(arena->file);
		free(arena);
		return error;
	}
	pthread_mutex_init(&arena->lock, NULL);
	*result = arena;
	return 0;
}

size_t arena_shared_size(unsigned nr_owners)
{
	return sizeof(struct arena_shared) + nr_owners * sizeof(uint64_t);
}

void arena_reference(struct arena *arena)
{
	atomic_fetch_add_explicit(&arena->references, 1, memory_order_relaxed);
}

void arena_drop_inherited(struct arena *arena)
{
	munmap(arena->base, arena->reach);
	close(arena->file);
	free(arena);
}

void arena_release(struct arena *arena)
{
	if (atomic_fetch_sub_explicit(&arena->references, 1, memory_order_acq_rel) != 1)
		return;
	pthread_mutex_destroy(&arena->lock);
	arena_drop_inherited(arena);
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

static uint64_t extent_begin(const struct arena *arena, unsigned entry)
{
	uint64_t before = entry ? atomic_load_explicit(&arena->shared->extents[entry - 1], memory_order_acquire) : 0;

	return entry ? EXTENT_END(before) * PAGE : arena->control_size;
}

static uint64_t extent_size(const struct arena *arena, unsigned entry)
{
	uint64_t word = atomic_load_explicit(&arena->shared->extents[entry], memory_order_acquire);

	return EXTENT_END(word) * PAGE - extent_begin(arena, entry);
}

/* Gives memory to an extent that is the owner's by the table, and lets it be carved. */
static int extent_make_ready(struct arena_owner *owner, unsigned entry)
{
	struct arena *arena = owner->arena;
	uint64_t begin = extent_begin(arena, entry), size = extent_size(arena, entry);
	int error = file_allocate(arena->file, begin, size);
	struct arena_extent *extent = arena_at(arena, begin);

	owner->refused = error ? entry + 1 : 0;
	if (error)
		return error;
	extent->size = size;
	atomic_store_explicit(&extent->used, sizeof(*extent), memory_order_relaxed);
	atomic_fetch_or_explicit(&arena->shared->extents[entry], EXTENT_READY, memory_order_release);
	owner->current = begin;
	owner->owned += size;
	return 0;
}

/* Claims the next entry of the table. */
static int extent_claim(struct arena_owner *owner, uint64_t pages, unsigned *entry)
{
	struct arena *arena = owner->arena;

	for (unsigned i = owner->nr_extents; i < ARENA_EXTENTS; i++) {
		uint64_t nothing = 0, end = extent_begin(arena, i) / PAGE + pages;

		if (end * PAGE > arena->reach)
			return -ENOMEM;
		owner->nr_extents = i + 1;
		if (atomic_compare_exchange_strong(&arena->shared->extents[i], &nothing,
		                                   EXTENT_WORD(end, owner->number))) {
			*entry = i;
			return 0;
		}
	}
	return -ENOMEM;
}

/* An extent with room for `size` more bytes, a quarter of what the owner has at least. */
static int extent_grow(struct arena_owner *owner, uint64_t size)
{
	uint64_t pages = (size + sizeof(struct arena_extent) + PAGE - 1) / PAGE;
	uint64_t quarter = owner->owned / PAGE / 4;
	unsigned entry;
	int error;

	if (owner->refused && extent_size(owner->arena, owner->refused - 1) / PAGE >= pages)
		return extent_make_ready(owner, owner->refused - 1);
	if (pages < quarter && quarter < pages + 4 * PAGES_WORTH_ASKING)
		pages = quarter;
	if (pages < LEAST_PAGES)
		pages = LEAST_PAGES;
	error = extent_claim(owner, pages, &entry);
	return error ? error : extent_make_ready(owner, entry);
}

/* Bytes that can still be carved from an extent, 0 being none. */
static uint64_t extent_room(const struct arena_owner *owner, uint64_t begin)
{
	struct arena_extent *extent = arena_at(owner->arena, begin);

	return begin ? extent->size - atomic_load_explicit(&extent->used, memory_order_relaxed) : 0;
}

uint64_t arena_extent_carve(struct arena_owner *owner, unsigned class, uint64_t size)
{
	struct arena_extent *extent;
	struct arena_block *block;
	uint64_t used, offset, before = owner->current;

	if (extent_room(owner, owner->current) < size && extent_grow(owner, size))
		return 0;
	extent = arena_at(owner->arena, owner->current);
	used = atomic_load_explicit(&extent->used, memory_order_relaxed);
	offset = owner->current + used;
	block = arena_block(owner->arena, offset);
	*block = (struct arena_block){ .size = size, .class = class, .owner = owner->number };
	/* who walks after our death must find the header before it finds the block */
	atomic_store_explicit(&extent->used, used + size, memory_order_release);
	if (extent_room(owner, before) > extent_room(owner, owner->current))
		owner->current = before;
	return offset;
}

void arena_extents_find(struct arena_owner *owner)
{
	struct arena *arena = owner->arena;

	for (unsigned i = 0; i < ARENA_EXTENTS; i++) {
		uint64_t word = atomic_load_explicit(&arena->shared->extents[i], memory_order_acquire);

		if (!word)
			break;
		owner->nr_extents = i + 1;
		if (EXTENT_OWNER(word) != owner->number)
			continue;
		if (word & EXTENT_READY) {
			owner->current = extent_begin(arena, i);
			owner->owned += extent_size(arena, i);
		} else {
			owner->refused = i + 1;
		}
	}
}

bool arena_extent_is_ready(struct arena *arena, unsigned owner, uint64_t offset)
{
	for (unsigned i = 0; i < ARENA_EXTENTS; i++) {
		uint64_t word = atomic_load_explicit(&arena->shared->extents[i], memory_order_acquire);

		if (!word)
			return false;
		if (offset < EXTENT_END(word) * PAGE)
			return EXTENT_OWNER(word) == owner && (word & EXTENT_READY);
	}
	return false;
}

static void extent_walk(struct arena *arena, uint64_t begin, void (*visit)(struct arena *, uint64_t offset))
{
	struct arena_extent *extent = arena_at(arena, begin);
	uint64_t used = atomic_load_explicit(&extent->used, memory_order_acquire);

	for (uint64_t at = sizeof(*extent); at < used;) {
		uint64_t size = arena_block(arena, begin + at)->size;

		if (size < sizeof(struct arena_block) || size > used - at)
			return; /* something wrote over it: the rest of this extent is given up */
		visit(arena, begin + at);
		at += size;
	}
}

void arena_extents_walk(struct arena *arena, unsigned owner, void (*visit)(struct arena *, uint64_t offset))
{
	for (unsigned i = 0; i < ARENA_EXTENTS; i++) {
		uint64_t word = atomic_load_explicit(&arena->shared->extents[i], memory_order_acquire);

		if (!word)
			return;
		if (EXTENT_OWNER(word) == owner && (word & EXTENT_READY))
			extent_walk(arena, extent_begin(arena, i), visit);
	}
}
