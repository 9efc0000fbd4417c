/* SPDX-License-Identifier: MIT
 *
 * What of h3d demo is told in events. */

#include "tests/support/running-demo.h"
#include "tests/support/suite.h"

#include <string.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

START_TEST (count_is_an_event_each)
{
    static const char *const requests[] = { GET ("/sse?count=2&interval=1"),
                                            GET ("/sse?count=2&interval=0") };

    for (guint i = 0; i < G_N_ELEMENTS (requests); i++) {
        g_autoptr (RawAnswer) answer = running_demo_ask (requests[i]);

        raw_answer_expect_header (answer, "Content-Type", "text/event-stream");
        ck_assert_str_eq (answer->body->str, "id: 1\nevent: count\ndata: {\"n\":1,\"of\":2}\n\n"
                                             "id: 2\nevent: count\ndata: {\"n\":2,\"of\":2}\n\n");
    }
}
END_TEST

START_TEST (count_goes_as_far_as_is_asked)
{
    g_autoptr (RawAnswer) answer = running_demo_ask (GET ("/sse?count=100000&interval=0"));

    ck_assert (answer->is_whole);
    ck_assert (g_str_has_suffix (answer->body->str, "data: {\"n\":100000,\"of\":100000}\n\n"));
}
END_TEST

START_TEST (count_goes_on_for_who_comes_back)
{
    g_autoptr (RawAnswer) answer =
        running_demo_ask_for ("GET /sse?count=3&interval=1", "Last-Event-ID: 2\r\n");
    g_autoptr (RawAnswer) none =
        running_demo_ask_for ("GET /sse?count=3&interval=1", "Last-Event-ID: 3\r\n");

    ck_assert_str_eq (answer->body->str, "id: 3\nevent: count\ndata: {\"n\":3,\"of\":3}\n\n");
    ck_assert_uint_eq (none->status, 204);
    running_demo_expect ("GET /sse?count=0", 400, "");
    running_demo_expect ("GET /sse?interval=-1", 400, "");
}
END_TEST

static void
expect_heard (RawClient *client, const char *expected)
{
    g_autoptr (GString) heard = g_string_new (NULL);

    while (!g_str_has_suffix (heard->str, expected)) {
        char piece[4096];
        gsize n = raw_client_receive (client, piece, sizeof piece);

        ck_assert_msg (n > 0, "the stream ended behind %s", heard->str);
        g_string_append_len (heard, piece, (gssize) n);
    }
}

START_TEST (channel_is_heard_and_kept)
{
    RawClient *first = running_demo_connect (), *second;
    g_autoptr (RawAnswer) head = NULL;
    g_autoptr (RawAnswer) other = NULL;

    ck_assert (raw_client_send (first, "GET /sse/channel HTTP/1.0\r\n\r\n"));
    head = raw_client_read_head (first);
    ck_assert_uint_eq (head->status, 200);
    {
        g_autoptr (RawAnswer) answer =
            running_demo_ask ("POST /sse/channel?id=1&event=news HTTP/1.1\r\nHost: a\r\n"
                              "Content-Length: 5\r\n\r\na\r\nb\n");
        g_autoptr (RawAnswer) bad = running_demo_ask ("POST /sse/channel?id=1%0A HTTP/1.1\r\n"
                                                      "Host: a\r\nContent-Length: 0\r\n\r\n");
        g_autoptr (RawAnswer) bytes = running_demo_ask ("POST /sse/channel HTTP/1.1\r\nHost: a\r\n"
                                                        "Content-Length: 1\r\n\r\n\xff");

        ck_assert_uint_eq (answer->status, 200);
        ck_assert_ptr_nonnull (strstr (answer->body->str, "\"published\": 1"));
        ck_assert_ptr_nonnull (strstr (answer->body->str, "\"subscribers\": 1"));
        ck_assert_uint_eq (bad->status, 400);
        ck_assert_uint_eq (bytes->status, 400);
    }
    expect_heard (first, "id: 1\nevent: news\ndata: a\ndata: b\ndata: \n\n");
    raw_client_free (first);
    {
        g_autoptr (RawAnswer) answer =
            running_demo_ask ("POST /sse/channel?id=2 HTTP/1.1\r\nHost: a\r\n"
                              "Content-Length: 1\r\n\r\nc");

        ck_assert_uint_eq (answer->status, 200);
    }
    second = running_demo_connect ();
    ck_assert (raw_client_send (second, "GET /sse/channel HTTP/1.0\r\nLast-Event-ID: 1\r\n\r\n"));
    other = raw_client_read_head (second);
    expect_heard (second, "id: 2\ndata: c\n\n");
    raw_client_free (second);
    running_demo_wait_for ("event_streams", 0);
    running_demo_wait_for ("subscriptions", 0);
}
END_TEST

START_TEST (page_listens)
{
    running_demo_expect ("GET /sse/page", 200, "new EventSource('/sse/channel')");
}
END_TEST

static void
add (Suite *suite)
{
    TCase *events = tcase_create ("events");

    tcase_add_checked_fixture (events, running_demo_start, running_demo_end);
    tcase_add_test (events, count_is_an_event_each);
    tcase_add_test (events, count_goes_as_far_as_is_asked);
    tcase_add_test (events, count_goes_on_for_who_comes_back);
    tcase_add_test (events, channel_is_heard_and_kept);
    tcase_add_test (events, page_listens);
    suite_add_tcase (suite, events);
}

int
main (void)
{
    return suite_run ("e2e/demo-sse", add);
}
