/* rates.h: how fast does a counter rise?
 *
 * Rates come from counters, never from counting events: two readings, at least a second apart, of the moment that is
 * shown. Going back in time begins afresh. */
#ifndef VIEWS_RATES_H
#define VIEWS_RATES_H

#include "model/store.h"

enum rate_kind { RATE_DONE, RATE_CPU, RATE_POOL_DONE };

struct rates { struct store readings; };

void rates_init(struct rates *rates);
void rates_finish(struct rates *rates);
/* `who`: two numbers that tell counters of a kind apart. A second, or a negative number while it is not known. */
double rates_of(struct rates *rates, enum rate_kind kind, uint64_t who, uint64_t also, int64_t count, uint64_t now_ns);

#endif
