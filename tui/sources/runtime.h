/* runtime.h: what do the publishers of this machine say of themselves?
 *
 * Finds segments as they come and go, and turns their slots and records into facts. A segment whose parent died is told
 * once, whole, and then as dead. */
#ifndef SOURCES_RUNTIME_H
#define SOURCES_RUNTIME_H

#include <stdbool.h>

#include "pool-runtime/reader.h"
#include "sources/source.h"

/* Whether a publisher is wanted; asked once for each that is found. */
typedef bool runtime_wants(void *context, const struct reader_place *place);

/* Told when a publisher that is wanted and lives was found: its tree can be watched by other sources too. */
typedef void runtime_found(void *context, const struct reader_place *place);

struct source *runtime_source_open(runtime_wants *wants, runtime_found *found, void *context); /* NULL: no memory */

#endif
