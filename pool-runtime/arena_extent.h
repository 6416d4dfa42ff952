/* arena_extent.h: how does the arena grow? For arena*.c alone. */
#ifndef ARENA_EXTENT_H
#define ARENA_EXTENT_H

#include <errno.h>

#include "arena.h"

/* In front of a block's bytes, a cache line of its own. */
struct arena_block {
	uint64_t size;           /* this header counted */
	uint64_t next;           /* offset, in whichever list it is */
	uint32_t owner;
	uint32_t class;
	_Atomic uint32_t taken;  /* by the parent: a repair leaves it alone */
	uint32_t unused[9];
};
_Static_assert(sizeof(struct arena_block) == 64, "bytes behind it are aligned to a cache line");

/* At the beginning of an extent. */
struct arena_extent {
	_Atomic uint64_t used; /* blocks are carved up to here: offset from the extent's beginning */
	uint64_t size;
	uint64_t unused[6];
};
_Static_assert(sizeof(struct arena_extent) == 64, "blocks are aligned to a cache line");

static inline struct arena_block *arena_block(const struct arena *arena, uint64_t offset)
{
	return arena_at(arena, offset);
}

/* Takes the extents that the table shows for this owner. */
void arena_extents_find(struct arena_owner *owner);

/* A new block of exactly that size, from the current extent or a new one. 0: no memory. */
uint64_t arena_extent_carve(struct arena_owner *owner, unsigned class, uint64_t size);

bool arena_extent_is_ready(struct arena *arena, unsigned owner, uint64_t offset);

/* Visits each block of an owner that is dead. */
void arena_extents_walk(struct arena *arena, unsigned owner, void (*visit)(struct arena *, uint64_t offset));

#endif
