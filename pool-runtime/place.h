/* place.h: where do segments lie, and whose are they?
 *
 *   $XDG_RUNTIME_DIR/poolscope/      0700, where that is ours and on tmpfs; else
 *   /dev/shm/poolscope-<uid>/        0700
 *       <pid>.<start>.<n>            0600, a segment
 *       .new.<pid>.<start>.<n>       one that is being made
 *
 * Others may write beside these directories. So each is opened without following a link, and then looked at through
 * its descriptor: whose it is, and that nobody else may enter. Shared by who makes segments and who finds them. */
#ifndef PLACE_H
#define PLACE_H

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { PLACE_KEY_SIZE = 64, PLACE_DIRECTORY_SIZE = 192 };
#define PLACE_UNFINISHED ".new."

/* A segment's name, taken apart. */
struct place_key {
	int32_t pid;
	uint64_t start;
	unsigned number;
};

void place_print(const struct place_key *key, char text[PLACE_KEY_SIZE]);
/* Only what place_print() can have written. */
bool place_parse(const char *text, struct place_key *key);
/* By age, the newest first; for qsort. */
int place_compare(const struct place_key *one, const struct place_key *other);

/* The path of a user's directory in shared memory. */
void place_shared_memory(uid_t uid, char path[PLACE_DIRECTORY_SIZE]);
/* $XDG_RUNTIME_DIR/poolscope; false: there is no such variable, or it does not fit, or it is not a directory of ours on
 * tmpfs. */
bool place_runtime_directory(char path[PLACE_DIRECTORY_SIZE]);

/* A descriptor for a directory that belongs to uid and that nobody else may enter; -EPERM: it is not so, -ENOTSUP: it is
 * not on tmpfs; or -errno. */
int place_open_directory(const char *path, uid_t uid);
/* The same for a segment in it, read-only: a plain file of one name, the owner's alone; else -EPERM. Its size. */
int place_open_file(int directory, const char *name, uid_t uid, uint64_t *size);

/* Does the process live that made this segment? A pid that our /proc does not know may be one of another pid namespace:
 * the segment's header says which. To look for such a one costs a walk through /proc, which is done *patience times at
 * most; after that a segment from elsewhere passes for alive, as it does where all of /proc cannot be seen. */
bool place_is_alive(int directory, const char *name, uid_t uid, unsigned *patience);
enum { PLACE_PATIENCE = 16 };

/* Of this start of the machine; left alone where it cannot be told. */
void place_boot_id(uint8_t id[16]);

/* Calls visit for each entry but the dots, and for some thousands at most. */
void place_list(int directory, void (*visit)(void *context, int directory, const char *name), void *context);

#endif
