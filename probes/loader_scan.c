/* loader_scan.c: what of the slots has the ring not told, and which of them are free again? */
#include "inside.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probes.skel.h"

uint32_t scan_end(const struct probes *probes)
{
	uint32_t fresh = *(volatile uint32_t *)&probes->skeleton->bss->fresh_slots;

	return fresh < PROBE_SLOTS ? fresh : PROBE_SLOTS;
}

/* ---- slots to be used again --------------------------------------------------------------------------------- */

enum { PATIENCE = 16 /* rounds of scan_gone() */ };

/* A slot that has told its last, and whose process the kernel has forgotten, may be given out again. The ring holds
 * nothing more of it: what it said last was read after all else. */
static bool is_free(struct probes *probes, uint32_t number)
{
	const struct told *told = told_of(probes, number);

	return (told->stage & STAGE_REAPED) &&
	       ((probes->slots[number].stage & STAGE_FREE) || told->rounds > PATIENCE);
}

void scan_give_back(struct probes *probes)
{
	int used_slots = bpf_map__fd(probes->skeleton->maps.used_slots);
	unsigned kept = 0;

	for (unsigned i = 0; i < probes->nr_ended; i++) {
		uint32_t number = probes->ended[i];

		if (!is_free(probes, number) || bpf_map_update_elem(used_slots, NULL, &number, BPF_ANY))
			probes->ended[kept++] = number;
	}
	probes->nr_ended = kept;
}

/* ---- what no hook told -------------------------------------------------------------------------------------- */

/* Field 22 of /proc/PID/stat tells whether it is the same process; the name before may hold anything. */
static bool is_there(const struct probes *probes, const struct probe_slot *slot)
{
	uint64_t start = (slot->start + probes->here.boot_ns) / probes->here.tick_ns;
	char path[32], text[1024], *at;
	FILE *stat;
	size_t size;

	snprintf(path, sizeof(path), "/proc/%u/stat", slot->pid);
	stat = fopen(path, "re");
	if (!stat)
		return kill(slot->pid, 0) == 0 || errno != ESRCH;
	size = fread(text, 1, sizeof(text) - 1, stat);
	fclose(stat);
	text[size] = 0;
	at = strrchr(text, ')');
	for (int field = 1; at && field < 21; field++)
		at = strchr(at + 1, ' ');
	return at && strtoull(at, NULL, 10) == start;
}

static void look_for(struct probes *probes, uint32_t number)
{
	struct told *told = told_of(probes, number);

	if (told->stage & STAGE_REAPED)
		told->rounds++;
	else if (!is_there(probes, &probes->slots[number]))
		news_tell_gone(probes, number);
}

/* A net under life_free, the only hook that tells when somebody outside of the tree reaps: it may find the processor
 * busy with something that must not be traced. A few of the dead are looked up, now and then. */
void scan_gone(struct probes *probes)
{
	enum { EVERY_NS = 250000000, AT_ONCE = 64 };
	uint64_t now = news_now_ns(probes);

	if (now - probes->gone_ns < EVERY_NS)
		return;
	probes->gone_ns = now;
	for (unsigned i = 0; i < AT_ONCE && i < probes->nr_ended; i++) {
		uint32_t number = probes->ended[probes->next_gone++ % probes->nr_ended];

		if (now - probes->slots[number].ended_ns > EVERY_NS)
			look_for(probes, number);
	}
}

/* Zombies that a pass has found: nothing is told of them but, one day, that they were reaped. */
void scan_seeded(struct probes *probes)
{
	for (uint32_t number = 0; number < scan_end(probes); number++)
		if (probes->slots[number].stage & STAGE_DEAD)
			news_tell_stage(probes, number, STAGE_EXITED);
}

/* ---- after a loss ------------------------------------------------------------------------------------------- */

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
