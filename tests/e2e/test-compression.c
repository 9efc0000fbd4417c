/* SPDX-License-Identifier: MIT
 *
 * Coded answers over real sockets: what is streamed can be read while its producer waits, and a
 * long one that comes to few bytes leaves others their turn. */

#include "tests/support/codings.h"
#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/format/coder.h"
#include "h3/h3.h"

/* A close-delimited body, so that what was received is the body. */
#define GET(path) "GET " path " HTTP/1.0\r\nAccept-Encoding: br, zstd, gzip\r\n\r\n"

static const char *const names[] = { "gzip", "br", "zstd" };

static TestServer server;
static atomic_int goes_on; /* the worker's, but for its first value */
static H3Event *held;      /* ref: the worker's */

static void
set_up (void)
{
    test_server_init (&server);
    atomic_store (&goes_on, TRUE);
    held = NULL;
}

static void
tear_down (void)
{
    test_server_end (&server);
}

/* A client that reads what it gets. */
typedef struct {
    RawClient *client; /* owned */
    Coder *coder;      /* owned */
    GByteArray *text;  /* owned */
} Reader;

static Reader
ask (const char *name, const char *path)
{
    Reader reader = { test_server_connect (&server), NULL, g_byte_array_new () };
    g_autofree char *request =
        g_strdup_printf ("GET %s HTTP/1.0\r\nAccept-Encoding: %s\r\n\r\n", path, name);
    g_autoptr (RawAnswer) head = NULL;
    Coding coding;

    ck_assert (raw_client_send (reader.client, request));
    head = raw_client_read_head (reader.client);
    ck_assert_uint_eq (head->status, 200);
    raw_answer_expect_header (head, "Content-Encoding", name);
    ck_assert (coding_parse (h3_view_of (name), &coding));
    reader.coder = coder_new_decoding (coding, 0);
    return reader;
}

/* Reads until there are so many bytes of text; G_MAXSIZE: to the end. */
static void
read_text (Reader *reader, gsize length)
{
    char data[4096];
    gsize n = 1;

    while (reader->text->len < length && n > 0) {
        CoderAim aim;
        H3View input;

        n = raw_client_receive (reader->client, data, sizeof data);
        aim = n > 0 ? CODER_FEED : CODER_FINISH;
        input = h3_view (data, n);
        ck_assert_int_eq (coder_append (reader->coder, input, aim, reader->text), CODER_READY);
    }
}

static void
free_reader (Reader *reader)
{
    raw_client_free (reader->client);
    coder_free (reader->coder);
    g_byte_array_unref (reader->text);
}

/* Writes a word, and the next when it is asked to. */
static void
begin_words (H3Event *event, gpointer user_data)
{
    h3_response_set_content_type (h3_event_get_response (event), "text/plain");
    h3_event_write (event, "one ", 4);
    held = h3_event_defer (event);
}

static void
add_word (H3Event *event, gpointer user_data)
{
    h3_event_write (held, "two ", 4);
    h3_event_send_text (event, "written");
}

static void
end_words (H3Event *event, gpointer user_data)
{
    h3_event_write (held, "three", 5);
    h3_event_finish (held);
    g_clear_pointer (&held, h3_event_unref);
    h3_event_send_text (event, "ended");
}

START_TEST (compression_shows_what_was_written_while_the_producer_waits)
{
    if (!codings_are_had (names[_i]))
        return;
    Reader reader;

    h3_app_use (server.app, "/", h3_compression_new ());
    h3_app_get (server.app, "/begin", begin_words, NULL);
    h3_app_get (server.app, "/add", add_word, NULL);
    h3_app_get (server.app, "/end", end_words, NULL);
    test_server_start (&server);
    reader = ask (names[_i], "/begin");
    read_text (&reader, 4);
    test_server_expect (&server, GET ("/add"), 200, "written");
    read_text (&reader, 8);
    test_server_expect (&server, GET ("/end"), 200, "ended");
    read_text (&reader, G_MAXSIZE);
    ck_assert_uint_eq (reader.text->len, 13);
    ck_assert (memcmp (reader.text->data, "one two three", 13) == 0);
    free_reader (&reader);
}
END_TEST

/* Has a piece, then nothing until it is resumed, then a piece, then the end. */
static GBytes *
generate_words (gpointer user_data, GError **error)
{
    guint *n = user_data;

    if (*n == 0) {
        (*n)++;
        return g_bytes_new_static ("one ", 4);
    }
    if (*n == 2)
        return NULL;
    if (held != NULL)
        return g_bytes_new (NULL, 0);
    (*n)++;
    return g_bytes_new_static ("two", 3);
}

static void
send_words (H3Event *event, gpointer user_data)
{
    held = h3_event_defer (event);
    h3_response_set_content_type (h3_event_get_response (event), "text/plain");
    h3_event_send_generator (event, -1, generate_words, g_new0 (guint, 1), g_free);
}

static void
resume_words (H3Event *event, gpointer user_data)
{
    h3_event_resume_generator (held);
    g_clear_pointer (&held, h3_event_unref);
    h3_event_send_text (event, "resumed");
}

START_TEST (compression_shows_what_a_generator_gave_while_it_waits)
{
    if (!codings_are_had (names[_i]))
        return;
    Reader reader;

    h3_app_use (server.app, "/", h3_compression_new ());
    h3_app_get (server.app, "/begin", send_words, NULL);
    h3_app_get (server.app, "/end", resume_words, NULL);
    test_server_start (&server);
    reader = ask (names[_i], "/begin");
    read_text (&reader, 4);
    test_server_expect (&server, GET ("/end"), 200, "resumed");
    read_text (&reader, G_MAXSIZE);
    ck_assert_uint_eq (reader.text->len, 7);
    free_reader (&reader);
}
END_TEST

/* What has no end until somebody else was answered. */
static GBytes *
generate_zeros (gpointer user_data, GError **error)
{
    static const char zeros[65536];

    return atomic_load (&goes_on) ? g_bytes_new_static (zeros, sizeof zeros) : NULL;
}

static void
send_zeros (H3Event *event, gpointer user_data)
{
    h3_response_set_content_type (h3_event_get_response (event), "text/plain");
    h3_event_send_generator (event, -1, generate_zeros, NULL, NULL);
}

static void
write_zeros (H3Event *event, gpointer user_data)
{
    static const char zeros[4096];

    while (atomic_load (&goes_on)
           && !g_cancellable_is_cancelled (h3_event_get_cancellable (event))) {
        if (!h3_event_write (event, zeros, sizeof zeros)) {
            h3_event_on_drain (event, write_zeros, NULL, NULL);
            return;
        }
    }
    h3_event_finish (event);
}

static void
stream_zeros (H3Event *event, gpointer user_data)
{
    h3_response_set_content_type (h3_event_get_response (event), "text/plain");
    write_zeros (event, NULL);
}

static void
stop_zeros (H3Event *event, gpointer user_data)
{
    atomic_store (&goes_on, FALSE);
    h3_event_send_text (event, "stopped");
}

static void
check_turns (H3Handler handler, const char *name)
{
    Reader reader;

    h3_app_use (server.app, "/", h3_compression_new ());
    h3_app_get (server.app, "/zeros", handler, NULL);
    h3_app_get (server.app, "/stop", stop_zeros, NULL);
    test_server_start (&server);
    reader = ask (name, "/zeros");
    test_server_expect (&server, GET ("/stop"), 200, "stopped");
    g_byte_array_set_size (reader.text, 0);
    read_text (&reader, G_MAXSIZE);
    free_reader (&reader);
}

START_TEST (compression_of_what_is_generated_leaves_others_their_turn)
{
    if (!codings_are_had (names[_i]))
        return;
    check_turns (send_zeros, names[_i]);
}
END_TEST

START_TEST (compression_of_what_is_streamed_leaves_others_their_turn)
{
    if (!codings_are_had (names[_i]))
        return;
    check_turns (stream_zeros, names[_i]);
}
END_TEST

/* A client that leaves within a long answer leaves nothing behind: the fixture looks. */
START_TEST (compression_ends_with_its_client)
{
    if (!codings_are_had (names[_i]))
        return;
    Reader generated, streamed;

    h3_app_use (server.app, "/", h3_compression_new ());
    h3_app_get (server.app, "/generated", send_zeros, NULL);
    h3_app_get (server.app, "/streamed", stream_zeros, NULL);
    test_server_start (&server);
    generated = ask (names[_i], "/generated");
    streamed = ask (names[_i], "/streamed");
    raw_client_reset (generated.client);
    raw_client_reset (streamed.client);
    free_reader (&generated);
    free_reader (&streamed);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("sockets");

    tcase_set_timeout (tcase, 60);
    tcase_add_checked_fixture (tcase, set_up, tear_down);
    tcase_add_loop_test (tcase, compression_shows_what_was_written_while_the_producer_waits, 0,
                         G_N_ELEMENTS (names));
    tcase_add_loop_test (tcase, compression_shows_what_a_generator_gave_while_it_waits, 0,
                         G_N_ELEMENTS (names));
    tcase_add_loop_test (tcase, compression_of_what_is_generated_leaves_others_their_turn, 0,
                         G_N_ELEMENTS (names));
    tcase_add_loop_test (tcase, compression_of_what_is_streamed_leaves_others_their_turn, 0,
                         G_N_ELEMENTS (names));
    tcase_add_loop_test (tcase, compression_ends_with_its_client, 0, G_N_ELEMENTS (names));
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/compression", add_cases);
}
