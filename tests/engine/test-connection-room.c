/* SPDX-License-Identifier: MIT */

#include "h3/engine/connection-bound.h"

#include "h3/base/counters.h"
#include "tests/support/connection-fixture.h"
#include "tests/support/suite.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GOOD "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
#define LONG "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"

static int peers[16];
static guint n_peers;

static int
add_peer (const char *text)
{
    int peer = fixture_connect ();

    fixture_send (peer, h3_view_of (text));
    peers[n_peers++] = peer;
    return peer;
}

static void
set_up (void)
{
    n_peers = 0;
    fixture_set_up (16);
    fixture.body_bound = 1 << 20;
    fixture_start ();
}

static void
tear_down (void)
{
    fixture_assert_quiet ();
    for (guint i = 0; i < n_peers; i++)
        (void) close (peers[i]);
    fixture_tear_down ();
}

static void
assert_got (int peer, const char *start, gboolean expect_end)
{
    gboolean ended;
    g_autofree char *text = fixture_receive (peer, &ended);

    ck_assert_msg (*start != '\0' ? g_str_has_prefix (text, start) : *text == '\0', "%s", text);
    ck_assert_int_eq (ended, expect_end);
}

static gboolean
make_room (void)
{
    guint before = fixture.context.n_connections;
    gboolean made = connection_context_make_room (&fixture.context);

    ck_assert_uint_eq (before - fixture.context.n_connections, made ? 1 : 0);
    return made;
}

START_TEST (room_is_made_by_who_has_been_idle_longest)
{
    int idle[3];

    set_up ();
    for (guint i = 0; i < 3; i++) {
        idle[i] = add_peer (GOOD);
        assert_got (idle[i], "HTTP/1.1 200 ", FALSE);
        fixture_pass (100);
    }
    fixture_send (idle[0], H3_VIEW (GOOD));
    assert_got (idle[0], "HTTP/1.1 200 ", FALSE);
    fixture_pass (10000);
    ck_assert (make_room ());
    assert_got (idle[1], "", TRUE);
    ck_assert (make_room ());
    assert_got (idle[2], "", TRUE);
    assert_got (idle[0], "", FALSE);
    tear_down ();
}
END_TEST

START_TEST (client_that_was_just_answered_stays)
{
    int idle;

    set_up ();
    idle = add_peer (GOOD);
    assert_got (idle, "HTTP/1.1 200 ", FALSE);
    fixture_pass (999);
    ck_assert (!make_room ());
    fixture_pass (1);
    ck_assert (make_room ());
    assert_got (idle, "", TRUE);
    tear_down ();
}
END_TEST

START_TEST (idle_client_goes_before_an_older_slow_head)
{
    int slow, idle;

    set_up ();
    slow = add_peer ("GET ");
    fixture_pass (100);
    idle = add_peer (GOOD);
    assert_got (idle, "HTTP/1.1 200 ", FALSE);
    fixture_pass (2000);
    ck_assert (make_room ());
    assert_got (idle, "", TRUE);
    assert_got (slow, "", FALSE);
    tear_down ();
}
END_TEST

/* A head has no least time: those who mean it send it at once. */
START_TEST (heads_and_silence_make_room_oldest_first)
{
    int first, second, third;

    set_up ();
    first = add_peer ("GET ");
    fixture_pass (1);
    second = add_peer ("");
    fixture_pass (1);
    third = add_peer ("GET / HTTP/1.1\r\n");
    ck_assert (make_room ());
    assert_got (first, "HTTP/1.1 503 Service Unavailable\r\nDate: ", TRUE);
    ck_assert (make_room ());
    assert_got (second, "", TRUE);
    assert_got (third, "", FALSE);
    ck_assert (make_room ());
    assert_got (third, "HTTP/1.1 503 ", TRUE);
    ck_assert (!make_room ());
    tear_down ();
}
END_TEST

START_TEST (client_whose_bytes_have_come_stays)
{
    int peer;

    set_up ();
    peer = add_peer ("");
    ck_assert_int_gt (send (peer, GOOD, strlen (GOOD), 0), 0);
    ck_assert (!make_room ());
    assert_got (peer, "HTTP/1.1 200 ", FALSE);
    fixture_pass (5000);
    ck_assert_int_gt (send (peer, GOOD, strlen (GOOD), 0), 0);
    ck_assert (!make_room ());
    assert_got (peer, "HTTP/1.1 200 ", FALSE);
    tear_down ();
}
END_TEST

/* A byte now and then does not keep a place. */
START_TEST (trickle_that_has_just_arrived_makes_room_too)
{
    int head, body;

    set_up ();
    head = add_peer ("GET ");
    body = add_peer (LONG);
    fixture_pass (1000);
    ck_assert_int_gt (send (head, "/", 1, 0), 0);
    ck_assert_int_gt (send (body, "x", 1, 0), 0);
    ck_assert (make_room ());
    ck_assert (make_room ());
    ck_assert (!make_room ());
    tear_down ();
}
END_TEST

START_TEST (body_that_has_just_arrived_stays)
{
    g_autofree char *bytes = g_strnfill (2000, 'x');
    int body;

    set_up ();
    body = add_peer (LONG);
    fixture_pass (1000);
    ck_assert_int_gt (send (body, bytes, 2000, 0), 0);
    ck_assert (!make_room ());
    tear_down ();
}
END_TEST

START_TEST (waits_without_an_end_make_room_too)
{
    int slow, idle;

    n_peers = 0;
    fixture_set_up (16);
    fixture.limits.first_byte_time = fixture.limits.head_time = fixture.limits.idle_time = 0;
    fixture_start ();
    slow = add_peer ("GET ");
    idle = add_peer (GOOD);
    assert_got (idle, "HTTP/1.1 200 ", FALSE);
    fixture_pass (1000000);
    ck_assert (make_room ());
    assert_got (idle, "", TRUE);
    ck_assert (make_room ());
    assert_got (slow, "HTTP/1.1 503 ", TRUE);
    tear_down ();
}
END_TEST

START_TEST (slow_body_makes_room_before_a_young_head)
{
    g_autofree char *bytes = g_strnfill (2000, 'x');
    int slow, quick, young;

    set_up ();
    young = add_peer ("GET ");
    fixture_pass (1);
    slow = add_peer (LONG);
    quick = add_peer (LONG);
    fixture_send (slow, H3_VIEW ("a few"));
    fixture_send (quick, h3_view (bytes, 2000));
    fixture_pass (21);
    ck_assert (make_room ());
    assert_got (slow, "", TRUE);
    ck_assert (make_room ());
    assert_got (young, "HTTP/1.1 503 ", TRUE);
    ck_assert (!make_room ());
    assert_got (quick, "", FALSE);
    tear_down ();
}
END_TEST

/* However many come at once, there is somebody who goes: heads and bodies, the oldest of them. */
START_TEST (crowd_of_young_ones_makes_room_oldest_first)
{
    int body, head, second;

    set_up ();
    body = add_peer (LONG "a few");
    fixture_pass (1);
    head = add_peer ("GET ");
    fixture_pass (1);
    second = add_peer (LONG "a few");
    ck_assert (make_room ());
    assert_got (body, "", TRUE);
    ck_assert (make_room ());
    assert_got (head, "HTTP/1.1 503 ", TRUE);
    ck_assert (make_room ());
    assert_got (second, "", TRUE);
    ck_assert (!make_room ());
    tear_down ();
}
END_TEST

/* Its head came by itself, and its body has come since. */
START_TEST (young_body_that_goes_on_stays)
{
    g_autofree char *bytes = g_strnfill (60, 'x');
    int arriving, enough;

    set_up ();
    enough = add_peer (LONG);
    fixture_send (enough, h3_view (bytes, 60));
    arriving = add_peer (LONG);
    ck_assert_int_gt (send (arriving, "x", 1, 0), 0);
    ck_assert (!make_room ());
    assert_got (arriving, "", FALSE);
    assert_got (enough, "", FALSE);
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

START_TEST (reader_that_takes_nothing_makes_room_and_a_quick_one_stays)
{
    g_autofree char *sink = g_malloc (1 << 20);
    int slow, quick;

    set_up ();
    fixture.handler = send_much;
    slow = add_peer (GOOD);
    quick = add_peer (GOOD);
    fixture_pass (249);
    ck_assert_int_gt (recv (quick, sink, 1 << 20, 0), 0);
    fixture_settle ();
    ck_assert (!make_room ());
    fixture_pass (1);
    ck_assert (make_room ());
    ck_assert (!make_room ());
    for (guint i = 0; i < 20; i++) {
        (void) recv (slow, sink, 1 << 20, 0);
        ck_assert_int_gt (recv (quick, sink, 1 << 20, 0), 0);
        fixture_settle ();
    }
    ck_assert_int_eq (recv (slow, sink, 1 << 20, 0), 0);
    tear_down ();
}
END_TEST

static H3Event *kept;

static void
defer (H3Event *event, gpointer user_data)
{
    kept = h3_event_defer (event);
}

START_TEST (client_whose_request_is_handled_stays)
{
    int peer;

    set_up ();
    fixture.handler = defer;
    peer = add_peer (GOOD);
    fixture_pass (50000);
    ck_assert (!make_room ());
    h3_response_set_body_text (h3_event_get_response (kept), "late");
    h3_event_send (kept);
    h3_event_unref (kept);
    assert_got (peer, "HTTP/1.1 200 ", FALSE);
    tear_down ();
}
END_TEST

static guint n_asked;

/* One leaves where there is one. */
static gboolean
leave (gpointer data)
{
    H3Address nobody = { 0 };

    n_asked++;
    if (data != NULL)
        connection_bound_leave (data, &nobody);
    return data != NULL;
}

START_TEST (room_is_asked_for_at_the_bound_only)
{
    H3Address address = { .family = H3_ADDRESS_IPV4 };
    ConnectionBound *bound = connection_bound_new (2, 0);
    gint64 refused = counters_read (COUNTER_REFUSED);

    n_asked = 0;
    for (guint i = 0; i < 2; i++)
        ck_assert_int_eq (connection_bound_enter (bound, &address, leave, bound), BOUND_ENTERED);
    ck_assert_uint_eq (n_asked, 0);
    ck_assert_int_eq (connection_bound_enter (bound, &address, leave, bound), BOUND_ENTERED);
    ck_assert_uint_eq (n_asked, 1);
    ck_assert_uint_eq (connection_bound_count (bound), 2);
    ck_assert_int_eq (connection_bound_enter (bound, &address, leave, NULL), BOUND_IS_FULL);
    ck_assert_uint_eq (n_asked, 2);
    ck_assert_uint_eq (connection_bound_count (bound), 2);
    ck_assert_int_eq (counters_read (COUNTER_REFUSED) - refused, 0);
    connection_bound_note_refused (bound);
    ck_assert_int_eq (counters_read (COUNTER_REFUSED) - refused, 1);
    connection_bound_free (bound);
}
END_TEST

/* Whoever has all that an address may have cannot push others out. */
START_TEST (no_room_is_made_for_an_address_that_has_its_share)
{
    H3Address one = { .family = H3_ADDRESS_IPV4, .bytes = { 1 } };
    H3Address other = { .family = H3_ADDRESS_IPV4, .bytes = { 2 } };
    ConnectionBound *bound = connection_bound_new (2, 1);

    n_asked = 0;
    ck_assert_int_eq (connection_bound_enter (bound, &one, leave, NULL), BOUND_ENTERED);
    ck_assert_int_eq (connection_bound_enter (bound, &other, leave, NULL), BOUND_ENTERED);
    ck_assert_int_eq (connection_bound_enter (bound, &one, leave, NULL), BOUND_HAS_SHARE);
    ck_assert_uint_eq (n_asked, 0);
    connection_bound_leave (bound, &one);
    /* A client that finds no room has not used up its address's share. */
    ck_assert_int_eq (connection_bound_enter (bound, &(H3Address){ 0 }, leave, NULL),
                      BOUND_ENTERED);
    ck_assert_int_eq (connection_bound_enter (bound, &one, leave, NULL), BOUND_IS_FULL);
    connection_bound_leave (bound, &other);
    ck_assert_int_eq (connection_bound_enter (bound, &one, leave, NULL), BOUND_ENTERED);
    connection_bound_free (bound);
}
END_TEST

/* Somebody else is quicker, once. */
static gboolean
leave_to_another (gpointer data)
{
    H3Address nobody = { 0 };

    connection_bound_leave (data, &nobody);
    if (n_asked++ == 0)
        ck_assert_int_eq (connection_bound_enter (data, &nobody, leave, NULL), BOUND_ENTERED);
    return TRUE;
}

START_TEST (room_that_another_took_is_made_again)
{
    H3Address address = { 0 };
    ConnectionBound *bound = connection_bound_new (1, 0);

    n_asked = 0;
    ck_assert_int_eq (connection_bound_enter (bound, &address, leave, NULL), BOUND_ENTERED);
    ck_assert_int_eq (connection_bound_enter (bound, &address, leave_to_another, bound),
                      BOUND_ENTERED);
    ck_assert_uint_eq (n_asked, 2);
    ck_assert_uint_eq (connection_bound_count (bound), 1);
    connection_bound_free (bound);
}
END_TEST

static guint
count_waiting (guint total)
{
    ConnectionBound *bound = connection_bound_new (total, 0);
    guint n = 0;

    while (n < total && connection_bound_begin_waiting (bound))
        n++;
    connection_bound_end_waiting (bound);
    ck_assert (connection_bound_begin_waiting (bound));
    ck_assert (n == total || !connection_bound_begin_waiting (bound));
    connection_bound_free (bound);
    return n;
}

START_TEST (few_wait_for_room_at_a_time)
{
    ck_assert_uint_eq (count_waiting (1), 1);
    ck_assert_uint_eq (count_waiting (32), 2);
    ck_assert_uint_eq (count_waiting (65536), 32);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "idle", room_is_made_by_who_has_been_idle_longest,
                    client_that_was_just_answered_stays, idle_client_goes_before_an_older_slow_head,
                    client_whose_bytes_have_come_stays, client_whose_request_is_handled_stays,
                    NULL);
    suite_add_case (suite, "slow", heads_and_silence_make_room_oldest_first,
                    waits_without_an_end_make_room_too, slow_body_makes_room_before_a_young_head,
                    crowd_of_young_ones_makes_room_oldest_first, young_body_that_goes_on_stays,
                    trickle_that_has_just_arrived_makes_room_too, body_that_has_just_arrived_stays,
                    reader_that_takes_nothing_makes_room_and_a_quick_one_stays, NULL);
    suite_add_case (suite, "bound", room_is_asked_for_at_the_bound_only,
                    no_room_is_made_for_an_address_that_has_its_share,
                    room_that_another_took_is_made_again, few_wait_for_room_at_a_time, NULL);
}

int
main (void)
{
    return suite_run ("engine/connection-room", add_cases);
}
