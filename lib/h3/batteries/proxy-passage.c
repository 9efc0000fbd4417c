/* SPDX-License-Identifier: MIT
 *
 * Requests, until they are answered: which server is asked, with what, and what becomes of those
 * that none answers. */

#include "proxy-private.h"

#include <h3/http/content.h>
#include <h3/http/event-flow.h>
#include <h3/http/event-waits.h>
#include <h3/http/failure.h>

/* What others call a request whose client did not wait for its answer. */
#define STATUS_CLIENT_GONE 499

Passage *
passage_ref (Passage *passage)
{
    passage->refs++;
    return passage;
}

void
passage_unref (Passage *passage)
{
    if (--passage->refs > 0)
        return;
    if (passage->tried != NULL)
        g_ptr_array_unref (passage->tried);
    h3_stream_unref (passage->stream);
    h3_headers_unref (passage->fields);
    g_string_free (passage->target, TRUE);
    h3_proxy_unref (passage->proxy);
    g_free (passage);
}

static void
unref_passage (gpointer data)
{
    passage_unref (data);
}

void
passage_forget_exchange (Passage *passage, const GError *error)
{
    if (passage->exchange == NULL)
        return;
    passage->exchange = NULL;
    upstream_use_end (&passage->use, error);
    passage_unref (passage);
}

void
passage_drop_exchange (Passage *passage, const GError *error)
{
    if (passage->exchange == NULL)
        return;
    client_exchange_cancel (passage->exchange);
    passage_forget_exchange (passage, error);
}

void
passage_let_go (Passage *passage)
{
    h3_event_unref (g_steal_pointer (&passage->event));
}

ProxyPlace
passage_get_place (const Passage *passage)
{
    const H3Proxy *proxy = passage->proxy;
    const Upstream *upstream = passage->use.upstream;
    const ClientPeerSettings *peer = client_peer_get_settings (upstream_get_peer (upstream));
    ProxyPlace place;

    place.paths = (ProxyPaths){ h3_view_of (proxy->from), h3_view_of (proxy->to) };
    place.scheme = peer->is_secure ? H3_VIEW ("https") : H3_VIEW ("http");
    place.host = h3_view_of (upstream_get_host (upstream));
    if (proxy->keep_host && passage->event != NULL && passage->event->request.host.length > 0)
        place.host = passage->event->request.host;
    return place;
}

void
passage_tell (Passage *passage, const char *what, const GError *error)
{
    H3Proxy *proxy = passage->proxy;
    guint n_untold;

    if (!failure_notice_is_due (&proxy->notice, &n_untold))
        return;
    if (n_untold == 0)
        g_message ("the proxy '%s' %s: %s", proxy->name, what, error->message);
    else
        g_message ("the proxy '%s' %s: %s (%u times more since this was told last)", proxy->name,
                   what, error->message, n_untold);
}

/* What the client is told of it: not whom it concerns, nor why. */
static void
answer_failure (H3Event *event, const GError *error)
{
    if (g_error_matches (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_TIMEOUT))
        h3_event_fail_status (event, 504, "The server behind this one did not answer in time.");
    else if (g_error_matches (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_INVALID_URL))
        h3_event_fail_status (event, 400, "The request cannot be handed on.");
    else
        h3_event_fail_status (event, 502, "The server behind this one gave no answer to hand on.");
}

void
passage_fail (Passage *passage, const GError *error)
{
    if (passage->event == NULL)
        return;
    passage_tell (passage, "could not hand a request on", error);
    if (!event_is_lost (passage->event))
        answer_failure (passage->event, error);
    passage_let_go (passage);
}

void
passage_cut (Passage *passage, const GError *error)
{
    if (passage->event == NULL)
        return;
    h3_event_fail (passage->event, g_error_copy (error));
    passage_let_go (passage);
}

/* No server is fit now. */
static void
refuse_for_now (Passage *passage)
{
    H3Event *event = passage->event;
    char seconds[16];

    g_snprintf (seconds, sizeof seconds, "%u", upstreams_get_wait (passage->proxy->upstreams));
    (void) h3_response_set_header_always (&event->response, "Retry-After", seconds);
    h3_event_fail_status (event, 503, "No server behind this one can answer now.");
    passage_let_go (passage);
}

/* -1: it is not known before. */
static gint64
get_body_length (const Passage *passage)
{
    const H3Request *request = &passage->event->request;

    if (!passage->streams_body)
        return 0;
    return h3_request_get_content_length (request);
}

static void
fill_call (const Passage *passage, const UpstreamUse *use, ClientCall *call)
{
    const H3Proxy *proxy = passage->proxy;
    const H3Request *request = &passage->event->request;
    const UpstreamTimeouts *timeouts = upstreams_get_timeouts (proxy->upstreams);

    call->method = h3_view_of (h3_request_get_method_name (request));
    call->target = h3_view (passage->target->str, passage->target->len);
    call->host = h3_view_of (upstream_get_host (use->upstream));
    if (proxy->keep_host && request->host.length > 0)
        call->host = request->host;
    call->headers = passage->fields;
    call->length = get_body_length (passage);
    call->body = passage->streams_body ? NULL : request->body;
    call->upgrade = passage->upgrade;
    call->expects_continue = passage->streams_body && request->expects_continue;
    call->connect_milliseconds = timeouts->connect;
    call->first_byte_milliseconds = timeouts->first_byte;
    call->idle_milliseconds = timeouts->idle;
    call->max_body = G_MAXUINT64;
}

/* Whether sending it twice is like sending it once (RFC 9110 §9.2.2). */
static gboolean
is_idempotent (H3Method method)
{
    return method != H3_METHOD_OTHER && method != H3_METHOD_POST && method != H3_METHOD_PATCH
           && method != H3_METHOD_CONNECT;
}

/* `use` is a server that was chosen. */
static void
ask (Passage *passage, const UpstreamUse *use)
{
    ClientCall call = { 0 };

    fill_call (passage, use, &call);
    call.is_safe_to_repeat = is_idempotent (passage->event->request.method);
    passage->use = *use;
    passage->exchange = client_exchange_start (passage->client, upstream_get_peer (use->upstream),
                                               &call, &passage_listener, passage_ref (passage));
}

static Upstream *
choose (Passage *passage, UpstreamUse *out_use)
{
    const H3Forwarded *client = h3_event_get_client (passage->event);
    GPtrArray *tried = passage->tried;

    return upstreams_choose (passage->proxy->upstreams, &client->client,
                             tried != NULL ? (const Upstream *const *) tried->pdata : NULL,
                             tried != NULL ? tried->len : 0, out_use);
}

static gboolean
may_send_again (Passage *passage)
{
    guint n_tried = passage->tried != NULL ? passage->tried->len : 0;

    return passage->state == PASSAGE_ASKING && !passage->has_taken && passage->event != NULL
           && !event_is_lost (passage->event) && is_idempotent (passage->event->request.method)
           && upstreams_may_retry (passage->proxy->upstreams, passage->event->request.method,
                                   n_tried + 1);
}

gboolean
passage_try_elsewhere (Passage *passage, Upstream *failed)
{
    UpstreamUse use;

    if (!may_send_again (passage))
        return FALSE;
    if (passage->tried == NULL)
        passage->tried = g_ptr_array_new ();
    g_ptr_array_add (passage->tried, failed);
    if (choose (passage, &use) == NULL)
        return FALSE;
    passage_drop_exchange (passage, NULL);
    ask (passage, &use);
    return TRUE;
}

/* The client has ended its side, and has most likely gone; or the server does not wait any more. */
static void
on_cancelled (H3Event *event, gpointer user_data)
{
    Passage *passage = user_data;
    g_autoptr (GError) error = NULL;

    if (passage->event == NULL)
        return;
    error = g_error_new_literal (H3_CLIENT_ERROR, H3_CLIENT_ERROR_CANCELLED, "the client has gone");
    passage_ref (passage);
    passage_drop_exchange (passage, NULL);
    if (passage->state == PASSAGE_ANSWERING) {
        passage_cut (passage, error);
    } else if (passage->event != NULL) {
        if (!event_is_lost (event))
            h3_event_fail_status (event, STATUS_CLIENT_GONE, "The client did not wait.");
        passage_let_go (passage);
    }
    passage_unref (passage);
}

/* What becomes a tunnel goes on without its event. */
static void
on_disposed (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    Passage *passage = user_data;

    if (passage->state != PASSAGE_TUNNEL)
        passage_drop_exchange (passage, NULL);
    passage_let_go (passage);
}

/* A request that is no sound one of WebSocket is an ordinary one: the server behind says what is
 * wrong with it, and no tunnel can come of it. */
static void
read_upgrade (Passage *passage)
{
    static const WsHandshakeTerms terms = { 0 };
    const H3Request *request = &passage->event->request;
    WsHandshake handshake;

    if (!request->wants_upgrade
        || !ws_handshake_read (request, &terms, passage->event->arena, &handshake))
        return;
    passage->upgrade = "websocket";
    memcpy (passage->accept, handshake.accept, sizeof passage->accept);
}

/* What has been read whole already is handed on whole. */
static void
read_body_mode (Passage *passage)
{
    H3Event *event = passage->event;

    passage->streams_body =
        event->request.has_body && event->request.body == NULL && !event->body_ended;
    if (!passage->streams_body)
        return;
    event->wish = H3_BODY_STREAMED;
    event->body_bound = passage->proxy->max_body;
}

void
passage_begin (H3Proxy *proxy, H3Event *event, H3Headers *fields, GString *target)
{
    Passage *passage = g_new0 (Passage, 1);
    UpstreamUse use;

    passage->refs = 1;
    passage->proxy = h3_proxy_ref (proxy);
    passage->event = h3_event_defer (event);
    passage->client = client_loop_get (event->loop);
    passage->fields = fields;
    passage->target = target;
    read_body_mode (passage);
    read_upgrade (passage);
    passage_ref (passage);
    h3_event_on_dispose (event, on_disposed, passage, unref_passage);
    event_wait_for_cancel (event, on_cancelled, passage, NULL);
    if (passage->client != NULL && choose (passage, &use) != NULL)
        ask (passage, &use);
    else
        refuse_for_now (passage);
    passage_unref (passage);
}
