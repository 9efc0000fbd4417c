/* SPDX-License-Identifier: MIT */

#include "demo-pace.h"

#include <math.h>

void
demo_pace_init (DemoPace *pace, H3Event *event, double seconds, guint64 total, guint64 chunk)
{
    *pace = (DemoPace){ .event = event, .chunk = chunk };
    pace->per_chunk = seconds * G_USEC_PER_SEC / (double) total * (double) chunk;
}

static void
resume (H3Event *event, gpointer user_data)
{
    DemoPace *pace = user_data;

    pace->is_asked = FALSE;
    h3_event_resume_generator (event);
}

/* Until the chunk that comes next, which is not due before `elapsed` microseconds. */
static void
wait_for_next (DemoPace *pace, double elapsed)
{
    double due = (double) (pace->given / pace->chunk) * pace->per_chunk;

    if (pace->is_asked)
        return;
    pace->is_asked = TRUE;
    h3_event_after (pace->event, (guint) MAX (1, ceil ((due - elapsed) / 1000)), resume, pace,
                    NULL);
}

guint64
demo_pace_take (DemoPace *pace, guint64 length)
{
    gint64 now = g_get_monotonic_time ();
    double elapsed;
    guint64 due;

    if (pace->began == 0)
        pace->began = now;
    elapsed = (double) (now - pace->began);
    if (pace->per_chunk <= 0
        || g_cancellable_is_cancelled (h3_event_get_cancellable (pace->event))) {
        pace->given += length;
        return length;
    }
    due = ((guint64) (elapsed / pace->per_chunk) + 1) * pace->chunk;
    length = MIN (length, due > pace->given ? due - pace->given : 0);
    if (length == 0)
        wait_for_next (pace, elapsed);
    pace->given += length;
    return length;
}
