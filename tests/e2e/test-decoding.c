/* SPDX-License-Identifier: MIT
 *
 * Coded bodies of requests over real sockets: in pieces of any size, read slowly, refused, and left
 * by their clients. */

#include "tests/support/codings.h"
#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/format/coder.h"
#include "h3/h3.h"

#define LENGTH 300000

static const char *const names[] = { "gzip", "deflate", "br", "zstd" };

static TestServer server;
static char plain[LENGTH];
static Latch read_some = LATCH_INIT;
static H3Event *held; /* ref: the worker's */

/* What a reader has seen. */
typedef struct {
    gsize length;
    gboolean differs;
    gboolean pauses;
} Reading;

static void
resume (H3Event *event, gpointer user_data)
{
    h3_event_resume_body (event);
}

static void
take_piece (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    Reading *reading = user_data;

    if (data == NULL) {
        if (error == NULL)
            h3_event_send_text (event, reading->differs           ? "differs"
                                       : reading->length < LENGTH ? "short"
                                                                  : "same");
        return;
    }
    if (reading->length + length > LENGTH || memcmp (plain + reading->length, data, length) != 0)
        reading->differs = TRUE;
    reading->length += length;
    if (reading->pauses) {
        h3_event_pause_body (event);
        h3_event_after (event, 0, resume, NULL, NULL);
    }
}

static void
read_body (H3Event *event, gpointer user_data)
{
    Reading *reading = g_new0 (Reading, 1);

    reading->pauses = user_data != NULL;
    h3_event_read_body (event, take_piece, reading, g_free);
}

static void
compare_whole (H3Event *event, gpointer user_data)
{
    GBytes *body = h3_request_get_body (h3_event_get_request (event));

    h3_event_send_text (event, g_bytes_get_size (body) == LENGTH
                                       && memcmp (g_bytes_get_data (body, NULL), plain, LENGTH) == 0
                                   ? "same"
                                   : "differs");
}

/* Takes a piece, and the next when it is told to. */
static void
stop_piece (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    /* Where libevent waits with poll () nobody hears of a client's end while nobody reads: then the
     * rest of the body comes. */
    if (data == NULL && error == NULL)
        h3_event_send_text (event, "stopped");
    if (data == NULL || held != NULL)
        return;
    held = h3_event_defer (event);
    h3_event_pause_body (event);
    latch_raise (&read_some);
}

static void
stop_reading (H3Event *event, gpointer user_data)
{
    h3_event_read_body (event, stop_piece, NULL, NULL);
}

static void
read_on (H3Event *event, gpointer user_data)
{
    h3_event_resume_body (held);
    h3_event_unref (held);
    h3_event_send_text (event, "on");
}

static void
set_up (void)
{
    guint32 state = 1;

    for (guint i = 0; i < LENGTH; i++) {
        state = state * 1664525 + 1013904223;
        plain[i] = (char) (state >> 28);
    }
    test_server_init (&server);
    h3_app_use (server.app, "/", h3_decoding_new ());
    h3_app_post (server.app, "/whole", compare_whole, NULL);
    h3_route_set_body (h3_app_post (server.app, "/stream", read_body, NULL), H3_BODY_STREAMED, 0);
    h3_route_set_body (h3_app_post (server.app, "/slow", read_body, &server), H3_BODY_STREAMED, 0);
    h3_route_set_body (h3_app_post (server.app, "/stop", stop_reading, NULL), H3_BODY_STREAMED, 0);
    h3_app_get (server.app, "/on", read_on, NULL);
    test_server_start (&server);
}

static void
tear_down (void)
{
    test_server_end (&server);
}

static GByteArray *
encode (const char *name, H3View text)
{
    GByteArray *coded = g_byte_array_new ();
    g_autoptr (Coder) coder = NULL;
    Coding coding;

    ck_assert (coding_parse (h3_view_of (name), &coding));
    coder = coder_new_encoding (coding, CODER_LEVEL_DEFAULT, 0);
    ck_assert_int_eq (coder_append (coder, text, CODER_FINISH, coded), CODER_READY);
    return coded;
}

static void
send_coded (RawClient *client, const char *path, const char *name, GByteArray *coded, gsize piece)
{
    g_autofree char *head =
        g_strdup_printf ("POST %s HTTP/1.1\r\nHost: a\r\nContent-Encoding: %s\r\n"
                         "Content-Length: %u\r\n\r\n",
                         path, name, coded->len);

    ck_assert (raw_client_send (client, head));
    ck_assert (raw_client_send_pieces (client, (const char *) coded->data, coded->len, piece));
}

START_TEST (decoding_reads_pieces_of_any_size)
{
    if (!codings_are_had (names[_i]))
        return;
    static const char *const paths[] = { "/whole", "/stream", "/slow" };
    static const gsize pieces[] = { 113, 4096, 1000000 };
    g_autoptr (RawClient) client = test_server_connect (&server);
    g_autoptr (GByteArray) coded = encode (names[_i], h3_view (plain, LENGTH));

    /* One connection for all: each body ends where it should. */
    for (guint i = 0; i < G_N_ELEMENTS (paths) * G_N_ELEMENTS (pieces); i++) {
        send_coded (client, paths[i % G_N_ELEMENTS (paths)], names[_i], coded,
                    pieces[i / G_N_ELEMENTS (paths)]);
        raw_client_expect_answer (client, 200, "same");
    }
}
END_TEST

/* The connection serves on, for what is left of the body is read and dropped. */
START_TEST (decoding_refuses_and_serves_on)
{
    if (!codings_are_had (names[_i]))
        return;
    static const char *const paths[] = { "/whole", "/stream" };
    g_autoptr (RawClient) client = test_server_connect (&server);
    g_autofree char *zeros = g_malloc0 (20 << 20);
    g_autoptr (GByteArray) bomb = encode (names[_i], h3_view (zeros, 20 << 20));
    g_autoptr (GByteArray) coded = encode (names[_i], h3_view (plain, LENGTH));
    g_autoptr (GByteArray) broken = encode (names[_i], h3_view (plain, LENGTH));

    g_byte_array_set_size (broken, broken->len - 1);
    for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
        send_coded (client, paths[i], names[_i], bomb, 1000000);
        raw_client_expect_answer (client, 413, NULL);
        send_coded (client, paths[i], names[_i], broken, 5000);
        raw_client_expect_answer (client, 400, NULL);
        send_coded (client, paths[i], "compress", coded, 1000000);
        raw_client_expect_answer (client, 415, NULL);
        send_coded (client, paths[i], names[_i], coded, 1000000);
        raw_client_expect_answer (client, 200, "same");
    }
}
END_TEST

/* What holds the event, a timer here, is overruled: the connection ends with the answer. */
START_TEST (decoding_refuses_what_is_read_slowly)
{
    if (!codings_are_had (names[_i]))
        return;
    g_autofree char *zeros = g_malloc0 (20 << 20);
    g_autoptr (GByteArray) bomb = encode (names[_i], h3_view (zeros, 20 << 20));
    g_autoptr (GByteArray) broken = encode (names[_i], h3_view (plain, LENGTH));
    g_autoptr (RawClient) first = test_server_connect (&server);
    g_autoptr (RawClient) second = test_server_connect (&server);

    g_byte_array_set_size (broken, broken->len - 1);
    send_coded (first, "/slow", names[_i], bomb, 1000000);
    raw_client_expect_answer (first, 413, NULL);
    send_coded (second, "/slow", names[_i], broken, 5000);
    raw_client_expect_answer (second, 400, NULL);
}
END_TEST

/* With decoded bytes that nobody has read. The fixture looks at what is left. */
START_TEST (decoding_ends_with_its_client)
{
    if (!codings_are_had (names[_i]))
        return;
    RawClient *client = test_server_connect (&server);
    g_autoptr (GByteArray) coded = encode (names[_i], h3_view (plain, LENGTH));

    send_coded (client, "/stop", names[_i], coded, 1000000);
    latch_wait (&read_some, 1, "a piece was read");
    raw_client_reset (client);
    raw_client_free (client);
    test_server_expect (&server, "GET /on HTTP/1.0\r\n\r\n", 200, "on");
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("sockets");

    tcase_set_timeout (tcase, 60);
    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_loop_test (tcase, decoding_reads_pieces_of_any_size, 0, G_N_ELEMENTS (names));
    tcase_add_loop_test (tcase, decoding_refuses_and_serves_on, 0, G_N_ELEMENTS (names));
    tcase_add_loop_test (tcase, decoding_refuses_what_is_read_slowly, 0, G_N_ELEMENTS (names));
    tcase_add_loop_test (tcase, decoding_ends_with_its_client, 0, G_N_ELEMENTS (names));
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/decoding", add_cases);
}
