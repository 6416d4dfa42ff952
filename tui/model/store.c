/* store.c: things of one kind, found by their key. */
#include "model/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a over the key, then a multiplicative finish: keys are pids and ids, small and alike. */
static uint32_t hash_of(const struct store *store, const void *key)
{
	const unsigned char *byte = key;
	uint64_t hash = 0xcbf29ce484222325u;

	for (uint32_t i = 0; i < store->key_size; i++)
		hash = (hash ^ byte[i]) * 0x100000001b3u;
	return (uint32_t)((hash * 0x9e3779b97f4a7c15u) >> 32);
}

void store_init(struct store *store, size_t entry_size, size_t key_size)
{
	*store = (struct store){ .entry_size = (uint32_t)entry_size, .key_size = (uint32_t)key_size };
}

void store_finish(struct store *store)
{
	free(store->entries);
	free(store->index);
	store_init(store, store->entry_size, store->key_size);
}

void *store_at(const struct store *store, uint32_t position)
{
	return store->entries + (size_t)position * store->entry_size;
}

/* The bucket that holds the key, or the free one where it would go. There always is a free one. */
static uint32_t bucket_of(const struct store *store, const void *key)
{
	uint32_t mask = store->nr_buckets - 1, bucket = hash_of(store, key) & mask;

	while (store->index[bucket] && memcmp(store_at(store, store->index[bucket] - 1), key, store->key_size))
		bucket = (bucket + 1) & mask;
	return bucket;
}

void *store_find(const struct store *store, const void *key)
{
	if (!store->count)
		return NULL;
	uint32_t position = store->index[bucket_of(store, key)];
	return position ? store_at(store, position - 1) : NULL;
}

static void index_anew(struct store *store)
{
	memset(store->index, 0, store->nr_buckets * sizeof(*store->index));
	for (uint32_t i = 0; i < store->count; i++)
		store->index[bucket_of(store, store_at(store, i))] = i + 1;
}

/* Room for `capacity` entries, with at least as many buckets free as taken. */
static bool grow(struct store *store, uint32_t capacity)
{
	char *entries = realloc(store->entries, (size_t)capacity * store->entry_size);
	if (!entries)
		return false;
	store->entries = entries;
	uint32_t *index = malloc((size_t)capacity * 2 * sizeof(*index));
	if (!index)
		return false;
	free(store->index);
	store->index = index;
	store->capacity = capacity;
	store->nr_buckets = capacity * 2;
	index_anew(store);
	return true;
}

int store_reserve(struct store *store, uint32_t count)
{
	uint32_t capacity = store->capacity ? store->capacity : 16;

	while (capacity < count)
		capacity *= 2;
	return capacity == store->capacity || grow(store, capacity) ? 0 : -ENOMEM;
}

void *store_add(struct store *store, const void *key, bool *added)
{
	void *entry = store_find(store, key);

	if (added)
		*added = !entry;
	if (entry)
		return entry;
	if (store_reserve(store, store->count + 1))
		return NULL;
	store->index[bucket_of(store, key)] = ++store->count;
	entry = store_at(store, store->count - 1);
	memset(entry, 0, store->entry_size);
	memcpy(entry, key, store->key_size);
	return entry;
}

int store_copy(struct store *to, const struct store *from)
{
	if (store_reserve(to, from->count))
		return -ENOMEM;
	to->count = from->count;
	if (from->count)
		memcpy(to->entries, from->entries, (size_t)from->count * from->entry_size);
	if (to->nr_buckets == from->nr_buckets && from->nr_buckets)
		memcpy(to->index, from->index, from->nr_buckets * sizeof(*from->index));
	else if (to->nr_buckets)
		index_anew(to);
	return 0;
}

void store_clear(struct store *store)
{
	store->count = 0;
	if (store->nr_buckets)
		memset(store->index, 0, store->nr_buckets * sizeof(*store->index));
}

void store_keep(struct store *store, bool (*keep)(const void *entry, void *context), void *context)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < store->count; i++) {
		if (!keep(store_at(store, i), context))
			continue;
		if (kept != i)
			memcpy(store_at(store, kept), store_at(store, i), store->entry_size);
		kept++;
	}
	if (kept == store->count)
		return;
	store->count = kept;
	index_anew(store);
}
