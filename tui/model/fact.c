/* fact.c: where does a field stand in a fact? */
#include "model/fact.h"

#include <assert.h>

#include "model/vocabulary.h"

int fact_field(enum event event, enum event_field field)
{
	const uint8_t *fields = event_entry(event)->fields;

	for (int i = 0; i < EVENT_MAX_FIELDS && fields[i] != F_NONE; i++)
		if (fields[i] == field)
			return i;
	return -1;
}

bool fact_get(const struct fact *fact, enum event_field field, int64_t *value)
{
	int i = fact_field(fact->event, field);

	if (i < 0 || !(fact->known >> i & 1))
		return false;
	*value = fact->value[i];
	return true;
}

int64_t fact_value(const struct fact *fact, enum event_field field, int64_t unknown)
{
	fact_get(fact, field, &unknown);
	return unknown;
}

void fact_set(struct fact *fact, enum event_field field, int64_t value)
{
	int i = fact_field(fact->event, field);

	assert(i >= 0);
	fact->value[i] = value;
	fact->known |= 1u << i;
}
