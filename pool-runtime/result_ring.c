/* result_ring.c: how many results may wait? */
#include "result_ring.h"

unsigned result_ring_capacity(unsigned nr_workers)
{
	unsigned capacity = RESULT_RING_MOST;

	/* 64 KiB a worker for a few, 4 KiB for a thousand */
	while (capacity > RESULT_RING_LEAST && (uint64_t)capacity * nr_workers > 32 * RESULT_RING_MOST)
		capacity /= 2;
	return capacity;
}
