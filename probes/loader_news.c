/* loader_news.c: how does a record in the ring, or a slot, become a fact that is told once?
 *
 *    record ----+
 *               +--> told already? --no--> fact          Both say the same of a process; whichever is met
 *    slot ------+                                         first is told. Only a full ring makes the slot win. */
#include "inside.h"

#include <string.h>
#include <sys/wait.h>
#include <time.h>

struct told *told_of(struct probes *probes, uint32_t number)
{
	struct told *told = &probes->told[number];

	if (told->life != probes->slots[number].life)
		*told = (struct told){ .life = probes->slots[number].life };
	return told;
}

uint64_t news_now_ns(const struct probes *probes)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec - probes->here.monotonic_ns;
}

/* ---- a fact, and its fields --------------------------------------------------------------------------------- */

static struct probe_news news_of(const struct probes *probes, uint32_t number, enum event event, uint64_t t_ns)
{
	const struct probe_slot *slot = &probes->slots[number];
	const struct here *here = &probes->here;

	return (struct probe_news){ .event = event, .t_ns = t_ns + here->monotonic_ns, .pid = slot->pid,
	                            .tid = slot->pid, .start = (slot->start + here->boot_ns) / here->tick_ns };
}

static void set(struct probe_news *news, unsigned field, int64_t value)
{
	news->value[field] = value;
	news->known |= 1u << field;
}

static void set_name(struct probe_news *news, unsigned field, const char *name)
{
	memcpy(news->name, name, sizeof(news->name));
	news->name[sizeof(news->name) - 1] = 0;
	news->known |= 1u << field;
}

static void hand_over(struct probes *probes, const struct probe_news *news)
{
	probes->take(probes->context, news);
	probes->nr_taken++;
}

/* ---- what happened to a process as a whole: from its slot --------------------------------------------------- */

static bool cow_is_exact(const struct probe_slot *slot)
{
	return (slot->stage & STAGE_WHOLE) && (slot->cow_epoch & 1);
}

static void set_totals(struct probe_news *news, unsigned field, const struct probe_slot *slot)
{
	if (slot->stage & STAGE_WHOLE) {
		set(news, field, slot->forks);
		set(news, field + 1, slot->threads);
	}
	if (cow_is_exact(slot)) {
		set(news, field + 2, slot->cow_copies);
		set(news, field + 3, slot->cow_reuses);
	}
}

static void tell_born(struct probes *probes, uint32_t number)
{
	const struct probe_slot *slot = &probes->slots[number];
	struct probe_news news = news_of(probes, number, EV_PROCESS_FORKED, slot->born_ns);

	set(&news, 0, slot->born_of);
	set(&news, 1, slot->how);
	set_name(&news, 2, slot->name);
	hand_over(probes, &news);
}

/* The faults of which no sampled fact has told, so that the sum over all facts is the total. */
static void tell_rest(struct probes *probes, uint32_t number, enum event event, uint64_t total, uint64_t told)
{
	struct probe_news news = news_of(probes, number, event, probes->slots[number].ended_ns);

	if (total <= told)
		return;
	news.sampled = true;
	set(&news, 1, total - told);
	hand_over(probes, &news);
}

static void tell_exited(struct probes *probes, uint32_t number)
{
	const struct probe_slot *slot = &probes->slots[number];
	struct told *told = told_of(probes, number);
	struct probe_news news = news_of(probes, number, EV_PROCESS_EXITED, slot->ended_ns);
	int status = slot->status;

	tell_rest(probes, number, EV_MEMORY_COW_COPIED, slot->cow_copies, told->copies);
	tell_rest(probes, number, EV_MEMORY_COW_REUSED, slot->cow_reuses, told->reuses);
	if (WIFEXITED(status))
		set(&news, 0, WEXITSTATUS(status));
	set(&news, 1, WIFEXITED(status) ? 0 : WTERMSIG(status));
	set(&news, 2, !WIFEXITED(status) && WCOREDUMP(status));
	set_totals(&news, 3, slot);
	hand_over(probes, &news);
}

static void tell_zombie(struct probes *probes, uint32_t number)
{
	const struct probe_slot *slot = &probes->slots[number];
	struct probe_news news = news_of(probes, number, EV_PROCESS_ZOMBIE, slot->ended_ns);

	/* who should have reaped it may have died since */
	set(&news, 0, slot->orphaned_ns > slot->ended_ns ? slot->from : slot->parent);
	hand_over(probes, &news);
}

static void tell_reaped(struct probes *probes, uint32_t number, uint64_t t_ns)
{
	const struct probe_slot *slot = &probes->slots[number];
	struct probe_news news = news_of(probes, number, EV_PROCESS_REAPED, t_ns);

	set(&news, 0, slot->stage & STAGE_NOBODY ? 0 : slot->parent);
	if (!(slot->stage & STAGE_DEAD))
		set(&news, 1, t_ns - slot->ended_ns);
	hand_over(probes, &news);
}

static void tell_ended(struct probes *probes, uint32_t number, enum probe_stage stage)
{
	if (stage == STAGE_EXITED)
		probes->ended[probes->nr_ended++] = number;
	if (probes->slots[number].stage & STAGE_DEAD)
		return; /* that was before we came */
	if (stage == STAGE_EXITED)
		tell_exited(probes, number);
	else
		tell_zombie(probes, number);
}

/* Tells one step in a process's life, if it has come so far and has not been told. */
void news_tell_stage(struct probes *probes, uint32_t number, enum probe_stage stage)
{
	const struct probe_slot *slot = &probes->slots[number];
	struct told *told = told_of(probes, number);

	if (!(slot->stage & ~told->stage & stage))
		return;
	told->stage |= stage;
	if (stage == STAGE_BORN)
		tell_born(probes, number);
	else if (stage == STAGE_REAPED)
		tell_reaped(probes, number, slot->reaped_ns);
	else
		tell_ended(probes, number, stage);
}

void news_tell_gone(struct probes *probes, uint32_t number)
{
	told_of(probes, number)->stage |= STAGE_REAPED;
	tell_reaped(probes, number, news_now_ns(probes));
}

static void tell_orphaned(struct probes *probes, uint32_t number, uint64_t t_ns, uint32_t from, uint32_t to)
{
	struct probe_news news = news_of(probes, number, EV_PROCESS_ORPHANED, t_ns);

	set(&news, 0, from);
	set(&news, 1, to);
	hand_over(probes, &news);
}

/* A slot remembers only its last new parent. */
void news_tell_orphan(struct probes *probes, uint32_t number)
{
	const struct probe_slot *slot = &probes->slots[number];
	struct told *told = told_of(probes, number);
	uint32_t untold = slot->orphaned - told->orphaned;

	if (!untold)
		return;
	told->orphaned += untold;
	tell_orphaned(probes, number, slot->orphaned_ns, slot->from, slot->parent);
	if (untold > 1)
		news_tell_lost(probes, "orphans", untold - 1);
}

/* ---- facts about the whole ---------------------------------------------------------------------------------- */

void news_tell_lost(struct probes *probes, const char *what, uint64_t count)
{
	struct probe_news news = { .event = EV_RECORDS_LOST,
	                           .t_ns = news_now_ns(probes) + probes->here.monotonic_ns };
	char name[PROBE_NAME] = "";

	strncpy(name, what, sizeof(name) - 1);
	set_name(&news, 0, name);
	set(&news, 1, count);
	hand_over(probes, &news);
}

void news_tell_counts(struct probes *probes, uint32_t number)
{
	const struct probe_slot *slot = &probes->slots[number];
	struct probe_news news = news_of(probes, number, EV_PROCESS_COUNTED, news_now_ns(probes));

	set_totals(&news, 0, slot);
	hand_over(probes, &news);
}

/* ---- records ------------------------------------------------------------------------------------------------ */

static void take_ended(struct probes *probes, const struct probe_record *record)
{
	news_tell_stage(probes, record->slot, STAGE_EXITED);
	news_tell_stage(probes, record->slot, STAGE_ZOMBIE);
	if (record->kind == RECORD_REAPED || (probes->slots[record->slot].stage & STAGE_NOBODY))
		news_tell_stage(probes, record->slot, STAGE_REAPED);
}

static void take_orphaned(struct probes *probes, const struct probe_record *record)
{
	struct told *told = told_of(probes, record->slot);

	if (told->orphaned == probes->slots[record->slot].orphaned)
		return;
	told->orphaned++;
	tell_orphaned(probes, record->slot, record->t_ns, record->a, record->b);
}

static void take_thread(struct probes *probes, const struct probe_record *record)
{
	static const enum event events[NR_RECORDS] = {
		[RECORD_THREAD] = EV_THREAD_STARTED, [RECORD_NAMED] = EV_THREAD_NAMED,
		[RECORD_LEFT] = EV_THREAD_EXITED };
	struct probe_news news = news_of(probes, record->slot, events[record->kind], record->t_ns);

	news.tid = record->tid;
	if (record->kind == RECORD_LEFT)
		set(&news, 0, record->a >> 8 & 0xff);
	else
		set_name(&news, 0, record->name);
	hand_over(probes, &news);
}

static void take_execed(struct probes *probes, const struct probe_record *record)
{
	struct probe_news news = news_of(probes, record->slot, EV_PROCESS_EXECED, record->t_ns);
	struct probe_news left = news_of(probes, record->slot, EV_THREAD_EXITED, record->t_ns);

	set_name(&news, 0, record->name);
	hand_over(probes, &news);
	left.tid = record->a;
	if (left.tid) /* the thread that did it has the leader's number now */
		hand_over(probes, &left);
}

static void take_fault(struct probes *probes, const struct probe_record *record)
{
	struct told *told = told_of(probes, record->slot);
	bool copied = record->kind == RECORD_COPIED;
	struct probe_news news = news_of(probes, record->slot,
	                                 copied ? EV_MEMORY_COW_COPIED : EV_MEMORY_COW_REUSED, record->t_ns);

	*(copied ? &told->copies : &told->reuses) += record->b;
	news.tid = record->tid;
	news.sampled = record->b > 1;
	set(&news, 0, record->a);
	set(&news, 1, record->b);
	hand_over(probes, &news);
}

int news_take_record(void *context, void *data, size_t size)
{
	static void (*const take[NR_RECORDS])(struct probes *, const struct probe_record *) = {
		[RECORD_ENDED] = take_ended, [RECORD_REAPED] = take_ended,
		[RECORD_THREAD] = take_thread, [RECORD_NAMED] = take_thread, [RECORD_LEFT] = take_thread,
		[RECORD_EXECED] = take_execed, [RECORD_ORPHANED] = take_orphaned,
		[RECORD_COPIED] = take_fault, [RECORD_REUSED] = take_fault };
	struct probes *probes = context;
	const struct probe_record *record = data;

	/* a slot that was given out again speaks of another process */
	if (size < sizeof(*record) || record->kind >= NR_RECORDS ||
	    probes->slots[record->slot].life != record->life)
		return 0;
	news_tell_stage(probes, record->slot, STAGE_BORN); /* if its own record was lost, now is the time */
	if (take[record->kind])
		take[record->kind](probes, record);
	return 0;
}
