/* foreign.c: pools that do not publish, found by their shape.
 *
 *   sweep (every 2 s) -> children by parent -> two or more of the same program? -> sharing a channel? -> pool.opened
 *
 * What /proc alone can say is asked first of all; links are read only for parents that could be pools. */
#include "sources/foreign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/store.h"
#include "sources/kinship.h"
#include "sources/procps.h"

#define SWEEP_EVERY_NS 2000000000u
enum { CHILDREN_MAX = 1024, CHANNELS_MAX = 256, WORKERS_MIN = 2, KTHREADD = 2 };

struct kin_key { uint32_t pid, zero; };
struct kin { /* a process of this sweep */
	struct kin_key key;
	pid_t ppid;
	uint64_t start;
	unsigned nr_children;
	bool lives;
};
struct parent_key { uint32_t pid, zero; uint64_t start; };
struct parent { /* looked at already: the links are not read again */
	struct parent_key key;
	unsigned nr_children;      /* when it was looked at */
	unsigned nr_workers;       /* 0: no pool */
};

struct foreign_source {
	struct source source;
	struct procps *procps;
	foreign_wants *wants;
	foreign_found *found;
	void *context;
	struct store kin, parents;
	uint64_t swept_ns;
	struct stream *stream; /* while a sweep is being told */
	uint64_t now_ns;
};

static void collect(void *context, const struct procps_row *row)
{
	struct foreign_source *foreign = context;
	struct kin *kin = store_add(&foreign->kin, &(struct kin_key){ .pid = (uint32_t)row->pid }, NULL);

	if (!kin)
		return;
	kin->ppid = row->ppid;
	kin->start = row->start;
	kin->lives = row->state != THREAD_ZOMBIE && row->state != THREAD_GONE;
}

static void count_children(struct foreign_source *foreign)
{
	const struct kin *kin;

	for store_each(kin, &foreign->kin) {
		struct kin *parent = store_find(&foreign->kin, &(struct kin_key){ .pid = (uint32_t)kin->ppid });
		if (parent && kin->lives)
			parent->nr_children++;
	}
}

static bool is_worker(pid_t pid, pid_t parent, const ino_t *channels, size_t nr_channels)
{
	return runs_same_program(pid, parent) && shares_a_channel(pid, channels, nr_channels) && !is_resource_tracker(pid);
}

bool foreign_is_worker(pid_t pid, pid_t parent)
{
	ino_t channels[CHANNELS_MAX];
	size_t nr_channels = channels_of(parent, channels, CHANNELS_MAX);

	return nr_channels && is_worker(pid, parent, channels, nr_channels);
}

/* How many children of this parent look like its workers. */
static unsigned workers_of(const struct foreign_source *foreign, const struct kin *parent)
{
	ino_t channels[CHANNELS_MAX];
	size_t nr_channels = channels_of((pid_t)parent->key.pid, channels, CHANNELS_MAX);
	const struct kin *kin;
	unsigned count = 0, looked_at = 0;

	if (!nr_channels)
		return 0;
	for store_each(kin, &foreign->kin)
		if (kin->ppid == (pid_t)parent->key.pid && kin->lives && looked_at++ < CHILDREN_MAX)
			count += is_worker((pid_t)kin->key.pid, (pid_t)parent->key.pid, channels, nr_channels);
	return count >= WORKERS_MIN ? count : 0;
}

static struct fact pool_fact(const struct foreign_source *foreign, const struct parent *parent, enum event event)
{
	struct fact fact = fact_make(event, SOURCE_PROC, foreign->now_ns, parent->key.pid, parent->key.start);
	char key[48];

	snprintf(key, sizeof(key), "%u.%llu", parent->key.pid, (unsigned long long)parent->key.start);
	fact_set(&fact, F_POOL, names_id(foreign->stream->names, key));
	fact.flags = FACT_STATE | FACT_SAMPLED;
	return fact;
}

static void tell(const struct foreign_source *foreign, const struct parent *parent)
{
	struct fact fact = pool_fact(foreign, parent, EV_POOL_OPENED);
	char title[64];

	program_title((pid_t)parent->key.pid, title, sizeof(title));
	fact_set(&fact, F_NAME, names_id(foreign->stream->names, title));
	fact_set(&fact, F_KIND, KIND_PROCESS);
	fact_set(&fact, F_WORKERS, parent->nr_workers);
	stream_push(foreign->stream, &fact);
}

static void look_at(struct foreign_source *foreign, const struct kin *kin)
{
	struct parent_key key = { .pid = kin->key.pid, .start = kin->start };
	bool added;
	struct parent *parent = store_add(&foreign->parents, &key, &added);

	if (!parent)
		return;
	if (!added && parent->nr_children == kin->nr_children)
		return;
	parent->nr_children = kin->nr_children;
	unsigned before = parent->nr_workers, now = workers_of(foreign, kin);
	if (!now || now == before) /* once a pool, always one: its workers may be on their way */
		return;
	parent->nr_workers = now;
	tell(foreign, parent);
	if (!before)
		foreign->found(foreign->context, (pid_t)kin->key.pid);
}

static bool keep_if_there(const void *entry, void *context)
{
	const struct parent *parent = entry;
	struct foreign_source *foreign = context;
	const struct kin *kin = store_find(&foreign->kin, &(struct kin_key){ .pid = parent->key.pid });

	if (kin && kin->start == parent->key.start && kin->lives)
		return true;
	if (parent->nr_workers) {
		struct fact fact = pool_fact(foreign, parent, EV_POOL_JOINED);
		stream_push(foreign->stream, &fact);
	}
	return false;
}

static void drain(struct source *source, struct stream *stream, uint64_t now_ns)
{
	struct foreign_source *foreign = (struct foreign_source *)source;
	const struct kin *kin;

	if (foreign->swept_ns && now_ns - foreign->swept_ns < SWEEP_EVERY_NS)
		return;
	foreign->stream = stream;
	foreign->now_ns = foreign->swept_ns = now_ns;
	store_clear(&foreign->kin);
	if (procps_sweep(foreign->procps, collect, foreign) < 0)
		return;
	count_children(foreign);
	for store_each(kin, &foreign->kin)
		if (kin->nr_children >= WORKERS_MIN && kin->key.pid > KTHREADD && kin->lives &&
		    foreign->wants(foreign->context, (pid_t)kin->key.pid))
			look_at(foreign, kin);
	store_keep(&foreign->parents, keep_if_there, foreign);
}

static void close_source(struct source *source)
{
	struct foreign_source *foreign = (struct foreign_source *)source;

	procps_close(foreign->procps);
	store_finish(&foreign->kin);
	store_finish(&foreign->parents);
	free(foreign);
}

struct source *foreign_source_open(foreign_wants *wants, foreign_found *found, void *context)
{
	struct foreign_source *foreign = calloc(1, sizeof(*foreign));

	if (!foreign || procps_open(&foreign->procps)) {
		free(foreign);
		return NULL;
	}
	foreign->source = (struct source){ .drain = drain, .close = close_source, .fd = -1 };
	foreign->wants = wants;
	foreign->found = found;
	foreign->context = context;
	store_init(&foreign->kin, sizeof(struct kin), sizeof(struct kin_key));
	store_init(&foreign->parents, sizeof(struct parent), sizeof(struct parent_key));
	return &foreign->source;
}
