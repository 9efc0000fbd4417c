/* SPDX-License-Identifier: MIT
 *
 * What a library's half of a coder does for coder.c. A way has no state of its own: that is what
 * its open () returns. */

#pragma once

#include "h3/format/coder.h"

/* One turn: what is left of the input and of the room. */
typedef struct {
    const guint8 *input; /* borrowed */
    gsize input_length;
    guint8 *room; /* borrowed; at least CODER_LEAST_ROOM bytes */
    gsize room_length;
    CoderAim aim;
} CoderTurn;

/* zlib repeats a flush's end where the room has no more than six bytes. */
#define CODER_LEAST_ROOM 64

typedef struct {
    /* The level is one of the coding's; the window 8 … 15. */
    gpointer (*open) (Coding coding, int level, guint window_bits);
    /* Never CODER_TOO_LARGE. A reader says CODER_READY to CODER_FINISH where an end was read. */
    CoderResult (*turn) (gpointer state, CoderTurn *turn);
    void (*reset) (gpointer state);
    void (*close) (gpointer state);
} CoderWay;

extern const CoderWay coder_zlib_encoding;
extern const CoderWay coder_zlib_decoding;
extern const CoderWay coder_brotli_encoding;
extern const CoderWay coder_brotli_decoding;
extern const CoderWay coder_zstd_encoding;
extern const CoderWay coder_zstd_decoding;
