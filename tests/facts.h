/* facts.h: facts made by hand, for tests of what is done with them.
 *
 *   FACT(PROCESS_FORKED, t_ns, pid, start, {F_PARENT, 7}, {F_HOW, HOW_FORK}) */
#ifndef TESTS_FACTS_H
#define TESTS_FACTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/fact.h"
#include "model/model.h"

struct given {
	enum event_field field;
	int64_t value;
};

static inline struct fact fact_given(enum event event, uint64_t t_ns, uint32_t pid, uint64_t start, size_t count,
                                     const struct given *given)
{
	struct fact fact = { .t_ns = t_ns, .pid = pid, .start = start, .event = (uint16_t)event, .source = SOURCE_KERNEL };

	for (size_t i = 0; i < count; i++)
		fact_set(&fact, given[i].field, given[i].value);
	return fact;
}

#define FACT(EVENT, t_ns, pid, start, ...) \
	fact_given(EV_##EVENT, t_ns, pid, start, sizeof((struct given[]){ __VA_ARGS__ }) / sizeof(struct given), \
	           (struct given[]){ __VA_ARGS__ })

static inline void apply_one(struct model *model, struct fact fact)
{
	model_apply(model, &fact);
}
#define APPLY(model, ...) apply_one(model, FACT(__VA_ARGS__))

#endif
