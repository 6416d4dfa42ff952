/* segment.h: how does a publisher lay out what others may read, while it runs and after it died?
 *
 * One file a publisher, `<pid>.<start>.<n>`, on tmpfs, mapped by the publisher and its workers, read with pread() by
 * anyone who may open it. Native byte order; another endian or another major version is refused, a minor one appends.
 *
 *   0        4096
 *   +--------+------+----------+---------+--------+---------+---------+-----+-------+
 *   | header | pool | workers  | helpers | queues | ring 0  | ring 1  | ... | names |     sections: offset, stride, count
 *   +--------+------+----------+---------+--------+---------+---------+-----+-------+
 *              ^ 1     slots of 128 bytes, own cache lines    one an emitting thread   append-only
 *
 * What is TRUE NOW stands in slots, so that a late reader sees the whole pool at once. What HAPPENED stands in rings,
 * newest over oldest: rings are news, counters are truth. Writers never wait and never read what a reader wrote. */
#ifndef CONTRACT_SEGMENT_H
#define CONTRACT_SEGMENT_H

#include <stdint.h>

#define SEGMENT_MAGIC "poolscp" /* 8 bytes with its NUL */
#define SEGMENT_ENDIAN 0x01020304u
#define SEGMENT_MAJOR 1
#define SEGMENT_MINOR 0
#define SEGMENT_HEADER_SIZE 4096

enum segment_section_kind {
	SECTION_NONE,
	SECTION_POOL,    /* one slot */
	SECTION_WORKERS, /* a slot each */
	SECTION_HELPERS, /* a slot each; the index is the helper_role */
	SECTION_QUEUES,  /* a slot each: 0 backlog, 1 tasks, 2 results, then the program's own */
	SECTION_RINGS,   /* stride = sizeof(struct segment_ring) + capacity * sizeof(struct segment_record) */
	SECTION_NAMES,   /* struct segment_name each; entry 0 is "" */
	NR_SECTIONS
};

struct segment_section {
	uint32_t kind;       /* enum segment_section_kind */
	uint32_t count;      /* entries */
	uint64_t offset;     /* from the beginning of the file, a multiple of 64 */
	uint64_t stride;     /* bytes from one entry to the next */
	uint32_t entry_size; /* bytes of an entry that this minor version defines */
	uint32_t reserved;
};

enum segment_clock { CLOCK_KIND_MONOTONIC = 1, CLOCK_KIND_TSC = 2 };

/* Written whole before `ready`; afterwards only the clock's conversion may change (under clock_sequence). */
struct segment_header {
	char magic[8];
	uint32_t endian;
	uint16_t major, minor;
	uint32_t header_size;
	uint32_t nr_sections;
	uint64_t file_size;
	int32_t pid;          /* of the parent, in its own pid namespace */
	uint32_t uid;
	uint64_t start;       /* field 22 of /proc/PID/stat, clock ticks since boot */
	uint64_t pidns_inode; /* of /proc/self/ns/pid */
	uint8_t boot_id[16];
	uint64_t opened_ns;   /* CLOCK_MONOTONIC */
	uint32_t kind;        /* enum pool_kind */
	uint32_t start_method;
	uint32_t name;        /* index into names */
	uint32_t clock_kind;  /* enum segment_clock: what every time below is measured with */
	uint32_t clock_sequence, clock_shift; /* ns = base_ns + ((ticks - base_ticks) * mult >> shift) */
	uint64_t clock_mult, clock_base_ticks, clock_base_ns;
	struct segment_section section[NR_SECTIONS];
	uint32_t reserved;
	uint32_t ready;       /* stored last, with release: 1 */
};

/* A slot: what is true of one pool, worker, helper or queue.
 *
 *   word      one atomic store; can always be read: state (8 bits), flags (8), reserved (16), epoch (32).
 *             The epoch counts the lives of the slot: it rises when a dead worker's slot is made whole again.
 *   count     monotonic counters, one writer each; can always be read
 *   sequence  odd while the details below are being written. The sequence of a dead writer may stay odd until its
 *             slot is made whole: then word and count are all that can be trusted.
 *
 * A queue is moved by several at a time: its `task` and `bytes` stand outside the sequence, each sound by itself. */
enum { NR_SLOT_COUNTS = 4 };
struct segment_slot {
	uint64_t word;
	uint64_t count[NR_SLOT_COUNTS];
	uint32_t sequence;
	uint32_t name;    /* worker: function it runs, or ran when it died; helper: OS name; queue: name; pool: why broken */
	uint64_t since;   /* in the state since (clock_kind) */
	uint64_t start;   /* of pid: field 22 of /proc/PID/stat */
	uint64_t task;    /* worker: the task it runs, or held when it died, 0 none; queue: deepest so far */
	uint64_t bytes;   /* queue: bytes waiting */
	int32_t pid, tid; /* worker: its process and main thread; helper: the parent's */
	uint32_t ring;    /* index + 1 of the ring that it writes; 0 none */
	int32_t old;      /* worker: pid of the one before it in this slot; pool: workers it keeps; queue: capacity */
	uint64_t reserved[4];
};

/* count[] by section */
enum { COUNT_DONE, COUNT_FAILED, COUNT_BUSY };           /* worker: tasks, tasks, time (clock_kind) */
enum { COUNT_IN, COUNT_OUT };                            /* queue: entries put in, taken out; depth = IN - OUT */
enum { COUNT_DEATHS, COUNT_NAMES_LOST, COUNT_UNRECORDED }; /* pool: workers died; names that did not fit;
                                                            * facts of threads that had no ring */

#define SLOT_STATE(word) ((unsigned)((word) & 0xff))
#define SLOT_FLAGS(word) ((unsigned)((word) >> 8 & 0xff))
#define SLOT_EPOCH(word) ((uint32_t)((word) >> 32))
#define SLOT_WORD(epoch, flags, state) ((uint64_t)(epoch) << 32 | (uint64_t)(flags) << 8 | (uint64_t)(state))

/* A ring: one writer, the newest over the oldest.
 *
 *      oldest                       committed  reserved
 *        v                              v         v
 *   ...| r | r | r | r | r | r | r | r |. . . . .|...     record i stands at [i % capacity]
 *
 * The writer raises `reserved`, stores the record, raises `committed`. A reader copies [from, committed), then looks at
 * `reserved` again: record i is sound only if i + capacity >= reserved. What is not is thrown away and counted. Where a
 * writer was killed between the two, the next one puts a record of EV_NONE there: it counts as lost.
 *
 * A ring passes from a dead worker to the one that replaces it, from a thread that ended to another. The last few
 * writers stand in it, so that a dead worker's last words are not taken for its successor's. */
enum { NR_RING_WRITERS = 4 };
struct segment_writer {
	uint64_t from;     /* the first record that is its */
	int32_t pid, tid;
	uint64_t start;    /* of pid: field 22 of /proc/PID/stat */
};
struct segment_ring {
	uint64_t reserved_count;
	uint64_t committed_count;
	uint32_t capacity;   /* records, a power of two; the same for every ring of a segment */
	uint32_t owner;      /* RING_OWNER: whose it is: a worker's slot, a helper's role; a caller's ring is its own */
	uint32_t taken;      /* RING_HANDS: nr_writers, and in whose hands it is */
	uint32_t nr_writers; /* so far; writer n of them, from 1, stands at [n % NR_RING_WRITERS], written before this rises */
	struct segment_writer writer[NR_RING_WRITERS];
};
enum { RING_FREE, RING_CHANGES, RING_TAKEN };
#define RING_HANDS(nr_writers, state) ((uint32_t)(nr_writers) << 2 | (uint32_t)(state))
#define RING_STATE(taken) ((taken) & 3)
#define RING_OWNER(section, index) ((uint32_t)(section) << 24 | (uint32_t)(index))
#define RING_OWNER_SECTION(owner) ((owner) >> 24)
#define RING_OWNER_INDEX(owner) ((owner) & 0xffffff)

/* A record: 32 bytes, what happened. Which member means what stands in pool-runtime/record.h. */
struct segment_record {
	uint64_t time;     /* clock_kind */
	uint16_t event;    /* enum event */
	uint16_t slot;     /* worker slot, helper role or queue index */
	uint32_t name;     /* index into names: function, text, reason, cause */
	uint64_t task;     /* task number; for job events the job number */
	uint64_t argument; /* by the event */
};

/* A name. Claimed by raising the counter in entry 0 (`length` there), filled, then `ready` is stored with release:
 * who dies between leaves one entry that is never ready, and reads as "?". */
enum { SEGMENT_NAME_TEXT = 120 };
struct segment_name {
	uint32_t length; /* bytes of text; in entry 0: entries claimed so far, itself counted */
	uint32_t ready;
	char text[SEGMENT_NAME_TEXT];
};

_Static_assert(sizeof(struct segment_section) == 32, "section");
_Static_assert(sizeof(struct segment_header) <= SEGMENT_HEADER_SIZE, "header");
_Static_assert(sizeof(struct segment_slot) == 128, "slot");
_Static_assert(sizeof(struct segment_ring) == 128, "ring");
_Static_assert(sizeof(struct segment_record) == 32, "record");
_Static_assert(sizeof(struct segment_name) == 128, "name");

#endif
