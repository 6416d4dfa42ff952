/* family.h: who stands under whom? The processes of a model in the order in which a tree is drawn.
 *
 *   nodes    sorted by pid           first child, next brother: places in nodes
 *   lines    depth first: a process, its threads if wanted, its children
 *
 * Children stand under the parent that they have now, the living before the dead. An adopter that is not watched itself
 * (init, mostly) gets a line of its own, so that its orphans are seen to have a parent. */
#ifndef VIEWS_FAMILY_H
#define VIEWS_FAMILY_H

#include "views/scene.h"

enum { FAMILY_MAX_DEPTH = 64 };
enum { FAMILY_THREADS = 1, FAMILY_DEAD = 2 }; /* who is wanted, beside the living: a zombie is not yet gone */

struct family_line {
	const struct process *process; /* valid until the model changes; NULL: an adopter that is not watched */
	const struct thread *thread;   /* not NULL: this line is the thread's */
	uint32_t pid;
	uint16_t depth;
	uint64_t goes_on;              /* bit d: at depth d a brother follows further down */
};

struct family {
	struct family_node *nodes;
	uint32_t nr_nodes, node_capacity;
	struct family_line *lines;
	uint32_t nr_lines, line_capacity;
	uint32_t *next_thread;         /* by a thread's place in the model: the next one of its process */
	uint32_t thread_capacity;
};

void family_finish(struct family *family);
/* Without memory it ends early. */
void family_gather(struct family *family, const struct model *model, unsigned wanted);

#endif
