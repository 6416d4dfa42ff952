/* commands.h: which subcommands are there? In the order of --help. */
#ifndef COMMANDS_COMMANDS_H
#define COMMANDS_COMMANDS_H

#include "commands/command.h"

#define COMMANDS(COMMAND) \
	COMMAND(dashboard) \
	COMMAND(run) \
	COMMAND(list) \
	COMMAND(snapshot) \
	COMMAND(events) \
	COMMAND(record) \
	COMMAND(replay) \
	COMMAND(check) \
	COMMAND(demo) \
	COMMAND(doctor)

#define DECLARE_(name) extern const struct command command_##name;
COMMANDS(DECLARE_)
#undef DECLARE_

#endif
