/* SPDX-License-Identifier: MIT */

#include "server-timing.h"

#include <h3/http/event-inside.h>
#include <h3/http/timing.h>

typedef struct {
    const char *name; /* borrowed: the middleware, which outlives its events */
    gint64 start;
} Total;

static void
tell_total (H3Event *event, gpointer user_data)
{
    const Total *total = user_data;

    (void) h3_event_stop_timing (event, total->name, total->start, NULL);
}

/* Hooks run last registered first: what comes first in the chain tells its time last. */
static void
measure (H3Event *event, gpointer user_data)
{
    Total *total = h3_arena_new0 (event->arena, Total);

    total->name = user_data;
    total->start = h3_timing_start ();
    h3_event_on_send (event, tell_total, total, NULL);
    h3_event_next (event);
}

H3Middleware *
h3_timing_new (const char *name)
{
    H3Middleware *middleware;

    if (name == NULL)
        name = "total";
    g_return_val_if_fail (h3_headers_is_name (h3_view_of (name)), NULL);
    middleware = h3_middleware_new (measure, g_strdup (name), g_free);
    h3_middleware_set_early (middleware, TRUE);
    return middleware;
}
