/* store.h: things of one kind, found by their key, copied as a whole.
 *
 *   entries  [ key | rest ][ key | rest ][ key | rest ] ...      in order of arrival, no holes
 *   index    open addressing, position + 1; 0 is free
 *
 * The key is the first key_size bytes of an entry, padding included: fill keys with zeroes first. Pointers into a store
 * hold until the next add, keep or copy. */
#ifndef MODEL_STORE_H
#define MODEL_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store {
	char *entries;
	uint32_t *index;
	uint32_t count, capacity, nr_buckets;
	uint32_t entry_size, key_size;
};

void store_init(struct store *store, size_t entry_size, size_t key_size);
void store_finish(struct store *store);
void *store_at(const struct store *store, uint32_t position);             /* position < count */
void *store_find(const struct store *store, const void *key);             /* NULL if it is not there */
/* Found, or added with the rest zeroed; NULL on no memory. *added may be NULL. */
void *store_add(struct store *store, const void *key, bool *added);
/* Room for so many entries: adds and copies up to there cannot fail. 0 or -ENOMEM. */
int store_reserve(struct store *store, uint32_t count);
int store_copy(struct store *to, const struct store *from);               /* 0 or -ENOMEM, `to` as it was */
void store_clear(struct store *store);                                      /* keeps its memory */
/* Drops every entry for which keep() is false. */
void store_keep(struct store *store, bool (*keep)(const void *entry, void *context), void *context);

#define store_each(entry, store) \
	(uint32_t i_ = 0; i_ < (store)->count && ((entry) = store_at(store, i_), true); i_++)

#endif
