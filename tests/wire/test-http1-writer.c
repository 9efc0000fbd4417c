/* SPDX-License-Identifier: MIT */

#include "h3/wire/http1-writer.h"

#include "tests/support/suite.h"

/* Sun, 06 Nov 1994 08:49:37 GMT */
#define NOW  784111777
#define DATE "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"

static H3Response response;
static Http1Writer writer;
static Http1Exchange exchange;
static Http1Framing framing;

static void
set_up (void)
{
    memset (&response, 0, sizeof response);
    response_init (&response);
    http1_writer_init (&writer);
    exchange = (Http1Exchange){ .method = H3_METHOD_GET, .minor = 1 };
}

static void
tear_down (void)
{
    response_clear (&response);
}

/* (transfer full): the head, in exactly the room that was measured. */
static char *
write_head (void)
{
    gsize room = http1_writer_measure (&response);
    g_autofree char *out = g_malloc (room);
    gsize length;

    framing = http1_writer_frame (&response, &exchange);
    length = http1_writer_write_head (&writer, &response, &exchange, framing, NOW, out);
    ck_assert_uint_le (length, room);
    return g_strndup (out, length);
}

static void
assert_head (const char *expected)
{
    g_autofree char *head = write_head ();

    ck_assert_str_eq (head, expected);
}

START_TEST (head_is_written_byte_for_byte)
{
    set_up ();
    response_set_memory (&response, H3_VIEW ("hello"));
    response_set_type_literal (&response, "text/plain");
    assert_head ("HTTP/1.1 200 OK\r\n" DATE
                 "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\n");
    ck_assert_int_eq (framing, FRAMING_LENGTH);
    tear_down ();
}
END_TEST

START_TEST (fields_follow_in_their_order)
{
    set_up ();
    response.status = 404;
    h3_response_add_header (&response, "Set-Cookie", "a=b");
    h3_response_add_header (&response, "X-Empty", "");
    h3_response_add_header (&response, "Set-Cookie", "c=d");
    assert_head ("HTTP/1.1 404 Not Found\r\n" DATE
                 "Content-Length: 0\r\nSet-Cookie: a=b\r\nX-Empty: \r\nSet-Cookie: c=d\r\n\r\n");
    ck_assert_int_eq (framing, FRAMING_NONE);
    tear_down ();
}
END_TEST

START_TEST (type_of_a_program_replaces_the_literal)
{
    set_up ();
    response_set_memory (&response, H3_VIEW ("{}"));
    response_set_type_literal (&response, "application/json");
    h3_response_set_header (&response, "content-type", "text/x");
    assert_head ("HTTP/1.1 200 OK\r\n" DATE "Content-Length: 2\r\ncontent-type: text/x\r\n\r\n");
    tear_down ();
}
END_TEST

START_TEST (unknown_status_has_an_empty_reason)
{
    set_up ();
    response.status = 299;
    assert_head ("HTTP/1.1 299 \r\n" DATE "Content-Length: 0\r\n\r\n");
    tear_down ();
}
END_TEST

START_TEST (head_request_gets_the_length_of_the_get_and_no_body)
{
    set_up ();
    exchange.method = H3_METHOD_HEAD;
    response_set_memory (&response, H3_VIEW ("hello"));
    assert_head ("HTTP/1.1 200 OK\r\n" DATE "Content-Length: 5\r\n\r\n");
    ck_assert_int_eq (framing, FRAMING_NONE);
    tear_down ();
}
END_TEST

START_TEST (head_request_of_unknown_length_gets_neither_length_nor_coding)
{
    set_up ();
    exchange.method = H3_METHOD_HEAD;
    response_set_stream (&response, -1);
    assert_head ("HTTP/1.1 200 OK\r\n" DATE "\r\n");
    ck_assert_int_eq (framing, FRAMING_NONE);
    ck_assert (!exchange.close);
    tear_down ();
}
END_TEST

START_TEST (statuses_without_a_body_have_no_framing)
{
    static const char *const heads[] = { "HTTP/1.1 204 No Content\r\n" DATE "\r\n",
                                         "HTTP/1.1 304 Not Modified\r\n" DATE "\r\n" };

    set_up ();
    for (guint i = 0; i < 2; i++) {
        response.status = i == 0 ? 204 : 304;
        response_set_memory (&response, H3_VIEW ("hello"));
        assert_head (heads[i]);
        ck_assert_int_eq (framing, FRAMING_NONE);
        response_set_stream (&response, -1);
        assert_head (heads[i]);
        ck_assert_int_eq (framing, FRAMING_NONE);
    }
    tear_down ();
}
END_TEST

START_TEST (unknown_length_is_chunked_for_http_1_1)
{
    set_up ();
    response_set_stream (&response, -1);
    assert_head ("HTTP/1.1 200 OK\r\n" DATE "Transfer-Encoding: chunked\r\n\r\n");
    ck_assert_int_eq (framing, FRAMING_CHUNKED);
    tear_down ();
}
END_TEST

START_TEST (unknown_length_ends_with_the_connection_for_http_1_0)
{
    set_up ();
    exchange.minor = 0;
    exchange.asked_to_keep = TRUE;
    response_set_stream (&response, -1);
    assert_head ("HTTP/1.1 200 OK\r\n" DATE "Connection: close\r\n\r\n");
    ck_assert_int_eq (framing, FRAMING_CLOSE);
    tear_down ();
}
END_TEST

START_TEST (stream_of_known_length_has_it)
{
    set_up ();
    response_set_stream (&response, 7);
    assert_head ("HTTP/1.1 200 OK\r\n" DATE "Content-Length: 7\r\n\r\n");
    ck_assert_int_eq (framing, FRAMING_LENGTH);
    response_set_stream (&response, 0);
    assert_head ("HTTP/1.1 200 OK\r\n" DATE "Content-Length: 0\r\n\r\n");
    ck_assert_int_eq (framing, FRAMING_NONE);
    tear_down ();
}
END_TEST

START_TEST (connection_is_said_where_it_must_be)
{
    set_up ();
    exchange.close = TRUE;
    assert_head ("HTTP/1.1 200 OK\r\n" DATE "Content-Length: 0\r\nConnection: close\r\n\r\n");
    exchange.minor = 0;
    exchange.asked_to_keep = TRUE;
    assert_head ("HTTP/1.1 200 OK\r\n" DATE "Content-Length: 0\r\nConnection: close\r\n\r\n");
    exchange.close = FALSE;
    assert_head ("HTTP/1.1 200 OK\r\n" DATE "Content-Length: 0\r\nConnection: keep-alive\r\n\r\n");
    tear_down ();
}
END_TEST

START_TEST (upgrade_is_said_with_its_protocol)
{
    set_up ();
    response.status = 101;
    exchange.upgrade = TRUE;
    h3_response_set_header (&response, "Upgrade", "websocket");
    assert_head ("HTTP/1.1 101 Switching Protocols\r\n" DATE
                 "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    tear_down ();
}
END_TEST

START_TEST (date_is_sent_once_and_follows_the_second)
{
    char out[512];
    gsize length;

    set_up ();
    g_free (write_head ());
    length = http1_writer_write_head (&writer, &response, &exchange, framing, NOW + 1, out);
    ck_assert_ptr_nonnull (g_strstr_len (out, (gssize) length, "08:49:38 GMT\r\n"));
    h3_response_set_header (&response, "date", "Sun, 06 Nov 1994 08:00:00 GMT");
    assert_head ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\ndate: Sun, 06 Nov 1994 08:00:00 GMT\r\n"
                 "\r\n");
    tear_down ();
}
END_TEST

START_TEST (lengths_are_decimal)
{
    static const gint64 lengths[] = { 1,     9,      10,      11,       99,        100,
                                      101,   999,    1000,    1009,     9999,      10000,
                                      65536, 100000, 1 << 20, G_MAXINT, G_MAXINT64 };

    set_up ();
    for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
        g_autofree char *expected = g_strdup_printf (
            "HTTP/1.1 200 OK\r\n" DATE "Content-Length: %" G_GINT64_FORMAT "\r\n\r\n", lengths[i]);

        response_set_stream (&response, lengths[i]);
        assert_head (expected);
    }
    tear_down ();
}
END_TEST

START_TEST (types_and_values_of_every_length_are_whole)
{
    static const char all[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    set_up ();
    for (gsize length = 1; length < sizeof all; length++) {
        g_autofree char *text = g_strndup (all, length);
        g_autofree char *expected = g_strdup_printf (
            "HTTP/1.1 200 OK\r\n" DATE "Content-Type: %s\r\nContent-Length: 0\r\nX-%s: %s\r\n\r\n",
            text, text, text);
        g_autofree char *name = g_strconcat ("X-", text, NULL);

        response_set_type_literal (&response, text);
        h3_response_set_header (&response, name, text);
        assert_head (expected);
        h3_response_remove_header (&response, name);
    }
    tear_down ();
}
END_TEST

START_TEST (measured_room_holds_the_longest_head)
{
    g_autofree char *value = g_strnfill (60000, 'v');

    set_up ();
    response.status = 511;
    response_set_stream (&response, G_MAXINT64);
    response_set_type_literal (&response, "application/problem+json");
    h3_response_set_header (&response, "X", value);
    exchange.close = TRUE;
    g_free (write_head ());
    tear_down ();
}
END_TEST

static void
assert_chunk_line (gsize length, const char *expected)
{
    char line[HTTP1_CHUNK_LINE_ROOM];
    gsize n = http1_writer_write_chunk_line (length, line);

    ck_assert_uint_eq (n, strlen (expected));
    ck_assert_int_eq (memcmp (line, expected, n), 0);
}

START_TEST (chunk_lines_are_hex)
{
    assert_chunk_line (1, "1\r\n");
    assert_chunk_line (15, "f\r\n");
    assert_chunk_line (16, "10\r\n");
    assert_chunk_line (0xabcdef, "abcdef\r\n");
    assert_chunk_line (G_MAXSIZE, sizeof (gsize) == 8 ? "ffffffffffffffff\r\n" : "ffffffff\r\n");
    ck_assert (h3_view_equal (HTTP1_LAST_CHUNK, H3_VIEW ("0\r\n\r\n")));
}
END_TEST

START_TEST (interim_answers_have_no_date_and_no_framing)
{
    g_autoptr (H3Headers) headers = h3_headers_new ();
    char out[256];
    gsize length = http1_writer_write_interim (100, NULL, out);

    ck_assert (h3_view_equal (h3_view (out, length), H3_VIEW ("HTTP/1.1 100 Continue\r\n\r\n")));
    h3_headers_add (headers, "Link", "</a>; rel=preload");
    length = http1_writer_write_interim (103, headers, out);
    ck_assert (
        h3_view_equal (h3_view (out, length),
                       H3_VIEW ("HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n")));
    ck_assert_uint_le (length, http1_writer_measure_headers (headers) + 64);
}
END_TEST

START_TEST (trailers_stand_behind_the_last_chunk)
{
    g_autoptr (H3Headers) trailers = h3_headers_new ();
    char out[64];
    gsize length = http1_writer_write_trailers (trailers, out);

    ck_assert (h3_view_equal (h3_view (out, length), HTTP1_LAST_CHUNK));
    h3_headers_add (trailers, "A", "1");
    h3_headers_add (trailers, "B", "2");
    length = http1_writer_write_trailers (trailers, out);
    ck_assert (h3_view_equal (h3_view (out, length), H3_VIEW ("0\r\nA: 1\r\nB: 2\r\n\r\n")));
    ck_assert_uint_eq (length, http1_writer_measure_headers (trailers) + HTTP1_TRAILER_ROOM);
}
END_TEST

START_TEST (trailers_are_announced_where_they_can_follow)
{
    static const char *const expected[] = {
        "HTTP/1.1 200 OK\r\n" DATE "Transfer-Encoding: chunked\r\nX: y\r\nTrailer: A\r\n\r\n",
        "HTTP/1.1 200 OK\r\n" DATE "Content-Length: 7\r\nX: y\r\n\r\n",
        "HTTP/1.1 200 OK\r\n" DATE "X: y\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\n" DATE "X: y\r\n\r\n",
    };

    for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
        set_up ();
        response_set_stream (&response, i == 1 ? 7 : -1);
        exchange.minor = i == 2 ? 0 : 1;
        exchange.method = i == 3 ? H3_METHOD_HEAD : H3_METHOD_GET;
        h3_response_set_header (&response, "X", "y");
        ck_assert (response_declare_trailer (&response, "A"));
        ck_assert (response_declare_trailer (&response, "a"));
        assert_head (expected[i]);
        tear_down ();
    }
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "head", head_is_written_byte_for_byte, fields_follow_in_their_order,
                    lengths_are_decimal, types_and_values_of_every_length_are_whole,
                    type_of_a_program_replaces_the_literal, unknown_status_has_an_empty_reason,
                    connection_is_said_where_it_must_be, upgrade_is_said_with_its_protocol,
                    date_is_sent_once_and_follows_the_second, measured_room_holds_the_longest_head,
                    NULL);
    suite_add_case (suite, "framing", head_request_gets_the_length_of_the_get_and_no_body,
                    head_request_of_unknown_length_gets_neither_length_nor_coding,
                    statuses_without_a_body_have_no_framing, unknown_length_is_chunked_for_http_1_1,
                    unknown_length_ends_with_the_connection_for_http_1_0,
                    stream_of_known_length_has_it, NULL);
    suite_add_case (
        suite, "pieces", chunk_lines_are_hex, interim_answers_have_no_date_and_no_framing,
        trailers_stand_behind_the_last_chunk, trailers_are_announced_where_they_can_follow, NULL);
}

int
main (void)
{
    return suite_run ("wire/http1-writer", add_cases);
}
