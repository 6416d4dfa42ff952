/* recording.h: how is the stream kept in a file, and taken out again?
 *
 *   header | name: id, text | fact | fact | name | fact | ... | end: nr_facts
 *
 * Every piece is a frame { kind, length, payload }, native byte order. Names stand before the first fact that uses them.
 * Facts are saved as they are: a newer minor version may make them longer, never shorter. A file that ends in the middle
 * of a frame (a full disk, a kill) is read up to there, and said to be cut. */
#ifndef SOURCES_RECORDING_H
#define SOURCES_RECORDING_H

#include <stdbool.h>
#include <stdint.h>

#include "model/fact.h"
#include "model/names.h"

#define RECORDING_MAGIC "poolrec" /* 8 bytes with its NUL */
#define RECORDING_ENDIAN 0x01020304u
enum { RECORDING_MAJOR = 1, RECORDING_MINOR = 0 };

struct recording_header {
	char magic[8];
	uint32_t endian;
	uint16_t major, minor;
	uint32_t header_size, fact_size;
	uint64_t started_ns;     /* CLOCK_MONOTONIC */
	int64_t wall_offset_ns;  /* wall clock minus CLOCK_MONOTONIC */
	char host[64];
};

struct recording_writer;

/* Makes the file new (0600); an existing one is replaced only when it is a recording or empty: -EEXIST otherwise. */
int recording_create(const char *path, struct recording_writer **writer);
/* names: the same table for every fact of a recording. */
int recording_add(struct recording_writer *writer, const struct names *names, const struct fact *fact);
/* Brings what was added to the file. The first error stays and comes back from every later call. */
int recording_flush(struct recording_writer *writer);
/* Writes the end, closes. The error of any step, if there was one. NULL is fine. */
int recording_close(struct recording_writer *writer);

struct recording_end {
	uint64_t nr_facts;
	bool cut;                /* the file ends without its end: killed, or no room */
};
/* Reads a whole recording: names into `names` (ids are translated), each fact to take(). -errno, and in *why a sentence
 * (static storage). What was read before an error has been given. */
int recording_read(const char *path, struct names *names, struct recording_header *header,
                   void (*take)(void *context, const struct fact *fact), void *context,
                   struct recording_end *end, const char **why);

#endif
