/* SPDX-License-Identifier: MIT */

#include "h3/wire/http1-request-writer.h"
#include "tests/support/head-cuts.h"
#include "tests/support/suite.h"

static Http1RequestHead head;
static H3Headers *headers;

static void
set_up (void)
{
    headers = h3_headers_new ();
    head = (Http1RequestHead){
        .method = H3_VIEW ("GET"),
        .target = H3_VIEW ("/"),
        .host = H3_VIEW ("a.b"),
        .headers = headers,
    };
}

static void
tear_down (void)
{
    h3_headers_unref (headers);
}

/* (transfer full): the head, in exactly the room that was measured. */
static char *
write_head (void)
{
    gsize room = http1_request_writer_measure (&head);
    g_autofree char *out = g_malloc (room);
    gsize length;

    ck_assert_uint_gt (room, 0);
    length = http1_request_writer_write (&head, out);
    ck_assert_uint_le (length, room);
    return g_strndup (out, length);
}

static void
assert_head (const char *expected)
{
    g_autofree char *text = write_head ();

    ck_assert_str_eq (text, expected);
}

START_TEST (head_is_written_byte_for_byte)
{
    assert_head ("GET / HTTP/1.1\r\nHost: a.b\r\n\r\n");
    head.headers = NULL;
    head.method = H3_VIEW ("PROPFIND");
    head.target = H3_VIEW ("/a%20b/?c=d&e=%2f;@:!$'()*+,~");
    head.host = H3_VIEW ("[::1]:8080");
    assert_head ("PROPFIND /a%20b/?c=d&e=%2f;@:!$'()*+,~ HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n");
}
END_TEST

START_TEST (host_comes_first_and_fields_in_their_order)
{
    h3_headers_add (headers, "X-B", "1");
    h3_headers_add (headers, "Accept", "*/*");
    h3_headers_add (headers, "x-b", "");
    head.framing = FRAMING_LENGTH;
    head.length = G_MAXINT64;
    head.close = TRUE;
    assert_head ("GET / HTTP/1.1\r\nHost: a.b\r\nX-B: 1\r\nAccept: */*\r\nX-B: \r\n"
                 "Content-Length: 9223372036854775807\r\nConnection: close\r\n\r\n");
}
END_TEST

START_TEST (fields_of_framing_and_connection_are_dropped)
{
    static const char *const names[] = {
        "Connection",     "Content-Length", "Expect",  "HOST",
        "http2-settings", "Keep-Alive",     "TE",      "Proxy-Connection",
        "Trailer",        "upgrade",        "Upgrade", "transfer-encoding",
    };

    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        ck_assert (http1_request_writer_is_own (names[i]));
        h3_headers_add (headers, names[i], "5");
    }
    h3_headers_add (headers, "Content-Lengths", "5");
    h3_headers_add (headers, "X-Host", "5");
    h3_headers_add (headers, "Proxy-Authorization", "5");
    assert_head ("GET / HTTP/1.1\r\nHost: a.b\r\nContent-Lengths: 5\r\nX-Host: 5\r\n"
                 "Proxy-Authorization: 5\r\n\r\n");
}
END_TEST

START_TEST (methods_that_have_bodies_say_so_when_there_is_none)
{
    static const char *const with[] = { "POST", "PUT", "PATCH" };
    static const char *const without[] = { "GET", "HEAD", "DELETE", "OPTIONS", "post", "X" };

    for (guint i = 0; i < G_N_ELEMENTS (with); i++) {
        g_autofree char *expected =
            g_strconcat (with[i], " / HTTP/1.1\r\nHost: a.b\r\nContent-Length: 0\r\n\r\n", NULL);

        head.method = h3_view_of (with[i]);
        assert_head (expected);
    }
    for (guint i = 0; i < G_N_ELEMENTS (without); i++) {
        g_autofree char *expected =
            g_strconcat (without[i], " / HTTP/1.1\r\nHost: a.b\r\n\r\n", NULL);

        head.method = h3_view_of (without[i]);
        assert_head (expected);
    }
    head.framing = FRAMING_LENGTH;
    assert_head ("X / HTTP/1.1\r\nHost: a.b\r\nContent-Length: 0\r\n\r\n");
}
END_TEST

START_TEST (chunks_upgrades_and_expectations_are_announced)
{
    head.method = H3_VIEW ("POST");
    head.framing = FRAMING_CHUNKED;
    head.length = 5;
    head.expects_continue = TRUE;
    assert_head ("POST / HTTP/1.1\r\nHost: a.b\r\nTransfer-Encoding: chunked\r\n"
                 "Expect: 100-continue\r\n\r\n");
    head.framing = FRAMING_NONE;
    head.expects_continue = FALSE;
    head.method = H3_VIEW ("GET");
    head.upgrade = H3_VIEW ("websocket");
    assert_head ("GET / HTTP/1.1\r\nHost: a.b\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                 "\r\n");
}
END_TEST

START_TEST (proxies_get_the_whole_url_and_their_own_credentials)
{
    h3_headers_add (headers, "Proxy-Authorization", "Basic b2xk");
    h3_headers_add (headers, "Authorization", "Basic YQ==");
    head.target = H3_VIEW ("http://a.b/c?d");
    head.proxy_credentials = H3_VIEW ("Basic bmV3");
    assert_head ("GET http://a.b/c?d HTTP/1.1\r\nHost: a.b\r\nProxy-Authorization: Basic bmV3\r\n"
                 "Authorization: Basic YQ==\r\n\r\n");
    head.target = H3_VIEW ("https://a.b?c");
    ck_assert_uint_gt (http1_request_writer_measure (&head), 0);
    head.method = H3_VIEW ("CONNECT");
    head.headers = NULL;
    head.target = head.host = H3_VIEW ("a.b:443");
    assert_head ("CONNECT a.b:443 HTTP/1.1\r\nHost: a.b:443\r\n"
                 "Proxy-Authorization: Basic bmV3\r\n\r\n");
}
END_TEST

static void
assert_unsent (const char *what)
{
    ck_assert_msg (http1_request_writer_measure (&head) == 0, "%s is sent", what);
}

START_TEST (method_is_a_token_of_bounded_length)
{
    static const char *const methods[] = { "",      " ",      "GET ",    " GET", "G T", "G\tT",
                                           "GET\r", "GET\n",  "G\r\nX",  "G/T",  "G:T", "(GET)",
                                           "G\177", "G\303T", "GET\001", "G,T",  "G;T", "\"G\"",
                                           "G@T",   "G[T",    "G\\T",    "{}",   "G=T?" };
    g_autofree char *longest = g_strnfill (33, 'A');

    for (guint i = 0; i < G_N_ELEMENTS (methods); i++) {
        head.method = h3_view_of (methods[i]);
        assert_unsent (methods[i]);
    }
    head.method = H3_VIEW ("G\0T");
    assert_unsent ("NUL");
    head.method = h3_view (longest, 33);
    assert_unsent (longest);
    head.method = h3_view (longest, 32);
    ck_assert_uint_gt (http1_request_writer_measure (&head), 0);
}
END_TEST

static const char *const bad_targets[] = { "",
                                           "a",
                                           "?a",
                                           "a/b",
                                           "*",
                                           "/ ",
                                           "/a b",
                                           "/\t",
                                           "/\r\n",
                                           "/a\nX: y",
                                           "/#a",
                                           "/\177",
                                           "/\303",
                                           "/\"",
                                           "/<",
                                           "/>",
                                           "/\\",
                                           "/^",
                                           "/`",
                                           "/{",
                                           "/|",
                                           "/}",
                                           "/%",
                                           "/%4",
                                           "/%4g",
                                           "/%g4",
                                           "/%00",
                                           "/?%0",
                                           "http://",
                                           "http:/a.b/",
                                           "http://a",
                                           "http://a.bc",
                                           "http://x.y",
                                           "http://a.c/",
                                           "http://a.b:80/",
                                           "http://x@a.b/",
                                           "ftp://a.b/",
                                           "HTTP//a.b",
                                           "a.b:443",
                                           "http://a.b#" };

START_TEST (target_goes_with_the_method_and_has_no_odd_bytes)
{
    for (guint i = 0; i < G_N_ELEMENTS (bad_targets); i++) {
        head.target = h3_view_of (bad_targets[i]);
        assert_unsent (bad_targets[i]);
    }
    head.target = H3_VIEW ("/a\0b");
    assert_unsent ("NUL");
    head.target = h3_view ("/%41", 3);
    assert_unsent ("an escape cut short");
    head.method = H3_VIEW ("CONNECT");
    head.target = H3_VIEW ("/");
    assert_unsent ("CONNECT /");
    head.target = head.host;
    assert_unsent ("CONNECT without a port");
    head.target = H3_VIEW ("a.b:1");
    head.host = H3_VIEW ("a.b:2");
    assert_unsent ("CONNECT to another than Host");
    head.method = H3_VIEW ("OPTIONS");
    head.target = H3_VIEW ("*");
    ck_assert_uint_gt (http1_request_writer_measure (&head), 0);
}
END_TEST

START_TEST (host_protocol_and_credentials_are_well_formed)
{
    static const char *const hosts[] = { "",        "a b",  "a/b", "a\r\nX: y", "u@a", "a,b",  "a:",
                                         "a:99999", "[::1", "::1", "a:b",       "a#",  "a\303" };

    for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
        head.host = h3_view_of (hosts[i]);
        assert_unsent (hosts[i]);
    }
    head.host = H3_VIEW ("a");
    head.upgrade = H3_VIEW ("a\r\nX: y");
    assert_unsent ("line in Upgrade");
    head.upgrade = H3_VIEW ("a, b");
    assert_unsent ("list in Upgrade");
    head.upgrade = H3_VIEW_EMPTY;
    head.proxy_credentials = H3_VIEW ("a\r\nX: y");
    assert_unsent ("line in Proxy-Authorization");
}
END_TEST

START_TEST (content_type_is_written_once)
{
    h3_headers_add (headers, "Content-Type", "text/plain");
    ck_assert_uint_gt (http1_request_writer_measure (&head), 0);
    h3_headers_add (headers, "content-type", "text/html");
    assert_unsent ("a second Content-Type");
}
END_TEST

START_TEST (framing_that_no_request_has_is_not_written)
{
    head.framing = FRAMING_CLOSE;
    assert_unsent ("a body until the connection ends");
    head.framing = FRAMING_LENGTH;
    head.length = (guint64) G_MAXINT64 + 1;
    assert_unsent ("2^63");
}
END_TEST

START_TEST (what_is_written_is_read_as_it_was_meant)
{
    H3Limits limits;

    h3_limits_init (&limits);
    h3_headers_add (headers, "Cookie", "a=b; c=d");
    h3_headers_add (headers, "X", "\303\244");
    head.method = H3_VIEW ("PUT");
    head.target = H3_VIEW ("/a%20b?c=%41");
    head.framing = FRAMING_CHUNKED;
    head.expects_continue = TRUE;
    head.close = TRUE;
    g_autofree char *text = write_head ();
    g_auto (ReadHead) read;
    read_head_init (&read, &limits, h3_view_of (text));
    ck_assert_uint_eq (read.status, 0);
    ck_assert_uint_eq (read.linted.index.length, strlen (text));
    ck_assert_uint_eq (read.request.method, H3_METHOD_PUT);
    ck_assert (h3_view_equal (request_path (&read.request), H3_VIEW ("/a b")));
    ck_assert (h3_view_equal (read.request.host, head.host));
    ck_assert (read.request.chunked && read.request.expects_continue && !read.request.keep_alive);
    ck_assert_uint_eq (read.request.head.n_fields, 6);
}
END_TEST

static void
add (Suite *suite)
{
    const TTest *const tests[] = {
        head_is_written_byte_for_byte,
        host_comes_first_and_fields_in_their_order,
        fields_of_framing_and_connection_are_dropped,
        methods_that_have_bodies_say_so_when_there_is_none,
        chunks_upgrades_and_expectations_are_announced,
        proxies_get_the_whole_url_and_their_own_credentials,
        method_is_a_token_of_bounded_length,
        target_goes_with_the_method_and_has_no_odd_bytes,
        host_protocol_and_credentials_are_well_formed,
        content_type_is_written_once,
        framing_that_no_request_has_is_not_written,
        what_is_written_is_read_as_it_was_meant,
    };
    TCase *test_case = tcase_create ("write");

    tcase_add_checked_fixture (test_case, set_up, tear_down);
    for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
        tcase_add_test (test_case, tests[i]);
    suite_add_tcase (suite, test_case);
}

int
main (void)
{
    return suite_run ("wire/http1-request-writer", add);
}
