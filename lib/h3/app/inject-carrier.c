/* SPDX-License-Identifier: MIT
 *
 * How an exchange without a socket carries the answer of its event. */

#include "inject-private.h"

#include <h3/http/event-flow.h>
#include <h3/loop/clock.h>
#include <h3/wire/http1-writer.h>

#include <errno.h>
#include <unistd.h>

/* What is read of a file in one go. */
#define PIECE 16384

static Exchange *
exchange_of (Carrier *carrier)
{
    return (Exchange *) carrier;
}

void
exchange_end (Exchange *exchange, H3Outcome outcome)
{
    H3Event *event = g_steal_pointer (&exchange->event);

    if (event == NULL)
        return;
    alarms_clear (loop_get_alarms (exchange->carrier.loop), &exchange->alarm);
    if (outcome != H3_OUTCOME_SENT)
        injected_cut (exchange->injected);
    event_finish (event, outcome);
}

static void
end_sent (gpointer data)
{
    exchange_end (data, H3_OUTCOME_SENT);
}

static void
answer_is_whole (Exchange *exchange)
{
    if (exchange->is_answered)
        return;
    exchange->is_answered = TRUE;
    exchange->generated = NULL;
    loop_defer (exchange->carrier.loop, end_sent, exchange);
}

void
exchange_arm (Exchange *exchange)
{
    Alarms *alarms = loop_get_alarms (exchange->carrier.loop);

    if (exchange->answer_time > 0)
        alarms_set (alarms, &exchange->alarm, clock_get_now () + exchange->answer_time);
    else
        alarms_clear (alarms, &exchange->alarm);
}

void
exchange_on_due (Alarm *alarm)
{
    Exchange *exchange = (Exchange *) (gpointer) ((char *) alarm - offsetof (Exchange, alarm));

    if (exchange->event->phase == EVENT_SENDING)
        exchange_end (exchange, H3_OUTCOME_FAILED);
    else
        event_expire (exchange->event);
}

static void
take_written_head (Exchange *exchange, const H3Event *event, const H3Response *response)
{
    Http1Exchange about = { 0 };
    Http1Writer writer;
    g_autofree char *head = g_malloc (http1_writer_measure (response));

    about.method = event->request.method;
    about.minor = event->request.head.minor;
    about.close = response->close || !event->request.keep_alive;
    about.asked_to_keep = event->request.head.minor == 0;
    about.upgrade = response->status == 101;
    exchange->framing = (guint8) http1_writer_frame (response, &about);
    http1_writer_init (&writer);
    injected_take_head (exchange->injected,
                        h3_view (head, http1_writer_write_head (&writer, response, &about,
                                                                (Http1Framing) exchange->framing,
                                                                clock_get_real_seconds (), head)));
}

/* FALSE: the file has become shorter, or cannot be read. */
static gboolean
take_file (Exchange *exchange, int fd, gint64 offset, gint64 length)
{
    char piece[PIECE];
    gint64 done = 0;

    while (done < length) {
        gssize n = pread (fd, piece, (gsize) MIN (length - done, (gint64) sizeof piece),
                          (off_t) (offset + done));

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        injected_append (exchange->injected, piece, (gsize) n);
        done += n;
    }
    return TRUE;
}

static gboolean
take_parts (Exchange *exchange, const H3Response *response)
{
    for (guint i = 0; i < response->body.parts.n_parts; i++) {
        const BodyPart *part = &response->body.parts.parts[i];
        GBytes *bytes = response->body.parts.bytes;

        injected_append (exchange->injected, part->text.data, part->text.length);
        if (bytes != NULL)
            injected_append (exchange->injected,
                             (const char *) g_bytes_get_data (bytes, NULL) + part->offset,
                             (gsize) part->length);
        else if (!take_file (exchange, response->body.parts.fd, (gint64) part->offset,
                             (gint64) part->length))
            return FALSE;
    }
    return TRUE;
}

/* FALSE, with a warning as a connection's, where it is more than was promised. */
static gboolean
count_piece (Exchange *exchange, gsize length)
{
    if (exchange->left < 0)
        return TRUE;
    if ((guint64) exchange->left < length) {
        g_warning ("an answer gives more bytes than it promised: the connection is cut");
        return FALSE;
    }
    exchange->left -= (gint64) length;
    return TRUE;
}

static void
carry_write (Carrier *carrier, H3Event *event, GBytes *bytes, const char *data, gsize length)
{
    Exchange *exchange = exchange_of (carrier);

    if (exchange->framing == FRAMING_NONE)
        return;
    if (bytes != NULL)
        data = g_bytes_get_data (bytes, &length);
    if (!count_piece (exchange, length)) {
        exchange_end (exchange, H3_OUTCOME_FAILED);
        return;
    }
    event->body_sent += length;
    injected_append (exchange->injected, data, length);
}

/* All is taken at once. */
static void
carry_flush (Carrier *carrier, H3Event *event)
{
}

static void
carry_finish (Carrier *carrier, H3Event *event)
{
    Exchange *exchange = exchange_of (carrier);

    if (exchange->left > 0 && exchange->framing != FRAMING_NONE) {
        exchange_end (exchange, H3_OUTCOME_FAILED);
        return;
    }
    if (exchange->framing == FRAMING_CHUNKED && event->response.trailers != NULL)
        injected_add_trailers (exchange->injected, event->response.trailers->fields);
    answer_is_whole (exchange);
}

static void schedule_generating (Exchange *exchange);

/* It may fail its event, which ends the exchange: what it was lent lasts until it returns. */
static GBytes *
ask_generator (const Exchange *exchange, GError **error)
{
    H3Event *event = exchange->event;
    const H3Response *response = exchange->generated;
    GBytes *bytes;

    event_enter (event);
    bytes = response->body.generator.function (response->body.generator.user_data, error);
    event_leave (event);
    return bytes;
}

/* One piece a turn: deadlines and other threads have their say between. */
static void
generate (gpointer data)
{
    Exchange *exchange = data;
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (GError) error = NULL;

    exchange->generating_is_due = FALSE;
    if (exchange->event == NULL || exchange->generated == NULL)
        return;
    bytes = ask_generator (exchange, &error);
    if (exchange->event == NULL)
        return;
    if (error != NULL)
        exchange_end (exchange, H3_OUTCOME_FAILED);
    else if (bytes == NULL)
        carry_finish (&exchange->carrier, exchange->event);
    else if (g_bytes_get_size (bytes) > 0)
        carry_write (&exchange->carrier, exchange->event, bytes, NULL, 0);
    else
        return; /* until it is resumed */
    if (exchange->event != NULL && exchange->generated != NULL)
        schedule_generating (exchange);
}

static void
schedule_generating (Exchange *exchange)
{
    if (exchange->generating_is_due)
        return;
    exchange->generating_is_due = TRUE;
    loop_post (exchange->carrier.loop, generate, exchange, NULL);
}

static void
carry_resume_generator (Carrier *carrier, H3Event *event)
{
    if (exchange_of (carrier)->generated != NULL)
        schedule_generating (exchange_of (carrier));
}

static gboolean
take_body (Exchange *exchange, const H3Response *response)
{
    gsize length;
    const char *data;

    switch (response->body_kind) {
    case BODY_MEMORY:
        injected_append (exchange->injected, response->body.memory.data,
                         response->body.memory.length);
        return TRUE;
    case BODY_BYTES:
        data = g_bytes_get_data (response->body.bytes, &length);
        injected_append (exchange->injected, data, length);
        return TRUE;
    case BODY_FILE:
        return take_file (exchange, response->body.file.fd, response->body.file.offset,
                          response->length);
    case BODY_PARTS:
        return take_parts (exchange, response);
    default:
        return TRUE;
    }
}

static void
carry_send (Carrier *carrier, H3Event *event, H3Response *response)
{
    Exchange *exchange = exchange_of (carrier);

    take_written_head (exchange, event, response);
    exchange->left = response->length;
    exchange_arm (exchange);
    if (response->body_kind == BODY_STREAM)
        return;
    if (response->body_kind == BODY_GENERATOR && exchange->framing != FRAMING_NONE) {
        exchange->generated = response;
        generate (exchange);
        return;
    }
    if (exchange->framing != FRAMING_NONE) {
        if (!take_body (exchange, response)) {
            exchange_end (exchange, H3_OUTCOME_FAILED);
            return;
        }
        event->body_sent = (guint64) response->length;
    }
    answer_is_whole (exchange);
}

static void
carry_send_interim (Carrier *carrier, H3Event *event, guint status, const H3Headers *headers)
{
    g_autofree char *head = NULL;

    if (event->request.head.minor == 0)
        return;
    head = g_malloc (http1_writer_measure_headers (headers) + 64);
    injected_take_head (exchange_of (carrier)->injected,
                        h3_view (head, http1_writer_write_interim (status, headers, head)));
}

static guint64
carry_get_waiting (Carrier *carrier)
{
    return 0;
}

static void
carry_cancel (Carrier *carrier, H3Event *event)
{
    if (!exchange_of (carrier)->is_answered)
        exchange_end (exchange_of (carrier), H3_OUTCOME_FAILED);
}

static void
carry_read_body (Carrier *carrier, H3Event *event)
{
    Exchange *exchange = exchange_of (carrier);

    exchange->reading = TRUE;
    if (event->request.expects_continue && event->phase == EVENT_OPEN)
        carry_send_interim (carrier, event, 100, NULL);
    exchange_schedule_reading (exchange);
}

static void
carry_pause_body (Carrier *carrier, H3Event *event)
{
    exchange_of (carrier)->paused = TRUE;
}

static void
carry_resume_body (Carrier *carrier, H3Event *event)
{
    exchange_of (carrier)->paused = FALSE;
    exchange_schedule_reading (exchange_of (carrier));
}

static H3Stream *
carry_detach (Carrier *carrier, H3Event *event, H3Response *response)
{
    take_written_head (exchange_of (carrier), event, response);
    exchange_end (exchange_of (carrier), H3_OUTCOME_GONE);
    return NULL;
}

static void
carry_set_deadline (Carrier *carrier, H3Event *event, gint64 milliseconds)
{
    Exchange *exchange = exchange_of (carrier);

    exchange->answer_time = milliseconds;
    exchange_arm (exchange);
}

static void
carry_get_peer (Carrier *carrier, H3SocketAddress *out_peer, gboolean *out_secure)
{
    *out_peer = (H3SocketAddress){ 0 };
    (void) h3_address_parse (H3_VIEW ("127.0.0.1"), &out_peer->address);
    *out_secure = FALSE;
}

const CarrierFunctions exchange_carrier_functions = {
    .read_body = carry_read_body,
    .pause_body = carry_pause_body,
    .resume_body = carry_resume_body,
    .send_interim = carry_send_interim,
    .send = carry_send,
    .write = carry_write,
    .flush = carry_flush,
    .get_waiting = carry_get_waiting,
    .resume_generator = carry_resume_generator,
    .finish = carry_finish,
    .cancel = carry_cancel,
    .detach = carry_detach,
    .set_deadline = carry_set_deadline,
    .get_peer = carry_get_peer,
};
