/* SPDX-License-Identifier: MIT */

#include "h3/wire/event-stream.h"
#include "tests/support/suite.h"

#include <string.h>

static char *
dup_event (const StreamEvent *event)
{
    gsize room = event_stream_measure (event);
    char *text = g_malloc (room + 1);
    gsize length = event_stream_write (event, text);

    ck_assert_uint_le (length, room);
    text[length] = '\0';
    return text;
}

static void
assert_written (const char *data, const char *expected)
{
    H3View view = h3_view_of (data);
    StreamEvent event = { NULL, NULL, &view, -1 };
    g_autofree char *text = dup_event (&event);

    ck_assert_str_eq (text, expected);
}

START_TEST (writer_splits_data_at_every_kind_of_line_end)
{
    assert_written ("one", "data: one\n\n");
    assert_written ("", "data: \n\n");
    assert_written (" a:b ", "data:  a:b \n\n");
    assert_written ("a\nb", "data: a\ndata: b\n\n");
    assert_written ("a\rb", "data: a\ndata: b\n\n");
    assert_written ("a\r\nb", "data: a\ndata: b\n\n");
    assert_written ("a\n\rb", "data: a\ndata: \ndata: b\n\n");
    assert_written ("a\r\r\nb\n", "data: a\ndata: \ndata: b\ndata: \n\n");
    assert_written ("\r", "data: \ndata: \n\n");
    assert_written ("\n", "data: \ndata: \n\n");
    assert_written ("x\r\nevent: forged\rid: 7\n\nretry: 1",
                    "data: x\ndata: event: forged\ndata: id: 7\ndata: \ndata: retry: 1\n\n");
}
END_TEST

START_TEST (writer_says_all_that_an_event_has)
{
    H3View data = H3_VIEW ("x");
    StreamEvent all = { "7", "news", &data, 1500 };
    StreamEvent none = { NULL, "", NULL, -1 };
    StreamEvent only_id = { "", NULL, NULL, G_MAXINT64 };
    g_autofree char *first = dup_event (&all);
    g_autofree char *second = dup_event (&none);
    g_autofree char *third = dup_event (&only_id);

    ck_assert_str_eq (first, "retry: 1500\nid: 7\nevent: news\ndata: x\n\n");
    ck_assert_str_eq (second, "\n");
    ck_assert_str_eq (third, "retry: 9223372036854775807\nid: \n\n");
}
END_TEST

START_TEST (writer_comments_line_by_line)
{
    H3View text = H3_VIEW ("a\r\nid: 7\rb");
    char out[100];
    gsize length = event_stream_write_comment (text, out);

    ck_assert_uint_le (length, event_stream_measure_comment (text));
    ck_assert (h3_view_equal (h3_view (out, length), H3_VIEW (": a\n: id: 7\n: b\n\n")));
    length = event_stream_write_comment (H3_VIEW_EMPTY, out);
    ck_assert (h3_view_equal (h3_view (out, length), H3_VIEW (": \n\n")));
}
END_TEST

START_TEST (name_is_one_line)
{
    ck_assert (event_stream_is_name (NULL));
    ck_assert (event_stream_is_name (""));
    ck_assert (event_stream_is_name ("a: b"));
    ck_assert (!event_stream_is_name ("a\n"));
    ck_assert (!event_stream_is_name ("\rb"));
}
END_TEST

/* What a reader tells, as a text: "event|data|id;", "retry=n;". */
static void
note_event (gpointer user_data, H3View event, H3View data, const char *id)
{
    GString *told = user_data;

    g_string_append_printf (told, "%.*s|", H3_VIEW_ARGS (event));
    g_string_append_len (told, data.data, (gssize) data.length);
    g_string_append_printf (told, "|%s;", id);
}

static void
note_retry (gpointer user_data, gint64 milliseconds)
{
    g_string_append_printf (user_data, "retry=%" G_GINT64_FORMAT ";", milliseconds);
}

static const EventStreamFunctions functions = { note_event, note_retry };

/* The same, however the stream is cut. */
static void
assert_read_bytes (H3View stream, const char *expected)
{
    for (gsize piece = 1; piece <= stream.length; piece++) {
        g_autoptr (GString) told = g_string_new (NULL);
        g_autoptr (EventStreamReader) reader = event_stream_reader_new (&functions, told, 1000);

        for (gsize at = 0; at < stream.length; at += piece)
            ck_assert (event_stream_reader_feed (reader, stream.data + at,
                                                 MIN (piece, stream.length - at)));
        ck_assert_str_eq (told->str, expected);
    }
}

static void
assert_read (const char *stream, const char *expected)
{
    assert_read_bytes (h3_view_of (stream), expected);
}

/* The examples of the HTML standard, §9.2.6. */
START_TEST (reader_reads_the_examples_of_the_standard)
{
    assert_read ("data: This is the first message.\n\n"
                 "data: This is the second message, it\ndata: has two lines.\n\n"
                 "data: This is the third message.\n\n",
                 "message|This is the first message.|;"
                 "message|This is the second message, it\nhas two lines.|;"
                 "message|This is the third message.|;");
    assert_read ("event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\n",
                 "add|73857293|;remove|2153|;");
    assert_read ("data: YHOO\ndata: +2\ndata: 10\n\n", "message|YHOO\n+2\n10|;");
    assert_read (": test stream\n\ndata: first event\nid: 1\n\n"
                 "data:second event\nid\n\ndata:  third event\n\n",
                 "message|first event|1;message|second event|;message| third event|;");
    assert_read ("data\n\ndata\ndata\n\ndata:", "message||;message|\n|;");
    assert_read ("data:test\n\ndata: test\n\n", "message|test|;message|test|;");
}
END_TEST

START_TEST (reader_ends_lines_at_cr_lf_and_both)
{
    assert_read ("data: a\r\rdata: b\n\ndata: c\r\n\r\n", "message|a|;message|b|;message|c|;");
    assert_read ("data: a\r\ndata: b\rdata: c\ndata: d\n\r", "message|a\nb\nc\nd|;");
    assert_read ("data: a\r\n\n", "message|a|;");
}
END_TEST

START_TEST (reader_passes_over_one_mark_of_byte_order)
{
    assert_read ("\xef\xbb\xbf"
                 "data: a\n\n",
                 "message|a|;");
    assert_read ("\xef\xbb\xbf\xef\xbb\xbf"
                 "data: a\n\n",
                 "");
    assert_read ("\n\xef\xbb\xbf"
                 "data: a\n\n",
                 "");
    assert_read ("\xef\xbb"
                 "data: a\n\n",
                 "");
    assert_read ("\xef\xbb\xbf\n\ndata: a\n\n", "message|a|;");
}
END_TEST

START_TEST (reader_keeps_ids_and_drops_what_is_no_event)
{
    assert_read ("id: 1\ndata: a\n\ndata: b\n\nid: 2\n\ndata: c\n\n",
                 "message|a|1;message|b|1;message|c|2;");
    assert_read_bytes (H3_VIEW ("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n"),
                       "message|a|1;message|b|1;");
    assert_read ("event: lost\n\ndata: a\n\n", "message|a|;");
    assert_read ("Data: a\nfoo: b\n data: c\n:data: d\ndata : e\n\n", "");
    assert_read ("event: x\nevent: y\ndata: a\n\n", "y|a|;");
    assert_read ("data: cut off", "");
    assert_read ("data: cut off\n", "");
}
END_TEST

START_TEST (reader_takes_digits_only_for_the_wait)
{
    assert_read ("retry: 10\nretry:20\nretry: 1a\nretry: -1\nretry: \nretry\nretry:  5\n"
                 "retry: 99999999999999999999\n",
                 "retry=10;retry=20;");
}
END_TEST

START_TEST (reader_refuses_what_is_too_long)
{
    g_autofree char *line = g_strnfill (101, 'x');
    g_autoptr (GString) told = g_string_new (NULL);
    EventStreamReader *reader = event_stream_reader_new (&functions, told, 100);

    ck_assert (event_stream_reader_feed (reader, line, 100));
    ck_assert (!event_stream_reader_feed (reader, "x", 1));
    ck_assert (!event_stream_reader_feed (reader, "\n", 1));
    event_stream_reader_free (reader);
    /* Lines that are short together are one event that is not. */
    reader = event_stream_reader_new (&functions, told, 100);
    for (guint i = 0; i < 10; i++)
        ck_assert (event_stream_reader_feed (reader, "data: 12345678\n", 15));
    ck_assert (!event_stream_reader_feed (reader, "data: 12345678\n", 15));
    event_stream_reader_free (reader);
    /* Events are not. */
    reader = event_stream_reader_new (&functions, told, 100);
    for (guint i = 0; i < 100; i++)
        ck_assert (event_stream_reader_feed (reader, "id: 7\ndata: 12345678\n\n", 22));
    ck_assert_str_eq (event_stream_reader_get_last_id (reader), "7");
    event_stream_reader_free (reader);
}
END_TEST

/* What is relayed is what somebody sent. Were all of the text looked through for each of its lines,
 * this would take minutes. */
START_TEST (many_lines_take_no_longer_than_one)
{
    const gsize length = 4 * 1024 * 1024;

    for (const char *end = "\r\n"; *end != '\0'; end++) {
        g_autofree char *ends = g_malloc (length);
        g_autofree char *text = NULL;
        H3View data = h3_view (ends, length);
        StreamEvent event = { NULL, NULL, &data, -1 };
        g_autoptr (GString) told = g_string_new (NULL);
        g_autoptr (EventStreamReader) reader = event_stream_reader_new (&functions, told, 100);

        memset (ends, *end, length);
        text = g_malloc (event_stream_measure (&event));
        ck_assert_uint_eq (event_stream_write (&event, text),
                           (length + 1) * strlen ("data: \n") + 1);
        ck_assert (event_stream_reader_feed (reader, ends, length));
        ck_assert_uint_eq (told->len, 0);
    }
}
END_TEST

START_TEST (line_ends_where_its_first_end_is)
{
    for (gsize length = 0; length < 2000; length++) {
        g_autofree char *text = g_strnfill (length + 3, 'x');

        ck_assert_uint_eq (event_stream_find_end (text, length), length);
        text[length] = '\r';
        text[length + 1] = '\n';
        ck_assert_uint_eq (event_stream_find_end (text, length + 3), length);
        text[length] = '\n';
        text[length + 1] = '\r';
        ck_assert_uint_eq (event_stream_find_end (text, length + 3), length);
    }
}
END_TEST

static void
add (Suite *suite)
{
    suite_add_case (suite, "writer", writer_splits_data_at_every_kind_of_line_end,
                    writer_says_all_that_an_event_has, writer_comments_line_by_line,
                    name_is_one_line, NULL);
    suite_add_case (suite, "lines", many_lines_take_no_longer_than_one,
                    line_ends_where_its_first_end_is, NULL);
    suite_add_case (suite, "reader", reader_reads_the_examples_of_the_standard,
                    reader_ends_lines_at_cr_lf_and_both, reader_passes_over_one_mark_of_byte_order,
                    reader_keeps_ids_and_drops_what_is_no_event,
                    reader_takes_digits_only_for_the_wait, reader_refuses_what_is_too_long, NULL);
}

int
main (void)
{
    return suite_run ("wire/event-stream", add);
}
