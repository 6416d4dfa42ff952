/* arena.h: where do payloads lie that are too large for a slot?
 *
 * A memory file, mapped shared before the first fork at its full reach and allocated piece by piece: what the kernel
 * cannot give is an error here, not a fault there. The control part of the pool lies at its beginning.
 *
 *	| control | extent 0 | extent 1     | extent 2 |   ...reserved, not allocated...   |
 *	             parent     worker 3       worker 0
 *	             | header | block | block | block |  carved up to `used`  |
 *
 * An extent belongs to one owner, for ever: the parent or a worker's slot. Its word in the table (end, owner, ready) is
 * set by one compare-and-swap, so that none is lost with who claims it. Only the owner carves and allocates.
 *
 *	          allocate            hand over, take            free
 *	owner's ----------> owner's ------------------> parent's ------> owner's, on the stack of returned blocks
 *
 * Only the parent frees, and it hands a block back by pushing it on its owner's stack; the owner takes the whole stack
 * and keeps lists of its own. When a worker is dead, everything of its that is not the parent's goes on the stack again,
 * for the next in that slot: lists in private memory are gone, and nothing else was. */
#ifndef ARENA_H
#define ARENA_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ARENA_EXTENTS = 8192, ARENA_CLASSES = 320, ARENA_PARENT = 0 };
#define ARENA_OWNER_OF(slot) ((slot) + 1)

struct arena_shared {
	_Atomic uint64_t extents[ARENA_EXTENTS]; /* arena.c: EXTENT_WORD */
	_Atomic uint64_t returned[];             /* by owner: offset of the newest block on its stack, 0 none */
};

/* The mapping, as one process knows it. */
struct arena {
	unsigned char *base;
	size_t reach;
	size_t control_size;
	int file;
	struct arena_shared *shared;
	/* the parent's alone */
	_Atomic unsigned references;
	pthread_mutex_t lock; /* frees and repairs: a stack must not grow while it is made anew */
};

/* What an owner knows of its blocks: private. The parent's is guarded by its lock. */
struct arena_owner {
	struct arena *arena;
	unsigned number;
	unsigned nr_extents;        /* entries of the table that were looked at */
	uint64_t owned;             /* bytes of its extents */
	uint64_t current;           /* offset of the extent that is being carved, 0 none */
	uint64_t refused;           /* table entry + 1 of an extent that is its own and has no memory yet */
	uint64_t lists[ARENA_CLASSES]; /* offset of the first free block of that size */
};

/* control_size bytes come first, zeroed, `shared` among them (arena_shared_size()). -ENOMEM, -EMFILE, -EFBIG. */
int arena_create(size_t control_size, struct arena **arena);
size_t arena_shared_size(unsigned nr_owners);

/* The parent's; the last release unmaps. In a forked child release unmaps at once. */
void arena_reference(struct arena *arena);
void arena_release(struct arena *arena);
void arena_drop_inherited(struct arena *arena);

static inline void *arena_at(const struct arena *arena, uint64_t offset)
{
	return arena->base + offset;
}

/* Learns what the owner has by now: of a worker's slot, what those before it left. */
void arena_owner_init(struct arena_owner *owner, struct arena *arena, unsigned number);

/* At least `size` bytes, aligned to 64; -ENOMEM. *room: how many there are. */
int arena_allocate(struct arena_owner *owner, size_t size, uint64_t *offset, size_t *room);

/* The owner gives back what it allocated itself and handed to nobody. */
void arena_give_back(struct arena_owner *owner, uint64_t offset);

/* The parent takes what a worker handed over: false if that cannot be a block of it with so many bytes. */
bool arena_take(struct arena *arena, unsigned owner, uint64_t offset, uint64_t size);

/* The parent frees what it took. Any thread. */
void arena_free(struct arena *arena, uint64_t offset);

/* The worker handler, once a worker is dead and its results are taken. */
void arena_repair(struct arena *arena, unsigned owner);

#endif
