/* brief.h: how is a number said in few characters, so that columns align and can be read from the last row?
 *
 * Each answer is a small value: `brief_duration(ns).text` lives until the end of the full expression. A negative number
 * means "not known" and reads "-". */
#ifndef BASE_BRIEF_H
#define BASE_BRIEF_H

#include <stdint.h>

struct brief { char text[24]; };

struct brief brief_number(int64_t number);            /* 0 .. 999, 1.2k, 34k, 1.2M; at most 4 characters */
struct brief brief_count(int64_t number, int width);  /* all its digits where they fit, else brief_number() */
struct brief brief_bytes(int64_t bytes);              /* 512B, 1.2K, 34M, 1.2G (powers of 1024); at most 5 */
struct brief brief_duration(int64_t ns);              /* 0s, 12us, 350ms, 2.1s, 59s, 2m03s, 1h02m, 3d04h; at most 6 */
struct brief brief_percent(double percent);           /* 0.4%, 12%; negative: - */
struct brief brief_clock(int64_t wall_ns);            /* 14:03:05, local time of a CLOCK_REALTIME */
struct brief brief_clock_ms(int64_t wall_ns);         /* 14:03:05.123 */

#endif
