/* SPDX-License-Identifier: MIT */

#include "inject-private.h"

#include <h3/base/error.h>
#include <h3/loop/main-context.h>
#include <h3/loop/offload.h>
#include <h3/wire/http1-lint.h>
#include <h3/wire/http1-reader.h>

/* Threads for what handlers run off the loop. */
#define MAX_OFFLOAD 4

static void
handle (Exchange *exchange)
{
    H3Event *event = exchange->event;
    const H3Request *request = &event->request;

    if (!request->has_body || event->wish != H3_BODY_BUFFERED) {
        exchange_run_handlers (exchange);
    } else if (!request->chunked && request->content_length > event->body_bound) {
        app_dispatch.refused (exchange->worker, event);
        event_refuse (event, 413, "The body is larger than this route takes.");
    } else {
        exchange->whole = g_byte_array_new ();
        exchange->carrier.functions->read_body (&exchange->carrier, event);
    }
}

static void
begin (Exchange *exchange, Http1Reader *reader, char *text, const HeadIndex *index)
{
    H3Event *event = exchange->event;
    guint status = http1_reader_read (reader, text, index, event->arena, &event->request);

    exchange->pending.data += index->length;
    exchange->pending.length -= index->length;
    exchange_arm (exchange);
    if (status != 0) {
        app_dispatch.refused (exchange->worker, event);
        event_refuse (event, status, NULL);
        return;
    }
    if (event->request.has_body)
        exchange_begin_body (exchange);
    app_dispatch.begin (exchange->worker, event);
    if (exchange->event == event && event->phase == EVENT_OPEN)
        handle (exchange);
}

/* From the first byte of the request to the end of the exchange. */
static void
run (Exchange *exchange, char *text, gsize length)
{
    const H3Limits *limits = exchange->limits;
    Http1Reader *reader = http1_reader_new (limits);
    g_autofree HeadField *fields = g_new0 (HeadField, (gsize) limits->fields);
    Http1Lint lint;

    exchange->event = event_pool_acquire (exchange->pool);
    event_begin (exchange->event, &exchange->carrier, limits);
    exchange->pending = h3_view (text, length);
    http1_lint_init (&lint, fields, (guint16) limits->fields);
    switch (http1_lint_step (&lint, limits, text, length)) {
    case LINT_WHOLE:
        begin (exchange, reader, text, &lint.index);
        break;
    case LINT_REFUSED:
        request_init_unread (&exchange->event->request);
        app_dispatch.refused (exchange->worker, exchange->event);
        event_refuse (exchange->event, lint.status, NULL);
        break;
    default:
        request_init_unread (&exchange->event->request);
        exchange_end (exchange, H3_OUTCOME_GONE);
        break;
    }
    while (exchange->event != NULL)
        (void) loop_step (exchange->carrier.loop, TRUE);
    http1_reader_free (reader);
}

/* What was posted or deferred still runs while all that it needs is there, as when a worker ends.
 */
static H3Injected *
run_on_loop (H3App *app, Loop *loop, MainContext *main_context, GBytes *request)
{
    Exchange exchange = { { &exchange_carrier_functions, loop }, NULL };
    g_autoptr (Offload) offload = offload_new (MAX_OFFLOAD);
    gsize length;
    const char *data = g_bytes_get_data (request, &length);
    g_autofree char *text = g_malloc (length + 1);

    memcpy (text, data != NULL ? data : "", length);
    loop_set_offload (loop, offload);
    exchange.limits = h3_server_get_limits (app->server);
    exchange.answer_time = exchange.limits->handler_time;
    exchange.alarm.on_due = exchange_on_due;
    exchange.worker = app_start_alone (app);
    exchange.pool = event_pool_new (1);
    exchange.injected = injected_new ();
    run (&exchange, text, length);
    main_context_free (main_context);
    loop_close (loop);
    app_dispatch.stop_worker (exchange.worker);
    event_pool_free (exchange.pool);
    http1_body_clear (&exchange.body);
    if (exchange.whole != NULL)
        g_byte_array_unref (exchange.whole);
    injected_seal (exchange.injected);
    return exchange.injected;
}

H3Injected *
h3_app_inject_raw (H3App *app, GBytes *request, GError **error)
{
    g_autoptr (Loop) loop = NULL;
    MainContext *main_context;
    H3Injected *injected = NULL;

    g_return_val_if_fail (H3_IS_APP (app) && request != NULL, NULL);
    g_return_val_if_fail (loop_may_wait (), NULL);
    if (!app_freeze (app, error) || (loop = loop_new (error)) == NULL)
        return NULL;
    loop_enter (loop);
    main_context = main_context_new (loop, error);
    if (main_context != NULL) {
        main_context_enter (main_context);
        injected = run_on_loop (app, loop, main_context, request);
    }
    loop_leave (loop);
    return injected;
}

static gboolean
append_field (const char *name, const char *value, gpointer user_data)
{
    g_string_append_printf (user_data, "%s: %s\r\n", name, value);
    return TRUE;
}

static gboolean
has_field (const H3Headers *headers, const char *name)
{
    return headers != NULL && h3_headers_has (headers, name);
}

H3Injected *
h3_app_inject (H3App *app, const char *method, const char *target, H3Headers *headers, GBytes *body,
               GError **error)
{
    GString *text;
    g_autoptr (GBytes) request = NULL;

    g_return_val_if_fail (H3_IS_APP (app) && method != NULL && target != NULL, NULL);
    text = g_string_new (NULL);
    /* A line end in either would pass for one of the head's own: half of it is refused for sure. */
    if (strpbrk (method, "\r\n") != NULL || strpbrk (target, "\r\n") != NULL)
        g_string_append (text, "\n");
    g_string_append_printf (text, "%s %s HTTP/1.1\r\n", method, target);
    if (!has_field (headers, "Host"))
        (void) append_field ("Host", "localhost", text);
    if (headers != NULL)
        h3_headers_foreach (headers, append_field, text);
    if (body != NULL && !has_field (headers, "Content-Length")
        && !has_field (headers, "Transfer-Encoding"))
        g_string_append_printf (text, "Content-Length: %zu\r\n", g_bytes_get_size (body));
    g_string_append (text, "\r\n");
    if (body != NULL)
        g_string_append_len (text, g_bytes_get_data (body, NULL), (gssize) g_bytes_get_size (body));
    request = g_string_free_to_bytes (text);
    return h3_app_inject_raw (app, request, error);
}
