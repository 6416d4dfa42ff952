/* apply.c: to whom does a fact go? And the few facts that are about no process. */
#include "model/apply.h"

#define HANDLER(EVENT, handler) [EV_##EVENT] = handler,
static apply_handler *const handlers[NR_EVENTS] = { APPLY_HANDLERS(HANDLER) };
#undef HANDLER

void model_apply(struct model *model, const struct fact *fact)
{
	if (fact->event == EV_NONE || fact->event >= NR_EVENTS)
		return;
	model->nr_facts++;
	if (!(fact->flags & FACT_STATE))
		model->event_count[fact->event]++;
	model_tick(model, fact->t_ns);
	if (handlers[fact->event])
		handlers[fact->event](model, fact);
}

void apply_records_lost(struct model *model, const struct fact *fact)
{
	struct lost_key key = { .ring = (uint32_t)fact_value(fact, F_RING, 0) };
	struct lost *lost = store_add(&model->lost, &key, NULL);

	if (!lost)
		return;
	int64_t count = fact_value(fact, F_COUNT, 0);
	lost->count += count > 0 ? (uint64_t)count : 0; /* a recording may say anything */
	lost->last_ns = fact->t_ns;
}

void apply_probe_changed(struct model *model, const struct fact *fact)
{
	struct probe_key key = { .name = (uint32_t)fact_value(fact, F_NAME, 0) };
	struct probe_status *probe = store_add(&model->probes, &key, NULL);

	if (!probe)
		return;
	probe->state = (uint8_t)fact_value(fact, F_PROBE_STATE, PROBE_OFF);
	probe->reason = (uint32_t)fact_value(fact, F_REASON, 0);
}

void apply_note(struct model *model, const struct fact *fact)
{
	model->note = (uint32_t)fact_value(fact, F_TEXT, 0);
	model->note_ns = fact->t_ns;
}
