/* names.c: every text once.
 *
 *   blocks   64 KiB each, texts one after the other, never moved: a text handed out stays where it is
 *   texts    id - 1 -> text
 *   index    open addressing over ids */
#include "model/names.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 64 * 1024 };

struct block {
	struct block *next;
	size_t used;
	char bytes[BLOCK];
};

struct names {
	struct block *blocks;
	const char **texts;
	uint32_t *index;
	uint32_t count, capacity; /* of texts; the index has twice as many buckets */
};

static const char too_many[] = "(too many names)";

struct names *names_create(void)
{
	return calloc(1, sizeof(struct names));
}

void names_destroy(struct names *names)
{
	if (!names)
		return;
	for (struct block *block = names->blocks, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	free(names->texts);
	free(names->index);
	free(names);
}

static uint32_t hash_of(const char *text, size_t length)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
	return (uint32_t)(hash ^ hash >> 32);
}

static uint32_t bucket_of(const struct names *names, const char *text, size_t length)
{
	uint32_t mask = names->capacity * 2 - 1, bucket = hash_of(text, length) & mask;

	for (; names->index[bucket]; bucket = (bucket + 1) & mask) {
		const char *known = names->texts[names->index[bucket] - 1];
		if (!strncmp(known, text, length) && !known[length])
			break;
	}
	return bucket;
}

static int grow(struct names *names)
{
	uint32_t capacity = names->capacity ? names->capacity * 2 : 256;
	const char **texts = realloc(names->texts, capacity * sizeof(*texts));
	uint32_t *index = calloc(capacity * 2, sizeof(*index));

	if (texts)
		names->texts = texts;
	if (!texts || !index) {
		free(index);
		return 0;
	}
	free(names->index);
	names->index = index;
	names->capacity = capacity;
	for (uint32_t i = 0; i < names->count; i++)
		index[bucket_of(names, texts[i], strlen(texts[i]))] = i + 1;
	return 1;
}

static const char *keep_text(struct names *names, const char *text, size_t length)
{
	struct block *block = names->blocks;

	if (!block || BLOCK - block->used < length + 1) {
		block = malloc(sizeof(*block));
		if (!block)
			return NULL;
		block->next = names->blocks;
		block->used = 0;
		names->blocks = block;
	}
	char *kept = block->bytes + block->used;
	memcpy(kept, text, length);
	kept[length] = '\0';
	block->used += length + 1;
	return kept;
}

uint32_t names_id_bytes(struct names *names, const char *text, size_t length)
{
	length = strnlen(text, length < NAME_MAX_BYTES ? length : NAME_MAX_BYTES);
	if (!length || (names->count == names->capacity && !grow(names)))
		return 0;
	uint32_t bucket = bucket_of(names, text, length);
	if (names->index[bucket])
		return names->index[bucket];
	if (names->count >= NAMES_MAX)
		return NAMES_MAX;
	if (names->count == NAMES_MAX - 1) { /* the last id is one word for all that come too late */
		text = too_many;
		length = sizeof(too_many) - 1;
		bucket = bucket_of(names, text, length);
	}
	const char *kept = keep_text(names, text, length);
	if (!kept)
		return 0;
	names->texts[names->count] = kept;
	return names->index[bucket] = ++names->count;
}

uint32_t names_id(struct names *names, const char *text)
{
	return text ? names_id_bytes(names, text, NAME_MAX_BYTES) : 0;
}

const char *names_text(const struct names *names, uint32_t id)
{
	return id && id <= names->count ? names->texts[id - 1] : "";
}

uint32_t names_count(const struct names *names)
{
	return names->count;
}
