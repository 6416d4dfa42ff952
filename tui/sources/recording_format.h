/* recording_format.h: the frames of a recording, for its writer and its reader. */
#ifndef SOURCES_RECORDING_FORMAT_H
#define SOURCES_RECORDING_FORMAT_H

#include <stdint.h>

enum recording_kind { FRAME_NAME = 1, FRAME_FACT, FRAME_END };

struct recording_frame {
	uint32_t kind, length; /* of what follows */
};

struct recording_name { /* followed by the text, without a NUL */
	uint32_t id;
};

enum { FRAME_MAX = 64 * 1024 };

#endif
