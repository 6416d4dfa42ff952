/* actions.c: which key does what? */
#include "views/actions.h"

#define ACTION_ENTRY_(SYMBOL, key, other, label, group, help) [ACTION_##SYMBOL] = {key, other, label, group, help},
static const struct action_entry entries[NR_ACTIONS] = {ACTIONS(ACTION_ENTRY_)};

const struct action_entry *action_entry(enum action action)
{
	return &entries[action];
}

enum action action_of(uint32_t press)
{
	for (enum action action = ACTION_NONE + 1; press && action < NR_ACTIONS; action++)
		if (entries[action].key == press || entries[action].other == press)
			return action;
	return ACTION_NONE;
}
