/* SPDX-License-Identifier: MIT
 *
 * What a connection gives back while it is at rest. */

#include "tests/support/connection-fixture.h"
#include "tests/support/suite.h"

#include <unistd.h>

#define GOOD     "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"
#define CHUNKED  "POST /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
#define N_PEERS  5
#define N_ROUNDS 3

static H3Event *kept;

static void
defer (H3Event *event, gpointer user_data)
{
    kept = h3_event_ref (event);
}

static void
set_up (void)
{
    fixture_set_up (16);
    fixture_start ();
}

static void
assert_answered (int peer, const char *bytes)
{
    g_autofree char *answer = NULL;

    fixture_send (peer, h3_view_of (bytes));
    answer = fixture_receive (peer, NULL);
    ck_assert_uint_eq (fixture_count (answer, "HTTP/1.1 200"), 1);
}

START_TEST (connections_at_rest_need_no_activity_of_their_own)
{
    int peers[N_PEERS];

    set_up ();
    for (guint i = 0; i < N_PEERS; i++)
        peers[i] = fixture_connect ();
    ck_assert_uint_eq (fixture.context.n_activities, 0);
    for (guint round = 0; round < N_ROUNDS; round++) {
        for (guint i = 0; i < N_PEERS; i++)
            assert_answered (peers[i], GOOD);
    }
    ck_assert_uint_eq (fixture.context.n_activities, 1);
    for (guint i = 0; i < N_PEERS; i++) {
        (void) close (peers[i]);
        fixture_settle ();
    }
    ck_assert_uint_eq (fixture.context.n_activities, 1);
    fixture_tear_down ();
}
END_TEST

START_TEST (connection_with_part_of_a_head_keeps_its_activity_until_it_is_answered)
{
    int slow, quick;

    set_up ();
    slow = fixture_connect ();
    quick = fixture_connect ();
    fixture_send (slow, H3_VIEW ("GET /slow HT"));
    ck_assert_uint_eq (fixture.context.n_activities, 0);
    assert_answered (quick, GOOD);
    ck_assert_uint_eq (fixture.context.n_activities, 1);
    assert_answered (slow, "TP/1.1\r\nHost: h\r\n\r\n");
    ck_assert_uint_eq (fixture.context.n_activities, 2);
    (void) close (slow);
    (void) close (quick);
    fixture_tear_down ();
}
END_TEST

START_TEST (connection_that_waits_for_its_program_keeps_its_activity)
{
    int patient, quick;

    set_up ();
    patient = fixture_connect ();
    quick = fixture_connect ();
    fixture.handler = defer;
    fixture_send (patient, H3_VIEW (GOOD));
    ck_assert_uint_eq (fixture.context.n_activities, 0);
    fixture.handler = fixture_echo;
    assert_answered (quick, GOOD);
    fixture_echo (kept, NULL);
    h3_event_unref (kept);
    fixture_settle ();
    ck_assert_uint_eq (fixture.context.n_activities, 2);
    assert_answered (patient, "");
    (void) close (patient);
    (void) close (quick);
    fixture_tear_down ();
}
END_TEST

/* Each leaves something behind: half a head, half a body, trailers. */
START_TEST (activity_that_comes_back_knows_nothing_of_its_last_connection)
{
    static const char *const left[] = {
        "GET /half HTTP/1.1\r\nHo",
        CHUNKED "5\r\nhe",
        CHUNKED "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
        CHUNKED "zz\r\n",
    };

    set_up ();
    for (guint i = 0; i < G_N_ELEMENTS (left); i++) {
        int first = fixture_connect (), second;

        fixture_send (first, h3_view_of (left[i]));
        (void) close (first);
        fixture_settle ();
        second = fixture_connect ();
        assert_answered (second, GOOD);
        ck_assert_uint_eq (fixture.context.n_activities, 1);
        (void) close (second);
        fixture_settle ();
    }
    fixture_tear_down ();
}
END_TEST

static char *seen; /* owned: what the hook at an exchange's end read of its request */

static void
see (H3Event *event, H3Outcome outcome, gpointer user_data)
{
    seen = g_strdup (h3_request_get_header (h3_event_get_request (event), "X-Id"));
}

/* More than the socket takes at once. */
static void
send_much (H3Event *event, gpointer user_data)
{
    g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (64 << 20), 64 << 20);

    h3_event_on_dispose (event, see, NULL, NULL);
    h3_response_set_body_bytes (h3_event_get_response (event), bytes);
    h3_event_send (event);
}

/* What the worker receives meanwhile lies where the request was received. */
START_TEST (request_is_kept_for_the_hooks_of_an_answer_that_waits_for_its_client)
{
    int slow, quick;

    set_up ();
    slow = fixture_connect ();
    quick = fixture_connect ();
    fixture.handler = send_much;
    fixture_send (slow, H3_VIEW ("GET /a HTTP/1.1\r\nHost: h\r\nX-Id: slow\r\n\r\n"));
    ck_assert_ptr_null (seen);
    fixture.handler = fixture_echo;
    assert_answered (quick, "GET /a HTTP/1.1\r\nHost: h\r\nX-Id: fast\r\n\r\n");
    (void) close (slow);
    fixture_settle ();
    ck_assert_str_eq (seen, "slow");
    g_clear_pointer (&seen, g_free);
    (void) close (quick);
    fixture_tear_down ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "rest", connections_at_rest_need_no_activity_of_their_own,
                    connection_with_part_of_a_head_keeps_its_activity_until_it_is_answered,
                    connection_that_waits_for_its_program_keeps_its_activity,
                    activity_that_comes_back_knows_nothing_of_its_last_connection,
                    request_is_kept_for_the_hooks_of_an_answer_that_waits_for_its_client, NULL);
}

int
main (void)
{
    return suite_run ("engine/connection-rest", add_cases);
}
