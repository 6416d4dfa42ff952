/* output.c: where does a task's value come together? */
#include "pool_internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frame.h"

enum { ERROR_TEXT_SIZE = 4096 };

void output_begin(struct pool_output *output, struct arena_owner *arena, size_t nr_items)
{
	output->arena = arena;
	output->block = 0;
	output->bytes = output->in_place;
	output->room = sizeof(output->in_place);
	output->used = 0;
	output->nr_items = nr_items;
	output->error = 0;
	output->error_text = NULL;
	output->item_begin = 0;
	output->frame_end = frame_begin(nr_items);
	if (nr_items > 1)
		pool_output_reserve(output, frame_begin(nr_items));
}

/* Moves what is written to a block with room for `needed` bytes, and some more where it grows for the second time. */
static int output_grow(struct pool_output *output, size_t needed)
{
	uint64_t block;
	size_t room;
	int error;

	if (output->block && needed < 2 * output->room)
		needed = 2 * output->room;
	error = arena_allocate(output->arena, needed, &block, &room);
	if (error)
		return error;
	memcpy(arena_at(output->arena->arena, block), output->bytes, output->used);
	if (output->block)
		arena_give_back(output->arena, output->block);
	output->block = block;
	output->bytes = arena_at(output->arena->arena, block);
	output->room = room;
	return 0;
}

static void *output_out_of_memory(struct pool_output *output)
{
	if (!output->error)
		output->error = -ENOMEM;
	return NULL;
}

void *pool_output_reserve(struct pool_output *output, size_t size)
{
	void *place;

	if (size > SIZE_MAX / 4 || output->error == -ENOMEM)
		return output_out_of_memory(output);
	if (output->used + size > output->room && output_grow(output, output->used + size))
		return output_out_of_memory(output);
	place = output->bytes + output->used;
	output->used += size;
	return place;
}

int pool_output_write(struct pool_output *output, const void *data, size_t size)
{
	void *place = pool_output_reserve(output, size);

	if (!place)
		return -ENOMEM;
	if (size)
		memcpy(place, data, size);
	return 0;
}

int pool_fail(struct pool_output *output, const char *format, ...)
{
	va_list arguments;

	if (output->error)
		return output->error;
	output->error = -EREMOTEIO;
	output->error_text = malloc(ERROR_TEXT_SIZE);
	if (!output->error_text)
		return -EREMOTEIO;
	va_start(arguments, format);
	vsnprintf(output->error_text, ERROR_TEXT_SIZE, format, arguments);
	va_end(arguments);
	return -EREMOTEIO;
}

/* How an item must be aligned depends on its size, which is known once it is written. So each is begun where any could
 * stand, and one of less than 16 bytes is then moved up to its place in the frame. */
void output_begin_item(struct pool_output *output)
{
	if (output->nr_items > 1 && output->used % 16)
		pool_output_reserve(output, 16 - output->used % 16);
	output->item_begin = output->used;
}

void output_end_item(struct pool_output *output, size_t item)
{
	size_t size = output->used - output->item_begin, begin;

	if (output->nr_items == 1 || output->error)
		return;
	begin = frame_next(&output->frame_end, size);
	memmove(output->bytes + begin, output->bytes + output->item_begin, size);
	output->used = output->frame_end;
	((uint64_t *)output->bytes)[item] = size;
}

static void output_finish_error(struct pool_output *output)
{
	char *text = output->error_text;
	int error = output->error;

	if (output->block)
		arena_give_back(output->arena, output->block);
	output_begin(output, output->arena, 1);
	if (text)
		pool_output_write(output, text, strlen(text));
	if (output->error) /* no memory for the words either: the code must do */
		output_begin(output, output->arena, 1);
	output->error = error;
	free(text);
}

void output_finish(struct pool_output *output, struct result_record *record)
{
	if (output->error)
		output_finish_error(output);
	record->code = (int16_t)output->error;
	if (output->block) {
		record->inline_size = RESULT_IN_BLOCK;
		record->block.offset = output->block;
		record->block.size = output->used;
	} else {
		record->inline_size = (uint8_t)output->used;
		memcpy(record->bytes, output->in_place, output->used);
	}
}
