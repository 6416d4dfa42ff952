/* pool_pieces.c: do the task ring and the arena keep their promises when an owner is dead? */
#include "tests/unit/pool_test.h"

#include "pool-runtime/arena.h"
#include "pool-runtime/task_ring.h"

/* ---- the task ring ---- */

static struct task_ring *ring;
static uint64_t put;

static int ring_up(void **state)
{
	(void)state;
	ring = aligned_alloc(64, sizeof(*ring));
	memset(ring, 0, sizeof(*ring));
	put = 0;
	return 0;
}

static int ring_down(void **state)
{
	(void)state;
	free(ring);
	return 0;
}

static unsigned fill(unsigned most)
{
	struct task_slot *slot;
	unsigned nr = 0;

	for (; nr < most && (slot = task_ring_room(ring, &put)); nr++)
		task_ring_show(slot, put++);
	task_ring_announce(ring, put);
	return nr;
}

static unsigned owner_at(uint64_t position)
{
	return TASK_OWNER(atomic_load(&task_ring_slot(ring, position)->word));
}

static void a_claim_names_its_owner(void **state)
{
	uint64_t positions[TASK_MAX_BATCH];
	_Atomic uint64_t batch = 0;

	(void)state;
	assert_int_equal(task_ring_claim(ring, 5, 1, &batch, positions), 0);
	assert_int_equal(fill(10), 10);
	assert_int_equal(task_ring_claim(ring, 5, 1, &batch, positions), 1);
	assert_int_equal(owner_at(positions[0]), TASK_RUN_BY(5));
	assert_int_equal(task_ring_claim(ring, 6, 4, &batch, positions), 4);
	assert_int_equal(TASK_BATCH_FIRST(batch), 1);
	for (int i = 0; i < 4; i++)
		assert_int_equal(owner_at(positions[i]), TASK_CLAIMED_BY(6));
	assert_int_equal(task_ring_depth(ring), 5);
}

static void what_is_begun_cannot_be_stolen(void **state)
{
	uint64_t positions[TASK_MAX_BATCH], stolen;
	_Atomic uint64_t batch = 0;

	(void)state;
	fill(3);
	assert_int_equal(task_ring_claim(ring, 0, 3, &batch, positions), 3);
	assert_true(task_ring_start(ring, positions[0], 0));
	assert_true(task_ring_steal(ring, 0, batch, 1, &stolen));
	assert_int_equal(stolen, positions[2]);
	assert_int_equal(owner_at(stolen), TASK_RUN_BY(1));
	assert_false(task_ring_start(ring, positions[2], 0));
	assert_true(task_ring_steal(ring, 0, batch, 1, &stolen));
	assert_false(task_ring_steal(ring, 0, batch, 1, &stolen));
	assert_false(task_ring_start(ring, positions[1], 0));
}

static void a_long_task_does_not_stop_the_ring(void **state)
{
	uint64_t positions[TASK_MAX_BATCH];
	_Atomic uint64_t batch = 0;

	(void)state;
	assert_int_equal(fill(TASK_RING_CAPACITY + 1), TASK_RING_CAPACITY);
	assert_int_equal(task_ring_claim(ring, 0, 1, &batch, positions), 1); /* runs for ever */
	for (int i = 1; i < 5 * TASK_RING_CAPACITY; i++) {
		assert_int_equal(task_ring_claim(ring, 1, 1, &batch, positions), 1);
		task_ring_finish(ring, positions[0]);
		assert_int_equal(fill(1), 1);
	}
	assert_int_equal(owner_at(0), TASK_RUN_BY(0));
}

/* ---- the arena ---- */

static struct arena *arena;

static int arena_up(void **state)
{
	(void)state;
	if (arena_create(arena_shared_size(3), &arena))
		return -1;
	arena->shared = arena_at(arena, 0);
	return 0;
}

static int arena_down(void **state)
{
	(void)state;
	arena_release(arena);
	return 0;
}

static uint64_t allocate(struct arena_owner *owner, size_t size)
{
	uint64_t offset;
	size_t room;

	assert_int_equal(arena_allocate(owner, size, &offset, &room), 0);
	assert_true(room >= size);
	assert_true(room <= size + size / 2 + 192);
	assert_int_equal(offset % 64, 0);
	memset(arena_at(arena, offset), 0xa5, room);
	return offset;
}

static void blocks_of_all_sizes_do_not_overlap(void **state)
{
	struct arena_owner owner;
	uint64_t offsets[200];

	(void)state;
	arena_owner_init(&owner, arena, 1);
	for (unsigned i = 0; i < 200; i++) {
		offsets[i] = allocate(&owner, i * i * 3);
		memset(arena_at(arena, offsets[i]), (int)i, i * i * 3);
	}
	for (unsigned i = 0; i < 200; i++)
		for (unsigned k = 0; k < i * i * 3; k++)
			assert_int_equal(((unsigned char *)arena_at(arena, offsets[i]))[k], i);
}

static void what_is_freed_is_used_again(void **state)
{
	struct arena_owner owner;
	uint64_t first, reach = 0;

	(void)state;
	arena_owner_init(&owner, arena, 1);
	first = allocate(&owner, 100000);
	for (int i = 0; i < 1000; i++) {
		assert_true(arena_take(arena, 1, first, 100000));
		arena_free(arena, first);
		first = allocate(&owner, 100000);
		reach = first > reach ? first : reach;
	}
	assert_true(reach < 1 << 20);
}

static void only_blocks_are_taken(void **state)
{
	struct arena_owner owner;
	uint64_t offset;

	(void)state;
	arena_owner_init(&owner, arena, 1);
	offset = allocate(&owner, 5000);
	assert_false(arena_take(arena, 2, offset, 5000));
	assert_false(arena_take(arena, 1, offset, 1 << 20));
	assert_false(arena_take(arena, 1, offset + 1, 1));
	assert_false(arena_take(arena, 1, 0, 1));
	assert_false(arena_take(arena, 1, UINT64_MAX - 63, 1));
	assert_true(arena_take(arena, 1, offset, 5000));
}

static void the_dead_leave_everything_but_what_was_taken(void **state)
{
	struct arena_owner owner, next;
	uint64_t taken, before;

	(void)state;
	arena_owner_init(&owner, arena, 1);
	taken = allocate(&owner, 100000);
	assert_true(arena_take(arena, 1, taken, 100000));
	before = allocate(&owner, 100000);
	allocate(&owner, 3000);
	/* the owner is dead, its lists with it */
	arena_repair(arena, 1);
	arena_owner_init(&next, arena, 1);
	assert_int_equal(allocate(&next, 100000), before);
	assert_int_not_equal(allocate(&next, 100000), taken);
	arena_free(arena, taken);
	assert_int_equal(allocate(&next, 100000), taken);
}

static void too_much_is_refused(void **state)
{
	struct arena_owner owner;
	uint64_t offset = 7;
	size_t room = 7;

	(void)state;
	arena_owner_init(&owner, arena, 1);
	assert_int_equal(arena_allocate(&owner, SIZE_MAX - 64, &offset, &room), -ENOMEM);
	assert_int_equal(arena_allocate(&owner, arena->reach, &offset, &room), -ENOMEM);
	assert_int_equal(offset, 7);
	assert_int_equal(room, 7);
	allocate(&owner, 1000);
}

#define ring_test(function) cmocka_unit_test_setup_teardown(function, ring_up, ring_down)
#define arena_test(function) cmocka_unit_test_setup_teardown(function, arena_up, arena_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ring_test(a_claim_names_its_owner),
		ring_test(what_is_begun_cannot_be_stolen),
		ring_test(a_long_task_does_not_stop_the_ring),
		arena_test(blocks_of_all_sizes_do_not_overlap),
		arena_test(what_is_freed_is_used_again),
		arena_test(only_blocks_are_taken),
		arena_test(the_dead_leave_everything_but_what_was_taken),
		arena_test(too_much_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
