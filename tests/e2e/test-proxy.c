/* SPDX-License-Identifier: MIT
 *
 * Requests handed on to a server behind, and its answers handed back, over real sockets. */

#include "proxy-fixture.h"

#define GET(target)  "GET " target " HTTP/1.1\r\nHost: example.org\r\n\r\n"
#define OK(fields)   "HTTP/1.1 200 OK\r\n" fields "\r\n"
#define POST(fields) "POST /p HTTP/1.1\r\nHost: example.org\r\n" fields "\r\n"

static void
expect_port_host (guint n)
{
    scripted_server_expect_header (&behind, n, "Host", behind.address);
}

START_TEST (request_is_handed_on_and_answered)
{
    static const ScriptStep script[] = { SCRIPT_REQUEST,
                                         SCRIPT_SEND (OK ("Content-Length: 2\r\nX-A: b\r\n") "hi"),
                                         SCRIPT_AGAIN };
    g_autoptr (RawAnswer) answer = NULL;

    start (script);
    raw_client_send (client, "GET /a%2Fb%20c?d=%2F HTTP/1.1\r\nHost: example.org\r\nX-C: d\r\n"
                             "Connection: x-e\r\nX-E: f\r\n\r\n");
    answer = raw_client_read (client, FALSE);
    ck_assert_uint_eq (answer->status, 200);
    ck_assert_str_eq (answer->body->str, "hi");
    raw_answer_expect_header (answer, "X-A", "b");
    raw_answer_expect_header (answer, "Content-Length", "2");
    scripted_server_expect_line (&behind, 0, "GET /a%2Fb%20c?d=%2F HTTP/1.1");
    scripted_server_expect_header (&behind, 0, "X-C", "d");
    scripted_server_expect_header (&behind, 0, "X-E", NULL);
    scripted_server_expect_header (&behind, 0, "Via", "1.1 edge");
    scripted_server_expect_header (&behind, 0, "X-Forwarded-For", "127.0.0.1");
    scripted_server_expect_header (&behind, 0, "X-Forwarded-Host", "example.org");
    scripted_server_expect_header (&behind, 0, "Forwarded",
                                   "for=127.0.0.1;host=example.org;proto=http");
    expect_port_host (0);
    finish ();
}
END_TEST

START_TEST (connections_are_used_again)
{
    static const ScriptStep script[] = { SCRIPT_REQUEST, SCRIPT_SEND (OK ("Content-Length: 0\r\n")),
                                         SCRIPT_AGAIN };

    start (script);
    for (guint i = 0; i < 5; i++)
        raw_client_expect (client, GET ("/"), 200, "");
    ck_assert_uint_eq (scripted_server_count_connections (&behind), 1);
    ck_assert_uint_eq (scripted_server_count_requests (&behind), 5);
    finish ();
}
END_TEST

START_TEST (body_of_known_length_keeps_it)
{
    static const ScriptStep script[] = { SCRIPT_REQUEST, SCRIPT_SEND (OK ("Content-Length: 0\r\n")),
                                         SCRIPT_AGAIN };
    GString *body;

    start (script);
    raw_client_expect (client, POST ("Content-Length: 5\r\n") "hello", 200, "");
    body = scripted_server_dup_body (&behind, 0);
    ck_assert_str_eq (body->str, "hello");
    scripted_server_expect_header (&behind, 0, "Content-Length", "5");
    scripted_server_expect_header (&behind, 0, "Transfer-Encoding", NULL);
    g_string_free (body, TRUE);
    raw_client_expect (client, POST ("Content-Length: 0\r\n"), 200, "");
    scripted_server_expect_header (&behind, 1, "Content-Length", "0");
    finish ();
}
END_TEST

START_TEST (body_in_chunks_goes_on_in_chunks)
{
    static const ScriptStep script[] = { SCRIPT_REQUEST, SCRIPT_SEND (OK ("Content-Length: 0\r\n")),
                                         SCRIPT_AGAIN };
    GString *body;

    start (script);
    raw_client_expect (client,
                       POST ("Transfer-Encoding: chunked\r\n") "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n"
                                                               "X-T: dropped\r\n\r\n",
                       200, "");
    body = scripted_server_dup_body (&behind, 0);
    ck_assert_str_eq (body->str, "hello");
    scripted_server_expect_header (&behind, 0, "Content-Length", NULL);
    scripted_server_expect_header (&behind, 0, "Transfer-Encoding", "chunked");
    g_string_free (body, TRUE);
    finish ();
}
END_TEST

START_TEST (answer_in_chunks_keeps_its_trailers)
{
    static const ScriptStep script[] = {
        SCRIPT_REQUEST,
        SCRIPT_SEND (OK (
            "Transfer-Encoding: chunked\r\nTrailer: X-Sum, Content-Length\r\n") "3\r\nabc\r\n2;x="
                                                                                "y\r\nde\r\n0\r\nX-"
                                                                                "Sum: "
                                                                                "7\r\nContent-"
                                                                                "Length: "
                                                                                "9\r\n\r\n"),
        SCRIPT_AGAIN,
    };
    g_autoptr (RawAnswer) answer = NULL;

    start (script);
    raw_client_send (client, GET ("/"));
    answer = raw_client_read (client, FALSE);
    ck_assert (answer->is_whole);
    ck_assert_str_eq (answer->body->str, "abcde");
    raw_answer_expect_header (answer, "Trailer", "X-Sum");
    ck_assert_str_eq (answer->trailers->str, "X-Sum: 7\r\n");
    raw_client_expect (client, GET ("/"), 200, "abcde");
    finish ();
}
END_TEST

START_TEST (answer_until_the_end_is_told_in_chunks)
{
    static const ScriptStep script[] = { SCRIPT_REQUEST, SCRIPT_SEND (OK ("") "all of it"),
                                         SCRIPT_CLOSE };
    g_autoptr (RawAnswer) answer = NULL;

    start (script);
    raw_client_send (client, GET ("/"));
    answer = raw_client_read (client, FALSE);
    ck_assert (answer->is_whole);
    ck_assert_str_eq (answer->body->str, "all of it");
    raw_answer_expect_header (answer, "Transfer-Encoding", "chunked");
    raw_client_expect (client, GET ("/"), 200, "all of it");
    finish ();
}
END_TEST

START_TEST (answers_without_a_body_have_none)
{
    static const ScriptStep script[] = {
        SCRIPT_REQUEST,
        SCRIPT_SEND (OK ("Content-Length: 1000\r\nETag: \"a\"\r\n")),
        SCRIPT_REQUEST,
        SCRIPT_SEND ("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\nContent-Length: 1000\r\n\r\n"),
        SCRIPT_REQUEST,
        SCRIPT_SEND ("HTTP/1.1 204 No Content\r\n\r\n"),
        SCRIPT_REQUEST,
        SCRIPT_SEND (OK ("Content-Length: 4\r\n") "last"),
        SCRIPT_CLOSE,
    };
    g_autoptr (RawAnswer) head = NULL;
    g_autoptr (RawAnswer) unchanged = NULL;

    start (script);
    raw_client_send (client, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    head = raw_client_read (client, TRUE);
    raw_answer_expect_header (head, "Content-Length", "1000");
    raw_answer_expect_header (head, "ETag", "\"a\"");
    raw_client_send (client, GET ("/"));
    unchanged = raw_client_read (client, FALSE);
    ck_assert_uint_eq (unchanged->status, 304);
    raw_answer_expect_header (unchanged, "ETag", "\"a\"");
    raw_answer_expect_header (unchanged, "Content-Length", NULL);
    raw_client_expect (client, GET ("/"), 204, "");
    raw_client_expect (client, GET ("/"), 200, "last");
    scripted_server_expect_line (&behind, 0, "HEAD / HTTP/1.1");
    finish ();
}
END_TEST

START_TEST (fields_of_the_connection_behind_stay_there)
{
    static const ScriptStep script[] = {
        SCRIPT_REQUEST,
        SCRIPT_SEND (OK ("Connection: keep-alive, X-A\r\nX-A: 1\r\nKeep-Alive: timeout=9\r\n"
                         "Proxy-Authenticate: Basic\r\nUpgrade: h2c\r\nSet-Cookie: a=b\r\n"
                         "Set-Cookie: c=d\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                         "Server: behind\r\nX-Request-Id: 7\r\nVia: 1.1 b\r\n"
                         "Content-Length: 0\r\n")),
        SCRIPT_AGAIN,
    };
    g_autoptr (RawAnswer) answer = NULL;

    start (script);
    raw_client_send (client, GET ("/"));
    answer = raw_client_read (client, FALSE);
    raw_answer_expect_header (answer, "X-A", NULL);
    raw_answer_expect_header (answer, "Keep-Alive", NULL);
    raw_answer_expect_header (answer, "Proxy-Authenticate", NULL);
    raw_answer_expect_header (answer, "Upgrade", NULL);
    raw_answer_expect_header (answer, "Connection", NULL);
    raw_answer_expect_header (answer, "Server", "behind");
    raw_answer_expect_header (answer, "Via", "1.1 b");
    raw_answer_expect_header (answer, "X-Request-Id", "7");
    raw_answer_expect_header (answer, "Date", "Sun, 06 Nov 1994 08:49:37 GMT");
    ck_assert_ptr_nonnull (strstr (answer->head, "Set-Cookie: a=b\r\nSet-Cookie: c=d\r\n"));
    finish ();
}
END_TEST

START_TEST (paths_lie_elsewhere_behind)
{
    static const ScriptStep script[] = {
        SCRIPT_REQUEST,
        SCRIPT_SEND ("HTTP/1.1 302 Found\r\nLocation: /v1/next?x\r\nSet-Cookie: a=b; Path=/\r\n"
                     "Content-Length: 0\r\n\r\n"),
        SCRIPT_AGAIN,
    };
    g_autoptr (RawAnswer) answer = NULL;

    prepare (script);
    ck_assert (h3_proxy_set_paths (proxy, "/api", "/v1", NULL));
    begin ();
    raw_client_send (client, GET ("/api/x?y"));
    answer = raw_client_read (client, FALSE);
    scripted_server_expect_line (&behind, 0, "GET /v1/x?y HTTP/1.1");
    scripted_server_expect_header (&behind, 0, "X-Forwarded-Prefix", "/api");
    raw_answer_expect_header (answer, "Location", "/api/next?x");
    raw_answer_expect_header (answer, "Set-Cookie", "a=b; Path=/api");
    raw_client_expect (client, GET ("/other"), 404, NULL);
    raw_client_expect (client, GET ("/api/..%2f..%2fadmin"), 400, NULL);
    ck_assert_uint_eq (scripted_server_count_requests (&behind), 1);
    finish ();
}
END_TEST

START_TEST (host_of_the_client_is_kept_where_that_is_wanted)
{
    static const ScriptStep script[] = { SCRIPT_REQUEST, SCRIPT_SEND (OK ("Content-Length: 0\r\n")),
                                         SCRIPT_AGAIN };

    prepare (script);
    h3_proxy_set_keep_host (proxy, TRUE);
    ck_assert (h3_proxy_set_header (proxy, "X-User", "alice"));
    ck_assert (h3_proxy_set_header (proxy, "Cookie", NULL));
    begin ();
    raw_client_expect (client,
                       "GET / HTTP/1.1\r\nHost: example.org\r\nX_User: root\r\nCookie: a=b\r\n\r\n",
                       200, "");
    scripted_server_expect_header (&behind, 0, "Host", "example.org");
    scripted_server_expect_header (&behind, 0, "X-User", "alice");
    scripted_server_expect_header (&behind, 0, "X_User", NULL);
    scripted_server_expect_header (&behind, 0, "Cookie", NULL);
    finish ();
}
END_TEST

START_TEST (methods_that_end_here_are_answered_here)
{
    static const ScriptStep script[] = { SCRIPT_REQUEST, SCRIPT_SEND (OK ("Content-Length: 0\r\n")),
                                         SCRIPT_AGAIN };

    start (script);
    raw_client_expect (client, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501, NULL);
    raw_client_expect (client, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 501, NULL);
    raw_client_expect (client, "OPTIONS / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n", 204, "");
    ck_assert_uint_eq (scripted_server_count_requests (&behind), 0);
    raw_client_expect (client, "OPTIONS / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 3\r\n\r\n", 200, "");
    scripted_server_expect_header (&behind, 0, "Max-Forwards", "2");
    raw_client_expect (client, "PROPFIND / HTTP/1.1\r\nHost: a\r\n\r\n", 200, "");
    scripted_server_expect_line (&behind, 1, "PROPFIND / HTTP/1.1");
    finish ();
}
END_TEST

START_TEST (request_in_circles_is_ended)
{
    static const ScriptStep script[] = { SCRIPT_REQUEST, SCRIPT_SEND (OK ("Content-Length: 0\r\n")),
                                         SCRIPT_AGAIN };

    start (script);
    raw_client_expect (client, "GET / HTTP/1.1\r\nHost: a\r\nVia: 1.1 edge\r\n\r\n", 200, "");
    raw_client_expect (client, "GET / HTTP/1.1\r\nHost: a\r\nVia: 1.1 edge, 1.1 edge\r\n\r\n", 508,
                       NULL);
    ck_assert_uint_eq (scripted_server_count_requests (&behind), 1);
    finish ();
}
END_TEST

START_TEST (hints_come_before_the_answer)
{
    static const ScriptStep script[] = {
        SCRIPT_REQUEST,
        SCRIPT_SEND ("HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n"
                     "Connection: X-A\r\nX-A: b\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"),
        SCRIPT_WAIT,
        SCRIPT_SEND (OK ("Content-Length: 2\r\n") "hi"),
        SCRIPT_AGAIN,
    };
    g_autoptr (RawAnswer) hints = NULL;

    start (script);
    raw_client_send (client, GET ("/"));
    hints = raw_client_read_head (client);
    ck_assert_uint_eq (hints->status, 103);
    raw_answer_expect_header (hints, "Link", "</a>; rel=preload");
    raw_answer_expect_header (hints, "X-A", NULL);
    scripted_server_permit (&behind);
    raw_client_expect_answer (client, 200, "hi");
    finish ();
}
END_TEST

START_TEST (proxy_stands_at_a_prefix_of_an_app)
{
    static const ScriptStep script[] = { SCRIPT_REQUEST,
                                         SCRIPT_SEND (OK ("Content-Length: 6\r\n") "behind"),
                                         SCRIPT_AGAIN };

    prepare (script);
    h3_app_use (server.app, "/api", h3_proxy_to_middleware (proxy));
    (void) h3_app_route (server.app, "GET", "/routed/**", h3_proxy_handle, proxy, NULL);
    test_server_start (&server);
    client = test_server_connect (&server);
    raw_client_expect (client, GET ("/api"), 200, "behind");
    raw_client_expect (client, GET ("/api/x"), 200, "behind");
    raw_client_expect (client, GET ("/apix"), 404, NULL);
    raw_client_expect (client, GET ("/routed/x"), 200, "behind");
    scripted_server_expect_line (&behind, 1, "GET /api/x HTTP/1.1");
    finish ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (
        suite, "requests", request_is_handed_on_and_answered, connections_are_used_again,
        body_of_known_length_keeps_it, body_in_chunks_goes_on_in_chunks, paths_lie_elsewhere_behind,
        host_of_the_client_is_kept_where_that_is_wanted, methods_that_end_here_are_answered_here,
        request_in_circles_is_ended, proxy_stands_at_a_prefix_of_an_app, NULL);
    suite_add_case (suite, "answers", answer_in_chunks_keeps_its_trailers,
                    answer_until_the_end_is_told_in_chunks, answers_without_a_body_have_none,
                    fields_of_the_connection_behind_stay_there, hints_come_before_the_answer, NULL);
}

int
main (void)
{
    return suite_run ("e2e/proxy", add_cases);
}
