/* SPDX-License-Identifier: MIT */

#include "h3/wire/ws-reader.h"

#include "tests/support/suite.h"
#include "tests/support/ws-peer.h"

#include <string.h>

#define LIMIT 1000

static void
note (GString *trace, const WsReader *reader, WsRead read)
{
    static const char *const kinds[] = { "?", "text", "binary" };

    switch (read) {
    case WS_READ_MESSAGE:
        g_string_append_printf (trace, "%s(", kinds[reader->kind]);
        break;
    case WS_READ_PIECE:
        g_string_append_len (trace, reader->content.data, (gssize) reader->content.length);
        if (reader->is_last)
            g_string_append_printf (trace, "[%s] ", kinds[reader->kind]);
        return;
    case WS_READ_PING:
        g_string_append (trace, "ping(");
        break;
    case WS_READ_PONG:
        g_string_append (trace, "pong(");
        break;
    case WS_READ_CLOSE:
        g_string_append_printf (trace, "close %u(", reader->code);
        break;
    case WS_READ_FAILED:
        g_string_append_printf (trace, "failed %u ", reader->code);
        return;
    case WS_READ_MORE:
        return;
    }
    g_string_append_len (trace, reader->content.data, (gssize) reader->content.length);
    g_string_append (trace, ") ");
}

static void
read_part (WsReader *reader, const guint8 *data, gsize length, GString *trace)
{
    /* A copy of its own size: what is read beyond it is seen. */
    g_autofree char *copy = g_memdup2 (data, length);
    const char *at = copy;
    WsRead read;

    do {
        read = ws_reader_read (reader, &at, &length);
        note (trace, reader, read);
    } while (read != WS_READ_MORE);
    ck_assert_uint_eq (length, 0);
    ws_reader_rest (reader);
}

static char *
trace_cut (const GByteArray *bytes, gsize cut, gboolean in_pieces)
{
    GString *trace = g_string_new (NULL);
    WsReader reader;

    ws_reader_init (&reader, FALSE, LIMIT);
    reader.in_pieces = in_pieces;
    read_part (&reader, bytes->data, cut, trace);
    read_part (&reader, bytes->data + cut, bytes->len - cut, trace);
    ws_reader_clear (&reader);
    return g_string_free (trace, FALSE);
}

/* Cut at every place, and read byte by byte, it is the same. */
static void
assert_trace (const GByteArray *bytes, gboolean in_pieces, const char *expected)
{
    g_autoptr (GString) trace = g_string_new (NULL);
    WsReader reader;

    for (gsize cut = 0; cut <= bytes->len; cut++) {
        g_autofree char *actual = trace_cut (bytes, cut, in_pieces);

        ck_assert_str_eq (actual, expected);
    }
    ws_reader_init (&reader, FALSE, LIMIT);
    reader.in_pieces = in_pieces;
    for (gsize i = 0; i < bytes->len; i++)
        read_part (&reader, bytes->data + i, 1, trace);
    ck_assert_str_eq (trace->str, expected);
    ws_reader_clear (&reader);
}

START_TEST (messages_are_joined_around_control_frames)
{
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    g_autofree char *large = g_strnfill (400, 'x');
    g_autofree char *expected = NULL;

    ws_peer_add_text (bytes, PEER_TEXT, "Hello");
    ws_peer_add_text (bytes, PEER_BINARY, "");
    ws_peer_add_text (bytes, PEER_BEGIN_TEXT, "a");
    ws_peer_add_text (bytes, PEER_PING, "p");
    ws_peer_add_text (bytes, PEER_MIDDLE, "");
    ws_peer_add_text (bytes, PEER_MIDDLE, "b");
    ws_peer_add_text (bytes, PEER_PONG, "");
    ws_peer_add_text (bytes, PEER_LAST, "c");
    ws_peer_add_text (bytes, PEER_BEGIN_BINARY, large);
    ws_peer_add_text (bytes, PEER_LAST, large);
    ws_peer_add_close (bytes, 1000, "bye");
    ws_peer_add_text (bytes, PEER_TEXT, "behind the end");
    expected = g_strdup_printf (
        "text(Hello) binary() ping(p) pong() text(abc) binary(%s%s) close 1000(bye) ", large,
        large);
    assert_trace (bytes, FALSE, expected);
}
END_TEST

START_TEST (pieces_are_told_as_they_come)
{
    g_autoptr (GByteArray) bytes = g_byte_array_new ();

    ws_peer_add_text (bytes, PEER_BEGIN_TEXT, "a\xc3");
    ws_peer_add_text (bytes, PEER_PING, "p");
    ws_peer_add_text (bytes, PEER_LAST, "\xa4zz");
    ws_peer_add_text (bytes, PEER_BINARY, "");
    assert_trace (bytes, TRUE, "a\xc3ping(p) \xa4zz[text] [binary] ");
}
END_TEST

/* Frames as "first byte, payload" up to a NULL, and what is read. */
typedef struct {
    struct {
        guint8 first;
        const char *payload;
    } frames[4];
    const char *expected;
} Case;

static const Case cases[] = {
    { { { PEER_LAST, "x" } }, "failed 1002 " },
    { { { PEER_MIDDLE, "x" } }, "failed 1002 " },
    { { { PEER_BEGIN_TEXT, "x" }, { PEER_TEXT, "y" } }, "failed 1002 " },
    { { { PEER_BEGIN_TEXT, "x" }, { PEER_BEGIN_BINARY, "y" } }, "failed 1002 " },
    { { { PEER_TEXT, "x" }, { PEER_LAST, "y" } }, "text(x) failed 1002 " },
    { { { 0xc1, "x" } }, "failed 1002 " },
    { { { 0x83, "x" } }, "failed 1002 " },
    { { { PEER_TEXT, "\xff" } }, "failed 1007 " },
    { { { PEER_TEXT, "\xc3" } }, "failed 1007 " },
    { { { PEER_TEXT, "\xed\xa0\x80" } }, "failed 1007 " },
    { { { PEER_BEGIN_TEXT, "\xe2\x82" }, { PEER_LAST, "\xac" } }, "text(\xe2\x82\xac) " },
    { { { PEER_BEGIN_TEXT, "\xe2\x82" }, { PEER_LAST, "x" } }, "failed 1007 " },
    { { { PEER_BEGIN_TEXT, "\xe2\x82" }, { PEER_LAST, "" } }, "failed 1007 " },
    { { { PEER_BINARY, "\xff" } }, "binary(\xff) " },
    { { { PEER_CLOSE, "" } }, "close 0() " },
    { { { PEER_CLOSE, "x" } }, "failed 1002 " },
    { { { PEER_CLOSE, "\x03\xe8" } }, "close 1000() " },
    { { { PEER_CLOSE, "\x03\xed" } }, "failed 1002 " },
    { { { PEER_CLOSE, "\x03\xe8\xff" } }, "failed 1007 " },
    { { { PEER_CLOSE, "\x03\xe8\xc3" } }, "failed 1007 " },
    { { { PEER_CLOSE, "\x0b\xb8ok" } }, "close 3000(ok) " },
    { { { PEER_PING, "a" }, { PEER_PONG, "b" } }, "ping(a) pong(b) " },
};

START_TEST (faults_have_their_codes)
{
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GByteArray) bytes = g_byte_array_new ();

        for (gsize j = 0; j < 4 && cases[i].frames[j].payload != NULL; j++)
            ws_peer_add_text (bytes, cases[i].frames[j].first, cases[i].frames[j].payload);
        assert_trace (bytes, FALSE, cases[i].expected);
    }
}
END_TEST

/* A text of as many bytes, in one frame or two, by a limit of LIMIT. */
START_TEST (message_of_the_limit_is_read_and_a_longer_one_is_not)
{
    for (gsize length = LIMIT - 1; length <= LIMIT + 1; length++)
        for (gsize cut = 0; cut < 3; cut++) {
            g_autoptr (GByteArray) bytes = g_byte_array_new ();
            g_autofree char *text = g_strnfill (length, 'x');
            g_autofree char *actual = NULL;

            if (cut > 0)
                ws_peer_add (bytes, PEER_BEGIN_TEXT, TRUE, text, cut * length / 3);
            ws_peer_add (bytes, cut > 0 ? PEER_LAST : PEER_TEXT, TRUE, text,
                         length - cut * length / 3);
            actual = trace_cut (bytes, bytes->len / 2, FALSE);
            if (length <= LIMIT)
                ck_assert_uint_eq (strlen (actual), length + strlen ("text() "));
            else
                ck_assert_str_eq (actual, "failed 1009 ");
        }
}
END_TEST

/* §8.1 lets a reader wait; ours does not. */
START_TEST (fault_is_told_by_its_first_byte)
{
    static const struct {
        const char *bytes;
        gsize length;
        guint code;
    } firsts[] = {
        { "\x83", 1, 1002 },
        { "\x80", 1, 0 },
        { "\x80\x81", 2, 0 },
        { "\x81\x05", 2, 1002 },
        { "\x81\x83\0\0\0\0a\xff", 8, 1007 },
        { "\x82\xff\0\0\0\0\0\1\0\0\0\0\0\0", 14, 1009 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (firsts); i++) {
        const char *at = firsts[i].bytes;
        gsize length = firsts[i].length;
        WsReader reader;
        WsRead read;

        ws_reader_init (&reader, FALSE, LIMIT);
        read = ws_reader_read (&reader, &at, &length);
        ck_assert_int_eq (read, firsts[i].code != 0 ? WS_READ_FAILED : WS_READ_MORE);
        if (firsts[i].code != 0)
            ck_assert_uint_eq (reader.code, firsts[i].code);
        ws_reader_clear (&reader);
    }
}
END_TEST

START_TEST (what_a_frame_only_announces_is_not_held)
{
    /* 2 GiB. */
    static const char head[] = "\x82\xff\0\0\0\0\x80\0\0\0\0\0\0\0x";
    const char *at = head;
    gsize length = sizeof head - 1;
    WsReader reader;

    ws_reader_init (&reader, FALSE, G_MAXINT64);
    ck_assert_int_eq (ws_reader_read (&reader, &at, &length), WS_READ_MORE);
    ck_assert_uint_eq (reader.size, 1);
    ck_assert_uint_lt (reader.room, 256);
    ws_reader_clear (&reader);
}
END_TEST

START_TEST (client_refuses_a_mask_and_a_server_its_absence)
{
    g_autoptr (GByteArray) masked = g_byte_array_new ();
    g_autoptr (GByteArray) bare = g_byte_array_new ();

    ws_peer_add (masked, PEER_TEXT, TRUE, "x", 1);
    ws_peer_add (bare, PEER_TEXT, FALSE, "x", 1);
    for (guint is_client = 0; is_client < 2; is_client++)
        for (guint is_masked = 0; is_masked < 2; is_masked++) {
            g_autoptr (GString) trace = g_string_new (NULL);
            const GByteArray *bytes = is_masked ? masked : bare;
            WsReader reader;

            ws_reader_init (&reader, is_client != 0, LIMIT);
            read_part (&reader, bytes->data, bytes->len, trace);
            ck_assert_str_eq (trace->str, is_client != is_masked ? "text(x) " : "failed 1002 ");
            ws_reader_clear (&reader);
        }
}
END_TEST

START_TEST (message_that_was_taken_is_the_takers)
{
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    g_autoptr (GBytes) message = NULL;
    const char *at;
    WsReader reader;
    gsize length;

    ws_peer_add_text (bytes, PEER_TEXT, "mine");
    ws_peer_add_text (bytes, PEER_TEXT, "next");
    at = (const char *) bytes->data;
    length = bytes->len;
    ws_reader_init (&reader, FALSE, LIMIT);
    ck_assert_int_eq (ws_reader_read (&reader, &at, &length), WS_READ_MESSAGE);
    message = ws_reader_take_message (&reader);
    ck_assert_int_eq (ws_reader_read (&reader, &at, &length), WS_READ_MESSAGE);
    ck_assert_str_eq (reader.content.data, "next");
    ws_reader_clear (&reader);
    ck_assert_uint_eq (g_bytes_get_size (message), 4);
    ck_assert_str_eq (g_bytes_get_data (message, NULL), "mine");
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "messages", messages_are_joined_around_control_frames,
                    pieces_are_told_as_they_come, message_that_was_taken_is_the_takers, NULL);
    suite_add_case (suite, "faults", faults_have_their_codes, fault_is_told_by_its_first_byte,
                    client_refuses_a_mask_and_a_server_its_absence, NULL);
    suite_add_case (suite, "bounds", message_of_the_limit_is_read_and_a_longer_one_is_not,
                    what_a_frame_only_announces_is_not_held, NULL);
}

int
main (void)
{
    return suite_run ("wire/ws-reader", add_tests);
}
