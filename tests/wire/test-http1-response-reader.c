/* SPDX-License-Identifier: MIT */

#include "tests/support/response-cuts.h"
#include "tests/support/suite.h"

static const char bad_length[] = "a Content-Length that is not one plain number";
static const char bad_coding[] = "a Transfer-Encoding that is not chunked alone";

/* One row: an answer with `fields` behind its status line, and what follows it. */
typedef struct {
    H3Method method;
    const char *start; /* version and status */
    const char *fields;
    Http1Framing framing;
    gint64 length; /* -1: none was said */
    gboolean keep_alive;
} FramingRow;

static const FramingRow framing_rows[] = {
    /* Until the connection ends, or as it says. */
    { H3_METHOD_GET, "1.1 200", "", FRAMING_CLOSE, -1, FALSE },
    { H3_METHOD_GET, "1.0 200", "Connection: keep-alive\r\n", FRAMING_CLOSE, -1, FALSE },
    { H3_METHOD_GET, "1.1 200", "Content-Length: 5\r\n", FRAMING_LENGTH, 5, TRUE },
    { H3_METHOD_GET, "1.1 200", "content-length:0\r\n", FRAMING_LENGTH, 0, TRUE },
    { H3_METHOD_GET, "1.1 200", "Content-Length: 9223372036854775807\r\n", FRAMING_LENGTH,
      G_MAXINT64, TRUE },
    { H3_METHOD_GET, "1.1 200", "Transfer-Encoding: chunked\r\n", FRAMING_CHUNKED, -1, TRUE },
    { H3_METHOD_GET, "1.1 200", "transfer-encoding:CHUNKED \r\n", FRAMING_CHUNKED, -1, TRUE },
    { H3_METHOD_POST, "1.1 404", "Content-Length: 1\r\n", FRAMING_LENGTH, 1, TRUE },
    { H3_METHOD_OTHER, "1.1 599", "Content-Length: 1\r\n", FRAMING_LENGTH, 1, TRUE },
    /* No body, whatever is said. */
    { H3_METHOD_HEAD, "1.1 200", "", FRAMING_NONE, -1, TRUE },
    { H3_METHOD_HEAD, "1.1 200", "Content-Length: 5\r\n", FRAMING_NONE, 5, TRUE },
    { H3_METHOD_HEAD, "1.1 200", "Transfer-Encoding: chunked\r\n", FRAMING_NONE, -1, TRUE },
    { H3_METHOD_HEAD, "1.0 200", "", FRAMING_NONE, -1, FALSE },
    { H3_METHOD_HEAD, "1.0 200", "Connection: keep-alive\r\n", FRAMING_NONE, -1, TRUE },
    { H3_METHOD_GET, "1.1 304", "", FRAMING_NONE, -1, TRUE },
    { H3_METHOD_GET, "1.1 304", "Content-Length: 5\r\n", FRAMING_NONE, 5, TRUE },
    { H3_METHOD_GET, "1.1 304", "Transfer-Encoding: chunked\r\n", FRAMING_NONE, -1, TRUE },
    { H3_METHOD_GET, "1.1 304", "Connection: close\r\n", FRAMING_NONE, -1, FALSE },
    { H3_METHOD_GET, "1.1 204", "", FRAMING_NONE, -1, TRUE },
    { H3_METHOD_GET, "1.1 204", "Content-Length: 0\r\n", FRAMING_NONE, 0, TRUE },
    { H3_METHOD_GET, "1.1 204", "Content-Length: 5\r\n", FRAMING_NONE, 5, FALSE },
    { H3_METHOD_GET, "1.1 204", "Transfer-Encoding: chunked\r\n", FRAMING_NONE, -1, FALSE },
    { H3_METHOD_GET, "1.1 100", "", FRAMING_NONE, -1, TRUE },
    { H3_METHOD_GET, "1.1 103", "Link: </a>\r\n", FRAMING_NONE, -1, TRUE },
    { H3_METHOD_GET, "1.1 100", "Content-Length: 0\r\n", FRAMING_NONE, 0, TRUE },
    /* What a tunnel is granted by frames nothing. */
    { H3_METHOD_CONNECT, "1.1 200", "", FRAMING_NONE, -1, FALSE },
    { H3_METHOD_CONNECT, "1.1 200", "Content-Length: 5\r\n", FRAMING_NONE, -1, FALSE },
    { H3_METHOD_CONNECT, "1.0 299", "Transfer-Encoding: x\r\nContent-Length: y\r\n", FRAMING_NONE,
      -1, FALSE },
    { H3_METHOD_CONNECT, "1.1 407", "Content-Length: 5\r\n", FRAMING_LENGTH, 5, TRUE },
    { H3_METHOD_CONNECT, "1.1 302", "", FRAMING_CLOSE, -1, FALSE },
};

static const FramingRow connection_rows[] = {
    { H3_METHOD_GET, "1.1 200", "Connection: close\r\n", FRAMING_LENGTH, 5, FALSE },
    { H3_METHOD_GET, "1.1 200", "connection:CLOSE\r\n", FRAMING_LENGTH, 5, FALSE },
    { H3_METHOD_GET, "1.1 200", "Connection: keep-alive\r\n", FRAMING_LENGTH, 5, TRUE },
    { H3_METHOD_GET, "1.1 200", "Connection: closed\r\n", FRAMING_LENGTH, 5, TRUE },
    { H3_METHOD_GET, "1.1 200", "Connection: foo, close\r\n", FRAMING_LENGTH, 5, FALSE },
    { H3_METHOD_GET, "1.1 200", "Connection: foo,\tClose ,x\r\n", FRAMING_LENGTH, 5, FALSE },
    { H3_METHOD_GET, "1.1 200", "Connection: keep-alive\r\nConnection: close\r\n", FRAMING_LENGTH,
      5, FALSE },
    { H3_METHOD_GET, "1.1 200", "Connection: keep-alive, close\r\n", FRAMING_LENGTH, 5, FALSE },
    { H3_METHOD_GET, "1.0 200", "", FRAMING_LENGTH, 5, FALSE },
    { H3_METHOD_GET, "1.0 200", "Connection: Keep-Alive\r\n", FRAMING_LENGTH, 5, TRUE },
    { H3_METHOD_GET, "1.0 200", "Connection: x\r\nConnection: a, keep-alive\r\n", FRAMING_LENGTH, 5,
      TRUE },
    { H3_METHOD_GET, "1.0 200", "Connection: keep-alive, close\r\n", FRAMING_LENGTH, 5, FALSE },
    { H3_METHOD_GET, "1.0 200", "Connection: close\r\n", FRAMING_LENGTH, 5, FALSE },
    { H3_METHOD_GET, "1.0 200", "Connection: ,\tkeep-alive, x\r\n", FRAMING_LENGTH, 5, TRUE },
    { H3_METHOD_GET, "1.0 200", "Connection: keep-alives\r\n", FRAMING_LENGTH, 5, FALSE },
    { H3_METHOD_GET, "1.1 200", "Connection: upgrade\r\nUpgrade: h2c\r\n", FRAMING_LENGTH, 5,
      TRUE },
    { H3_METHOD_GET, "1.1 200", "Upgrade: h2c, websocket\r\n", FRAMING_LENGTH, 5, TRUE },
};

static void
assert_framed (const FramingRow *row, const char *more)
{
    g_autofree char *text =
        g_strconcat ("HTTP/", row->start, " x\r\n", row->fields, more, "\r\n", NULL);
    const Http1Response *response;
    ReadResponse read;

    response_method = row->method;
    assert_response_taken (&read, h3_view_of (text));
    response = &read.response;
    ck_assert_msg (response->framing == row->framing, "%s framing %d", text, response->framing);
    ck_assert_msg (response->has_length == (row->length >= 0), "%s", text);
    ck_assert_msg (response->length == (guint64) MAX (row->length, 0), "%s", text);
    ck_assert_msg (response->keep_alive == row->keep_alive, "%s", text);
    ck_assert_int_eq (response->is_upgrade, FALSE);
}

/* Twice each: http-parser's word on a usual head is remembered. */
START_TEST (framing_is_by_method_status_and_fields)
{
    for (guint i = 0; i < 2 * G_N_ELEMENTS (framing_rows); i++)
        assert_framed (&framing_rows[i % G_N_ELEMENTS (framing_rows)], "");
    for (guint i = G_N_ELEMENTS (framing_rows); i-- > 0;)
        assert_framed (&framing_rows[i], "X: y\r\n");
}
END_TEST

START_TEST (connection_is_kept_by_version_and_options)
{
    for (guint i = 0; i < 2 * G_N_ELEMENTS (connection_rows); i++)
        assert_framed (&connection_rows[i % G_N_ELEMENTS (connection_rows)],
                       "Content-Length: 5\r\n");
}
END_TEST

START_TEST (fields_that_frame_badly_are_refused_whatever_follows)
{
    static const struct {
        const char *fields;
        const char *fault;
    } rows[] = {
        { "Content-Length: \r\n", bad_length },
        { "Content-Length: +5\r\n", bad_length },
        { "Content-Length: -5\r\n", bad_length },
        { "Content-Length: 0x5\r\n", bad_length },
        { "Content-Length: 5a\r\n", bad_length },
        { "Content-Length: a\r\n", bad_length },
        { "Content-Length: 05\r\n", bad_length },
        { "Content-Length: 00\r\n", bad_length },
        { "Content-Length: 5 5\r\n", bad_length },
        { "Content-Length: 5, 5\r\n", bad_length },
        { "Content-Length: 5,6\r\n", bad_length },
        { "Content-Length: 5;\r\n", bad_length },
        { "Content-Length: 5.0\r\n", bad_length },
        { "Content-Length: 9223372036854775808\r\n", bad_length },
        { "Content-Length: 18446744073709551616\r\n", bad_length },
        { "Content-Length: 99999999999999999999999\r\n", bad_length },
        { "Content-Length: 5\r\nContent-Length: 5\r\n", bad_length },
        { "Content-Length: 5\r\nX: y\r\ncontent-length: 6\r\n", bad_length },
        { "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
          "both Transfer-Encoding and Content-Length" },
        { "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
          "both Transfer-Encoding and Content-Length" },
        { "Transfer-Encoding: \r\n", bad_coding },
        { "Transfer-Encoding: gzip\r\n", bad_coding },
        { "Transfer-Encoding: identity\r\n", bad_coding },
        { "Transfer-Encoding: gzip, chunked\r\n", bad_coding },
        { "Transfer-Encoding: chunked, chunked\r\n", bad_coding },
        { "Transfer-Encoding: chunked,\r\n", bad_coding },
        { "Transfer-Encoding: chunked;a=b\r\n", bad_coding },
        { "Transfer-Encoding: \"chunked\"\r\n", bad_coding },
        { "Transfer-Encoding: xchunked\r\n", bad_coding },
        { "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", bad_coding },
    };
    static const char *const starts[] = { "HTTP/1.1 200 OK\r\n", "HTTP/1.1 304 x\r\n",
                                          "HTTP/1.1 204 x\r\n", "HTTP/1.1 404 x\r\n" };

    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        for (guint k = 0; k < 2 * G_N_ELEMENTS (starts); k++) {
            g_autofree char *text = g_strconcat (starts[k / 2], rows[i].fields, "\r\n", NULL);

            response_method = k % 2 == 0 ? H3_METHOD_GET : H3_METHOD_HEAD;
            assert_response_refused (h3_view_of (text), rows[i].fault);
        }
    }
    assert_response_refused (H3_VIEW ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                             "Transfer-Encoding in HTTP/1.0");
}
END_TEST

START_TEST (interim_answers_announce_no_body)
{
    static const char fault[] = "an interim answer that announces a body";

    assert_response_refused (H3_VIEW ("HTTP/1.1 100 x\r\nContent-Length: 1\r\n\r\n"), fault);
    assert_response_refused (H3_VIEW ("HTTP/1.1 103 x\r\nTransfer-Encoding: chunked\r\n\r\n"),
                             fault);
    response_upgrade = "websocket";
    assert_response_refused (
        H3_VIEW ("HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                 "Content-Length: 1\r\n\r\n"),
        fault);
}
END_TEST

START_TEST (interim_answers_come_one_behind_the_other)
{
    H3View rest = H3_VIEW ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103\r\nLink: </x>\r\n\r\n"
                           "HTTP/1.1 103 Early Hints\r\nLink: </y>\r\n\r\n"
                           "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
                           "HTTP/1.1 204 No Content\r\n\r\n");
    static const guint statuses[] = { 100, 103, 103, 200, 204 };

    for (guint i = 0; i < G_N_ELEMENTS (statuses); i++) {
        ReadResponse read;
        gsize used;

        assert_response_taken (&read, rest);
        ck_assert_uint_eq (read.response.status, statuses[i]);
        used = read.response.head.length + (gsize) read.response.length;
        rest = h3_view (rest.data + used, rest.length - used);
    }
    ck_assert_uint_eq (rest.length, 0);
}
END_TEST

START_TEST (protocol_changes_only_to_what_was_asked_for)
{
    static const char none[] = "101 where no upgrade was asked for";
    static const char other[] = "101 without the upgrade that was asked for";
    H3View good = H3_VIEW ("HTTP/1.1 101 Switching Protocols\r\nConnection: keep-alive, Upgrade\r\n"
                           "Upgrade: WebSocket\r\n\r\n\x81\x02hi");
    static const char *const bad[] = {
        "HTTP/1.1 101 x\r\n\r\n",
        "HTTP/1.1 101 x\r\nUpgrade: websocket\r\n\r\n",
        "HTTP/1.1 101 x\r\nConnection: upgrade\r\n\r\n",
        "HTTP/1.1 101 x\r\nConnection: close\r\nUpgrade: websocket\r\n\r\n",
        "HTTP/1.1 101 x\r\nConnection: upgrades\r\nUpgrade: websocket\r\n\r\n",
        "HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
        "HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: websocket, h2c\r\n\r\n",
        "HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: websocket\r\nUpgrade: h2c\r\n\r\n",
        "HTTP/1.0 101 x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    };
    ReadResponse read;

    assert_response_refused (good, none);
    assert_response_refused (h3_view_of (bad[0]), none);
    response_upgrade = "websocket";
    assert_response_taken (&read, good);
    ck_assert_int_eq (read.response.is_upgrade, TRUE);
    ck_assert_int_eq (read.response.keep_alive, FALSE);
    ck_assert_int_eq (read.response.framing, FRAMING_NONE);
    ck_assert_uint_eq (read.response.head.length, good.length - 4);
    for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
        assert_response_refused (h3_view_of (bad[i]), other);
    response_upgrade = "h2c";
    assert_response_refused (good, other);
}
END_TEST

START_TEST (content_type_may_be_said_twice)
{
    ReadResponse read;

    assert_response_taken (&read,
                           H3_VIEW ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                                    "Content-Type: text/plain\r\nContent-Length: 0\r\n\r\n"));
    ck_assert_uint_eq (read.response.head.doubled, 1u << KNOWN_CONTENT_TYPE);
}
END_TEST

static void
add (Suite *suite)
{
    const TTest *const tests[] = {
        framing_is_by_method_status_and_fields,
        connection_is_kept_by_version_and_options,
        fields_that_frame_badly_are_refused_whatever_follows,
        interim_answers_announce_no_body,
        interim_answers_come_one_behind_the_other,
        protocol_changes_only_to_what_was_asked_for,
        content_type_may_be_said_twice,
    };

    response_cuts_add_tests (suite, tests, G_N_ELEMENTS (tests));
}

int
main (void)
{
    return suite_run ("wire/http1-response-reader", add);
}
