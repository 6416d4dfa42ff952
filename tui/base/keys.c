/* keys.c: what is each key called? */
#include "base/keys.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define PRESS_NAME_(SYMBOL, name) name,
static const char *const names[] = {PRESSES(PRESS_NAME_)};

void press_name(uint32_t press, char *out, size_t size)
{
	char encoded[5] = "";

	if (press > PRESS_FIRST_ && press < PRESS_END_) {
		snprintf(out, size, "%s", names[press - PRESS_FIRST_ - 1]);
	} else if (press == ' ') {
		snprintf(out, size, "Space");
	} else {
		if (press < PRESS_FIRST_)
			text_encode(encoded, press);
		text_printable(out, size, encoded);
	}
}

uint32_t press_by_name(const char *name)
{
	struct text_character character;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(name, names[i]))
			return PRESS_FIRST_ + 1 + (uint32_t)i;
	if (!strcmp(name, "Space"))
		return ' ';
	return text_next(&name, &character) && !*name ? character.character : 0;
}
