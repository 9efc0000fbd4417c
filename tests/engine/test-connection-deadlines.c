/* SPDX-License-Identifier: MIT */

#include "tests/support/connection-fixture.h"
#include "tests/support/suite.h"

#include <h3/http/whole-body.h>
#include <sys/socket.h>
#include <unistd.h>

#define GOOD "GET /behind HTTP/1.1\r\nHost: a\r\n\r\n"

static int peer;

static void
set_up (void)
{
    fixture_set_up (2);
    fixture_start ();
    peer = fixture_connect ();
}

static void
tear_down (void)
{
    fixture_assert_quiet ();
    (void) close (peer);
    fixture_tear_down ();
}

/* What has come, and whether the end has. */
static void
assert_got (const char *start, gboolean expect_end)
{
    gboolean ended;
    g_autofree char *text = fixture_receive (peer, &ended);

    ck_assert_msg (*start != '\0' ? g_str_has_prefix (text, start) : *text == '\0', "%s", text);
    ck_assert_int_eq (ended, expect_end);
}

START_TEST (connection_without_a_byte_is_closed_in_silence)
{
    set_up ();
    fixture_pass (9999);
    assert_got ("", FALSE);
    fixture_pass (1);
    assert_got ("", TRUE);
    tear_down ();
}
END_TEST

START_TEST (head_has_an_absolute_deadline_however_it_trickles)
{
    set_up ();
    for (guint i = 0; i < 9; i++) {
        fixture_send (peer, h3_view (&GOOD[i], 1));
        fixture_pass (1000);
    }
    assert_got ("", FALSE);
    fixture_send (peer, H3_VIEW ("x"));
    fixture_pass (1000);
    assert_got ("HTTP/1.1 408 ", TRUE);
    tear_down ();
}
END_TEST

START_TEST (head_within_its_deadline_is_served_and_so_is_the_next)
{
    set_up ();
    for (guint round = 0; round < 2; round++) {
        for (guint i = 0; i < strlen (GOOD); i++) {
            fixture_send (peer, h3_view (&GOOD[i], 1));
            if (i < strlen (GOOD) - 1)
                fixture_pass (9990 / (gint64) strlen (GOOD));
        }
        assert_got ("HTTP/1.1 200 ", FALSE);
    }
    tear_down ();
}
END_TEST

START_TEST (idle_connection_is_closed)
{
    set_up ();
    fixture_send (peer, H3_VIEW (GOOD));
    assert_got ("HTTP/1.1 200 ", FALSE);
    fixture_pass (59999);
    fixture_send (peer, H3_VIEW (GOOD));
    assert_got ("HTTP/1.1 200 ", FALSE);
    fixture_pass (59999);
    assert_got ("", FALSE);
    fixture_pass (1);
    assert_got ("", TRUE);
    tear_down ();
}
END_TEST

static void
send_slowly (const char *head, const char *before, gsize piece, guint seconds)
{
    g_autofree char *bytes = g_strnfill (piece, 'x');

    fixture_send (peer, h3_view_of (head));
    for (guint i = 0; i < seconds; i++) {
        fixture_send (peer, h3_view_of (i == 0 ? before : ""));
        fixture_send (peer, h3_view (bytes, piece));
        fixture_pass (1000);
    }
}

#define LONG         "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"
#define LONG_CHUNKED "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

START_TEST (body_below_the_rate_is_refused)
{
    set_up ();
    fixture.body_bound = 1 << 20;
    send_slowly (LONG, "", 200, 5);
    assert_got ("HTTP/1.1 408 ", TRUE);
    (void) close (peer);
    peer = fixture_connect ();
    send_slowly (LONG_CHUNKED, "186a0\r\n", 200, 5);
    assert_got ("HTTP/1.1 408 ", TRUE);
    tear_down ();
}
END_TEST

START_TEST (body_at_the_rate_is_taken_for_as_long_as_it_is_allowed)
{
    set_up ();
    fixture.body_bound = 1 << 20;
    send_slowly (LONG, "", 300, 60);
    assert_got ("", FALSE);
    (void) close (peer);
    peer = fixture_connect ();
    send_slowly (LONG_CHUNKED, "186a0\r\n", 300, 60);
    assert_got ("", FALSE);
    tear_down ();
}
END_TEST

START_TEST (whole_body_has_a_deadline_in_all)
{
    set_up ();
    fixture.body_bound = 1 << 20;
    send_slowly (LONG, "", 300, 299);
    assert_got ("", FALSE);
    send_slowly ("", "", 300, 7);
    assert_got ("HTTP/1.1 408 ", TRUE);
    tear_down ();
}
END_TEST

static guint n_unread;

static void
note_unread (H3Event *event, gpointer user_data)
{
    n_unread++;
}

static void
gather (H3Event *event, gpointer user_data)
{
    event_gather_body (event, note_unread, NULL);
}

/* However early the handlers ran that did without it. */
START_TEST (body_that_is_gathered_later_has_the_same_deadline)
{
    set_up ();
    n_unread = 0;
    fixture.body_bound = 1 << 20;
    fixture.wish = H3_BODY_STREAMED;
    fixture.handler = gather;
    send_slowly (LONG, "", 300, 299);
    assert_got ("", FALSE);
    send_slowly ("", "", 300, 7);
    assert_got ("HTTP/1.1 408 ", TRUE);
    ck_assert_uint_eq (n_unread, 1);
    tear_down ();
}
END_TEST

static H3Event *kept;

static void
defer (H3Event *event, gpointer user_data)
{
    kept = h3_event_defer (event);
}

START_TEST (handler_that_is_late_is_answered_for_and_ignored)
{
    set_up ();
    fixture.handler = defer;
    fixture_send (peer, H3_VIEW (GOOD GOOD));
    fixture_pass (59999);
    assert_got ("", FALSE);
    fixture_pass (1);
    assert_got ("HTTP/1.1 503 ", TRUE);
    ck_assert_uint_eq (fixture.run, 1);
    ck_assert (!h3_event_is_answered (kept));
    h3_response_set_body_text (h3_event_get_response (kept), "late");
    h3_event_send (kept);
    h3_event_unref (kept);
    assert_got ("", TRUE);
    tear_down ();
}
END_TEST

static void
send_much (H3Event *event, gpointer user_data)
{
    g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (64 << 20), 64 << 20);

    h3_response_set_body_bytes (h3_event_get_response (event), bytes);
    h3_event_send (event);
}

START_TEST (answer_nobody_takes_is_reset)
{
    set_up ();
    fixture.handler = send_much;
    fixture_send (peer, H3_VIEW (GOOD));
    ck_assert_uint_eq (fixture.context.n_connections, 1);
    fixture_pass (5000);
    fixture_pass (5000);
    ck_assert_uint_eq (fixture.context.n_connections, 0);
    tear_down ();
}
END_TEST

START_TEST (answer_taken_too_long_is_reset)
{
    g_autofree char *sink = g_malloc (16384);

    set_up ();
    fixture.handler = send_much;
    fixture_send (peer, H3_VIEW (GOOD));
    for (guint second = 0; second < 299; second++) {
        for (guint i = 0; i < 13; i++) {
            (void) recv (peer, sink, 16384, 0);
            fixture_settle ();
        }
        fixture_pass (1000);
        ck_assert_uint_eq (transport_shared_count (fixture.context.shared), 1);
    }
    fixture_pass (1000);
    ck_assert_uint_eq (fixture.context.n_connections, 0);
    ck_assert_uint_eq (transport_shared_count (fixture.context.shared), 0);
    tear_down ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "head", connection_without_a_byte_is_closed_in_silence,
                    head_has_an_absolute_deadline_however_it_trickles,
                    head_within_its_deadline_is_served_and_so_is_the_next,
                    idle_connection_is_closed, NULL);
    suite_add_case (suite, "body", body_below_the_rate_is_refused,
                    body_at_the_rate_is_taken_for_as_long_as_it_is_allowed,
                    whole_body_has_a_deadline_in_all,
                    body_that_is_gathered_later_has_the_same_deadline, NULL);
    suite_add_case (suite, "answer", handler_that_is_late_is_answered_for_and_ignored,
                    answer_nobody_takes_is_reset, answer_taken_too_long_is_reset, NULL);
}

int
main (void)
{
    return suite_run ("engine/connection-deadlines", add_cases);
}
