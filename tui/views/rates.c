/* rates.c: how fast does a counter rise? */
#include "views/rates.h"

struct reading_key { uint64_t who, also, kind; };

struct reading {
	struct reading_key key;
	int64_t count;
	uint64_t t_ns;
	double rate;
};

enum { APART_NS = 1000000000, MAX_READINGS = 1 << 16 };

void rates_init(struct rates *rates)
{
	store_init(&rates->readings, sizeof(struct reading), sizeof(struct reading_key));
}

void rates_finish(struct rates *rates)
{
	store_finish(&rates->readings);
}

/* Those who come and go leave readings behind: a full house is cleared, and the living are back within two seconds. */
static struct reading *reading_of(struct rates *rates, const struct reading_key *key, bool *added)
{
	if (rates->readings.count >= MAX_READINGS) {
		rates_finish(rates);
		rates_init(rates);
	}
	return store_add(&rates->readings, key, added);
}

double rates_of(struct rates *rates, enum rate_kind kind, uint64_t who, uint64_t also, int64_t count, uint64_t now_ns)
{
	struct reading_key key = {.who = who, .also = also, .kind = kind};
	struct reading *reading;
	bool added = false;

	if (count < 0)
		return -1;
	reading = reading_of(rates, &key, &added);
	if (!reading)
		return -1;
	if (added || now_ns < reading->t_ns || count < reading->count) {
		reading->rate = -1;
	} else if (now_ns - reading->t_ns < APART_NS) {
		return reading->rate;
	} else {
		reading->rate = (double)(count - reading->count) * 1e9 / (double)(now_ns - reading->t_ns);
	}
	reading->count = count;
	reading->t_ns = now_ns;
	return reading->rate;
}
