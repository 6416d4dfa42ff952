/* kernel.c: the probes' news as facts, and their state as facts too. */
#include "sources/kernel.h"

#include <stdlib.h>
#include <string.h>

#include "probes/loader.h"

#define COUNT_EVERY_NS 1000000000u

struct kernel_source {
	struct source source;
	struct probes *probes;
	struct probe_report told[PROBE_COUNT];
	bool any_told;
	uint64_t counted_ns;
	struct stream *stream; /* while facts are being told */
	uint8_t flags;
};

static void take(void *context, const struct probe_news *news)
{
	struct kernel_source *kernel = context;
	struct fact fact = fact_make(news->event, SOURCE_KERNEL, news->t_ns, news->pid, news->start);
	int name_at = fact_field(news->event, F_NAME), ring_at = fact_field(news->event, F_RING);

	fact.tid = news->tid == news->pid ? 0 : news->tid;
	fact.known = news->known;
	memcpy(fact.value, news->value, sizeof(fact.value));
	fact.flags = (uint8_t)(kernel->flags | (news->sampled ? FACT_SAMPLED : 0));
	if (name_at >= 0)
		fact_set(&fact, F_NAME, names_id_bytes(kernel->stream->names, news->name, sizeof(news->name)));
	if (ring_at >= 0)
		fact_set(&fact, F_RING, names_id(kernel->stream->names, "the kernel's ring"));
	stream_push(kernel->stream, &fact);
}

static void tell_probes(struct kernel_source *kernel, uint64_t now_ns)
{
	for (int i = 0; i < PROBE_COUNT; i++) {
		struct probe_report report;
		probes_report(kernel->probes, (enum probe)i, &report);
		if (kernel->any_told && report.state == kernel->told[i].state)
			continue;
		kernel->told[i] = report;
		struct fact fact = fact_make(EV_PROBE_CHANGED, SOURCE_KERNEL, now_ns, 0, 0);
		fact_set(&fact, F_NAME, names_id(kernel->stream->names, report.name));
		fact_set(&fact, F_PROBE_STATE, report.state);
		fact_set(&fact, F_REASON, names_id(kernel->stream->names, report.reason));
		fact.flags = FACT_STATE;
		stream_push(kernel->stream, &fact);
	}
	kernel->any_told = true;
}

static void drain(struct source *source, struct stream *stream, uint64_t now_ns)
{
	struct kernel_source *kernel = (struct kernel_source *)source;

	kernel->stream = stream;
	tell_probes(kernel, now_ns);
	kernel->flags = 0;
	probes_drain(kernel->probes, take, kernel);
	if (now_ns - kernel->counted_ns < COUNT_EVERY_NS)
		return;
	kernel->counted_ns = now_ns;
	kernel->flags = FACT_STATE;
	probes_count(kernel->probes, take, kernel);
}

static void close_source(struct source *source)
{
	struct kernel_source *kernel = (struct kernel_source *)source;

	probes_close(kernel->probes);
	free(kernel);
}

struct source *kernel_source_open(void)
{
	struct kernel_source *kernel = calloc(1, sizeof(*kernel));

	if (!kernel)
		return NULL;
	probes_open(&kernel->probes);
	if (!kernel->probes) {
		free(kernel);
		return NULL;
	}
	kernel->source = (struct source){ .drain = drain, .close = close_source, .fd = probes_fd(kernel->probes) };
	return &kernel->source;
}

int kernel_source_watch(struct source *source, pid_t pid)
{
	return probes_watch(((struct kernel_source *)source)->probes, pid);
}

void kernel_source_need_cow(struct source *source, bool needed)
{
	probes_need(((struct kernel_source *)source)->probes, ASK_COW, needed);
}

bool kernel_source_tells(const struct source *source)
{
	struct probe_report report;

	probes_report(((const struct kernel_source *)source)->probes, ASK_LIFE, &report);
	return report.state == PROBE_ON;
}
