/* text.h: how do bytes from anybody become text that is safe on a terminal?
 *
 * Names of processes, pools and functions are hostile: they hold escape sequences, broken UTF-8, characters that turn
 * the writing around. Everything that is drawn or printed for a terminal passes through text_next():
 *
 *   bytes --> one character at a time --> width, at most one combining mark --> canvas cell, or text_printable()
 *
 * What must not be shown becomes U+FFFD, one for each bad byte or character, so that it is seen to be there; tab and
 * line feed become a blank. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TEXT_REPLACEMENT = 0xfffd };

struct text_character {
	uint32_t character;  /* printable, never a control */
	uint32_t mark;       /* a combining mark drawn over it; 0 none. A flood of them is cut to the first */
	int width;           /* 1 or 2 columns */
};

/* Takes the next character off *bytes; false at the NUL. */
bool text_next(const char **bytes, struct text_character *next);

/* Columns that the whole takes. */
int text_width(const char *bytes);

/* Writes the printable form, whole characters and a NUL, into `size` bytes (at least 1). Returns its length. */
size_t text_printable(char *out, size_t size, const char *bytes);
/* The same for a terminal without UTF-8: what is not ASCII becomes '?'. */
size_t text_printable_ascii(char *out, size_t size, const char *bytes);

/* UTF-8 of a character, 1 to 4 bytes, no NUL; returns how many. */
int text_encode(char out[4], uint32_t character);

/* Behind a terminal's escape sequence if one begins here, else `bytes`: for output of programs, where colours are
 * expected and are to be dropped rather than shown as damage. */
const char *text_skip_escape(const char *bytes);

#endif
