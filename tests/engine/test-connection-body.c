/* SPDX-License-Identifier: MIT */

#include "tests/support/connection-fixture.h"
#include "tests/support/suite.h"

#include <sys/socket.h>
#include <unistd.h>

#define GOOD   "GET /behind HTTP/1.1\r\nHost: a\r\n\r\n"
#define BEHIND "<GET /behind - 0 >"

static void
set_up (void)
{
    fixture_set_up (2);
    fixture_start ();
}

static void
assert_in_every_cut (const char *request, const char *expected)
{
    g_autofree char *both = g_strconcat (request, GOOD, NULL);
    H3View bytes = h3_view_of (both);

    for (gsize at = 1; at < bytes.length; at++) {
        int peer = fixture_connect ();

        (void) send (peer, bytes.data, at, 0);
        fixture_settle ();
        (void) send (peer, bytes.data + at, bytes.length - at, 0);
        fixture_assert_answers (peer, "", (const char *[]){ expected, BEHIND, NULL });
        (void) close (peer);
        fixture_settle ();
    }
}

START_TEST (whole_bodies_are_the_same_in_every_cut)
{
    set_up ();
    assert_in_every_cut ("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello\r\nyou!",
                         "<POST /p - 11 hello\r\nyou!>");
    assert_in_every_cut ("POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "5;x=y\r\nhello\r\n3\r\n, y\r\n2\r\nou\r\n0\r\nT: v\r\n\r\n",
                         "<POST /p - 10 hello, you>");
    fixture_tear_down ();
}
END_TEST

static void
assert_bound (gboolean chunked, int over)
{
    gsize length = (gsize) ((int) fixture.body_bound + over);
    g_autofree char *body = g_strnfill (length, 'b');
    g_autofree char *request =
        chunked ? g_strdup_printf ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                                   "\r\n400\r\n%.1024s\r\n%zx\r\n%s\r\n0\r\n\r\n",
                                   body, length - 1024, body + 1024)
                : g_strdup_printf ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n%s",
                                   length, body);
    int peer = fixture_connect ();
    g_autofree char *answer = NULL;

    fixture_send (peer, h3_view_of (request));
    answer = fixture_receive (peer, NULL);
    ck_assert_msg (g_str_has_prefix (answer, over > 0 ? "HTTP/1.1 413 " : "HTTP/1.1 200 "), "%s",
                   answer);
    ck_assert_uint_eq (fixture_count (answer, "HTTP/1.1 "), 1);
    (void) close (peer);
    fixture_settle ();
}

START_TEST (bound_of_a_body_holds_below_at_and_above_it)
{
    set_up ();
    fixture.body_bound = 2048;
    for (int over = -1; over <= 1; over++) {
        assert_bound (FALSE, over);
        assert_bound (TRUE, over);
    }
    fixture_tear_down ();
}
END_TEST

START_TEST (continue_is_sent_when_the_body_is_wanted)
{
    g_autofree char *interim = NULL;
    int peer;

    set_up ();
    peer = fixture_connect ();
    fixture_send (peer, H3_VIEW ("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
                                 "Expect: 100-continue\r\n\r\n"));
    interim = fixture_receive (peer, NULL);
    ck_assert_str_eq (interim, "HTTP/1.1 100 Continue\r\n\r\n");
    fixture_assert_answers (peer, "ab" GOOD, (const char *[]){ "<POST /p - 2 ab>", BEHIND, NULL });
    (void) close (peer);
    fixture_tear_down ();
}
END_TEST

static void
assert_no_continue (const char *request, const char *status)
{
    int peer = fixture_connect ();
    g_autofree char *answer = NULL;

    fixture_send (peer, h3_view_of (request));
    answer = fixture_receive (peer, NULL);
    ck_assert_msg (g_str_has_prefix (answer, status), "%s", answer);
    ck_assert_uint_eq (fixture_count (answer, "100 Continue"), 0);
    (void) close (peer);
    fixture_settle ();
}

START_TEST (continue_is_not_sent_where_it_is_not_wanted)
{
    set_up ();
    /* Refused: the final status, and the end, for the body may never come. */
    assert_no_continue ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n"
                        "Expect: 100-continue\r\n\r\n",
                        "HTTP/1.1 413 ");
    assert_no_continue ("POST / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", "");
    fixture.wish = H3_BODY_NONE;
    assert_no_continue ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
                        "Expect: 100-continue\r\n\r\n",
                        "HTTP/1.1 200 ");
    fixture_tear_down ();
}
END_TEST

START_TEST (small_body_left_unread_is_thrown_away)
{
    int peer;

    set_up ();
    fixture.wish = H3_BODY_NONE;
    peer = fixture_connect ();
    fixture_assert_answers (peer,
                            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 33\r\n\r\n" GOOD GOOD,
                            (const char *[]){ "<POST / - 0 >", BEHIND, NULL });
    fixture_assert_answers (peer,
                            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "21\r\n" GOOD "\r\n0\r\n\r\n" GOOD,
                            (const char *[]){ "<POST / - 0 >", BEHIND, NULL });
    ck_assert_uint_eq (fixture.begun, 4);
    (void) close (peer);
    fixture_tear_down ();
}
END_TEST

static void
assert_large_is_cut (const char *head, gboolean chunked)
{
    g_autofree char *piece = g_strnfill (1024, 'x');
    int peer = fixture_connect ();
    guint before = fixture.begun;
    gboolean ended = FALSE;

    fixture_send (peer, h3_view_of (head));
    for (guint i = 0; i < 300; i++) {
        if (chunked)
            fixture_send (peer, H3_VIEW ("400\r\n"));
        fixture_send (peer, h3_view (piece, 1024));
        if (chunked)
            fixture_send (peer, H3_VIEW ("\r\n"));
    }
    if (chunked)
        fixture_send (peer, H3_VIEW ("0\r\n\r\n"));
    fixture_send (peer, H3_VIEW (GOOD));
    g_free (fixture_receive (peer, &ended));
    ck_assert (ended);
    ck_assert_uint_eq (fixture.begun, before + 1);
    (void) close (peer);
    fixture_settle ();
}

START_TEST (large_body_left_unread_ends_the_connection_unparsed)
{
    set_up ();
    fixture.wish = H3_BODY_NONE;
    assert_large_is_cut ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 307200\r\n\r\n", FALSE);
    assert_large_is_cut ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", TRUE);
    fixture_tear_down ();
}
END_TEST

static void
on_piece (H3Event *event, const char *data, gsize length, const GError *error, gpointer user_data)
{
    if (data != NULL)
        h3_event_write (event, data, length);
    else if (error == NULL)
        h3_event_finish (event);
}

static void
echo_stream (H3Event *event, gpointer user_data)
{
    h3_event_read_body (event, on_piece, NULL, NULL);
}

/* The end of the body ends the answer, and with it the event, inside the reader's call. */
static void
assert_streamed (guint resting)
{
    int peer;

    fixture_set_up (resting);
    fixture.wish = H3_BODY_STREAMED;
    fixture.handler = echo_stream;
    fixture_start ();
    peer = fixture_connect ();
    fixture_assert_answers (peer,
                            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloPOST / "
                            "HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "3\r\nabc\r\n0\r\n\r\n" GOOD,
                            (const char *[]){ "5\r\nhello\r\n0\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n",
                                              "HTTP/1.1 200", NULL });
    (void) close (peer);
    fixture_tear_down ();
}

START_TEST (streamed_body_is_echoed_with_and_without_pooling)
{
    assert_streamed (2);
    assert_streamed (0);
}
END_TEST

static void
fail_at_piece (H3Event *event, const char *data, gsize length, const GError *error,
               gpointer user_data)
{
    if (data == NULL)
        return;
    h3_event_write (event, data, length);
    h3_event_fail (event, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "no more"));
}

static void
read_and_fail (H3Event *event, gpointer user_data)
{
    h3_event_read_body (event, fail_at_piece, NULL, NULL);
}

START_TEST (failure_inside_a_reader_cuts_the_connection)
{
    gboolean ended;
    int peer;

    fixture_set_up (0);
    fixture.wish = H3_BODY_STREAMED;
    fixture.handler = read_and_fail;
    fixture_start ();
    peer = fixture_connect ();
    fixture_send (peer, H3_VIEW ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhello"));
    g_free (fixture_receive (peer, &ended));
    ck_assert (ended);
    (void) close (peer);
    fixture_tear_down ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "whole", whole_bodies_are_the_same_in_every_cut,
                    bound_of_a_body_holds_below_at_and_above_it, NULL);
    suite_add_case (suite, "continue", continue_is_sent_when_the_body_is_wanted,
                    continue_is_not_sent_where_it_is_not_wanted, NULL);
    suite_add_case (suite, "unread", small_body_left_unread_is_thrown_away,
                    large_body_left_unread_ends_the_connection_unparsed, NULL);
    suite_add_case (suite, "streamed", streamed_body_is_echoed_with_and_without_pooling,
                    failure_inside_a_reader_cuts_the_connection, NULL);
}

int
main (void)
{
    return suite_run ("engine/connection-body", add_cases);
}
