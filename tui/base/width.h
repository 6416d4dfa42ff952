/* width.h: how many columns does a character take? */
#ifndef BASE_WIDTH_H
#define BASE_WIDTH_H

#include <stdint.h>

/* 1 or 2; 0 for a combining mark; -1 for what must never reach a terminal as it is. */
int character_width(uint32_t character);

#endif
