/* brief.c: how is a number said in few characters? */
#include "base/brief.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const struct brief unknown = {"-"};

__attribute__((format(printf, 1, 2))) static struct brief say(const char *format, ...)
{
	struct brief brief;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(brief.text, sizeof(brief.text), format, arguments);
	va_end(arguments);
	return brief;
}

/* Two digits that count: 1.2k, 34k, 567k. Cut, not rounded: 999 of 1000 must never read as all. */
static struct brief scaled(int64_t number, int64_t base, const char *units)
{
	int64_t unit = base;

	while (number / unit >= base && units[1]) {
		unit *= base;
		units++;
	}
	if (number / unit < 10)
		return say("%d.%d%c", (int)(number / unit), (int)(number / (unit / base) % base * 10 / base), *units);
	return say("%lld%c", (long long)(number / unit), *units);
}

struct brief brief_number(int64_t number)
{
	if (number < 0)
		return unknown;
	return number < 1000 ? say("%d", (int)number) : scaled(number, 1000, "kMGTPE");
}

struct brief brief_count(int64_t number, int width)
{
	struct brief brief = say("%lld", (long long)number);

	if (number < 0)
		return unknown;
	return (int)strlen(brief.text) <= width ? brief : brief_number(number);
}

struct brief brief_bytes(int64_t bytes)
{
	if (bytes < 0)
		return unknown;
	return bytes < 1024 ? say("%dB", (int)bytes) : scaled(bytes, 1024, "KMGTPE");
}

struct brief brief_duration(int64_t ns)
{
	int64_t ms = ns / 1000000, seconds = ns / 1000000000;

	if (ns < 0)
		return unknown;
	if (ns < 1000)
		return say("0s");
	if (ms < 1)
		return say("%dus", (int)(ns / 1000));
	if (seconds < 1)
		return say("%dms", (int)ms);
	if (seconds < 10)
		return say("%d.%ds", (int)seconds, (int)(ms % 1000 / 100));
	if (seconds < 60)
		return say("%ds", (int)seconds);
	if (seconds < 3600)
		return say("%dm%02ds", (int)(seconds / 60), (int)(seconds % 60));
	if (seconds < 86400)
		return say("%dh%02dm", (int)(seconds / 3600), (int)(seconds % 3600 / 60));
	return say("%lldd%02dh", (long long)(seconds / 86400), (int)(seconds % 86400 / 3600));
}

struct brief brief_percent(double percent)
{
	if (!(percent >= 0)) /* not a number, too */
		return unknown;
	return percent < 9.95 ? say("%.1f%%", percent) : say("%d%%", percent < 99999 ? (int)percent : 99999);
}

static struct brief clock_text(int64_t wall_ns, const char *format, int ms)
{
	time_t seconds = (time_t)(wall_ns / 1000000000);
	struct tm tm;

	if (wall_ns < 0 || !localtime_r(&seconds, &tm))
		return unknown;
	return say(format, tm.tm_hour, tm.tm_min, tm.tm_sec, ms);
}

struct brief brief_clock(int64_t wall_ns)
{
	return clock_text(wall_ns, "%02d:%02d:%02d", 0);
}

struct brief brief_clock_ms(int64_t wall_ns)
{
	return clock_text(wall_ns, "%02d:%02d:%02d.%03d", (int)(wall_ns / 1000000 % 1000));
}
