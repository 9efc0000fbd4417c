/* SPDX-License-Identifier: MIT
 *
 * Middleware that needs no body runs before one is asked for; those behind it, and the handler,
 * have the whole of it. */

#include "h3/app/app.h"
#include "h3/batteries/access-log.h"
#include "h3/http/answer.h"
#include "h3/http/failure.h"
#include "h3/route/chain.h"
#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <unistd.h>

static TestServer server;

/* What the middleware saw of the body, a letter each: upper case where it was there. */
static void
see (H3Event *event, gpointer user_data)
{
    const char *seen = h3_event_get_data (event, "seen");
    gboolean has_body = h3_request_get_body (h3_event_get_request (event)) != NULL;
    char letter = *(const char *) user_data;

    if (has_body)
        letter = g_ascii_toupper (letter);
    h3_event_set_data (event, "seen", g_strdup_printf ("%s%c", seen != NULL ? seen : "", letter),
                       g_free);
    h3_event_next (event);
}

static void
answer_seen (H3Event *event, gpointer user_data)
{
    GBytes *body = h3_request_get_body (h3_event_get_request (event));
    g_autofree char *text = NULL;

    text = g_strdup_printf ("%s:%.*s", (const char *) h3_event_get_data (event, "seen"),
                            body != NULL ? (int) g_bytes_get_size (body) : 0,
                            body != NULL ? (const char *) g_bytes_get_data (body, NULL) : "");
    h3_event_send_text (event, text);
}

static void
refuse (H3Event *event, gpointer user_data)
{
    h3_event_fail_status (event, 401, "No.");
}

static void
go_on (H3Event *event, gpointer user_data)
{
    h3_event_next (event);
}

static void
wait_a_little (H3Event *event, gpointer user_data)
{
    h3_event_after (event, 1, go_on, NULL, NULL);
}

static H3Middleware *
early (H3Handler handler, const char *letter)
{
    H3Middleware *middleware = h3_middleware_new (handler, (gpointer) letter, NULL);

    h3_middleware_set_early (middleware, TRUE);
    return middleware;
}

static void
set_up (void)
{
    test_server_init (&server);
    h3_app_use (server.app, "/", early (see, "a"));
}

static void
start (void)
{
    (void) h3_app_all (server.app, "/**", answer_seen, NULL);
    ck_assert (h3_app_set_limit (server.app, "max-body", 10, NULL));
    test_server_start (&server);
}

#define POST(fields) "POST /p HTTP/1.1\r\nHost: a\r\n" fields "\r\n"
#define CHUNKED      POST ("Transfer-Encoding: chunked\r\n")

START_TEST (refusal_that_needs_no_body_comes_instead_of_100)
{
    g_autoptr (RawClient) client = NULL;

    set_up ();
    h3_app_use (server.app, "/", early (refuse, NULL));
    start ();
    client = test_server_connect (&server);
    raw_client_expect (client, POST ("Expect: 100-continue\r\nContent-Length: 3\r\n"), 401, NULL);
    g_clear_pointer (&client, raw_client_free);
    test_server_end (&server);
}
END_TEST

START_TEST (what_is_let_pass_gets_100_and_is_whole_behind)
{
    g_autoptr (RawClient) client = NULL;

    set_up ();
    h3_app_use (server.app, "/", h3_middleware_new (see, (gpointer) "b", NULL));
    start ();
    client = test_server_connect (&server);
    raw_client_expect (client, POST ("Expect: 100-continue\r\nContent-Length: 3\r\n"), 100, NULL);
    raw_client_expect (client, "xyz", 200, "aB:xyz");
    raw_client_expect (client, CHUNKED "1\r\nx\r\n2\r\nyz\r\n0\r\n\r\n", 200, "aB:xyz");
    raw_client_expect (client, POST ("Content-Length: 0\r\n"), 200, "ab:");
    raw_client_expect (client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200, "ab:");
    g_clear_pointer (&client, raw_client_free);
    test_server_end (&server);
}
END_TEST

START_TEST (early_one_may_take_its_time)
{
    g_autoptr (RawClient) client = NULL;

    set_up ();
    h3_app_use (server.app, "/", early (wait_a_little, NULL));
    h3_app_use (server.app, "/", early (see, "b"));
    h3_app_use (server.app, "/", h3_middleware_new (wait_a_little, NULL, NULL));
    h3_app_use (server.app, "/", h3_middleware_new (see, (gpointer) "c", NULL));
    start ();
    client = test_server_connect (&server);
    for (guint i = 0; i < 3; i++) {
        raw_client_send (client,
                         POST ("Content-Length: 3\r\n") "xyz" CHUNKED "1\r\nx\r\n0\r\n\r\n");
        raw_client_expect_answer (client, 200, "abC:xyz");
        raw_client_expect_answer (client, 200, "abC:x");
    }
    g_clear_pointer (&client, raw_client_free);
    test_server_end (&server);
}
END_TEST

START_TEST (early_one_behind_another_waits_for_the_body)
{
    set_up ();
    h3_app_use (server.app, "/", h3_middleware_new (see, (gpointer) "b", NULL));
    h3_app_use (server.app, "/", early (see, "c"));
    start ();
    test_server_expect (&server, POST ("Content-Length: 3\r\n") "xyz", 200, "aBC:xyz");
    test_server_end (&server);
}
END_TEST

START_TEST (bounds_hold_behind_early_ones)
{
    set_up ();
    start ();
    test_server_expect (&server, POST ("Content-Length: 10\r\n") "0123456789", 200, "a:0123456789");
    test_server_expect (&server, POST ("Content-Length: 11\r\n"), 413, NULL);
    test_server_expect (&server, CHUNKED "a\r\n0123456789\r\n0\r\n\r\n", 200, "a:0123456789");
    test_server_expect (&server, CHUNKED "b\r\n0123456789x\r\n0\r\n\r\n", 413, NULL);
    test_server_expect (&server, CHUNKED "x\r\n", 400, NULL);
    test_server_end (&server);
}
END_TEST

/* One that has seen the request is not told a second time, one that has not is told. */
START_TEST (each_log_has_one_line_of_a_body_that_fails)
{
    g_autoptr (GString) text = g_string_new (NULL);
    char piece[4096];
    gssize n;
    int ends[2][2];

    for (guint i = 0; i < 2; i++)
        ck_assert (g_unix_open_pipe (ends[i], FD_CLOEXEC, NULL));
    set_up ();
    for (guint i = 0; i < 2; i++) {
        H3Middleware *log = h3_access_log_new_for_fd (H3_ACCESS_LOG_COMMON, ends[i][1], NULL);
        ck_assert_ptr_nonnull (log);
        h3_app_use (server.app, "/", log);
        h3_app_use (server.app, "/", h3_middleware_new (see, (gpointer) "b", NULL));
    }
    start ();
    test_server_expect (&server, POST ("Content-Length: 11\r\n"), 413, NULL);
    test_server_expect (&server, CHUNKED "x\r\n", 400, NULL);
    test_server_end (&server);
    for (guint i = 0; i < 2; i++) {
        g_auto (GStrv) lines = NULL;

        (void) close (ends[i][1]);
        g_string_truncate (text, 0);
        while ((n = read (ends[i][0], piece, sizeof piece)) > 0)
            g_string_append_len (text, piece, n);
        (void) close (ends[i][0]);
        lines = g_strsplit (text->str, "\n", -1);
        ck_assert_msg (g_strv_length (lines) == 3, "%s", text->str);
    }
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "early", refusal_that_needs_no_body_comes_instead_of_100,
                    what_is_let_pass_gets_100_and_is_whole_behind, early_one_may_take_its_time,
                    early_one_behind_another_waits_for_the_body, bounds_hold_behind_early_ones,
                    each_log_has_one_line_of_a_body_that_fails, NULL);
}

int
main (void)
{
    return suite_run ("e2e/early", add_cases);
}
