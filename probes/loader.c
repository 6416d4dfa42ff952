/* loader.c: how do the kernel's programs come and go, and what do we ask of them? */
#include "loader.h"
#include "inside.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probes.skel.h"

enum when_needed { ALWAYS, ON_DEMAND };
static const struct {
	const char *name, *tells;
	enum when_needed needed;
} list[PROBE_COUNT] = {
#define PROBE_ENTRY_(SYMBOL, name, tells, needed) [ASK_##SYMBOL] = { name, tells, needed },
	PROBES(PROBE_ENTRY_)
#undef PROBE_ENTRY_
};

static const size_t slots_size = sizeof(struct probe_slot) * PROBE_SLOTS;

/* ---- attaching ---------------------------------------------------------------------------------------------- */

static void detach(struct probes *probes, enum probe probe)
{
	for (unsigned i = 0; i < probes->nr_programs; i++) {
		struct program *program = &probes->programs[i];

		if (program->probe != probe)
			continue;
		bpf_link__destroy(program->link);
		program->link = NULL;
	}
	if (probes->state[probe] == PROBE_ON)
		probes->state[probe] = PROBE_READY;
}

/* All of a probe's programs, or none. */
static int attach(struct probes *probes, enum probe probe)
{
	for (unsigned i = 0; i < probes->nr_programs; i++) {
		struct program *program = &probes->programs[i];
		int error;

		if (program->probe != probe)
			continue;
		program->link = bpf_program__attach(program->bpf);
		if (program->link)
			continue;
		error = -errno;
		detach(probes, probe);
		try_refuse(probes, probe, error);
		return error;
	}
	probes->state[probe] = PROBE_ON;
	return 0;
}

int probes_need(struct probes *probes, enum probe probe, bool needed)
{
	uint32_t *epoch;
	int error;

	if (probes->state[probe] == PROBE_OFF)
		return -ENOTSUP;
	if (list[probe].needed == ALWAYS || needed == (probes->state[probe] == PROBE_ON))
		return 0;
	epoch = &probes->skeleton->bss->cow_epoch;
	if (!needed) {
		__atomic_add_fetch(epoch, 1, __ATOMIC_SEQ_CST);
		detach(probes, probe);
		return 0;
	}
	error = attach(probes, probe);
	if (!error)
		__atomic_add_fetch(epoch, 1, __ATOMIC_SEQ_CST);
	return error;
}

/* ---- open and close ----------------------------------------------------------------------------------------- */

static int map_all(struct probes *probes)
{
	struct probes_bpf *skeleton = probes->skeleton;
	void *slots = mmap(NULL, slots_size, PROT_READ, MAP_SHARED, bpf_map__fd(skeleton->maps.slots), 0);

	if (slots == MAP_FAILED)
		return -errno;
	probes->slots = slots;
	probes->told = calloc(PROBE_SLOTS, sizeof(*probes->told));
	probes->ended = calloc(PROBE_SLOTS, sizeof(*probes->ended));
	if (!probes->told || !probes->ended)
		return -ENOMEM;
	probes->ring = ring_buffer__new(bpf_map__fd(skeleton->maps.ring), news_take_record, probes, NULL);
	return probes->ring ? 0 : -errno;
}

static void note_programs(struct probes *probes)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, probes->skeleton->obj)
		if (bpf_program__autoload(program))
			probes->programs[probes->nr_programs++] =
				(struct program){ .bpf = program, .probe = try_probe_of(program) };
}

static int open_all(struct probes *probes)
{
	int error = try_load(probes);

	if (!error)
		error = map_all(probes);
	if (error)
		return error;
	note_programs(probes);
	for (enum probe probe = 0; probe < PROBE_COUNT; probe++)
		if (probes->state[probe] == PROBE_READY && list[probe].needed == ALWAYS)
			attach(probes, probe);
	return 0;
}

int probes_open(struct probes **result)
{
	struct probes *probes = calloc(1, sizeof(*probes));
	bool works = false;
	int error;

	*result = probes;
	if (!probes)
		return -ENOMEM;
	here_find(&probes->here);
	error = open_all(probes);
	for (enum probe probe = 0; probe < PROBE_COUNT; probe++)
		works |= probes->state[probe] != PROBE_OFF;
	return error ? error : works ? 0 : -ENOTSUP;
}

void probes_close(struct probes *probes)
{
	if (!probes)
		return;
	for (enum probe probe = 0; probe < PROBE_COUNT; probe++)
		detach(probes, probe);
	ring_buffer__free(probes->ring);
	if (probes->slots)
		munmap(probes->slots, slots_size);
	free(probes->told);
	free(probes->ended);
	probes_bpf__destroy(probes->skeleton);
	free(probes);
}

void probes_report(const struct probes *probes, enum probe probe, struct probe_report *report)
{
	*report = (struct probe_report){ .name = list[probe].name, .tells = list[probe].tells, .reason = "not asked" };
	if (!probes)
		return;
	report->state = probes->state[probe];
	memcpy(report->reason, probes->reason[probe], sizeof(report->reason));
}

/* ---- watching ----------------------------------------------------------------------------------------------- */

static bool can_watch(const struct probes *probes)
{
	return probes->state[ASK_SEED] == PROBE_ON && probes->state[ASK_LIFE] == PROBE_ON;
}

/* One pass of seed.bpf.c over all tasks. */
static int pass(struct probes *probes)
{
	char nothing[64];
	ssize_t got;
	int link = -1, pass;

	for (unsigned i = 0; i < probes->nr_programs; i++)
		if (probes->programs[i].probe == ASK_SEED)
			link = bpf_link__fd(probes->programs[i].link);
	pass = bpf_iter_create(link);
	if (pass < 0)
		return -errno;
	do
		got = read(pass, nothing, sizeof(nothing));
	while (got > 0 || (got < 0 && errno == EINTR));
	close(pass);
	return got < 0 ? -errno : 0;
}

int probes_watch(struct probes *probes, pid_t pid)
{
	struct probes_bpf__bss *kernel;
	int error;

	if (!can_watch(probes))
		return -ENOTSUP;
	if (kill(pid, 0) && errno == ESRCH)
		return -ESRCH;
	kernel = probes->skeleton->bss;
	kernel->watch_pid = pid;
	kernel->seeded_processes = 0;
	do {
		kernel->seeded_tasks = 0;
		error = pass(probes);
	} while (!error && kernel->seeded_tasks);
	kernel->watch_pid = 0;
	scan_seeded(probes);
	return error ? error : (int)kernel->seeded_processes;
}

/* ---- listening ---------------------------------------------------------------------------------------------- */

int probes_fd(const struct probes *probes)
{
	return probes->ring ? ring_buffer__epoll_fd(probes->ring) : -1;
}

int probes_drain(struct probes *probes, probe_take *take, void *context)
{
	if (!probes->ring)
		return 0;
	probes->take = take;
	probes->context = context;
	probes->nr_taken = 0;
	scan_give_back(probes);
	ring_buffer__consume(probes->ring);
	scan_lost(probes);
	scan_gone(probes);
	return probes->nr_taken;
}

void probes_count(struct probes *probes, probe_take *take, void *context)
{
	if (!probes->ring)
		return;
	probes->take = take;
	probes->context = context;
	for (uint32_t number = 0; number < scan_end(probes); number++)
		if (probes->slots[number].pid && !probes->slots[number].ended_ns)
			news_tell_counts(probes, number);
}

uint64_t probes_lost(const struct probes *probes)
{
	uint64_t lost = 0;

	if (!probes->skeleton)
		return 0;
	for (unsigned kind = 0; kind < NR_RECORDS; kind++)
		lost += probes->skeleton->bss->lost[kind];
	return lost + probes->skeleton->bss->missed;
}
