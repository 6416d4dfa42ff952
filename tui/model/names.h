/* names.h: every text that facts and the model speak of, once.
 *
 * Ids are small, 0 is "no text", and stay valid as long as the table. Texts are as they came, hostile bytes and all:
 * they pass base/text.h on their way to a screen. Bounded: a flood of names gets the id of one word for all. */
#ifndef MODEL_NAMES_H
#define MODEL_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct names;

enum { NAMES_MAX = 1 << 18, NAME_MAX_BYTES = 512 };

struct names *names_create(void);          /* NULL: no memory */
void names_destroy(struct names *names);

uint32_t names_id(struct names *names, const char *text);                   /* 0 for NULL or "" */
uint32_t names_id_bytes(struct names *names, const char *text, size_t length);
const char *names_text(const struct names *names, uint32_t id);             /* never NULL; "" for 0 or unknown ids */
uint32_t names_count(const struct names *names);                            /* ids are 1 .. count */

#endif
