/* frame.h: how do several items lie in one piece of memory?
 *
 *	| size 0 | size 1 | size 2 | item 0 ... | item 1 ... | item 2 ... |      sizes: 64 bits each
 *
 * Each item begins at a multiple of the largest alignment that something of its size can need, 16 at most. */
#ifndef FRAME_H
#define FRAME_H

#include <stddef.h>
#include <stdint.h>

static inline size_t frame_aligned(size_t offset, size_t size)
{
	size_t alignment = size >= 16 ? 16 : size >= 8 ? 8 : size >= 4 ? 4 : size >= 2 ? 2 : 1;

	return (offset + alignment - 1) & ~(alignment - 1);
}

/* Where the first item may begin. */
static inline size_t frame_begin(size_t nr_items)
{
	return nr_items * sizeof(uint64_t);
}

/* Walks a frame: *offset of the item whose size is given, moved behind it. */
static inline size_t frame_next(size_t *offset, size_t size)
{
	size_t begin = frame_aligned(*offset, size);

	*offset = begin + size;
	return begin;
}

#endif
