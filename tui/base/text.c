/* text.c: how do bytes from anybody become text that is safe on a terminal? */
#include "base/text.h"

#include "base/width.h"

/* The length that a first byte announces; 0 for a byte that cannot be first. 0xc0, 0xc1 and what follows 0xf4 would
 * only begin overlong forms and characters that do not exist. */
static int announced_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static bool is_real(uint32_t character, int length)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};

	return character >= smallest[length] && character <= 0x10ffff && (character < 0xd800 || character > 0xdfff);
}

/* One character of UTF-8; a byte that belongs to none counts as one U+FFFD. */
static uint32_t decode(const char **bytes)
{
	const unsigned char *at = (const unsigned char *)*bytes;
	int length = announced_length(*at);
	uint32_t character = length < 2 ? *at : *at & (0x7f >> length);

	(*bytes)++;
	if (length == 0)
		return TEXT_REPLACEMENT;
	for (int i = 1; i < length; i++) {
		if ((at[i] & 0xc0) != 0x80) /* the NUL too: we never read past it */
			return TEXT_REPLACEMENT;
		character = character << 6 | (at[i] & 0x3f);
	}
	if (!is_real(character, length))
		return TEXT_REPLACEMENT;
	*bytes += length - 1;
	return character;
}

/* Takes the marks that follow; returns the first of them. */
static uint32_t take_marks(const char **bytes)
{
	uint32_t first = 0;

	while ((unsigned char)**bytes >= 0x80) {
		const char *behind = *bytes;
		uint32_t mark = decode(&behind);

		if (character_width(mark) != 0)
			break;
		if (!first)
			first = mark;
		*bytes = behind;
	}
	return first;
}

bool text_next(const char **bytes, struct text_character *next)
{
	uint32_t character;

	if (!**bytes)
		return false;
	character = decode(bytes);
	if (character == '\t' || character == '\n')
		character = ' ';
	next->width = character_width(character);
	if (next->width <= 0) { /* a mark over nothing is as bad as a control */
		character = TEXT_REPLACEMENT;
		next->width = 1;
	}
	next->character = character;
	next->mark = take_marks(bytes);
	return true;
}

int text_width(const char *bytes)
{
	struct text_character next;
	int width = 0;

	while (text_next(&bytes, &next))
		width += next.width;
	return width;
}

int text_encode(char out[4], uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

size_t text_printable(char *out, size_t size, const char *bytes)
{
	struct text_character next;
	size_t length = 0;

	while (text_next(&bytes, &next)) {
		char encoded[8];
		int more = text_encode(encoded, next.character);

		if (next.mark)
			more += text_encode(encoded + more, next.mark);
		if (length + (size_t)more >= size)
			break;
		for (int i = 0; i < more; i++)
			out[length++] = encoded[i];
	}
	out[length] = '\0';
	return length;
}

size_t text_printable_ascii(char *out, size_t size, const char *bytes)
{
	struct text_character next;
	size_t length = 0;

	while (length + 1 < size && text_next(&bytes, &next))
		out[length++] = next.character < 0x80 ? (char)next.character : '?';
	out[length] = '\0';
	return length;
}

/*   ESC [ parameters final      ESC ] anything BEL      ESC ] anything ESC \      ESC x   */
const char *text_skip_escape(const char *bytes)
{
	const char *at = bytes + 1;

	if (*bytes != '\033')
		return bytes;
	if (*at == '[') {
		for (at++; *at >= ' ' && *at < '@'; at++)
			;
		return *at ? at + 1 : at;
	}
	if (*at == ']') {
		while (*at && *at != '\a' && !(*at == '\033' && at[1] == '\\'))
			at++;
		return *at == '\033' ? at + 2 : *at ? at + 1 : at;
	}
	return *at ? at + 1 : at;
}
