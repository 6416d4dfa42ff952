/* procps.c: rows from procps's library. */
#include "sources/procps.h"

#include <errno.h>
#include <libproc2/pids.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Only what stands in `stat`: anything from `status` would double the cost of a sweep. */
enum { ITEM_PID, ITEM_PPID, ITEM_START, ITEM_STATE, ITEM_NAME, ITEM_TICKS, ITEM_RESIDENT, ITEM_THREADS, NR_ITEMS };
static enum pids_item items[NR_ITEMS] = {
	[ITEM_PID] = PIDS_ID_PID,      [ITEM_PPID] = PIDS_ID_PPID, [ITEM_START] = PIDS_TICS_BEGAN,
	[ITEM_STATE] = PIDS_STATE,     [ITEM_NAME] = PIDS_CMD,     [ITEM_TICKS] = PIDS_TICS_ALL,
	[ITEM_RESIDENT] = PIDS_RSS,    [ITEM_THREADS] = PIDS_NLWP,
};
enum { SELECT_MAX = 255 }; /* the library takes no more ids at once */

struct procps {
	struct pids_info *info;
	uint64_t ns_a_tick, page_size;
};

int procps_open(struct procps **procps)
{
	struct procps *made = calloc(1, sizeof(*made));
	int error;

	if (!made)
		return -ENOMEM;
	error = procps_pids_new(&made->info, items, NR_ITEMS);
	if (error < 0) {
		free(made);
		return error;
	}
	made->ns_a_tick = 1000000000u / (uint64_t)sysconf(_SC_CLK_TCK);
	made->page_size = (uint64_t)sysconf(_SC_PAGESIZE);
	*procps = made;
	return 0;
}

void procps_close(struct procps *procps)
{
	if (!procps)
		return;
	procps_pids_unref(&procps->info);
	free(procps);
}

/* proc_pid_stat(5): the letters, and the textbook's states behind them. */
static enum thread_state state_of(char letter)
{
	switch (letter) {
	case 'R': return THREAD_RUNNING;
	case 'T': case 't': return THREAD_STOPPED;
	case 'Z': return THREAD_ZOMBIE;
	case 'X': case 'x': return THREAD_GONE;
	default:  return THREAD_WAITING; /* S, D, I, P and what may come */
	}
}

/* A process whose first thread has ended shows the letter Z, and lives on in its other threads. */
static enum thread_state state_of_result(const struct pids_result *result)
{
	enum thread_state state = state_of(result[ITEM_STATE].result.s_ch);

	return state == THREAD_ZOMBIE && result[ITEM_THREADS].result.s_int > 1 ? THREAD_WAITING : state;
}

static int hand_over(const struct procps *procps, struct pids_fetch *fetch, procps_take *take, void *context)
{
	if (!fetch)
		return -errno;
	for (int i = 0; i < fetch->counts->total; i++) {
		const struct pids_result *result = fetch->stacks[i]->head;
		struct procps_row row = {
			.pid = result[ITEM_PID].result.s_int,
			.ppid = result[ITEM_PPID].result.s_int,
			.start = result[ITEM_START].result.ull_int,
			.state = state_of_result(result),
			.cpu_ns = result[ITEM_TICKS].result.ull_int * procps->ns_a_tick,
			.resident = result[ITEM_RESIDENT].result.ul_int * procps->page_size,
			.nr_threads = (unsigned)result[ITEM_THREADS].result.s_int,
			.name = result[ITEM_NAME].result.str,
		};
		take(context, &row);
	}
	return fetch->counts->total;
}

int procps_sweep(struct procps *procps, procps_take *take, void *context)
{
	return hand_over(procps, procps_pids_reap(procps->info, PIDS_FETCH_TASKS_ONLY), take, context);
}

int procps_threads(struct procps *procps, const pid_t *pids, unsigned count, procps_take *take, void *context)
{
	int total = 0;

	for (unsigned from = 0; from < count; from += SELECT_MAX) {
		unsigned batch = count - from < SELECT_MAX ? count - from : SELECT_MAX;
		int got = hand_over(procps, procps_pids_select(procps->info, (unsigned *)pids + from, (int)batch,
		                                              PIDS_SELECT_PID_THREADS), take, context);
		if (got < 0)
			return got;
		total += got;
	}
	return total;
}

bool procps_one(pid_t pid, uint64_t *start, pid_t *ppid, enum thread_state *state, char *name)
{
	char path[32], text[512], letter;
	unsigned long long began;
	int parent;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	FILE *file = fopen(path, "re");
	if (!file)
		return false;
	size_t length = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[length] = '\0';
	char *open = strchr(text, '('), *close = strrchr(text, ')'); /* the name itself may hold both */
	if (!open || !close ||
	    sscanf(close + 1, " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", &letter,
	           &parent, &began) != 3)
		return false;
	*close = '\0';
	if (start)
		*start = began;
	if (ppid)
		*ppid = parent;
	if (state)
		*state = state_of(letter);
	if (name)
		snprintf(name, 16, "%s", open + 1);
	return true;
}
