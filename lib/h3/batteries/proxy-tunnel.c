/* SPDX-License-Identifier: MIT
 *
 * WebSockets: both sides have agreed on one, and bytes go both ways until both have ended. */

#include "proxy-private.h"

#include <h3/base/error.h>
#include <h3/loop/clock.h>

static void
unref_passage (gpointer data)
{
    passage_unref (data);
}

static void
close_stream (Passage *passage)
{
    H3Stream *stream = g_steal_pointer (&passage->stream);

    deadline_disarm (&passage->quiet);
    if (stream == NULL)
        return;
    h3_stream_close (stream);
    h3_stream_unref (stream);
}

/* A client that had said all, and so is not read any more, may go as well. */
static void
on_stream_over (gpointer data)
{
    Passage *passage = data;

    if (passage->stream != NULL && !h3_stream_is_open (passage->stream)) {
        passage_drop_exchange (passage, NULL);
        close_stream (passage);
    }
    passage_unref (passage);
}

static void
on_quiet (DeadlineNode *node)
{
    Passage *passage = (Passage *) (void *) ((char *) node - G_STRUCT_OFFSET (Passage, quiet));

    g_debug ("a WebSocket on which nothing was said is ended");
    passage_ref (passage);
    passage_drop_exchange (passage, NULL);
    close_stream (passage);
    passage_unref (passage);
}

static void
note_word (Passage *passage)
{
    Deadlines *deadlines = loop_get_deadlines (client_loop_get_loop (passage->client));
    gint64 milliseconds = passage->proxy->websocket_idle;

    if (milliseconds > 0 && passage->stream != NULL)
        deadline_arm (&passage->quiet, deadlines_find_list (deadlines, milliseconds, on_quiet),
                      clock_get_now ());
}

/* Bytes of the client, or its end. One that ended well may still be sent to. */
static void
on_received (H3Stream *stream, const char *data, gsize length, const GError *error,
             gpointer user_data)
{
    Passage *passage = user_data;

    if (passage->exchange == NULL)
        return;
    if (data != NULL) {
        note_word (passage);
        if (!client_exchange_write (passage->exchange, data, length))
            h3_stream_pause (stream);
    } else if (error == NULL) {
        client_exchange_finish (passage->exchange);
    } else {
        passage_drop_exchange (passage, NULL);
        close_stream (passage);
    }
}

static void
on_drained (H3Stream *stream, gpointer user_data)
{
    Passage *passage = user_data;

    if (passage->exchange != NULL)
        client_exchange_resume (passage->exchange);
}

void
passage_tunnel_piece (Passage *passage, H3View piece)
{
    note_word (passage);
    if (passage->stream != NULL && !h3_stream_write (passage->stream, piece.data, piece.length)
        && passage->exchange != NULL)
        client_exchange_pause (passage->exchange);
}

void
passage_tunnel_room (Passage *passage)
{
    if (passage->stream != NULL)
        h3_stream_resume (passage->stream);
}

void
passage_tunnel_end (Passage *passage)
{
    close_stream (passage);
}

/* Only the server that was asked, and understood what it was asked, can tell the right key. */
static gboolean
is_granted (const Passage *passage, const Http1Response *response)
{
    H3View accept = http1_response_lookup (response, H3_VIEW ("Sec-WebSocket-Accept"));

    return passage->upgrade != NULL && accept.data != NULL
           && h3_view_equal (accept, h3_view_of (passage->accept));
}

static void
begin_tunnel (Passage *passage, const Http1Response *response)
{
    H3Event *event = passage->event;
    H3Stream *stream;

    proxy_fields_answer (response, NULL, event->arena, &event->response);
    h3_event_set_status (event, 101);
    (void) h3_event_set_header (event, "Upgrade", "websocket");
    /* The event is over when it has been taken over; the exchange is not. */
    passage->state = PASSAGE_TUNNEL;
    stream = h3_event_take_over (event);
    if (stream == NULL) {
        passage_drop_exchange (passage, NULL);
        if (passage->event != NULL)
            passage_let_go (passage);
        return;
    }
    passage->stream = stream;
    note_word (passage);
    h3_stream_read (stream, on_received, passage_ref (passage), unref_passage);
    h3_stream_on_drain (stream, on_drained, passage_ref (passage), on_stream_over);
}

void
passage_open_tunnel (Passage *passage, const Http1Response *response)
{
    g_autoptr (GError) error = NULL;

    if (passage->event == NULL || passage->event->phase != EVENT_OPEN) {
        passage_drop_exchange (passage, NULL);
    } else if (is_granted (passage, response)) {
        begin_tunnel (passage, response);
    } else {
        error =
            client_peer_error (upstream_get_peer (passage->use.upstream), H3_CLIENT_ERROR_PROTOCOL,
                               "the answer grants another WebSocket than was asked for");
        passage_drop_exchange (passage, error);
        passage_fail (passage, error);
    }
}
