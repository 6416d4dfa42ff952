/* cost.h: what do we cost ourselves? It stands in the header of the dashboard. */
#ifndef COMMANDS_COST_H
#define COMMANDS_COST_H

#include <stdint.h>

struct cost {
	uint64_t at_ns, cpu_ns; /* of the last measurement */
	double percent;         /* of one processor, over the last second or so; negative: not known yet */
	int64_t memory;         /* bytes resident */
};

/* Measures anew when a second has gone by. */
void cost_measure(struct cost *cost, uint64_t now_ns);

#endif
