/* publish_ring.c: how does a ring pass from one writer to the next?
 *
 *   free --> changes hands --> taken --> free ...      by force: from any to taken, where there is but one who may ask
 *    0             1             2        0
 *
 * The state shares its word with the number of writers so far: who compares and swaps it takes the ring from just the
 * writer that it found dead, and not from one who was quicker. Whoever takes a ring first makes it whole. Who is killed
 * while it changes hands, some 100 ns, takes the ring along: one of many. */
#include "publisher.h"

#include <unistd.h>

#include "process.h"

static const struct segment_writer *last_writer(const struct segment_ring *ring)
{
	return &ring->writer[LOAD(ring->nr_writers) % NR_RING_WRITERS];
}

static bool is_taken(const struct segment_ring *ring)
{
	return RING_STATE(LOAD(ring->taken)) == RING_TAKEN;
}

bool publisher_has_ring(const struct segment_ring *ring)
{
	const struct segment_writer *writer = last_writer(ring);

	return is_taken(ring) && LOAD(writer->pid) == publisher_pid() && LOAD(writer->tid) == gettid() &&
	       LOAD(writer->start) == publisher_start();
}

/* Who was killed between reserved and committed left a place that holds neither its old record nor a new one. */
static void make_whole(const struct publisher *publisher, struct segment_ring *ring)
{
	uint64_t committed = LOAD(ring->committed_count);

	if (LOAD(ring->reserved_count) != committed)
		ring_put_at(ring, publisher->ring_mask, committed, &(struct segment_record){.event = EV_NONE});
}

void publisher_enter_ring(const struct publisher *publisher, unsigned index)
{
	struct segment_ring *ring = publisher_ring(publisher, index);
	uint32_t number = LOAD(ring->nr_writers) + 1;
	struct segment_writer *writer = &ring->writer[number % NR_RING_WRITERS];

	make_whole(publisher, ring);
	STORE(writer->from, LOAD(ring->reserved_count));
	STORE(writer->pid, publisher_pid());
	STORE(writer->tid, gettid());
	STORE(writer->start, publisher_start());
	STORE_RELEASE(ring->nr_writers, number);
	STORE_RELEASE(ring->taken, RING_HANDS(number, RING_TAKEN));
}

/* A writer of this process lives, or would have given its ring back. */
static bool can_be_had(const struct segment_ring *ring, uint32_t taken)
{
	const struct segment_writer *writer = last_writer(ring);
	pid_t pid = LOAD(writer->pid);

	return RING_STATE(taken) == RING_FREE ||
	       (RING_STATE(taken) == RING_TAKEN && pid != publisher_pid() && !process_lives(pid, LOAD(writer->start)));
}

bool publisher_take_ring(const struct publisher *publisher, unsigned index)
{
	struct segment_ring *ring = publisher_ring(publisher, index);
	uint32_t taken = LOAD_ACQUIRE(ring->taken);

	if (!can_be_had(ring, taken) ||
	    !__atomic_compare_exchange_n(&ring->taken, &taken, RING_HANDS(taken >> 2, RING_CHANGES), false,
	                                 __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return false;
	publisher_enter_ring(publisher, index);
	return true;
}

void publisher_return_ring(struct publisher *publisher, unsigned index)
{
	struct segment_ring *ring = publisher_ring(publisher, index);

	make_whole(publisher, ring);
	STORE_RELEASE(ring->taken, RING_HANDS(LOAD(ring->nr_writers), RING_FREE));
	if (index >= publisher_first_caller(publisher))
		__atomic_fetch_add(&publisher->rings_returned, 1, __ATOMIC_RELAXED);
}

void publisher_return_rings_of(struct publisher *publisher, pid_t pid)
{
	for (unsigned i = publisher_first_caller(publisher); i < publisher->nr_rings; i++) {
		struct segment_ring *ring = publisher_ring(publisher, i);

		if (is_taken(ring) && LOAD(last_writer(ring)->pid) == pid)
			publisher_return_ring(publisher, i);
	}
}

/* A free one, of these the one that changed hands least, so that its past keeps its writers' names; else a dead one's. */
struct segment_ring *publisher_claim_ring(struct publisher *publisher)
{
	unsigned best = publisher->nr_rings;

	for (unsigned i = publisher_first_caller(publisher); i < publisher->nr_rings; i++) {
		const struct segment_ring *ring = publisher_ring(publisher, i);

		if (RING_STATE(LOAD(ring->taken)) == RING_FREE && (best == publisher->nr_rings ||
		    LOAD(ring->nr_writers) < LOAD(publisher_ring(publisher, best)->nr_writers)))
			best = i;
	}
	if (best < publisher->nr_rings && publisher_take_ring(publisher, best))
		return publisher_ring(publisher, best);
	for (unsigned i = publisher_first_caller(publisher); i < publisher->nr_rings; i++)
		if (publisher_take_ring(publisher, i))
			return publisher_ring(publisher, i);
	return NULL;
}
