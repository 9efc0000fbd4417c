/* SPDX-License-Identifier: MIT
 *
 * WebSockets over real sockets: how each of them ends, and what is told of it. */

#include "websocket-fixture.h"

START_TEST (close_of_the_client_is_answered_and_told)
{
    run ();
    client = connect_to ("/ws");
    ws_peer_send_close (client, 4001, "enough");
    ws_peer_expect_close (client, 4001);
    assert_told (4001, "enough", TRUE);
    ck_assert (!h3_websocket_send_text (accepted, "late", NULL));
    finish ();
}
END_TEST

START_TEST (empty_close_is_answered_empty)
{
    run ();
    client = connect_to ("/ws");
    ws_peer_send (client, PEER_CLOSE, "", 0);
    ws_peer_expect_close (client, 0);
    assert_told (1005, "", TRUE);
    finish ();
}
END_TEST

START_TEST (close_of_the_program_waits_for_the_clients)
{
    g_autoptr (GByteArray) payload = NULL;
    guint8 first;

    run ();
    client = connect_to ("/ws");
    ws_peer_send_text (client, PEER_TEXT, "close");
    payload = ws_peer_read (client, &first);
    ck_assert_uint_eq (first, PEER_CLOSE);
    ck_assert_uint_eq (payload->len, 2 + strlen ("as you wish"));
    /* What was on its way is dropped. */
    ws_peer_send_text (client, PEER_TEXT, "too late");
    ws_peer_send_close (client, 4000, "");
    raw_client_expect_end (client);
    assert_told (4000, "", TRUE);
    finish ();
}
END_TEST

START_TEST (close_that_is_not_answered_ends_at_its_deadline)
{
    g_autoptr (GByteArray) payload = NULL;
    guint8 first;

    run ();
    client = connect_to ("/ws");
    ws_peer_send_text (client, PEER_TEXT, "close");
    payload = ws_peer_read (client, &first);
    ck_assert_uint_eq (first, PEER_CLOSE);
    raw_client_expect_end (client);
    assert_told (1006, "", FALSE);
    finish ();
}
END_TEST

START_TEST (client_that_goes_without_a_word_is_told)
{
    run ();
    client = connect_to ("/ws");
    ws_peer_send_text (client, PEER_BEGIN_TEXT, "half a mess");
    raw_client_half_close (client);
    raw_client_expect_end (client);
    assert_told (1006, "", FALSE);
    g_clear_pointer (&client, raw_client_free);
    client = connect_to ("/ws");
    latch_wait (&opened, 2, "a WebSocket");
    raw_client_reset (client);
    latch_wait (&closed, 2, "the end of a WebSocket");
    finish ();
}
END_TEST

/* Frames as they are, the answer's code. */
static const struct {
    const char *bytes;
    gsize length;
    guint code;
} faults[] = {
    { "\x81\x01x", 3, 1002 },         /* no mask */
    { "\x80\x81\0\0\0\0x", 7, 1002 }, /* a fragment of nothing */
    { "\xc1\x81\0\0\0\0x", 7, 1002 }, /* compressed */
    { "\x81\x81\0\0\0\0\xff", 7, 1007 },
    { "\x82\xff\0\0\0\0\x7f\xff\xff\xff", 10, 1009 }, /* with its mask to come */
    { "\x88\x82\0\0\0\0\x03\xed", 8, 1002 },          /* Close 1005 */
};

START_TEST (fault_is_answered_with_its_code)
{
    run ();
    for (gsize i = 0; i < G_N_ELEMENTS (faults); i++) {
        g_autoptr (RawClient) one = connect_to ("/ws");

        (void) raw_client_send_data (one, faults[i].bytes, faults[i].length);
        if (faults[i].code == 1009)
            (void) raw_client_send_data (one, "\0\0\0\0", 4);
        ws_peer_expect_close (one, faults[i].code);
        latch_wait (&closed, (guint) i + 1, "the end of a WebSocket");
        ck_assert_uint_eq (closed_code, faults[i].code);
        ck_assert (!closed_clean);
    }
    finish ();
}
END_TEST

START_TEST (silent_client_is_pinged_and_then_let_go)
{
    start ();
    ck_assert (h3_app_set_limit (server.app, "websocket-ping", 50, NULL));
    test_server_start (&server);
    client = connect_to ("/ws");
    ws_peer_expect (client, PEER_PING, "", 0);
    ws_peer_send (client, PEER_PONG, "", 0);
    ws_peer_expect (client, PEER_PING, "", 0);
    raw_client_expect_end (client);
    assert_told (1006, "no answer to a ping", FALSE);
    finish ();
}
END_TEST

START_TEST (handle_outlives_its_connection)
{
    g_autoptr (GError) error = NULL;

    run ();
    client = connect_to ("/ws");
    latch_wait (&opened, 1, "a WebSocket");
    raw_client_reset (client);
    latch_wait (&closed, 1, "the end of a WebSocket");
    ck_assert (!h3_websocket_send_text (accepted, "x", &error));
    ck_assert (g_error_matches (error, H3_ERROR, H3_ERROR_CLOSED));
    ck_assert (!h3_websocket_ping (accepted, NULL, 0, NULL));
    ck_assert_uint_eq (h3_websocket_get_waiting (accepted), 0);
    h3_websocket_close (accepted, 1000, NULL);
    finish ();
}
END_TEST

START_TEST (drain_says_going_away_and_waits_for_the_client)
{
    guint8 first;
    g_autoptr (GByteArray) payload = NULL;

    start ();
    ck_assert (h3_app_set_limit (server.app, "websocket-close-timeout", 0, NULL));
    test_server_start (&server);
    client = connect_to ("/ws");
    latch_wait (&opened, 1, "a WebSocket");
    h3_app_stop (server.app);
    payload = ws_peer_read (client, &first);
    ck_assert_uint_eq (first, PEER_CLOSE);
    ck_assert_uint_eq ((guint) payload->data[0] << 8 | payload->data[1], 1001);
    ws_peer_send_close (client, 1001, "");
    raw_client_expect_end (client);
    assert_told (1001, "", TRUE);
    g_clear_pointer (&accepted, h3_websocket_unref);
    g_clear_pointer (&client, raw_client_free);
    test_server_end_stopped (&server, TRUE);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "ends", close_of_the_client_is_answered_and_told,
                    empty_close_is_answered_empty, close_of_the_program_waits_for_the_clients,
                    close_that_is_not_answered_ends_at_its_deadline,
                    client_that_goes_without_a_word_is_told, fault_is_answered_with_its_code,
                    silent_client_is_pinged_and_then_let_go, handle_outlives_its_connection,
                    drain_says_going_away_and_waits_for_the_client, NULL);
}

int
main (void)
{
    return suite_run ("e2e/websocket-ending", add_tests);
}
