/* SPDX-License-Identifier: MIT */

#include "client-fetch-private.h"

#include <h3/base/debug.h>
#include <h3/format/url.h>
#include <h3/loop/clock.h>

#include <stdarg.h>

/* A redirect's body that is longer costs more than another connection does. */
#define MAX_SKIPPED (64 * 1024)

static void
free_fetch (ClientFetch *fetch)
{
    g_clear_pointer (&fetch->coded, g_byte_array_unref);
    g_clear_pointer (&fetch->next.url, g_uri_unref);
    g_clear_pointer (&fetch->peer, client_peer_unref);
    g_clear_error (&fetch->problem);
    gathered_clear (&fetch->body);
    client_decoder_free (fetch->decoder);
    h3_client_response_unref (fetch->response);
    h3_headers_unref (fetch->headers);
    g_uri_unref (fetch->url);
    g_clear_object (&fetch->cancellable);
    h3_client_request_unref (fetch->request);
    client_settings_unref (fetch->settings);
    loop_unref (fetch->loop);
    g_free (fetch);
}

static void
set_state (ClientFetch *fetch, FetchState state)
{
    debug_tell ("fetch %p: %d, then %d", (void *) fetch, fetch->state, state);
    fetch->state = state;
}

static void
enter (ClientFetch *fetch)
{
    fetch->frames++;
}

static void
leave (ClientFetch *fetch)
{
    fetch->frames--;
    if (fetch->state == FETCH_OVER && fetch->frames == 0 && !fetch->is_due)
        free_fetch (fetch);
}

/* Nothing of it is on the wire any more. */
static void
let_go (ClientFetch *fetch)
{
    client_upload_stop (g_steal_pointer (&fetch->upload));
    if (fetch->exchange != NULL)
        client_exchange_cancel (g_steal_pointer (&fetch->exchange));
}

void
fetch_end (ClientFetch *fetch, GError *error)
{
    g_autoptr (GError) owned = error;

    let_go (fetch);
    set_state (fetch, FETCH_OVER);
    fetch->listener->on_end (fetch, owned == NULL ? fetch->response : NULL, owned, fetch->data);
}

void
fetch_fail (ClientFetch *fetch, H3ClientError code, const char *format, ...)
{
    g_autofree char *reason = NULL;
    va_list arguments;

    va_start (arguments, format);
    reason = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    fetch_end (fetch, client_peer_error (fetch->peer, code, "%s", reason));
}

static void
run_due (gpointer data)
{
    ClientFetch *fetch = data;

    fetch->is_due = FALSE;
    enter (fetch);
    if (fetch->problem != NULL && fetch->state != FETCH_OVER)
        fetch_end (fetch, g_steal_pointer (&fetch->problem));
    else if (fetch->state == FETCH_READING && !fetch->is_paused)
        fetch_catch_up (fetch);
    leave (fetch);
}

void
fetch_defer (ClientFetch *fetch)
{
    if (fetch->is_due)
        return;
    fetch->is_due = TRUE;
    loop_defer (fetch->loop, run_due, fetch);
}

void
client_fetch_cancel (ClientFetch *fetch)
{
    if (fetch->state == FETCH_OVER)
        return;
    enter (fetch);
    let_go (fetch);
    set_state (fetch, FETCH_OVER);
    leave (fetch);
}

void
client_fetch_set_listener (ClientFetch *fetch, const ClientFetchListener *listener, gpointer data)
{
    fetch->listener = listener;
    fetch->data = data;
}

static void
on_upload_failed (const char *problem, gpointer data)
{
    ClientFetch *fetch = data;

    enter (fetch);
    fetch_fail (fetch, H3_CLIENT_ERROR_CANCELLED, "%s", problem);
    leave (fetch);
}

static gint64
get_wait (const ClientFetch *fetch, ClientWait wait)
{
    int own = fetch->request->timeouts[wait];

    return own >= 0 ? own : (gint64) client_settings_get_options (fetch->settings)->waits[wait];
}

/* What comes on the wire is no longer than what is decoded of it, but for what a coder adds. */
static guint64
get_wire_bound (guint64 max_body)
{
    guint64 most = max_body + max_body / 8 + 65536;

    return most > max_body ? most : G_MAXUINT64;
}

/* What the jar has for this URL, unless the program has set a Cookie of its own. */
static void
set_cookie (ClientFetch *fetch)
{
    ClientCookies *cookies = client_settings_get_cookies (fetch->settings);
    g_autofree char *cookie = NULL;

    if (cookies == NULL)
        return;
    if (fetch->cookie_is_ours)
        (void) h3_headers_remove (fetch->headers, "Cookie");
    if (h3_headers_has (fetch->headers, "Cookie"))
        return;
    fetch->cookie_is_ours = TRUE;
    cookie = client_cookies_dup (cookies, fetch->url);
    if (cookie != NULL)
        (void) h3_headers_set (fetch->headers, "Cookie", cookie);
}

static const ClientListener exchange_listener;

static void
start_exchange (ClientFetch *fetch, ClientLoop *client, gint64 total)
{
    H3ClientRequest *request = fetch->request;
    gboolean streams = fetch->has_body && request->stream != NULL;
    g_autofree char *host = h3_url_dup_host (fetch->url);
    g_autofree char *target = h3_url_dup_target (fetch->url);
    g_autoptr (GBytes) body = fetch->has_body ? client_request_dup_body (request) : NULL;
    ClientCall call = { 0 };

    set_cookie (fetch);
    call.method = h3_view_of (fetch->method);
    call.target = h3_view_of (target);
    call.host = h3_view_of (host);
    call.headers = fetch->headers;
    call.body = body;
    call.length = streams ? request->stream_length : 0;
    call.expects_continue = fetch->has_body && request->expects_continue;
    call.connect_milliseconds = get_wait (fetch, CLIENT_WAIT_CONNECT);
    call.first_byte_milliseconds = get_wait (fetch, CLIENT_WAIT_FIRST_BYTE);
    call.idle_milliseconds = get_wait (fetch, CLIENT_WAIT_IDLE);
    call.total_milliseconds = total;
    call.max_body = get_wire_bound (fetch->max_body);
    call.is_safe_to_repeat = !streams && client_request_is_idempotent (fetch->method);
    call.cancellable = fetch->cancellable;
    fetch->exchange = client_exchange_start (client, fetch->peer, &call, &exchange_listener, fetch);
    if (streams && request->stream_length != 0)
        fetch->upload = client_upload_new (fetch->loop, request->stream, request->stream_length,
                                           fetch->exchange, on_upload_failed, fetch);
}

/* What cannot be begun is told when it is due. */
static void
ask (ClientFetch *fetch)
{
    gint64 left = fetch->deadline != 0 ? fetch->deadline - clock_get_now () : 0;
    ClientLoop *client = client_loop_get (fetch->loop);

    set_state (fetch, FETCH_ASKING);
    g_clear_pointer (&fetch->peer, client_peer_unref);
    fetch->peer = client_settings_make_peer (fetch->settings, fetch->url, &fetch->problem);
    if (fetch->peer == NULL)
        fetch_defer (fetch);
    else if (client == NULL)
        fetch->problem = client_peer_error (fetch->peer, H3_CLIENT_ERROR_CANCELLED,
                                            "the thread comes to its end");
    else if (left < 0 || (left == 0 && fetch->deadline != 0))
        fetch->problem = client_peer_error (fetch->peer, H3_CLIENT_ERROR_TIMEOUT,
                                            "the time for all of it was over with redirects");
    else
        start_exchange (fetch, client, left);
    if (fetch->problem != NULL)
        fetch_defer (fetch);
}

static void
follow (ClientFetch *fetch)
{
    client_redirect_filter (&fetch->next, fetch->headers);
    g_uri_unref (fetch->url);
    fetch->url = g_steal_pointer (&fetch->next.url);
    fetch->method = fetch->next.method;
    fetch->has_body = fetch->next.keeps_body;
    fetch->redirects++;
    fetch->skipped = 0;
    ask (fetch);
}

/* (nullable): where the answer leads; `*out_count` of them that are not the same. */
typedef struct {
    const char *location; /* borrowed: the fields */
    guint count;
} Locations;

static gboolean
count_location (const char *name, const char *value, gpointer user_data)
{
    Locations *found = user_data;

    if (found->count == 0 || strcmp (found->location, value) != 0)
        found->count++;
    found->location = value;
    return TRUE;
}

/* FALSE: the answer is no redirect that is followed. TRUE: it is, or the fetch has ended. */
static gboolean
is_redirected (ClientFetch *fetch)
{
    const ClientOptions *options = client_settings_get_options (fetch->settings);
    guint status = h3_client_response_get_status (fetch->response);
    gint64 most = fetch->request->max_redirects;
    g_autoptr (GError) error = NULL;
    Locations found = { NULL, 0 };

    most = most >= 0 ? most : (gint64) options->max_redirects;
    if (most == 0 || !client_redirect_is_status (status))
        return FALSE;
    h3_headers_foreach_value (h3_client_response_get_headers (fetch->response), "Location",
                              count_location, &found);
    if (found.count == 0)
        return FALSE;
    if (found.count > 1)
        fetch_fail (fetch, H3_CLIENT_ERROR_PROTOCOL, "it redirects to two places at once");
    else if (fetch->redirects >= most)
        fetch_fail (fetch, H3_CLIENT_ERROR_TOO_MANY_REDIRECTS,
                    "it redirects once more, after %u redirects", fetch->redirects);
    else if (!client_redirect_read (status, found.location, fetch->method, fetch->url,
                                    fetch->has_body, &fetch->next, &error))
        fetch_end (fetch, g_steal_pointer (&error));
    else if (fetch->next.keeps_body && fetch->request->stream != NULL)
        fetch_fail (fetch, H3_CLIENT_ERROR_INVALID_URL,
                    "it redirects the body, a stream, which cannot be sent again");
    return TRUE;
}

/* A server may wait for the rest of a body before it ends its answer: it is not sent, and so not
 * waited for. */
static void
skip_or_follow (ClientFetch *fetch)
{
    if (fetch->upload != NULL && !client_upload_is_whole (fetch->upload)) {
        let_go (fetch);
        follow (fetch);
        return;
    }
    client_upload_stop (g_steal_pointer (&fetch->upload));
    set_state (fetch, FETCH_SKIPPING);
}

static void
take_head (ClientFetch *fetch, const Http1Response *head)
{
    ClientCookies *cookies = client_settings_get_cookies (fetch->settings);
    g_autofree char *url = g_uri_to_string (fetch->url);
    ClientTiming timing;

    fetch->response = client_response_new (head, url, fetch->redirects);
    if (cookies != NULL)
        client_cookies_take (cookies, fetch->url, h3_client_response_get_headers (fetch->response));
    if (is_redirected (fetch)) {
        g_clear_pointer (&fetch->response, h3_client_response_unref);
        if (fetch->state != FETCH_OVER)
            skip_or_follow (fetch);
        return;
    }
    set_state (fetch, FETCH_READING);
    client_exchange_get_timing (fetch->exchange, &timing);
    client_response_set_timing (fetch->response, &timing, fetch->began);
    if (!fetch_begin_body (fetch, head) || !fetch->opens)
        return;
    fetch->listener->on_head (fetch, fetch->response, fetch->data);
    /* It has the stream now, which ends the fetch when nobody holds it any more. */
    g_clear_pointer (&fetch->response, h3_client_response_unref);
}

static void
on_head (ClientExchange *exchange, const Http1Response *head, gpointer data)
{
    ClientFetch *fetch = data;

    enter (fetch);
    take_head (fetch, head);
    leave (fetch);
}

static void
on_body (ClientExchange *exchange, H3View piece, gpointer data)
{
    ClientFetch *fetch = data;

    enter (fetch);
    if (fetch->state == FETCH_READING) {
        fetch_take_piece (fetch, piece);
    } else {
        fetch->skipped += piece.length;
        if (fetch->skipped > MAX_SKIPPED) {
            let_go (fetch);
            follow (fetch);
        }
    }
    leave (fetch);
}

static void
on_room (ClientExchange *exchange, gpointer data)
{
    ClientFetch *fetch = data;

    if (fetch->upload != NULL)
        client_upload_go_on (fetch->upload);
}

/* All has come, and the exchange is gone. */
static void
finish (ClientFetch *fetch, const H3Headers *trailers, const ClientTiming *timing)
{
    if (!fetch_finish_body (fetch))
        return;
    /* What was opened is in other hands by now. */
    if (!fetch->opens) {
        client_response_set_trailers (fetch->response, trailers);
        client_response_set_timing (fetch->response, timing, fetch->began);
    }
    fetch_end (fetch, NULL);
}

static void
on_end (ClientExchange *exchange, const H3Headers *trailers, const GError *error, gpointer data)
{
    ClientFetch *fetch = data;
    ClientTiming timing;

    enter (fetch);
    client_exchange_get_timing (exchange, &timing);
    fetch->exchange = NULL;
    client_upload_stop (g_steal_pointer (&fetch->upload));
    if (error != NULL)
        fetch_end (fetch, g_error_copy (error));
    else if (fetch->state == FETCH_SKIPPING)
        follow (fetch);
    else
        finish (fetch, trailers, &timing);
    leave (fetch);
}

static const ClientListener exchange_listener = { NULL, on_head, on_body, on_room, on_end };

static gboolean
add_field (const char *name, const char *value, gpointer user_data)
{
    return h3_headers_add (user_data, name, value);
}

static gboolean
add_missing (const char *name, const char *value, gpointer user_data)
{
    return h3_headers_has (user_data, name) || h3_headers_add (user_data, name, value);
}

/* (transfer full): what the program has set, and what it has not. */
static H3Headers *
make_headers (const ClientFetchOrder *order)
{
    const ClientOptions *options = client_settings_get_options (order->settings);
    H3Headers *headers = h3_headers_new ();

    h3_headers_foreach (order->request->headers, add_field, headers);
    if (order->extra != NULL)
        h3_headers_foreach (order->extra, add_missing, headers);
    (void) add_missing ("Accept", "*/*", headers);
    if (options->decode)
        (void) add_missing ("Accept-Encoding", coding_list_supported (), headers);
    if (options->user_agent != NULL)
        (void) add_missing ("User-Agent", options->user_agent, headers);
    return headers;
}

static guint64
get_max_body (const ClientFetchOrder *order)
{
    if (order->request->has_max_body)
        return order->request->max_body;
    return order->opens ? G_MAXUINT64 : client_settings_get_options (order->settings)->max_body;
}

ClientFetch *
client_fetch_start (Loop *loop, const ClientFetchOrder *order, const ClientFetchListener *listener,
                    gpointer data)
{
    ClientFetch *fetch = g_new0 (ClientFetch, 1);
    gboolean is_fresh = client_request_freeze (order->request);
    gint64 total;

    fetch->loop = loop_ref (loop);
    fetch->settings = client_settings_ref (order->settings);
    fetch->request = h3_client_request_ref (order->request);
    fetch->cancellable = order->cancellable != NULL ? g_object_ref (order->cancellable) : NULL;
    fetch->listener = listener;
    fetch->data = data;
    fetch->url = g_uri_ref (order->request->url);
    fetch->method = order->request->method;
    fetch->headers = make_headers (order);
    fetch->has_body = fetch->request->body != NULL || fetch->request->form != NULL
                      || fetch->request->stream != NULL;
    fetch->opens = order->opens;
    fetch->max_body = get_max_body (order);
    fetch->began = clock_get_precise ();
    total = get_wait (fetch, CLIENT_WAIT_TOTAL);
    fetch->deadline = total > 0 ? clock_get_now () + total : 0;
    if (is_fresh) {
        ask (fetch);
    } else {
        g_set_error (&fetch->problem, H3_CLIENT_ERROR, H3_CLIENT_ERROR_CANCELLED,
                     "the body of the request, a stream, was sent before");
        fetch_defer (fetch);
    }
    return fetch;
}
