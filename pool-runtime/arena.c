/* arena.c: who allocates which block, and how does it come back? */
#include "arena.h"

#include "arena_extent.h"

enum { SMALLEST_STEP = 128, SMALL_CLASSES = 8, LARGER_CLASSES_TRIED = 3 };

/* ---- sizes: eight to each doubling, so that an eighth at most is wasted -------------------------------------------- */

static uint64_t class_size(unsigned class)
{
	unsigned doubling = class / 8, step = class % 8;

	return class < SMALL_CLASSES ? (uint64_t)SMALLEST_STEP * (class + 1)
	                             : ((uint64_t)SMALLEST_STEP * (8 + step + 1)) << (doubling - 1);
}

static unsigned class_of(uint64_t size)
{
	unsigned doubling = 0;
	uint64_t steps = (size + SMALLEST_STEP - 1) / SMALLEST_STEP;

	if (steps <= SMALL_CLASSES)
		return steps ? (unsigned)steps - 1 : 0;
	for (; steps > 16; doubling++)
		steps = (steps + 1) / 2;
	return 8 + 8 * doubling + (unsigned)(steps - 9);
}

/* ---- the owner's lists ---------------------------------------------------------------------------------------------- */

static void list_put(struct arena_owner *owner, uint64_t offset)
{
	struct arena_block *block = arena_block(owner->arena, offset);
	unsigned class = block->class < ARENA_CLASSES ? block->class : 0;

	block->next = owner->lists[class];
	owner->lists[class] = offset;
}

static uint64_t list_take(struct arena_owner *owner, unsigned class)
{
	uint64_t offset = owner->lists[class];

	if (offset)
		owner->lists[class] = arena_block(owner->arena, offset)->next;
	return offset;
}

/* What was freed meanwhile. */
static void list_returned(struct arena_owner *owner)
{
	_Atomic uint64_t *stack = &owner->arena->shared->returned[owner->number];
	uint64_t offset = atomic_load_explicit(stack, memory_order_relaxed)
	                  ? atomic_exchange_explicit(stack, 0, memory_order_acquire) : 0;

	while (offset) {
		uint64_t next = arena_block(owner->arena, offset)->next;

		list_put(owner, offset);
		offset = next;
	}
}

static uint64_t list_take_between(struct arena_owner *owner, unsigned class, unsigned end)
{
	uint64_t offset = 0;

	for (; !offset && class < end && class < ARENA_CLASSES; class++)
		offset = list_take(owner, class);
	return offset;
}

/* ---- allocate, hand over, free --------------------------------------------------------------------------------------- */

void arena_owner_init(struct arena_owner *owner, struct arena *arena, unsigned number)
{
	*owner = (struct arena_owner){ .arena = arena, .number = number };
	arena_extents_find(owner);
}

int arena_allocate(struct arena_owner *owner, size_t size, uint64_t *offset, size_t *room)
{
	unsigned class = class_of(size + sizeof(struct arena_block));
	uint64_t found;

	if (size > owner->arena->reach)
		return -ENOMEM;
	list_returned(owner);
	found = list_take_between(owner, class, class + 1 + LARGER_CLASSES_TRIED);
	if (!found)
		found = arena_extent_carve(owner, class, class_size(class));
	if (!found)
		found = list_take_between(owner, class, ARENA_CLASSES);
	if (!found)
		return -ENOMEM;
	*offset = found + sizeof(struct arena_block);
	*room = arena_block(owner->arena, found)->size - sizeof(struct arena_block);
	return 0;
}

void arena_give_back(struct arena_owner *owner, uint64_t offset)
{
	list_put(owner, offset - sizeof(struct arena_block));
}

/* Owners are children of ours, but a task that ran wild may have written anywhere. */
bool arena_take(struct arena *arena, unsigned owner, uint64_t offset, uint64_t size)
{
	struct arena_block *block;

	if (offset % 64 || offset < arena->control_size + sizeof(*block) || offset >= arena->reach)
		return false;
	if (!arena_extent_is_ready(arena, owner, offset))
		return false;
	block = arena_block(arena, offset - sizeof(*block));
	if (block->owner != owner || block->size - sizeof(*block) < size || block->size > arena->reach - offset)
		return false;
	atomic_store_explicit(&block->taken, 1, memory_order_relaxed);
	return true;
}

/* Under arena->lock. */
static void push_returned(struct arena *arena, uint64_t offset)
{
	struct arena_block *block = arena_block(arena, offset);
	_Atomic uint64_t *stack = &arena->shared->returned[block->owner];

	atomic_store_explicit(&block->taken, 0, memory_order_relaxed);
	block->next = atomic_load_explicit(stack, memory_order_relaxed);
	while (!atomic_compare_exchange_weak_explicit(stack, &block->next, offset, memory_order_release,
	                                              memory_order_relaxed))
		;
}

void arena_free(struct arena *arena, uint64_t offset)
{
	pthread_mutex_lock(&arena->lock);
	push_returned(arena, offset - sizeof(struct arena_block));
	pthread_mutex_unlock(&arena->lock);
}

static void return_unless_taken(struct arena *arena, uint64_t offset)
{
	if (!atomic_load_explicit(&arena_block(arena, offset)->taken, memory_order_relaxed))
		push_returned(arena, offset);
}

void arena_repair(struct arena *arena, unsigned owner)
{
	pthread_mutex_lock(&arena->lock);
	atomic_store_explicit(&arena->shared->returned[owner], 0, memory_order_relaxed);
	arena_extents_walk(arena, owner, return_unless_taken);
	pthread_mutex_unlock(&arena->lock);
}
