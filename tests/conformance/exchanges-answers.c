/* SPDX-License-Identifier: MIT
 *
 * Answers that depend on what the client has sent so far, and on what it sends next. */

#include "conformance-exchanges.h"
#include "conformance-ways.h"

#include "tests/support/connection-fixture.h"
#include "tests/support/suite.h"

#include <string.h>
#include <unistd.h>

#define EXPECTING(line) line "\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"

static TestServer server;

static void
run_continue (void)
{
    g_autoptr (RawClient) client = NULL;
    g_autoptr (RawAnswer) interim = NULL;

    conformance_start_server (&server);
    client = test_server_connect (&server);
    ck_assert (raw_client_send (client, EXPECTING ("POST /whole HTTP/1.1")));
    interim = raw_client_read_head (client);
    ck_assert_ptr_nonnull (interim);
    ck_assert_uint_eq (interim->status, 100);
    raw_answer_expect_header (interim, "Content-Length", NULL);
    raw_answer_expect_header (interim, "Transfer-Encoding", NULL);
    raw_client_expect (client, "hello", 200, "hello world");
    g_clear_pointer (&client, raw_client_free);
    test_server_end (&server);
}

/* Sends the two parts, each when the other was read: what came behind each. */
static void
assert_two_answers (const char *first, const char *first_start, const char *second,
                    const char *second_start)
{
    int peer;
    g_autofree char *one = NULL, *two = NULL;

    conformance_start_memory ();
    peer = fixture_connect ();
    fixture_send (peer, h3_view_of (first));
    one = fixture_receive (peer, NULL);
    ck_assert_msg (*first_start == '\0' ? *one == '\0' : g_str_has_prefix (one, first_start),
                   "behind the head: %s", one);
    fixture_send (peer, h3_view_of (second));
    two = fixture_receive (peer, NULL);
    ck_assert_msg (*second_start == '\0' ? *two == '\0' : g_str_has_prefix (two, second_start),
                   "behind the body: %s", two);
    (void) close (peer);
    conformance_end_memory ();
}

static void
run_no_continue_in_1_0 (void)
{
    assert_two_answers (EXPECTING ("POST /whole HTTP/1.0"), "", "hello", "HTTP/1.1 200 ");
}

static void
run_no_continue_when_begun (void)
{
    assert_two_answers (EXPECTING ("POST /whole HTTP/1.1") "h", "", "ello", "HTTP/1.1 200 ");
}

static void
run_no_continue_for_unread (void)
{
    assert_two_answers (EXPECTING ("POST /unread HTTP/1.1"), "HTTP/1.1 200 ", AFTER, "");
}

static void
run_no_continue_for_405 (void)
{
    assert_two_answers (EXPECTING ("LOCK /other HTTP/1.1"), "HTTP/1.1 405 ", AFTER, "");
}

static void
run_no_continue_for_413 (void)
{
    assert_two_answers ("POST /whole HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                        "Content-Length: 9999999999\r\n\r\n",
                        "HTTP/1.1 413 ", AFTER, "");
}

static void
run_417_at_once (void)
{
    assert_two_answers ("POST /whole HTTP/1.1\r\nHost: a\r\nExpect: x\r\n"
                        "Content-Length: 5\r\n\r\n",
                        "HTTP/1.1 417 ", "hello" AFTER, "");
}

/* The client has no more to send; what it asked is answered, in its order, then comes the end. */
static void
run_half_close (void)
{
    g_autoptr (RawClient) client = NULL;

    conformance_start_server (&server);
    client = test_server_connect (&server);
    ck_assert (raw_client_send (client, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n" AFTER));
    raw_client_half_close (client);
    raw_client_expect_answer (client, 200, "hello world");
    raw_client_expect_answer (client, 200, AFTER_SEEN);
    raw_client_expect_end (client);
    ck_assert (!client->was_reset);
    g_clear_pointer (&client, raw_client_free);
    test_server_end (&server);
}

static void
run_half_close_in_a_body (void)
{
    g_autoptr (RawClient) client = NULL;

    conformance_start_server (&server);
    client = test_server_connect (&server);
    ck_assert (raw_client_send (
        client, AFTER "POST /whole HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell"));
    raw_client_half_close (client);
    raw_client_expect_answer (client, 200, AFTER_SEEN);
    raw_client_expect_end (client);
    g_clear_pointer (&client, raw_client_free);
    test_server_end (&server);
}

/* What the client sends meanwhile must not turn the answer into a reset. */
static void
run_linger (void)
{
    g_autofree char *rest = g_strnfill (200 * 1024, 'x');
    g_autoptr (RawClient) client = NULL;

    conformance_start_server (&server);
    client = test_server_connect (&server);
    ck_assert (raw_client_send (client, "GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n"));
    ck_assert (raw_client_send (client, rest));
    raw_client_expect_answer (client, 400, NULL);
    raw_client_expect_end (client);
    ck_assert (!client->was_reset);
    g_clear_pointer (&client, raw_client_free);
    test_server_end (&server);
}

#define MOST_DISCARDED (256 * 1024)

static GString *
build_unread (gsize length, gboolean chunked)
{
    GString *text = g_string_new ("POST /unread HTTP/1.1\r\nHost: a\r\n");
    g_autofree char *body = g_strnfill (length, 'x');

    if (chunked)
        g_string_append_printf (text,
                                "Transfer-Encoding: chunked\r\n\r\n%" G_GINT64_MODIFIER "x\r\n%s"
                                "\r\n0\r\n\r\n",
                                (guint64) length, body);
    else
        g_string_append_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s", length,
                                body);
    g_string_append (text, AFTER);
    return text;
}

/* Of a body that nobody reads: up to the bound it is thrown away and the next request answered;
 * beyond it the connection ends, and nothing behind it is read. */
static void
run_unread (void)
{
    conformance_start_server (&server);
    for (guint i = 0; i < 6; i++) {
        gboolean is_beyond = i / 2 == 2;
        gboolean chunked = i % 2 == 1;
        g_autoptr (GString) text = build_unread (MOST_DISCARDED - 1 + i / 2, chunked);
        g_autoptr (RawClient) client = test_server_connect (&server);
        g_autoptr (RawAnswer) answer = NULL;

        (void) raw_client_send_data (client, text->str, text->len);
        answer = raw_client_read (client, FALSE);
        ck_assert_ptr_nonnull (answer);
        ck_assert_uint_eq (answer->status, 200);
        if (!is_beyond) {
            raw_answer_expect_header (answer, "Connection", NULL);
            raw_client_expect_answer (client, 200, AFTER_SEEN);
        } else {
            if (!chunked)
                raw_answer_expect_header (answer, "Connection", "close");
            raw_client_expect_end (client);
        }
    }
    test_server_end (&server);
}

static void
run_bursts (void)
{
    static const guint sizes[] = { 2, 4, 16, 50, 100 };

    conformance_start_server (&server);
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
        g_autoptr (RawClient) client = test_server_connect (&server);
        g_autoptr (GString) burst = g_string_new (NULL);

        for (guint k = 0; k < sizes[i]; k++)
            g_string_append_printf (burst, "GET /%u HTTP/1.1\r\nHost: a\r\n\r\n", k);
        ck_assert (raw_client_send_data (client, burst->str, burst->len));
        for (guint k = 0; k < sizes[i]; k++) {
            g_autofree char *seen = g_strdup_printf ("GET /%u [Host: a] <>", k);

            raw_client_expect_answer (client, 200, seen);
        }
        raw_client_half_close (client);
        raw_client_expect_end (client);
    }
    test_server_end (&server);
}

#define ANSWERED "And answered"

static const Exchange rows[] = {
    { ANSWERED, "Expect", "the client waits before its body", "RFC 9110 §10.1.1", "100, then 200",
      run_continue },
    { ANSWERED, "Expect", "the same in HTTP/1.0", "RFC 9110 §10.1.1", "no 100",
      run_no_continue_in_1_0 },
    { ANSWERED, "Expect", "the body has begun", "RFC 9110 §10.1.1", "no 100",
      run_no_continue_when_begun },
    { ANSWERED, "Expect", "the handler wants no body", "RFC 9110 §10.1.1", "no 100; 200, close",
      run_no_continue_for_unread },
    { ANSWERED, "Expect", "no such method", "RFC 9110 §10.1.1", "no 100; 405, close",
      run_no_continue_for_405 },
    { ANSWERED, "Expect", "the body is too large", "RFC 9110 §10.1.1", "no 100; 413, close",
      run_no_continue_for_413 },
    { ANSWERED, "Expect", "something else is expected", "RFC 9110 §10.1.1",
      "417 before the body, close", run_417_at_once },
    { ANSWERED, "Ends", "the client half-closes behind two requests", "RFC 9112 §9.6",
      "both are answered", run_half_close },
    { ANSWERED, "Ends", "the client half-closes within a body", "RFC 9112 §8",
      "no answer to what is not whole", run_half_close_in_a_body },
    { ANSWERED, "Ends", "the client goes on sending behind an error", "RFC 9112 §9.6",
      "it reads the answer, no reset", run_linger },
    { ANSWERED, "Pipelining", "2, 4, 16, 50, 100 requests in the first bytes", "RFC 9112 §9.3.2",
      "all, in their order", run_bursts },
    { "How much it takes", "body left unread", "256 KiB − 1, 256 KiB, 256 KiB + 1, both framings",
      "RFC 9112 §9.3", "kept, kept, close", run_unread },
};

const ExchangeTable answer_exchanges = { rows, G_N_ELEMENTS (rows) };
