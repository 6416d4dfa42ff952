/* loader_scan.c: what of the slots has the ring not told, and which of them are free again? */
#include "inside.h"

#include <bpf/bpf.h>
#include <stdlib.h>

#include "probes.skel.h"

uint32_t scan_end(const struct probes *probes)
{
	uint32_t fresh = *(volatile uint32_t *)&probes->skeleton->bss->fresh_slots;

	return fresh < PROBE_SLOTS ? fresh : PROBE_SLOTS;
}

/* A slot that has told its last, and whose process the kernel has forgotten, may be given out again. The ring holds
 * nothing more of it: what it said last was read after all else. */
void scan_give_back(struct probes *probes)
{
	int used_slots = bpf_map__fd(probes->skeleton->maps.used_slots);
	unsigned kept = 0;

	for (unsigned i = 0; i < probes->nr_reaped; i++) {
		uint32_t number = probes->reaped[i];

		if (!(probes->slots[number].stage & STAGE_FREE) ||
		    bpf_map_update_elem(used_slots, NULL, &number, BPF_ANY))
			probes->reaped[kept++] = number;
	}
	probes->nr_reaped = kept;
}

/* ---- after a loss -------------------------------------------------------------------------------------------------- */

/* Something that a slot knows and nobody was told. */
struct untold {
	uint64_t t_ns;
	uint32_t number;
	uint32_t stage; /* 0: it was orphaned */
};

static int by_time(const void *a, const void *b)
{
	const struct untold *one = a, *other = b;

	if (one->t_ns != other->t_ns)
		return one->t_ns < other->t_ns ? -1 : 1;
	return (int)one->stage - (int)other->stage;
}

static unsigned find_untold(struct probes *probes, uint32_t number, struct untold *found)
{
	const struct probe_slot *slot = &probes->slots[number];
	const struct told *told = told_of(probes, number);
	const struct untold steps[] = {
		{ slot->born_ns, number, STAGE_BORN }, { slot->ended_ns, number, STAGE_EXITED },
		{ slot->ended_ns, number, STAGE_ZOMBIE }, { slot->reaped_ns, number, STAGE_REAPED } };
	unsigned nr = 0;

	for (unsigned i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (slot->stage & ~told->stage & steps[i].stage)
			found[nr++] = steps[i];
	if (slot->orphaned != told->orphaned)
		found[nr++] = (struct untold){ slot->orphaned_ns, number, 0 };
	return nr;
}

static void tell_untold(struct probes *probes)
{
	uint32_t end = scan_end(probes);
	struct untold *all = malloc((size_t)end * 5 * sizeof(*all));
	size_t nr = 0;

	if (!all)
		return; /* the next drain tries again */
	for (uint32_t number = 0; number < end; number++)
		nr += find_untold(probes, number, all + nr);
	qsort(all, nr, sizeof(*all), by_time);
	for (size_t i = 0; i < nr; i++) {
		if (all[i].stage)
			news_tell_stage(probes, all[i].number, all[i].stage);
		else
			news_tell_orphan(probes, all[i].number);
	}
	free(all);
}

/* Tells what the ring dropped: from the slots, or how many there were. */
void scan_lost(struct probes *probes)
{
#define LOST_WORD_(SYMBOL, word, values) [RECORD_##SYMBOL] = word,
	static const char *const words[NR_RECORDS] = { PROBE_RECORDS(LOST_WORD_) };
	const volatile struct probes_bpf__bss *kernel = probes->skeleton->bss;
	uint64_t missed = kernel->missed;
	bool in_slots = false;

	for (unsigned kind = 0; kind < NR_RECORDS; kind++) {
		uint64_t count = kernel->lost[kind] - probes->lost_told[kind];

		probes->lost_told[kind] += count;
		if (count && words[kind][0])
			news_tell_lost(probes, words[kind], count);
		else if (count)
			in_slots = true;
	}
	if (missed != probes->missed_told)
		news_tell_lost(probes, "processes", missed - probes->missed_told);
	probes->missed_told = missed;
	if (in_slots)
		tell_untold(probes);
}
