/* SPDX-License-Identifier: MIT */

#include "whole-body.h"

#include <h3/http/body.h>
#include <h3/http/failure.h>

/* A body on its way. Nothing is taken for what was only announced. */
typedef struct {
    guint8 *data; /* owned */
    gsize length;
    gsize capacity;
    H3Handler on_failed;
    gpointer user_data; /* borrowed: the host's */
    gboolean has_no_memory;
} Gathering;

static void
free_gathering (gpointer data)
{
    Gathering *gathering = data;

    g_free (gathering->data);
    g_free (gathering);
}

static gboolean
append (Gathering *gathering, const char *data, gsize length)
{
    gsize needed = gathering->length + length;

    if (needed > gathering->capacity) {
        gsize capacity = MAX (needed, MIN (gathering->capacity * 2, needed * 2));
        guint8 *grown = g_try_realloc (gathering->data, capacity);

        if (grown == NULL)
            return FALSE;
        gathering->data = grown;
        gathering->capacity = capacity;
    }
    memcpy (gathering->data + gathering->length, data, length);
    gathering->length = needed;
    return TRUE;
}

static void
hand_on (H3Event *event, Gathering *gathering)
{
    request_take_body (&event->request,
                       g_bytes_new_take (g_steal_pointer (&gathering->data), gathering->length));
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
    } else if (!append (gathering, data, length)) {
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
