/* keys.h: what can be pressed, and what is each key called?
 *
 * Knows keys, not what they do: that table is views/actions.h. */
#ifndef BASE_KEYS_H
#define BASE_KEYS_H

#include <stddef.h>
#include <stdint.h>

/* A character is itself. What is no character comes above Unicode: PRESS(SYMBOL, name). */
#define PRESSES(PRESS) \
	PRESS(UP, "Up") PRESS(DOWN, "Down") PRESS(LEFT, "Left") PRESS(RIGHT, "Right") \
	PRESS(PAGE_UP, "PgUp") PRESS(PAGE_DOWN, "PgDn") PRESS(HOME, "Home") PRESS(END, "End") \
	PRESS(ENTER, "Enter") PRESS(ESCAPE, "Esc") PRESS(TAB, "Tab") PRESS(BACK_TAB, "Shift-Tab") \
	PRESS(BACKSPACE, "Backspace") PRESS(F1, "F1") PRESS(F10, "F10") PRESS(REDRAW, "Ctrl-L") \
	PRESS(CLICK, "click") PRESS(WHEEL_UP, "wheel up") PRESS(WHEEL_DOWN, "wheel down") \
	PRESS(RESIZE, "resize")

#define PRESS_ENUM_(SYMBOL, name) PRESS_##SYMBOL,
enum press { PRESS_NONE, PRESS_FIRST_ = 0x110000, PRESSES(PRESS_ENUM_) PRESS_END_ };
#undef PRESS_ENUM_

struct key {
	uint32_t press;  /* a character, or enum press */
	int x, y;        /* of a click or a turn of the wheel: where, counted from the top left of the screen */
};

/* "Space", "Enter", "q"; writes at most `size` bytes, NUL included. */
void press_name(uint32_t press, char *out, size_t size);
/* The other way round, for scripts of keys; 0 if there is no such key. */
uint32_t press_by_name(const char *name);

#endif
