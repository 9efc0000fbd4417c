/* SPDX-License-Identifier: MIT
 *
 * What of h3d demo takes its time: lines, drops, delays; and that nothing of it outlives its
 * client. */

#include "tests/support/running-demo.h"
#include "tests/support/suite.h"

#include <jansson.h>
#include <string.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

static json_t *
parse (const char *text)
{
    json_t *document = json_loads (text, 0, NULL);

    ck_assert_msg (document != NULL, "no JSON: %s", text);
    return document;
}

static const char *
get_text (json_t *document, const char *outer, const char *inner)
{
    return json_string_value (json_object_get (json_object_get (document, outer), inner));
}

START_TEST (stream_is_a_request_a_line_with_its_number)
{
    g_autoptr (RawAnswer) answer = running_demo_ask (GET ("/stream/3?a=1"));
    g_autoptr (RawAnswer) many = running_demo_ask (GET ("/stream/1000"));
    g_autoptr (RawAnswer) none = running_demo_ask (GET ("/stream/0"));
    g_auto (GStrv) lines = g_strsplit (answer->body->str, "\n", -1);
    g_auto (GStrv) hundred = g_strsplit (many->body->str, "\n", -1);

    raw_answer_expect_header (answer, "Content-Type", "application/json");
    raw_answer_expect_header (answer, "Transfer-Encoding", "chunked");
    ck_assert_uint_eq (g_strv_length (lines), 4);
    for (guint i = 0; i < 3; i++) {
        json_t *document = parse (lines[i]);

        ck_assert_int_eq (json_integer_value (json_object_get (document, "id")), (json_int_t) i);
        ck_assert_str_eq (get_text (document, "args", "a"), "1");
        ck_assert_str_eq (get_text (document, "headers", "Host"), "a");
        ck_assert_uint_eq (json_object_size (document), 5);
        json_decref (document);
    }
    ck_assert_str_eq (lines[3], "");
    ck_assert_uint_eq (g_strv_length (hundred), 101);
    ck_assert_uint_eq (none->body->len, 0);
}
END_TEST

/* What /drip answers with: a status, and how long its body is. */
static const struct {
    const char *request;
    guint status;
    gsize length;
} drips[] = {
    { GET ("/drip?duration=0.02"), 200, 10 },
    { GET ("/drip?duration=0&numbytes=100000"), 200, 100000 },
    { GET ("/drip?Duration=0.05&NumBytes=1000&delay=0.01&code=203"), 203, 1000 },
    { GET ("/drip?duration=0&numbytes=99999999"), 200, 10 << 20 },
    { GET ("/drip?duration=0&code=204"), 204, 0 },
    { GET ("/drip?duration=0&code=500"), 500, 10 },
};

static const char *const refused[] = {
    GET ("/drip?numbytes=0"), GET ("/drip?numbytes=-1"), GET ("/drip?numbytes=x"),
    GET ("/drip?duration=x"), GET ("/drip?duration=-1"), GET ("/drip?duration=nan"),
    GET ("/drip?delay=x"),    GET ("/drip?delay=1e9"),   GET ("/drip?code=x"),
    GET ("/drip?code=99"),    GET ("/drip?code=600"),    GET ("/delay/x"),
    GET ("/delay/-1"),        GET ("/delay/nan"),        GET ("/delay/1x"),
};

START_TEST (drip_gives_so_many_bytes)
{
    for (guint i = 0; i < G_N_ELEMENTS (drips); i++) {
        g_autoptr (RawAnswer) answer = running_demo_ask (drips[i].request);
        g_autofree char *expected = g_strnfill (drips[i].length, '*');

        ck_assert_msg (answer->status == drips[i].status && answer->body->len == drips[i].length,
                       "%u and %" G_GSIZE_FORMAT " bytes to %s", answer->status, answer->body->len,
                       drips[i].request);
        ck_assert_str_eq (answer->body->str, expected);
        raw_answer_expect_header (answer, "Content-Type", "application/octet-stream");
    }
    for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
        g_autoptr (RawAnswer) answer = running_demo_ask (refused[i]);

        ck_assert_msg (answer->status == 400, "%u to %s", answer->status, refused[i]);
    }
}
END_TEST

START_TEST (delay_shows_the_request)
{
    g_autoptr (RawAnswer) answer = running_demo_ask (
        "POST /delay/0.02?q=1 HTTP/1.1\r\nHost: a\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=b");
    json_t *document = parse (answer->body->str);

    ck_assert_uint_eq (answer->status, 200);
    ck_assert_str_eq (get_text (document, "args", "q"), "1");
    ck_assert_str_eq (get_text (document, "form", "a"), "b");
    ck_assert_ptr_null (json_object_get (document, "json"));
    ck_assert_uint_eq (json_object_size (document), 7);
    json_decref (document);
}
END_TEST

/* All of these wait for longer than the test. */
static const char *const waiting[] = {
    GET ("/delay/10"),           GET ("/drip?delay=3600"),
    GET ("/drip?duration=3600"), GET ("/range/1000?duration=3600&chunk_size=1"),
    GET ("/slow?ms=50000"),
};

START_TEST (client_that_goes_ends_what_waits_for_it)
{
    RawClient *clients[G_N_ELEMENTS (waiting)];

    for (guint i = 0; i < G_N_ELEMENTS (waiting); i++) {
        clients[i] = running_demo_connect ();
        ck_assert (raw_client_send (clients[i], waiting[i]));
    }
    running_demo_wait_for ("timers", G_N_ELEMENTS (waiting));
    for (guint i = 0; i < G_N_ELEMENTS (waiting); i++) {
        if (_i)
            raw_client_reset (clients[i]);
        raw_client_free (clients[i]);
    }
    running_demo_wait_for ("timers", 0);
    running_demo_wait_for ("events", 1);
    running_demo_wait_for ("connections", 1);
}
END_TEST

/* Who has closed the sending side may have gone: what waits is answered now. */
START_TEST (half_closed_client_is_not_kept_waiting)
{
    for (guint i = 0; i < G_N_ELEMENTS (waiting); i++) {
        g_autoptr (RawClient) client = running_demo_connect ();
        g_autoptr (RawAnswer) answer = NULL;

        ck_assert (raw_client_send (client, waiting[i]));
        running_demo_wait_for ("timers", 1);
        raw_client_half_close (client);
        answer = raw_client_read (client, FALSE);
        ck_assert_ptr_nonnull (answer);
        ck_assert_uint_eq (answer->status, 200);
        ck_assert (answer->is_whole);
        running_demo_wait_for ("timers", 0);
    }
}
END_TEST

START_TEST (drops_come_one_by_one)
{
    RawClient *client = running_demo_connect ();
    RawAnswer *head;
    char drops[8];

    ck_assert (raw_client_send (client, GET ("/drip?duration=3600&numbytes=3")));
    head = raw_client_read_head (client);
    raw_answer_expect_header (head, "Content-Length", "3");
    raw_answer_free (head);
    ck_assert_uint_eq (raw_client_receive (client, drops, sizeof drops), 1);
    running_demo_wait_for ("timers", 1);
    ck_assert (!raw_client_has_news (client));
    raw_client_free (client);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("streams");

    tcase_add_checked_fixture (tcase, running_demo_start, running_demo_end);
    tcase_add_test (tcase, stream_is_a_request_a_line_with_its_number);
    tcase_add_test (tcase, drip_gives_so_many_bytes);
    tcase_add_test (tcase, delay_shows_the_request);
    tcase_add_loop_test (tcase, client_that_goes_ends_what_waits_for_it, 0, 2);
    tcase_add_test (tcase, half_closed_client_is_not_kept_waiting);
    tcase_add_test (tcase, drops_come_one_by_one);
    tcase_set_timeout (tcase, 120);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/demo-stream", add_cases);
}
