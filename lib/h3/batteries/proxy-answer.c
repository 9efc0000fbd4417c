/* SPDX-License-Identifier: MIT
 *
 * Answers on their way to the client, and the bodies of requests on theirs. */

#include "proxy-private.h"

#include <h3/http/event-flow.h>

/* The client's body, a piece, its end or its failure. */
static void
on_request_piece (H3Event *event, const char *data, gsize length, const GError *error,
                  gpointer user_data)
{
    Passage *passage = user_data;

    if (passage->exchange == NULL || passage->state == PASSAGE_TUNNEL)
        return;
    if (error != NULL) {
        passage_ref (passage);
        passage_drop_exchange (passage, NULL);
        /* Of one that nothing was answered to, the library tells the client itself. */
        if (passage->state == PASSAGE_ANSWERING)
            passage_cut (passage, error);
        else if (passage->event != NULL)
            passage_let_go (passage);
        passage_unref (passage);
    } else if (data == NULL) {
        client_exchange_finish (passage->exchange);
    } else if (!client_exchange_write (passage->exchange, data, length)) {
        h3_event_pause_body (event);
    }
}

/* Until the server wants it none of the body is read: what fails before can be tried elsewhere. */
static void
on_room (ClientExchange *exchange, gpointer data)
{
    Passage *passage = data;

    if (passage->state == PASSAGE_TUNNEL) {
        passage_tunnel_room (passage);
    } else if (passage->event != NULL && passage->streams_body) {
        if (passage->has_taken) {
            h3_event_resume_body (passage->event);
            return;
        }
        passage->has_taken = TRUE;
        h3_event_read_body (passage->event, on_request_piece, passage, NULL);
    }
}

static void
on_interim (ClientExchange *exchange, const Http1Response *response, gpointer data)
{
    Passage *passage = data;
    ProxyPlace place = passage_get_place (passage);
    g_autoptr (H3Headers) fields = NULL;

    if (response->status != 103 || passage->event == NULL || passage->state != PASSAGE_ASKING)
        return;
    fields = proxy_fields_interim (response, passage->proxy->rewrite ? &place : NULL,
                                   passage->event->arena);
    h3_event_send_early_hints (passage->event, fields);
}

/* FALSE: nobody waits for the answer. */
static gboolean
begin_answer (Passage *passage, const Http1Response *response)
{
    H3Event *event = passage->event;
    ProxyPlace place = passage_get_place (passage);

    if (event == NULL || event->phase != EVENT_OPEN || event_is_lost (event))
        return FALSE;
    h3_event_set_status (event, response->status);
    proxy_fields_answer (response, passage->proxy->rewrite ? &place : NULL, event->arena,
                         &event->response);
    passage->state = PASSAGE_ANSWERING;
    h3_event_start_stream (event, response->has_length ? (gint64) response->length : -1);
    return passage->event != NULL && event->is_streaming;
}

static void
on_head (ClientExchange *exchange, const Http1Response *response, gpointer data)
{
    Passage *passage = passage_ref (data);

    if (upstream_use_answered (&passage->use, response->status)
        && passage_try_elsewhere (passage, passage->use.upstream)) {
        passage_unref (passage);
        return;
    }
    if (response->status == 101) {
        passage_open_tunnel (passage, response);
    } else if (!begin_answer (passage, response)) {
        passage_drop_exchange (passage, NULL);
        if (passage->event != NULL)
            passage_let_go (passage);
    }
    passage_unref (passage);
}

static void
on_drained (H3Event *event, gpointer user_data)
{
    Passage *passage = user_data;

    if (passage->exchange != NULL)
        client_exchange_resume (passage->exchange);
}

static void
on_body (ClientExchange *exchange, H3View piece, gpointer data)
{
    Passage *passage = passage_ref (data);

    if (passage->state == PASSAGE_TUNNEL) {
        passage_tunnel_piece (passage, piece);
    } else if (!h3_event_write (passage->event, piece.data, piece.length)
               && passage->exchange != NULL) {
        client_exchange_pause (exchange);
        h3_event_on_drain (passage->event, on_drained, passage, NULL);
    }
    passage_unref (passage);
}

static void
end_answer (Passage *passage, const H3Headers *trailers, const GError *error)
{
    if (passage->event == NULL)
        return;
    if (error != NULL) {
        passage_tell (passage, "had to cut an answer off", error);
        passage_cut (passage, error);
        return;
    }
    proxy_fields_end (trailers, &passage->event->response);
    h3_event_finish (passage->event);
    if (passage->event != NULL)
        passage_let_go (passage);
}

/* (nullable): what the end of the exchange says of the server. Not much where it ended a WebSocket,
 * or a request whose client still had to send: who sends nonsense, or slowly, could have a server
 * that is well kept from all others. */
static const GError *
find_blame (const Passage *passage, const GError *error)
{
    gboolean is_owed_more =
        passage->has_taken && passage->event != NULL && !passage->event->body_ended;

    if (passage->state == PASSAGE_TUNNEL
        || (is_owed_more && g_error_matches (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_CLOSED)))
        return NULL;
    return error;
}

static void
on_end (ClientExchange *exchange, const H3Headers *trailers, const GError *error, gpointer data)
{
    Passage *passage = passage_ref (data);
    Upstream *upstream = passage->use.upstream;

    passage_forget_exchange (passage, find_blame (passage, error));
    if (passage->state == PASSAGE_TUNNEL)
        passage_tunnel_end (passage);
    else if (passage->state == PASSAGE_ANSWERING)
        end_answer (passage, trailers, error);
    else if (!passage_try_elsewhere (passage, upstream))
        passage_fail (passage, error);
    passage_unref (passage);
}

const ClientListener passage_listener = {
    .on_interim = on_interim,
    .on_head = on_head,
    .on_body = on_body,
    .on_room = on_room,
    .on_end = on_end,
};
