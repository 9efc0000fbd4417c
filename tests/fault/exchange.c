/* SPDX-License-Identifier: MIT */

#include "exchange.h"

#include "fault-server.h"
#include "talk.h"

#include "h3/format/coder.h"

#include "tests/support/suite.h"
#include "tests/support/tls-client.h"

#include <string.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

static void
get_plain (Talk *talk)
{
    talk_say (talk, GET ("/plain"));
    talk_hear (talk, 200, "plain");
}

static void
keep_alive (Talk *talk)
{
    for (int i = 0; i < 3; i++)
        get_plain (talk);
}

static void
pipeline (Talk *talk)
{
    talk_say (talk, GET ("/plain") GET ("/work") GET ("/file") GET ("/plain"));
    talk_hear (talk, 200, "plain");
    talk_hear (talk, 200, "worked");
    talk_hear_text (talk, FAULT_FILE_LENGTH);
    talk_hear (talk, 200, "plain");
}

static void
send_in_pieces (Talk *talk)
{
    talk_say (talk, "GET /plain HT");
    talk_say (talk, "TP/1.1\r\nHost:");
    talk_say (talk, " a\r\n\r\n");
    talk_hear (talk, 200, "plain");
}

static void
close_at_once (Talk *talk)
{
    talk_say (talk, "GET /plain HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    talk_hear (talk, 200, "plain");
}

static void
ask_for_nothing (Talk *talk)
{
    talk_say (talk, GET ("/nowhere"));
    talk_hear_status (talk, 404, FALSE);
    talk_say (talk, "GARBAGE\r\n\r\n");
    talk_hear_status (talk, 400, FALSE);
}

static void
post (Talk *talk)
{
    talk_say (talk, "POST /back HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello");
    talk_say (talk, " world");
    talk_hear (talk, 200, "hello world");
}

static void
expect (Talk *talk)
{
    g_autoptr (RawAnswer) interim = NULL;

    talk_say (talk, "POST /back HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
                    "Expect: 100-continue\r\n\r\n");
    interim = talk_take_answer (talk, FALSE);
    if (interim == NULL || interim->status != 100) {
        ck_assert (!talk->terms->is_strict);
        return;
    }
    talk_say (talk, "hello");
    talk_hear (talk, 200, "hello");
}

#define BODY_LENGTH 30000

static void
post_chunks (Talk *talk)
{
    g_autofree char *text = fault_server_make_text (BODY_LENGTH);

    talk_say (talk, "POST /stream-back HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (gsize i = 0; i < BODY_LENGTH; i += BODY_LENGTH / 3) {
        g_autofree char *line = g_strdup_printf ("%x\r\n", BODY_LENGTH / 3);

        talk_say (talk, line);
        talk_say_data (talk, text + i, BODY_LENGTH / 3);
        talk_say (talk, "\r\n");
    }
    talk_say (talk, "0\r\n\r\n");
    talk_hear_data (talk, 200, text, BODY_LENGTH);
    get_plain (talk);
}

/* Something stands before the answer, and behind both bodies. */
static void
post_signed (Talk *talk)
{
    g_autoptr (RawAnswer) hint = NULL;
    g_autoptr (RawAnswer) answer = NULL;

    talk_say (talk, "POST /signed-back HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    hint = talk_take_answer (talk, FALSE);
    if (hint == NULL || hint->status != 103) {
        ck_assert (!talk->terms->is_strict);
        return;
    }
    talk_say (talk, "5\r\nhello\r\n0\r\nX-Sum: 5\r\n\r\n");
    answer = talk_take_answer (talk, FALSE);
    if (answer == NULL)
        return;
    talk_check_answer (talk, answer, 200, "hello", 5);
    if (answer->is_whole && answer->status == 200)
        ck_assert_str_eq (answer->trailers->str, "X-Sum: 5\r\n");
}

static void
upload (Talk *talk)
{
    g_autofree char *text = fault_server_make_text (BODY_LENGTH);

    talk_say (talk, "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; "
                    "boundary=b\r\nContent-Length: 30068\r\n\r\n"
                    "--b\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\n");
    talk_say_data (talk, text, BODY_LENGTH);
    talk_say (talk, "\r\n--b--\r\n");
    talk_hear_data (talk, 200, text, BODY_LENGTH);
    get_plain (talk);
}

static void
get_generated (Talk *talk)
{
    talk_say (talk, GET ("/generated"));
    talk_hear_text (talk, FAULT_PIECES * FAULT_PIECE_LENGTH);
}

static void
get_written (Talk *talk)
{
    talk_say (talk, GET ("/written"));
    talk_hear_text (talk, FAULT_PIECES * FAULT_PIECE_LENGTH);
}

static void
get_file (Talk *talk)
{
    talk_say (talk, "HEAD /file HTTP/1.1\r\nHost: a\r\n\r\n");
    talk_hear_status (talk, 200, TRUE);
    talk_say (talk, GET ("/file"));
    talk_hear_text (talk, FAULT_FILE_LENGTH);
}

/* A part that is small enough to be read, and all. */
static void
get_static (Talk *talk)
{
    g_autofree char *text = fault_server_make_text (1000);

    talk_say (talk, "GET /static/ HTTP/1.1\r\nHost: a\r\nRange: bytes=0-999\r\n\r\n");
    talk_hear_data (talk, 206, text, 1000);
    talk_say (talk, GET ("/static/"));
    talk_hear_text (talk, FAULT_FILE_LENGTH);
}

static void
get_walked (Talk *talk)
{
    talk_say (talk, GET ("/walked/"));
    talk_hear_text (talk, FAULT_FILE_LENGTH);
}

static void
get_large (Talk *talk)
{
    talk_say (talk, GET ("/large"));
    talk_hear_text (talk, FAULT_LARGE_LENGTH);
    get_plain (talk);
}

static void
offload (Talk *talk)
{
    talk_say (talk, GET ("/work"));
    talk_hear (talk, 200, "worked");
}

static void
wait_for_timer (Talk *talk)
{
    talk_say (talk, GET ("/timer"));
    talk_hear (talk, 200, "in time");
}

static void
wait_for_source (Talk *talk)
{
    talk_say (talk, GET ("/source"));
    talk_hear (talk, 200, "heard");
}

/* Each event is whole; its id, which the channel makes, is not known. */
static void
get_events (Talk *talk)
{
    g_autofree char *text = fault_server_make_text (FAULT_PIECE_LENGTH);
    g_autofree char *ending = g_strdup_printf ("\nevent: piece\ndata: %s", text);
    g_autoptr (RawAnswer) answer = NULL;
    g_auto (GStrv) events = NULL;

    talk_say (talk, GET ("/events"));
    answer = talk_take_answer (talk, FALSE);
    if (answer == NULL || answer->status != 200 || !answer->is_whole) {
        ck_assert (!talk->terms->is_strict);
        return;
    }
    events = g_strsplit (answer->body->str, "\n\n", -1);
    ck_assert_uint_eq (g_strv_length (events), FAULT_EVENTS + 1);
    for (guint i = 0; i < FAULT_EVENTS; i++)
        ck_assert (g_str_has_prefix (events[i], "id: ") && g_str_has_suffix (events[i], ending));
    get_plain (talk);
}

static void
take_over (Talk *talk)
{
    g_autoptr (RawAnswer) head = NULL;
    char heard[4];
    gsize n = 0;

    talk_say (talk,
              "GET /stream HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
    head = talk_take_answer (talk, FALSE);
    if (head == NULL || head->status != 101) {
        ck_assert (!talk->terms->is_strict);
        return;
    }
    talk_say (talk, "echo");
    while (n < sizeof heard) {
        gsize got = raw_client_receive (talk->client, heard + n, sizeof heard - n);

        if (got == 0) {
            talk_end (talk, "within a stream");
            return;
        }
        n += got;
    }
    ck_assert_mem_eq (heard, "echo", sizeof heard);
}

/* The text, in gzip; a wrong answer is an error, and in no coding. */
static void
hear_coded (Talk *talk, gsize length)
{
    g_autofree char *text = fault_server_make_text (length);
    g_autoptr (RawAnswer) answer = talk_take_answer (talk, FALSE);
    g_autoptr (GByteArray) found = g_byte_array_new ();
    g_autoptr (Coder) coder = coder_new_decoding (CODING_GZIP, 0);

    if (answer == NULL)
        return;
    if (answer->status != 200 || !answer->is_whole) {
        talk_check_answer (talk, answer, 200, text, length);
        return;
    }
    raw_answer_expect_header (answer, "Content-Encoding", "gzip");
    ck_assert_int_eq (
        coder_append (coder, h3_view (answer->body->str, answer->body->len), CODER_FINISH, found),
        CODER_READY);
    ck_assert (found->len == length && memcmp (found->data, text, length) == 0);
}

static void
get_coded (Talk *talk)
{
    talk_say (talk, GET ("/coded/file"));
    hear_coded (talk, FAULT_FILE_LENGTH);
}

static void
get_coded_pieces (Talk *talk)
{
    talk_say (talk, GET ("/coded/written"));
    hear_coded (talk, FAULT_PIECES * FAULT_PIECE_LENGTH);
}

static void
post_coded (Talk *talk)
{
    g_autofree char *text = fault_server_make_text (BODY_LENGTH);
    g_autofree char *head = NULL;
    g_autoptr (GByteArray) coded = g_byte_array_new ();
    g_autoptr (Coder) coder = coder_new_encoding (CODING_GZIP, CODER_LEVEL_DEFAULT, 0);

    (void) coder_append (coder, h3_view (text, BODY_LENGTH), CODER_FINISH, coded);
    head = g_strdup_printf ("POST /decoded/back HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n"
                            "Content-Length: %u\r\n\r\n",
                            coded->len);
    talk_say (talk, head);
    talk_say_data (talk, (const char *) coded->data, coded->len / 2);
    talk_say_data (talk, (const char *) coded->data + coded->len / 2, coded->len - coded->len / 2);
    talk_hear_data (talk, 200, text, BODY_LENGTH);
}

/* A text, a ping, Close; the masks are zero. */
static void
speak_websocket (Talk *talk)
{
    static const char frames[] = "\x81\x82\0\0\0\0hi\x89\x81\0\0\0\0?\x88\x82\0\0\0\0\x03\xe8";
    static const char answers[] = "\x81\x02hi\x8a\x01?\x88\x02\x03\xe8";
    g_autoptr (RawAnswer) head = NULL;

    talk_say (talk,
              "GET /websocket HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    head = talk_take_answer (talk, FALSE);
    if (head == NULL || head->status != 101) {
        ck_assert (!talk->terms->is_strict);
        return;
    }
    talk_say_data (talk, frames, sizeof frames - 1);
    talk_hear_bytes (talk, answers, sizeof answers - 1);
}

static const Exchange exchanges[] = {
    { "plain", get_plain },
    { "keep-alive", keep_alive },
    { "pipeline", pipeline },
    { "pieces", send_in_pieces },
    { "close", close_at_once },
    { "nothing", ask_for_nothing },
    { "post", post },
    { "expect", expect },
    { "chunks", post_chunks },
    { "signed", post_signed },
    { "upload", upload },
    { "generated", get_generated },
    { "written", get_written },
    { "file", get_file },
    { "static", get_static },
    { "walked", get_walked },
    { "large", get_large },
    { "coded file", get_coded },
    { "coded pieces", get_coded_pieces },
    { "coded body", post_coded },
    { "offload", offload },
    { "timer", wait_for_timer },
    { "source", wait_for_source },
    { "events", get_events },
    { "stream", take_over },
    { "websocket", speak_websocket },
};

guint
exchange_count (void)
{
    return G_N_ELEMENTS (exchanges);
}

const Exchange *
exchange_get (guint index)
{
    return &exchanges[index];
}

const Exchange *
exchange_find (const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS (exchanges); i++) {
        if (strcmp (exchanges[i].name, name) == 0)
            return &exchanges[i];
    }
    ck_abort_msg ("there is no exchange %s", name);
    return NULL;
}

/* Both sides end in good order, so that the server's end is waited for as well. */
static void
leave (RawClient *client)
{
    char piece[4096];

    raw_client_half_close (client);
    while (raw_client_receive (client, piece, sizeof piece) > 0)
        continue;
    raw_client_free (client);
}

static gboolean
shake_hands (Talk *talk)
{
    int alert;

    tls_client_begin (talk->client, NULL);
    if (tls_client_try (talk->client, &alert))
        return TRUE;
    talk_end (talk, "within the handshake");
    return FALSE;
}

void
exchange_run (const Exchange *exchange, const ExchangeTerms *terms)
{
    Talk talk = { terms, raw_client_new_small (terms->address), FALSE };

    if (!terms->speaks_tls || shake_hands (&talk))
        exchange->run (&talk);
    leave (talk.client);
}
