/* publish_thread.c: which ring is this thread's?
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

/* ---- this thread ---- */

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

/* ---- this process ---- */

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

/* ---- its ring ---- */

void publisher_stand_up(const struct publisher *publisher)
{
	for (unsigned i = 0; i < NR_SEATS; i++)
		if (seats[i].publisher == publisher->id)
			seats[i].publisher = 0;
}

void publisher_sit(struct publisher *publisher, struct segment_ring *ring)
{
	publisher_stand_up(publisher);
	seats[next_seat++ % NR_SEATS] = (struct seat){publisher->id, ring, LOAD(publisher->rings_returned)};
	if (ring && thread_end_works)
		pthread_setspecific(thread_end, publisher); /* anything but NULL, so that its destructor runs */
}

/* One that it has, though it lost its seat to others. */
static struct segment_ring *find_own(const struct publisher *publisher)
{
	for (unsigned i = publisher->nr_workers; i < publisher->nr_rings; i++)
		if (publisher_has_ring(publisher_ring(publisher, i)))
			return publisher_ring(publisher, i);
	return NULL;
}

/* The slow way: a few system calls, at a thread's first record, or when another's ring became free. */
static __attribute__((noinline)) struct segment_ring *find_or_claim(struct publisher *publisher)
{
	int saved = errno;
	struct segment_ring *ring = find_own(publisher);

	if (!ring)
		ring = publisher_claim_ring(publisher);
	publisher_sit(publisher, ring);
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
	(void)unused;
	pthread_mutex_lock(&lock);
	for (struct publisher *publisher = publishers; publisher; publisher = publisher->next)
		for (unsigned i = publisher_first_caller(publisher); i < publisher->nr_rings; i++)
			if (publisher_has_ring(publisher_ring(publisher, i)))
				publisher_return_ring(publisher, i);
	pthread_mutex_unlock(&lock);
	memset(seats, 0, sizeof(seats));
}

/* ---- who is open ---- */

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
