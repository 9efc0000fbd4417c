/* SPDX-License-Identifier: MIT
 *
 * Peers that trickle are cut by deadlines, in an order that is asserted, not a time; others are
 * served meanwhile. */

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <string.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define SHORT     200      /* milliseconds: what is waited for */
#define LONG      86400000 /* all that must not end a test */

static TestServer server;
static Latch disposed = LATCH_INIT, cancelled = LATCH_INIT;
static H3Outcome outcome;

static void
answer (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "yes");
}

static void
note_disposed (H3Event *event, H3Outcome result, gpointer user_data)
{
    outcome = result;
    latch_raise (&disposed);
}

static void
send_much (H3Event *event, gpointer user_data)
{
    g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (64 << 20), 64 << 20);

    h3_event_on_dispose (event, note_disposed, NULL, NULL);
    h3_event_send_bytes (event, "application/octet-stream", bytes);
}

static void
note_cancelled (GCancellable *cancellable, gpointer user_data)
{
    latch_raise (&cancelled);
    h3_event_unref (user_data);
}

static void
never_answer (H3Event *event, gpointer user_data)
{
    g_signal_connect (h3_event_get_cancellable (event), "cancelled", G_CALLBACK (note_cancelled),
                      h3_event_defer (event));
}

/* Every deadline is long, but for the one that is tried. */
static void
start (const char *limit, gint64 value)
{
    static const char *const all[] = { "first-byte-timeout", "head-timeout",  "idle-timeout",
                                       "body-timeout",       "write-timeout", "handler-timeout" };

    test_server_init (&server);
    h3_app_get (server.app, "/", answer, NULL);
    h3_app_post (server.app, "/", answer, NULL);
    h3_app_get (server.app, "/much", send_much, NULL);
    h3_app_get (server.app, "/never", never_answer, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (all); i++)
        ck_assert (h3_app_set_limit (server.app, all[i], LONG, NULL));
    ck_assert (h3_app_set_limit (server.app, "max-requests", 0, NULL));
    ck_assert (h3_app_set_limit (server.app, "min-body-rate", 0, NULL));
    ck_assert (h3_app_set_limit (server.app, "min-write-rate", 0, NULL));
    ck_assert (h3_app_set_limit (server.app, limit, value, NULL));
}

/* Byte after byte until the server has something to say to it; others are served meanwhile. */
static void
trickle (RawClient *client)
{
    RawClient *other = test_server_connect (&server);

    while (!raw_client_has_news (client)) {
        (void) raw_client_send (client, "a");
        for (guint i = 0; i < 20 && !raw_client_has_news (client); i++)
            raw_client_expect (other, GET ("/"), 200, "yes");
    }
    raw_client_free (other);
}

START_TEST (silent_client_is_closed)
{
    RawClient *client;

    start ("first-byte-timeout", SHORT);
    test_server_start (&server);
    client = test_server_connect (&server);
    raw_client_expect_end (client);
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

/* Bytes that keep coming do not put it off. */
START_TEST (head_that_trickles_is_answered_408)
{
    RawClient *client;

    start ("head-timeout", SHORT);
    test_server_start (&server);
    client = test_server_connect (&server);
    ck_assert (raw_client_send (client, "GET / HTTP/1.1\r\nX: "));
    trickle (client);
    raw_client_expect_answer (client, 408, NULL);
    raw_client_expect_end (client);
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

START_TEST (second_head_has_the_same_deadline)
{
    RawClient *client;

    start ("head-timeout", SHORT);
    test_server_start (&server);
    client = test_server_connect (&server);
    raw_client_expect (client, GET ("/") "G", 200, "yes");
    raw_client_expect_answer (client, 408, NULL);
    raw_client_expect_end (client);
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

START_TEST (idle_client_is_closed_without_an_answer)
{
    RawClient *client;

    start ("idle-timeout", SHORT);
    test_server_start (&server);
    client = test_server_connect (&server);
    for (guint i = 0; i < 10; i++)
        raw_client_expect (client, GET ("/"), 200, "yes");
    raw_client_expect_end (client);
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

START_TEST (body_that_never_ends_is_answered_408)
{
    RawClient *client;

    start ("body-timeout", SHORT);
    test_server_start (&server);
    client = test_server_connect (&server);
    ck_assert (raw_client_send (client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"
                                        "begun"));
    raw_client_expect_answer (client, 408, NULL);
    raw_client_expect_end (client);
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

START_TEST (body_below_its_rate_is_answered_408)
{
    RawClient *client;

    start ("min-body-rate", 1 << 20);
    ck_assert (h3_app_set_limit (server.app, "rate-grace", SHORT, NULL));
    test_server_start (&server);
    client = test_server_connect (&server);
    ck_assert (
        raw_client_send (client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"));
    trickle (client);
    raw_client_expect_answer (client, 408, NULL);
    raw_client_expect_end (client);
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

static void
check_slow_reader (void)
{
    RawClient *client;

    test_server_start (&server);
    client = raw_client_new_small (server.address);
    ck_assert (raw_client_send (client, GET ("/much")));
    latch_wait (&disposed, 1, "the end of the event");
    ck_assert_int_ne (outcome, H3_OUTCOME_SENT);
    test_server_expect (&server, GET ("/"), 200, "yes");
    while (raw_client_receive (client, g_alloca (65536), 65536) > 0)
        continue;
    ck_assert (client->was_reset);
    raw_client_free (client);
    test_server_end (&server);
}

START_TEST (reader_that_takes_too_long_is_reset)
{
    start ("write-timeout", SHORT);
    check_slow_reader ();
}
END_TEST

START_TEST (reader_below_its_rate_is_reset)
{
    start ("min-write-rate", 1 << 20);
    ck_assert (h3_app_set_limit (server.app, "rate-grace", SHORT, NULL));
    check_slow_reader ();
}
END_TEST

START_TEST (handler_that_never_answers_is_answered_for)
{
    RawClient *client;

    start ("handler-timeout", SHORT);
    test_server_start (&server);
    client = test_server_connect (&server);
    raw_client_expect (client, GET ("/never"), 503, NULL);
    latch_wait (&cancelled, 1, "the cancellable");
    raw_client_free (client);
    test_server_end (&server);
}
END_TEST

/* As many as the server takes, all slow, none near its deadline: whoever comes is served at once,
 * in the place of the one that has been slow longest. */
START_TEST (slow_clients_make_way_for_others)
{
    RawClient *slow[8];

    start ("head-timeout", LONG);
    ck_assert (h3_app_set_limit (server.app, "max-connections", G_N_ELEMENTS (slow), NULL));
    h3_server_set_workers (h3_app_get_server (server.app), 1);
    test_server_start (&server);
    for (guint i = 0; i < G_N_ELEMENTS (slow); i++) {
        slow[i] = test_server_connect (&server);
        raw_client_expect (slow[i], GET ("/") "GET / HTTP/1.1\r\n", 200, "yes");
    }
    for (guint i = 0; i < G_N_ELEMENTS (slow) / 2; i++) {
        RawClient *other = test_server_connect (&server);

        raw_client_expect (other, GET ("/"), 200, "yes");
        raw_client_expect_answer (slow[i], 503, NULL);
        raw_client_expect_end (slow[i]);
        raw_client_free (slow[i]);
        slow[i] = other;
    }
    for (guint i = G_N_ELEMENTS (slow) / 2; i < G_N_ELEMENTS (slow); i++)
        raw_client_expect (slow[i], "Host: a\r\n\r\n", 200, "yes");
    for (guint i = 0; i < G_N_ELEMENTS (slow); i++)
        raw_client_free (slow[i]);
    test_server_end (&server);
}
END_TEST

static void
add_cases (Suite *suite)
{
    suite_add_case (suite, "heads", silent_client_is_closed, head_that_trickles_is_answered_408,
                    second_head_has_the_same_deadline, idle_client_is_closed_without_an_answer,
                    slow_clients_make_way_for_others, NULL);
    suite_add_case (suite, "bodies", body_that_never_ends_is_answered_408,
                    body_below_its_rate_is_answered_408, NULL);
    suite_add_case (suite, "answers", reader_that_takes_too_long_is_reset,
                    reader_below_its_rate_is_reset, handler_that_never_answers_is_answered_for,
                    NULL);
}

int
main (void)
{
    return suite_run ("e2e/slow-peers", add_cases);
}
