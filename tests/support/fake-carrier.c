/* SPDX-License-Identifier: MIT */

#include "fake-carrier.h"

#include <h3/wire/http1-lint.h>

#include <check.h>
#include <pthread.h>
#include <unistd.h>

static FakeCarrier *
fake (Carrier *carrier)
{
    return (FakeCarrier *) carrier;
}

void
fake_carrier_end (FakeCarrier *carrier, H3Outcome outcome)
{
    H3Event *event = g_steal_pointer (&carrier->event);

    ck_assert_ptr_nonnull (event);
    event_finish (event, outcome);
}

static gboolean
copy_field (const char *name, const char *value, gpointer user_data)
{
    h3_headers_add (user_data, name, value);
    return TRUE;
}

static void
read_file (FakeCarrier *carrier, int fd, gint64 offset, gint64 length)
{
    g_autofree char *text = g_malloc ((gsize) length);
    gssize n = pread (fd, text, (gsize) length, offset);

    ck_assert_int_eq (n, length);
    g_string_append_len (carrier->sent, text, n);
}

static void
read_parts (FakeCarrier *carrier, const H3Response *response)
{
    GBytes *bytes = response->body.parts.bytes;

    for (guint i = 0; i < response->body.parts.n_parts; i++) {
        const BodyPart *part = &response->body.parts.parts[i];

        g_string_append_len (carrier->sent, part->text.data, (gssize) part->text.length);
        if (bytes != NULL)
            g_string_append_len (carrier->sent,
                                 (const char *) g_bytes_get_data (bytes, NULL) + part->offset,
                                 (gssize) part->length);
        else
            read_file (carrier, response->body.parts.fd, (gint64) part->offset,
                       (gint64) part->length);
    }
}

/* FALSE where it gave an empty piece. */
static gboolean
read_generator (FakeCarrier *carrier, const H3Response *response)
{
    GError *error = NULL;
    gsize length = 1;

    while (length > 0) {
        GBytes *bytes =
            response->body.generator.function (response->body.generator.user_data, &error);

        if (bytes == NULL)
            break;
        length = g_bytes_get_size (bytes);
        g_string_append_len (carrier->sent, g_bytes_get_data (bytes, NULL), (gssize) length);
        g_bytes_unref (bytes);
    }
    g_clear_error (&error);
    return length > 0;
}

static void
read_body_of (FakeCarrier *carrier, const H3Event *event, const H3Response *response)
{
    if (event->request.method == H3_METHOD_HEAD || !response_status_has_body (response->status))
        return;
    if (response->body_kind == BODY_MEMORY)
        g_string_append_len (carrier->sent, response->body.memory.data,
                             (gssize) response->body.memory.length);
    else if (response->body_kind == BODY_BYTES)
        g_string_append_len (carrier->sent, g_bytes_get_data (response->body.bytes, NULL),
                             (gssize) response->length);
    else if (response->body_kind == BODY_FILE)
        read_file (carrier, response->body.file.fd, response->body.file.offset, response->length);
    else if (response->body_kind == BODY_PARTS)
        read_parts (carrier, response);
    else if (response->body_kind == BODY_GENERATOR)
        carrier->generator_waits = !read_generator (carrier, response);
}

static void
carry_send (Carrier *base, H3Event *event, H3Response *response)
{
    FakeCarrier *carrier = fake (base);

    ck_assert_ptr_eq (carrier->event, event);
    ck_assert_uint_eq (event->sent_status, response->status);
    carrier->n_sent++;
    carrier->status = response->status;
    carrier->length = response->length;
    carrier->body_kind = response->body_kind;
    carrier->asks_close = response->close;
    g_clear_pointer (&carrier->headers, h3_headers_unref);
    carrier->headers = h3_headers_new ();
    if (response->headers != NULL)
        h3_headers_foreach (response->headers, copy_field, carrier->headers);
    g_free (carrier->type);
    carrier->type = g_strdup (h3_response_get_content_type (response));
    read_body_of (carrier, event, response);
    if (response->body_kind != BODY_STREAM && !carrier->holds && !carrier->generator_waits)
        fake_carrier_end (carrier, H3_OUTCOME_SENT);
}

static void
carry_write (Carrier *base, H3Event *event, GBytes *bytes, const char *data, gsize length)
{
    fake (base)->n_writes++;
    g_string_append_len (fake (base)->sent, data, (gssize) length);
}

static void
carry_flush (Carrier *base, H3Event *event)
{
    fake (base)->n_flushes++;
}

static void
carry_resume_generator (Carrier *base, H3Event *event)
{
    FakeCarrier *carrier = fake (base);

    if (!carrier->generator_waits)
        return;
    carrier->generator_waits = !read_generator (carrier, &event->response);
    if (!carrier->generator_waits)
        fake_carrier_end (carrier, H3_OUTCOME_SENT);
}

static void
carry_finish (Carrier *base, H3Event *event)
{
    fake (base)->n_finished++;
    fake_carrier_end (fake (base), H3_OUTCOME_SENT);
}

static void
carry_cancel (Carrier *base, H3Event *event)
{
    fake (base)->n_cancelled++;
    fake_carrier_end (fake (base), H3_OUTCOME_FAILED);
}

/* The test says when: fake_carrier's waiting bytes are its own. */
static void
carry_want_drained (Carrier *base, H3Event *event)
{
    fake (base)->n_wants++;
}

static guint64
carry_get_waiting (Carrier *base)
{
    return fake (base)->waiting;
}

static void
carry_read_body (Carrier *base, H3Event *event)
{
    fake (base)->n_reads++;
}

static void
carry_pause_body (Carrier *base, H3Event *event)
{
    fake (base)->n_paused++;
}

static void
carry_resume_body (Carrier *base, H3Event *event)
{
    fake (base)->n_resumed++;
}

static void
carry_send_interim (Carrier *base, H3Event *event, guint status, const H3Headers *headers)
{
    ck_assert_uint_eq (status, 103);
    fake (base)->n_interim++;
}

static H3Stream *
carry_detach (Carrier *base, H3Event *event, H3Response *response)
{
    fake (base)->status = response->status;
    fake_carrier_end (fake (base), H3_OUTCOME_SENT);
    return NULL;
}

static void
carry_set_deadline (Carrier *base, H3Event *event, gint64 milliseconds)
{
    fake (base)->deadline = milliseconds;
}

static void
carry_get_peer (Carrier *base, H3SocketAddress *out_peer, gboolean *out_secure)
{
    *out_peer = fake (base)->peer;
    *out_secure = fake (base)->secure;
}

static const CarrierFunctions functions = {
    .read_body = carry_read_body,
    .pause_body = carry_pause_body,
    .resume_body = carry_resume_body,
    .send_interim = carry_send_interim,
    .send = carry_send,
    .write = carry_write,
    .flush = carry_flush,
    .get_waiting = carry_get_waiting,
    .want_drained = carry_want_drained,
    .resume_generator = carry_resume_generator,
    .finish = carry_finish,
    .cancel = carry_cancel,
    .detach = carry_detach,
    .set_deadline = carry_set_deadline,
    .get_peer = carry_get_peer,
};

/* The cursor points at the next handler; behind the last there is a 404, as in an app. */
static void
host_next (H3Event *event)
{
    const H3Handler *handler = event->cursor;
    FakeCarrier *carrier = event->host_data;

    if (*handler == NULL) {
        h3_event_fail (event, g_error_new_literal (g_quark_from_static_string ("none"), 1, "none"));
        return;
    }
    event->cursor = handler + 1;
    (*handler) (event, carrier->user_data);
}

static void
host_fail (H3Event *event, GError *error)
{
    FakeCarrier *carrier = event->host_data;

    carrier->n_failed++;
    if (carrier->on_fail != NULL)
        carrier->on_fail (event, error);
    else
        event_answer_error (event, error);
}

static const char *
host_get_route_label (const H3Event *event)
{
    return "/fake";
}

static const EventHost host = { host_next, host_fail, host_get_route_label };

FakeCarrier *
fake_carrier_new (void)
{
    FakeCarrier *carrier = g_new0 (FakeCarrier, 1);

    carrier->carrier.functions = &functions;
    carrier->carrier.loop = loop_new (NULL);
    loop_enter (carrier->carrier.loop);
    carrier->pool = event_pool_new (8);
    h3_limits_init (&carrier->limits);
    carrier->reader = http1_reader_new (&carrier->limits);
    carrier->sent = g_string_new (NULL);
    return carrier;
}

void
fake_carrier_free (FakeCarrier *carrier)
{
    if (carrier->event != NULL)
        fake_carrier_end (carrier, H3_OUTCOME_GONE);
    fake_carrier_pump (carrier);
    fake_carrier_clear (carrier);
    g_string_free (carrier->sent, TRUE);
    http1_reader_free (carrier->reader);
    loop_close (carrier->carrier.loop);
    event_pool_free (carrier->pool);
    loop_leave (carrier->carrier.loop);
    loop_unref (carrier->carrier.loop);
    g_free (carrier->buffer);
    g_free (carrier);
}

void
fake_carrier_clear (FakeCarrier *carrier)
{
    g_clear_pointer (&carrier->headers, h3_headers_unref);
    g_clear_pointer (&carrier->type, g_free);
    g_string_truncate (carrier->sent, 0);
    carrier->n_sent = carrier->status = carrier->n_failed = 0;
}

H3Event *
fake_carrier_begin (FakeCarrier *carrier, const char *head)
{
    gboolean whole = g_str_has_suffix (head, "\r\n\r\n");
    H3Event *event = event_pool_acquire (carrier->pool);
    Http1Lint lint;
    gsize length;

    ck_assert_ptr_null (carrier->event);
    g_free (carrier->buffer);
    carrier->buffer = g_strconcat (head, whole ? "" : "\r\n\r\n", NULL);
    carrier->buffer_length = length = strlen (carrier->buffer);
    carrier->generator_waits = FALSE;
    event_begin (event, &carrier->carrier, &carrier->limits);
    carrier->event = event;
    http1_lint_init (&lint, carrier->fields, FAKE_MAX_FIELDS);
    ck_assert_int_eq (http1_lint_step (&lint, &carrier->limits, carrier->buffer, length),
                      LINT_WHOLE);
    ck_assert_uint_eq (http1_reader_read (carrier->reader, carrier->buffer, &lint.index,
                                          event->arena, &event->request),
                       0);
    event->host = &host;
    event->host_data = carrier;
    event->cursor = carrier->handlers;
    event->trusted = carrier->trusted;
    event->writes_pretty = carrier->writes_pretty;
    if (carrier->body != NULL) {
        event->request.has_body = TRUE;
        event->body_ended = TRUE;
        request_take_body (&event->request, g_bytes_new (carrier->body, strlen (carrier->body)));
    }
    return event;
}

void
fake_carrier_dispatch (FakeCarrier *carrier)
{
    H3Event *event = carrier->event;

    h3_event_next (event);
    if (carrier->event == event)
        request_keep (&event->request, event->arena);
    memset (carrier->buffer, '#', carrier->buffer_length);
}

void
fake_carrier_run (FakeCarrier *carrier, const char *head, H3Handler handler, gpointer user_data)
{
    carrier->handlers[0] = handler;
    carrier->handlers[1] = NULL;
    carrier->user_data = user_data;
    fake_carrier_clear (carrier);
    fake_carrier_begin (carrier, head);
    fake_carrier_dispatch (carrier);
    fake_carrier_pump (carrier);
}

void
fake_carrier_pump (FakeCarrier *carrier)
{
    for (int i = 0; i < 4; i++)
        (void) loop_step (carrier->carrier.loop, FALSE);
}

const char *
fake_carrier_get (const FakeCarrier *carrier, const char *name)
{
    const char *value;

    ck_assert_ptr_nonnull (carrier->headers);
    value = h3_headers_get (carrier->headers, name);
    return value != NULL ? value : "";
}

typedef struct {
    void (*function) (gpointer data);
    gpointer data;
} Errand;

static void *
run_errand (void *data)
{
    Errand *errand = data;

    errand->function (errand->data);
    return NULL;
}

void
fake_carrier_run_elsewhere (void (*function) (gpointer data), gpointer data)
{
    Errand errand = { function, data };
    pthread_t thread;

    ck_assert_int_eq (pthread_create (&thread, NULL, run_errand, &errand), 0);
    ck_assert_int_eq (pthread_join (thread, NULL), 0);
}
