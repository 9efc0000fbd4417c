/* SPDX-License-Identifier: MIT */

#include "whole-body.h"

#include <h3/http/body.h>
#include <h3/http/failure.h>
#include <h3/http/gathered.h>

/* A body on its way. */
typedef struct {
    Gathered bytes;
    H3Handler on_failed;
    gpointer user_data; /* borrowed: the host's */
    gboolean has_no_memory;
} Gathering;

static void
free_gathering (gpointer data)
{
    Gathering *gathering = data;

    gathered_clear (&gathering->bytes);
    g_free (gathering);
}

static void
hand_on (H3Event *event, Gathering *gathering)
{
    request_take_body (&event->request, gathered_take (&gathering->bytes));
    h3_event_next (event);
}

static void
take_piece (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    Gathering *gathering = user_data;

    if (event->phase != EVENT_OPEN || gathering->has_no_memory)
        return;
    if (error != NULL) {
        gathering->on_failed (event, gathering->user_data);
    } else if (data == NULL) {
        hand_on (event, gathering);
    } else if (!gathered_append (&gathering->bytes, h3_view (data, length))) {
        gathering->has_no_memory = TRUE;
        gathering->on_failed (event, gathering->user_data);
        h3_event_fail_status (event, 503, "There is no memory for the body.");
    }
}

void
event_gather_body (H3Event *event, H3Handler on_failed, gpointer user_data)
{
    const H3Request *request = &event->request;
    Gathering *gathering;

    if (!request->chunked && request->content_length > event->body_bound) {
        on_failed (event, user_data);
        h3_event_fail_status (event, 413, "The body is larger than this route takes.");
        return;
    }
    gathering = g_new0 (Gathering, 1);
    gathering->on_failed = on_failed;
    gathering->user_data = user_data;
    h3_event_read_body (event, take_piece, gathering, free_gathering);
    /* Whoever looks at it from now on, as the carrier for its deadlines. */
    event->wish = H3_BODY_BUFFERED;
}
