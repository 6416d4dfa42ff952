/* publish_ring.c: which ring is this thread's?
 *
 *   ring       0 ... workers - 1    then one for each role    then PUBLISH_CALLERS
 *   whose      the worker's slot    the helper                any thread, from its first record to its end
 *   taken by   worker_begin         helper_started            publisher_own_ring()
 *   free by    died, gone           helper_exited             the thread's end; or its process is found dead
 *
 * A thread keeps the rings that it has in a few seats of thread-local memory. After a fork the child's only thread finds
 * its seats empty: two processes never write one ring. */
#include "publisher.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "process.h"

enum { RING_FREE, RING_CHANGES, RING_TAKEN };

struct seat {
	uint64_t publisher;        /* its id; 0: empty */
	struct segment_ring *ring; /* NULL: none was free when this many had been returned: */
	uint32_t returned;
};
enum { NR_SEATS = 4 };
/* initial-exec: found without a call, and there from the thread's first instruction, not allocated at first use */
#define THREAD_OWN static __thread __attribute__((tls_model("initial-exec")))
THREAD_OWN struct seat seats[NR_SEATS];
THREAD_OWN unsigned next_seat;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t thread_end;
static bool thread_end_works;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards the list and last_id; quiet around fork */
static struct publisher *publishers;
static uint64_t last_id;
static pid_t own_pid;
static uint64_t own_start;

static void before_fork(void)
{
	pthread_mutex_lock(&lock);
}

static void after_fork_in_parent(void)
{
	pthread_mutex_unlock(&lock);
}

static void after_fork_in_child(void)
{
	pthread_mutex_init(&lock, NULL);
	memset(seats, 0, sizeof(seats));
	own_pid = getpid();
	own_start = 0;
}

pid_t publisher_pid(void)
{
	return LOAD(own_pid);
}

void publisher_forget(void)
{
	if (getpid() != own_pid)
		after_fork_in_child();
	else
		memset(seats, 0, sizeof(seats));
}

/* Asked once a process, at its first ring. Two threads that ask at once find the same. */
uint64_t publisher_start(void)
{
	uint64_t start = LOAD(own_start);

	if (start == 0 && process_start_time(own_pid, &start, NULL) == 0)
		STORE(own_start, start);
	return start;
}

static unsigned first_caller(const struct publisher *publisher)
{
	return publisher->nr_workers + NR_HELPER_ROLES;
}

static const struct segment_writer *last_writer(const struct segment_ring *ring)
{
	return &ring->writer[LOAD(ring->nr_writers) % NR_RING_WRITERS];
}

static bool writer_is(const struct segment_ring *ring, pid_t pid, pid_t tid, uint64_t start)
{
	const struct segment_writer *writer = last_writer(ring);

	return LOAD(ring->taken) == RING_TAKEN && LOAD(writer->pid) == pid && LOAD(writer->start) == start &&
	       (tid == 0 || LOAD(writer->tid) == tid);
}

static void stand_up(const struct publisher *publisher)
{
	for (unsigned i = 0; i < NR_SEATS; i++)
		if (seats[i].publisher == publisher->id)
			seats[i].publisher = 0;
}

static void sit(struct publisher *publisher, struct segment_ring *ring)
{
	stand_up(publisher);
	seats[next_seat++ % NR_SEATS] = (struct seat){publisher->id, ring, LOAD(publisher->rings_returned)};
	if (ring && thread_end_works)
		pthread_setspecific(thread_end, publisher); /* anything but NULL, so that its destructor runs */
}

/* Who was killed between reserved and committed left a place that holds neither its old record nor a new one. */
static void make_whole(const struct publisher *publisher, struct segment_ring *ring)
{
	uint64_t committed = LOAD(ring->committed_count);

	if (LOAD(ring->reserved_count) == committed)
		return;
	ring_put_at(ring, publisher->ring_mask, committed, &(struct segment_record){.event = EV_NONE});
}

static void move_in(const struct publisher *publisher, struct segment_ring *ring)
{
	uint32_t number = LOAD(ring->nr_writers) + 1;
	struct segment_writer *writer = &ring->writer[number % NR_RING_WRITERS];

	make_whole(publisher, ring);
	STORE(writer->from, LOAD(ring->reserved_count));
	STORE(writer->pid, own_pid);
	STORE(writer->tid, gettid());
	STORE(writer->start, publisher_start());
	STORE_RELEASE(ring->nr_writers, number);
	STORE_RELEASE(ring->taken, RING_TAKEN);
}

bool publisher_take_ring(struct publisher *publisher, unsigned index, bool by_force)
{
	struct segment_ring *ring = publisher_ring(publisher, index);
	const struct segment_writer *before = last_writer(ring);
	uint32_t taken = LOAD(ring->taken);

	if (!by_force) {
		if (taken == RING_CHANGES || (taken == RING_TAKEN && process_lives(LOAD(before->pid), LOAD(before->start))))
			return false;
		if (!__atomic_compare_exchange_n(&ring->taken, &taken, RING_CHANGES, false,
		                                 __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return false;
	}
	move_in(publisher, ring);
	sit(publisher, ring);
	return true;
}

void publisher_return_ring(struct publisher *publisher, unsigned index)
{
	struct segment_ring *ring = publisher_ring(publisher, index);

	if (writer_is(ring, own_pid, gettid(), own_start))
		stand_up(publisher);
	make_whole(publisher, ring);
	STORE_RELEASE(ring->taken, RING_FREE);
	__atomic_fetch_add(&publisher->rings_returned, 1, __ATOMIC_RELAXED);
}

void publisher_return_rings_of(struct publisher *publisher, pid_t pid)
{
	for (unsigned i = first_caller(publisher); i < publisher->nr_rings; i++) {
		struct segment_ring *ring = publisher_ring(publisher, i);

		if (LOAD(ring->taken) == RING_TAKEN && LOAD(last_writer(ring)->pid) == pid)
			publisher_return_ring(publisher, i);
	}
}

/* One that it has, though it lost its seat to others. */
static struct segment_ring *find_own(struct publisher *publisher)
{
	pid_t tid = gettid();

	for (unsigned i = publisher->nr_workers; i < publisher->nr_rings; i++) {
		struct segment_ring *ring = publisher_ring(publisher, i);

		if (writer_is(ring, own_pid, tid, publisher_start())) {
			sit(publisher, ring);
			return ring;
		}
	}
	return NULL;
}

/* A free one, of these the one that changed hands least, so that its past keeps its writers' names; else a dead one's. */
static struct segment_ring *claim(struct publisher *publisher)
{
	unsigned best = publisher->nr_rings;

	for (unsigned i = first_caller(publisher); i < publisher->nr_rings; i++) {
		const struct segment_ring *ring = publisher_ring(publisher, i);

		if (LOAD(ring->taken) == RING_FREE && (best == publisher->nr_rings ||
		    LOAD(ring->nr_writers) < LOAD(publisher_ring(publisher, best)->nr_writers)))
			best = i;
	}
	if (best < publisher->nr_rings && publisher_take_ring(publisher, best, false))
		return publisher_ring(publisher, best);
	for (unsigned i = first_caller(publisher); i < publisher->nr_rings; i++)
		if (publisher_take_ring(publisher, i, false))
			return publisher_ring(publisher, i);
	sit(publisher, NULL);
	return NULL;
}

/* The slow way: a few system calls, at a thread's first record, or when another's ring became free. */
static __attribute__((noinline)) struct segment_ring *find_or_claim(struct publisher *publisher)
{
	int saved = errno;
	struct segment_ring *ring = find_own(publisher);

	if (!ring)
		ring = claim(publisher);
	errno = saved;
	return ring;
}

struct segment_ring *publisher_own_ring(struct publisher *publisher)
{
	for (unsigned i = 0; i < NR_SEATS; i++) {
		struct seat *seat = &seats[i];

		if (seat->publisher != publisher->id)
			continue;
		if (seat->ring || seat->returned == LOAD(publisher->rings_returned))
			return seat->ring;
	}
	return find_or_claim(publisher);
}

void publisher_put(struct publisher *publisher, const struct segment_record *record)
{
	struct segment_ring *ring = publisher_own_ring(publisher);

	if (ring)
		ring_put(ring, publisher->ring_mask, record);
	else
		__atomic_fetch_add(&publisher->pool->count[COUNT_UNRECORDED], 1, __ATOMIC_RELAXED);
}

/* A thread ends: it gives back what it claimed of every publisher that is still open. */
static void give_back(void *unused)
{
	pid_t tid = gettid();
	uint64_t start = publisher_start();

	(void)unused;
	pthread_mutex_lock(&lock);
	for (struct publisher *publisher = publishers; publisher; publisher = publisher->next)
		for (unsigned i = first_caller(publisher); i < publisher->nr_rings; i++)
			if (writer_is(publisher_ring(publisher, i), own_pid, tid, start))
				publisher_return_ring(publisher, i);
	pthread_mutex_unlock(&lock);
	memset(seats, 0, sizeof(seats));
}

static void prepare(void)
{
	own_pid = getpid();
	pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
	thread_end_works = pthread_key_create(&thread_end, give_back) == 0;
}

void publisher_register(struct publisher *publisher)
{
	pthread_once(&once, prepare);
	pthread_mutex_lock(&lock);
	publisher->id = ++last_id;
	publisher->next = publishers;
	publishers = publisher;
	pthread_mutex_unlock(&lock);
}

void publisher_unregister(struct publisher *publisher)
{
	struct publisher **place = &publishers;

	pthread_mutex_lock(&lock);
	while (*place && *place != publisher)
		place = &(*place)->next;
	if (*place)
		*place = publisher->next;
	pthread_mutex_unlock(&lock);
}
