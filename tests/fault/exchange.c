/* SPDX-License-Identifier: MIT */

#include "exchange.h"

#include "fault-server.h"

#include "tests/support/raw-client.h"
#include "tests/support/suite.h"

#include <string.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

struct _Talk {
    const ExchangeTerms *terms; /* borrowed */
    RawClient *client;          /* owned */
    gboolean has_ended;
};

static void
end (Talk *talk, const char *when)
{
    ck_assert_msg (!talk->terms->is_strict, "the connection was %s %s",
                   talk->client->was_reset ? "reset" : "closed", when);
    talk->has_ended = TRUE;
}

static void
say_data (Talk *talk, const char *data, gsize length)
{
    if (!talk->has_ended && !raw_client_send_data (talk->client, data, length))
        end (talk, "before all was sent");
}

static void
say (Talk *talk, const char *text)
{
    say_data (talk, text, strlen (text));
}

/* (transfer full) (nullable): NULL at the end. */
static RawAnswer *
take_answer (Talk *talk, gboolean no_body)
{
    RawAnswer *answer;

    if (talk->has_ended)
        return NULL;
    answer = raw_client_read (talk->client, no_body);
    if (answer == NULL)
        end (talk, "instead of an answer");
    else if (!answer->is_whole)
        end (talk, "within an answer");
    return answer;
}

/* The right answer is right in all its bytes; a wrong one is an error. */
static void
check_answer (Talk *talk, const RawAnswer *answer, guint status, const char *body, gsize length)
{
    if (!talk->terms->is_strict && (answer->status != status || !answer->is_whole)) {
        ck_assert_msg (answer->status == status || (answer->status >= 400 && answer->status < 600),
                       "answered %u: %s", answer->status, answer->head);
        return;
    }
    ck_assert_msg (answer->status == status, "answered %u, not %u: %s%s", answer->status, status,
                   answer->head, answer->body->str);
    ck_assert_msg (answer->body->len == length && memcmp (answer->body->str, body, length) == 0,
                   "%u bytes came, not the right %u: %s", (guint) answer->body->len, (guint) length,
                   answer->head);
}

static void
hear_data (Talk *talk, guint status, const char *body, gsize length)
{
    g_autoptr (RawAnswer) answer = take_answer (talk, FALSE);

    if (answer != NULL)
        check_answer (talk, answer, status, body, length);
}

static void
hear (Talk *talk, guint status, const char *body)
{
    hear_data (talk, status, body, strlen (body));
}

static void
hear_text (Talk *talk, gsize length)
{
    g_autofree char *text = fault_server_make_text (length);

    hear_data (talk, 200, text, length);
}

/* Any body. */
static void
hear_status (Talk *talk, guint status, gboolean no_body)
{
    g_autoptr (RawAnswer) answer = take_answer (talk, no_body);

    if (answer != NULL)
        check_answer (talk, answer, status, answer->body->str, answer->body->len);
}

static void
get_plain (Talk *talk)
{
    say (talk, GET ("/plain"));
    hear (talk, 200, "plain");
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
    say (talk, GET ("/plain") GET ("/work") GET ("/file") GET ("/plain"));
    hear (talk, 200, "plain");
    hear (talk, 200, "worked");
    hear_text (talk, FAULT_FILE_LENGTH);
    hear (talk, 200, "plain");
}

static void
send_in_pieces (Talk *talk)
{
    say (talk, "GET /plain HT");
    say (talk, "TP/1.1\r\nHost:");
    say (talk, " a\r\n\r\n");
    hear (talk, 200, "plain");
}

static void
close_at_once (Talk *talk)
{
    say (talk, "GET /plain HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    hear (talk, 200, "plain");
}

static void
ask_for_nothing (Talk *talk)
{
    say (talk, GET ("/nowhere"));
    hear_status (talk, 404, FALSE);
    say (talk, "GARBAGE\r\n\r\n");
    hear_status (talk, 400, FALSE);
}

static void
post (Talk *talk)
{
    say (talk, "POST /back HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello");
    say (talk, " world");
    hear (talk, 200, "hello world");
}

static void
expect (Talk *talk)
{
    g_autoptr (RawAnswer) interim = NULL;

    say (talk, "POST /back HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
               "Expect: 100-continue\r\n\r\n");
    interim = take_answer (talk, FALSE);
    if (interim == NULL || interim->status != 100) {
        ck_assert (!talk->terms->is_strict);
        return;
    }
    say (talk, "hello");
    hear (talk, 200, "hello");
}

#define BODY_LENGTH 30000

static void
post_chunks (Talk *talk)
{
    g_autofree char *text = fault_server_make_text (BODY_LENGTH);

    say (talk, "POST /stream-back HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (gsize i = 0; i < BODY_LENGTH; i += BODY_LENGTH / 3) {
        g_autofree char *line = g_strdup_printf ("%x\r\n", BODY_LENGTH / 3);

        say (talk, line);
        say_data (talk, text + i, BODY_LENGTH / 3);
        say (talk, "\r\n");
    }
    say (talk, "0\r\n\r\n");
    hear_data (talk, 200, text, BODY_LENGTH);
    get_plain (talk);
}

/* Something stands before the answer, and behind both bodies. */
static void
post_signed (Talk *talk)
{
    g_autoptr (RawAnswer) hint = NULL;
    g_autoptr (RawAnswer) answer = NULL;

    say (talk, "POST /signed-back HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    hint = take_answer (talk, FALSE);
    if (hint == NULL || hint->status != 103) {
        ck_assert (!talk->terms->is_strict);
        return;
    }
    say (talk, "5\r\nhello\r\n0\r\nX-Sum: 5\r\n\r\n");
    answer = take_answer (talk, FALSE);
    if (answer == NULL)
        return;
    check_answer (talk, answer, 200, "hello", 5);
    if (answer->is_whole && answer->status == 200)
        ck_assert_str_eq (answer->trailers->str, "X-Sum: 5\r\n");
}

static void
upload (Talk *talk)
{
    g_autofree char *text = fault_server_make_text (BODY_LENGTH);

    say (talk, "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; "
               "boundary=b\r\nContent-Length: 30068\r\n\r\n"
               "--b\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\n");
    say_data (talk, text, BODY_LENGTH);
    say (talk, "\r\n--b--\r\n");
    hear_data (talk, 200, text, BODY_LENGTH);
    get_plain (talk);
}

static void
get_generated (Talk *talk)
{
    say (talk, GET ("/generated"));
    hear_text (talk, FAULT_PIECES * FAULT_PIECE_LENGTH);
}

static void
get_written (Talk *talk)
{
    say (talk, GET ("/written"));
    hear_text (talk, FAULT_PIECES * FAULT_PIECE_LENGTH);
}

static void
get_file (Talk *talk)
{
    say (talk, "HEAD /file HTTP/1.1\r\nHost: a\r\n\r\n");
    hear_status (talk, 200, TRUE);
    say (talk, GET ("/file"));
    hear_text (talk, FAULT_FILE_LENGTH);
}

static void
get_large (Talk *talk)
{
    say (talk, GET ("/large"));
    hear_text (talk, FAULT_LARGE_LENGTH);
    get_plain (talk);
}

static void
offload (Talk *talk)
{
    say (talk, GET ("/work"));
    hear (talk, 200, "worked");
}

static void
wait_for_timer (Talk *talk)
{
    say (talk, GET ("/timer"));
    hear (talk, 200, "in time");
}

static void
wait_for_source (Talk *talk)
{
    say (talk, GET ("/source"));
    hear (talk, 200, "heard");
}

/* Each event is whole; its id, which the channel makes, is not known. */
static void
get_events (Talk *talk)
{
    g_autofree char *text = fault_server_make_text (FAULT_PIECE_LENGTH);
    g_autofree char *ending = g_strdup_printf ("\nevent: piece\ndata: %s", text);
    g_autoptr (RawAnswer) answer = NULL;
    g_auto (GStrv) events = NULL;

    say (talk, GET ("/events"));
    answer = take_answer (talk, FALSE);
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

    say (talk, "GET /stream HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
    head = take_answer (talk, FALSE);
    if (head == NULL || head->status != 101) {
        ck_assert (!talk->terms->is_strict);
        return;
    }
    say (talk, "echo");
    while (n < sizeof heard) {
        gsize got = raw_client_receive (talk->client, heard + n, sizeof heard - n);

        if (got == 0) {
            end (talk, "within a stream");
            return;
        }
        n += got;
    }
    ck_assert_mem_eq (heard, "echo", sizeof heard);
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
    { "large", get_large },
    { "offload", offload },
    { "timer", wait_for_timer },
    { "source", wait_for_source },
    { "events", get_events },
    { "stream", take_over },
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

void
exchange_run (const Exchange *exchange, const ExchangeTerms *terms)
{
    Talk talk = { terms, raw_client_new_small (terms->address), FALSE };

    exchange->run (&talk);
    leave (talk.client);
}
