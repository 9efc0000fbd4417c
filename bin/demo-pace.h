/* SPDX-License-Identifier: MIT
 *
 * A generator that gives so many bytes in a time, chunk by chunk, the first at once. Embedded in
 * what the generator is given; the event's worker. */

#pragma once

#include <h3/h3.h>

typedef struct {
    H3Event *event;    /* borrowed: it holds the generator */
    double per_chunk;  /* microseconds; 0: without waiting */
    guint64 chunk;     /* bytes, at least one */
    guint64 given;     /* bytes */
    gint64 began;      /* microseconds; 0: nothing was given */
    gboolean is_asked; /* it will be resumed */
} DemoPace;

/* `seconds` for `total` bytes. */
void demo_pace_init (DemoPace *pace, H3Event *event, double seconds, guint64 total, guint64 chunk);

/* How many of `length` bytes may be given now, which then are. 0: none, and the generator, which
 * then gives an empty piece, is asked again when some may. A client that has closed its sending
 * side is not waited for: it is given all. */
guint64 demo_pace_take (DemoPace *pace, guint64 length);
