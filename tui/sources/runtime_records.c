/* runtime_records.c: which facts stand in a segment's records? The encoding is pool-runtime/record.h's. */
#include "pool-runtime/record.h"
#include "sources/runtime_segment.h"

/* Rings are drained one after the other, so the worker handler may tell of a death when the next worker in that slot
 * has been heard of already: both lives are kept, and the time or the pid says which one is meant. */
void told_lives(struct told_worker *told, uint32_t pid, uint64_t start, uint64_t t_ns)
{
	struct told_life life = { .pid = pid, .start = start, .from_ns = t_ns };

	if (!pid || (told->now.pid == pid && told->now.start == start))
		return;
	if (told->now.pid && t_ns < told->now.from_ns) {
		if (!told->before.pid || t_ns >= told->before.from_ns)
			told->before = life;
		return;
	}
	told->before = told->now;
	told->now = life;
}

static const struct told_life *life_at(const struct told_worker *told, uint64_t t_ns)
{
	return told->before.pid && t_ns < told->now.from_ns ? &told->before : &told->now;
}

/* A worker's own ring says who wrote it; of what others say of it, the time tells. */
static struct fact worker_fact(struct segment *segment, const struct reader_news *news, enum event event)
{
	struct told_worker *told = &segment->workers_told[news->record.slot];
	struct fact fact = segment_fact(segment, event, news->record.time);
	bool own = RING_OWNER_SECTION(news->owner) == SECTION_WORKERS && news->pid > 0;

	if (own)
		told_lives(told, (uint32_t)news->pid, news->start, news->record.time);
	const struct told_life *life = life_at(told, news->record.time);
	if (own || life->pid) {
		fact.pid = own ? (uint32_t)news->pid : life->pid;
		fact.start = own ? news->start : life->start;
	}
	fact_set(&fact, F_SLOT, news->record.slot);
	return fact;
}

/* The worker handler names the dead by pid; one that was killed before it could say who it is has no start time. */
static void name_the_dead(struct segment *segment, const struct reader_news *news, struct fact *fact)
{
	const struct told_worker *told = &segment->workers_told[news->record.slot];
	uint32_t pid = (uint32_t)record_pid(&news->record);

	fact->pid = pid;
	fact->start = pid == told->now.pid ? told->now.start : pid == told->before.pid ? told->before.start : 0;
	fact_set(fact, F_TASK, (int64_t)news->record.task);
	fact_set(fact, F_FUNCTION, segment_name(segment, record_function(&news->record)));
	fact_set(fact, F_CAUSE, segment_name(segment, news->record.name));
}

static void tell_worker(struct segment *segment, const struct reader_news *news)
{
	const struct segment_record *record = &news->record;
	struct told_worker *told = &segment->workers_told[record->slot];
	struct fact fact = worker_fact(segment, news, record->event);

	if (record->event == EV_WORKER_REPLACED)
		fact_set(&fact, F_OLD, record_old(record));
	if (record->event == EV_WORKER_DIED)
		name_the_dead(segment, news, &fact);
	told->since_ns = record->time > told->since_ns ? record->time : told->since_ns;
	segment_push(segment, &fact);
}

static void tell_task_in_worker(struct segment *segment, const struct reader_news *news)
{
	const struct segment_record *record = &news->record;
	struct told_worker *told = &segment->workers_told[record->slot];
	bool starts = record->event == EV_TASK_STARTED;
	struct fact fact = worker_fact(segment, news, record->event);

	fact_set(&fact, F_TASK, (int64_t)record->task);
	fact_set(&fact, F_JOB, (int64_t)record_job(record));
	if (!starts && record->event != EV_TASK_LOST)
		fact_set(&fact, F_STATUS, record_status(record));
	segment_push(segment, &fact);
	if (record->event == EV_TASK_LOST)
		return;
	told->since_ns = record->time > told->since_ns ? record->time : told->since_ns;
	fact = worker_fact(segment, news, starts ? EV_WORKER_BUSY : EV_WORKER_IDLE);
	if (starts) {
		fact_set(&fact, F_TASK, (int64_t)record->task);
		fact_set(&fact, F_FUNCTION, segment_name(segment, record->name));
	}
	segment_push(segment, &fact);
}

static void tell_task(struct segment *segment, const struct reader_news *news)
{
	const struct segment_record *record = &news->record;
	struct fact fact = segment_fact(segment, record->event, record->time);

	fact_set(&fact, F_TASK, (int64_t)record->task);
	fact_set(&fact, F_JOB, (int64_t)record_job(record));
	if (record->event == EV_TASK_DELIVERED)
		fact_set(&fact, F_STATUS, record_status(record));
	segment_push(segment, &fact);
}

static void tell_job(struct segment *segment, const struct reader_news *news)
{
	const struct segment_record *record = &news->record;
	struct fact fact = segment_fact(segment, record->event, record->time);

	fact.tid = (uint32_t)news->tid == fact.pid ? 0 : (uint32_t)news->tid;
	fact_set(&fact, F_JOB, (int64_t)record_job(record));
	if (record->event == EV_JOB_SUBMITTED) {
		fact_set(&fact, F_CALL, record_call(record));
		fact_set(&fact, F_TASKS, record_tasks(record));
		fact_set(&fact, F_CHUNK, record_chunk(record));
		fact_set(&fact, F_FUNCTION, segment_name(segment, record_function(record)));
	} else {
		fact_set(&fact, F_STATUS, record_status(record));
	}
	segment_push(segment, &fact);
}

static void tell_helper(struct segment *segment, const struct reader_news *news)
{
	const struct segment_record *record = &news->record;
	struct fact fact = segment_fact(segment, record->event, record->time);

	if (record->slot >= NR_HELPER_ROLES) /* of a later minor version */
		return;
	fact.tid = (uint32_t)news->tid;
	fact_set(&fact, F_ROLE, record->slot);
	if (record->event == EV_HELPER_STARTED)
		fact_set(&fact, F_NAME, segment_name(segment, record->name));
	segment_push(segment, &fact);
}

static void tell_pool(struct segment *segment, const struct reader_news *news)
{
	const struct segment_record *record = &news->record;
	const struct segment_header *header = reader_header(segment->reader);
	struct fact fact = segment_fact(segment, record->event, record->time);

	if (record->event == EV_POOL_OPENED) {
		fact_set(&fact, F_NAME, segment_name(segment, header->name));
		fact_set(&fact, F_KIND, header->kind);
		fact_set(&fact, F_START_METHOD, header->start_method);
		fact_set(&fact, F_WORKERS, segment->workers);
	}
	if (record->event == EV_POOL_BROKEN)
		fact_set(&fact, F_REASON, segment_name(segment, record->name));
	segment->state = (uint8_t)(POOL_OPEN + record->event - EV_POOL_OPENED);
	segment_push(segment, &fact);
}

_Static_assert(POOL_BROKEN - POOL_OPEN == EV_POOL_BROKEN - EV_POOL_OPENED, "a pool's states and events in one order");

static void tell_note(struct segment *segment, const struct reader_news *news)
{
	struct fact fact = segment_fact(segment, EV_NOTE, news->record.time);

	if (news->pid) {
		fact.pid = (uint32_t)news->pid;
		fact.start = news->start;
	}
	fact_set(&fact, F_TEXT, segment_name(segment, news->record.name));
	segment_push(segment, &fact);
}

static void tell(void *context, const struct reader_news *news)
{
	struct segment *segment = context;

	switch (news->record.event) {
	case EV_POOL_OPENED ... EV_POOL_BROKEN:
		tell_pool(segment, news);
		break;
	case EV_WORKER_STARTING ... EV_WORKER_REPLACED:
		tell_worker(segment, news);
		break;
	case EV_HELPER_STARTED ... EV_HELPER_EXITED:
		tell_helper(segment, news);
		break;
	case EV_JOB_SUBMITTED ... EV_JOB_FINISHED:
		tell_job(segment, news);
		break;
	case EV_TASK_STARTED ... EV_TASK_LOST:
		tell_task_in_worker(segment, news);
		break;
	case EV_TASK_QUEUED:
	case EV_TASK_RETRIED:
	case EV_TASK_DELIVERED:
		tell_task(segment, news);
		break;
	case EV_NOTE:
		tell_note(segment, news);
		break;
	default: /* a segment can say what it likes: what no publisher writes is not told */
		break;
	}
}

void segment_tell_records(struct segment *segment)
{
	uint64_t lost = reader_drain(segment->reader, tell, segment);

	segment->drained_ns = segment->now_ns;
	if (!lost)
		return;
	segment->lost += lost;
	struct fact fact = segment_fact(segment, EV_RECORDS_LOST, segment->now_ns);
	fact_set(&fact, F_RING, segment->key);
	fact_set(&fact, F_COUNT, (int64_t)lost);
	segment_push(segment, &fact);
}
