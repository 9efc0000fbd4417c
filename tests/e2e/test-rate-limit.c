/* SPDX-License-Identifier: MIT
 *
 * Limits over real sockets: workers that count together, messages of WebSockets, clients that do
 * not wait for their answers. */

#include "tests/support/failing-store.h"
#include "tests/support/redis-server.h"
#include "tests/support/suite.h"
#include "tests/support/test-server.h"
#include "tests/support/ws-peer.h"

#include "h3/h3.h"
#include "h3/loop/clock.h"

#include <string.h>

#define GET "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

static TestServer server;
static H3RateLimit *limit; /* ref */
static H3RateLimitExcess excess;
static gboolean in_pieces;

static void
say_hello (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, "hello");
}

static void
prepare (gint64 most, gint64 seconds)
{
    test_server_init (&server);
    in_pieces = FALSE;
    limit = h3_rate_limit_new ("e2e", most, seconds, NULL);
    ck_assert_ptr_nonnull (limit);
}

static void
start (void)
{
    h3_app_use (server.app, "/", h3_rate_limit_to_middleware (limit));
    h3_app_get (server.app, "/", say_hello, NULL);
    h3_app_post (server.app, "/", say_hello, NULL);
    test_server_start (&server);
}

static void
finish (void)
{
    test_server_end (&server);
}

static void
drop_limit (void)
{
    g_clear_pointer (&limit, h3_rate_limit_unref);
}

enum { N_CLIENTS = 8, N_BATCH = 50 };

typedef struct {
    guint passed, refused;
} Crowd;

/* Many at once, by turns to each of these addresses, and so many of each connection behind one
 * another. */
static void
come_in_crowds (Crowd *crowd, const char *const *addresses, guint n_rounds)
{
    RawClient *clients[N_CLIENTS];
    guint n_addresses = g_strv_length ((char **) addresses);

    for (guint i = 0; i < N_CLIENTS; i++)
        clients[i] = raw_client_new (addresses[i % n_addresses]);
    for (guint round = 0; round < n_rounds; round++) {
        for (guint i = 0; i < N_CLIENTS * N_BATCH; i++)
            ck_assert (raw_client_send (clients[i % N_CLIENTS], GET));
        for (guint i = 0; i < N_CLIENTS * N_BATCH; i++) {
            g_autoptr (RawAnswer) answer = raw_client_read (clients[i % N_CLIENTS], FALSE);

            ck_assert_ptr_nonnull (answer);
            crowd->passed += answer->status == 200;
            crowd->refused += answer->status == 429;
        }
    }
    for (guint i = 0; i < N_CLIENTS; i++)
        raw_client_free (clients[i]);
}

/* A day: nothing comes back meanwhile, but to a bucket one in a quarter of an hour. */
static void
prepare_day (H3RateLimitAlgorithm algorithm)
{
    prepare (100, 86400);
    h3_rate_limit_set_algorithm (limit, algorithm);
    h3_server_set_workers (h3_app_get_server (server.app), 4);
    ck_assert (h3_app_set_limit (server.app, "max-requests", 0, NULL));
}

static guint
count_rounds (void)
{
    return g_getenv ("H3_SANITIZED") != NULL ? 5 : 25;
}

START_TEST (all_workers_count_together_and_none_too_many)
{
    guint n_rounds = count_rounds ();
    Crowd crowd = { 0, 0 };

    prepare_day ((H3RateLimitAlgorithm) _i);
    start ();
    come_in_crowds (&crowd, (const char *[]){ server.address, NULL }, n_rounds);
    ck_assert_uint_eq (crowd.passed, 100);
    ck_assert_uint_eq (crowd.refused, N_CLIENTS * N_BATCH * n_rounds - 100);
    drop_limit ();
    finish ();
}
END_TEST

/* (transfer full): of the same name, counting in the same store, as another machine has it. */
static H3App *
start_another (const char *url, H3RateLimitAlgorithm algorithm)
{
    g_autoptr (H3RateLimit) same = h3_rate_limit_new ("e2e", 100, 86400, NULL);
    g_autoptr (H3Store) store = h3_store_new_from_url (url, NULL);
    H3App *app = h3_app_new_with_preset (H3_PRESET_TESTING);

    ck_assert_ptr_nonnull (store);
    h3_rate_limit_set_algorithm (same, algorithm);
    h3_rate_limit_set_store (same, store);
    h3_app_use (app, "/", h3_rate_limit_to_middleware (same));
    h3_app_get (app, "/", say_hello, NULL);
    h3_server_set_workers (h3_app_get_server (app), 2);
    ck_assert (h3_app_set_limit (app, "max-requests", 0, NULL));
    ck_assert (h3_app_start (app, NULL));
    return app;
}

/* (transfer full) */
static char *
dup_address (H3App *app)
{
    g_auto (GStrv) addresses = h3_server_dup_addresses (h3_app_get_server (app));

    return g_strdup (addresses[0]);
}

static void
end (H3App *app)
{
    h3_app_stop (app);
    ck_assert (h3_server_wait (h3_app_get_server (app)));
    g_object_unref (app);
}

/* Two servers at once, and one that is started after those have ended. */
START_TEST (servers_that_share_a_redis_count_together)
{
    RedisServer redis;
    guint n_rounds = count_rounds () / 5;
    Crowd crowd = { 0, 0 };
    H3App *second, *third;
    g_autofree char *second_address = NULL;
    g_autofree char *third_address = NULL;

    if (!redis_server_start (&redis, NULL))
        return;
    prepare_day ((H3RateLimitAlgorithm) _i);
    {
        g_autoptr (H3Store) store = h3_store_new_from_url (redis.url, NULL);

        h3_rate_limit_set_store (limit, store);
    }
    start ();
    second = start_another (redis.url, (H3RateLimitAlgorithm) _i);
    second_address = dup_address (second);
    come_in_crowds (&crowd, (const char *[]){ server.address, second_address, NULL }, n_rounds);
    ck_assert_uint_eq (crowd.passed, 100);
    ck_assert_uint_eq (crowd.refused, N_CLIENTS * N_BATCH * n_rounds - 100);
    end (second);
    third = start_another (redis.url, (H3RateLimitAlgorithm) _i);
    third_address = dup_address (third);
    come_in_crowds (&crowd, (const char *[]){ third_address, NULL }, 1);
    ck_assert_uint_eq (crowd.passed, 100);
    end (third);
    drop_limit ();
    finish ();
    redis_server_clear (&redis);
}
END_TEST

/* What is refused is refused before the body is asked for. */
START_TEST (a_body_is_not_asked_for_in_vain)
{
    static const char head[] = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
                               "Expect: 100-continue\r\n\r\n";
    g_autoptr (RawClient) client = NULL;

    prepare (1, 3600);
    start ();
    client = test_server_connect (&server);
    raw_client_expect (client, head, 100, NULL);
    raw_client_expect (client, "body", 200, "hello");
    raw_client_expect (client, head, 429, NULL);
    g_clear_pointer (&client, raw_client_free);
    drop_limit ();
    finish ();
}
END_TEST

static void
echo (H3WebSocket *websocket, H3WebSocketKind kind, const char *data, gsize length,
      gpointer user_data)
{
    g_autoptr (GBytes) message = h3_websocket_take_message (websocket);

    (void) h3_websocket_send_bytes (websocket, kind, message, NULL);
}

static void
echo_piece (H3WebSocket *websocket, H3WebSocketKind kind, const char *data, gsize length,
            gboolean is_last, gpointer user_data)
{
    (void) h3_websocket_send (websocket, kind, data, length, NULL);
}

static void
accept_watched (H3Event *event, gpointer user_data)
{
    H3WebSocketOptions options = { 0 };
    g_autoptr (H3WebSocket) websocket = NULL;

    if (in_pieces)
        options.flags = H3_WEBSOCKET_PIECES;
    websocket = h3_event_accept_websocket (event, &options);
    h3_rate_limit_watch_websocket (limit, event, websocket, excess);
    h3_websocket_on_message (websocket, echo, NULL, NULL);
    h3_websocket_on_piece (websocket, echo_piece, NULL, NULL);
}

static void
start_websocket (void)
{
    h3_app_get (server.app, "/ws", accept_watched, NULL);
    ck_assert (h3_app_set_limit (server.app, "websocket-ping", 0, NULL));
    test_server_start (&server);
}

START_TEST (a_websocket_with_too_many_messages_is_closed)
{
    g_autoptr (RawClient) client = NULL;

    prepare (3, 3600);
    excess = H3_RATE_LIMIT_CLOSE;
    start_websocket ();
    client = ws_peer_connect (server.address, "/ws", "");
    for (guint i = 0; i < 4; i++)
        ws_peer_send_text (client, PEER_TEXT, "word");
    for (guint i = 0; i < 3; i++)
        ws_peer_expect_text (client, PEER_TEXT, "word");
    ws_peer_expect_close (client, H3_WEBSOCKET_CLOSE_POLICY);
    g_clear_pointer (&client, raw_client_free);
    /* It is the same client. */
    client = ws_peer_connect (server.address, "/ws", "");
    ws_peer_send_text (client, PEER_TEXT, "word");
    ws_peer_expect_close (client, H3_WEBSOCKET_CLOSE_POLICY);
    g_clear_pointer (&client, raw_client_free);
    drop_limit ();
    finish ();
}
END_TEST

/* All come at last, in their order: two a second, on a clock that the test drives until they do. */
START_TEST (a_websocket_with_too_many_messages_waits)
{
    g_autoptr (RawClient) client = NULL;

    clock_take_control ();
    prepare (2, 1);
    excess = H3_RATE_LIMIT_WAIT;
    h3_rate_limit_set_algorithm (limit, (H3RateLimitAlgorithm) _i);
    start_websocket ();
    client = ws_peer_connect (server.address, "/ws", "");
    for (guint i = 0; i < 9; i++) {
        g_autofree char *text = g_strdup_printf ("word %u", i);

        ws_peer_send_text (client, PEER_TEXT, text);
    }
    for (guint i = 0; i < 9; i++) {
        g_autofree char *text = g_strdup_printf ("word %u", i);

        while (i >= 2 && !raw_client_has_news (client))
            clock_drive (100);
        ws_peer_expect_text (client, PEER_TEXT, text);
    }
    g_clear_pointer (&client, raw_client_free);
    drop_limit ();
    finish ();
}
END_TEST

/* A message in pieces counts once. */
START_TEST (a_message_in_pieces_is_one)
{
    g_autoptr (RawClient) client = NULL;

    prepare (2, 3600);
    excess = H3_RATE_LIMIT_CLOSE;
    in_pieces = TRUE;
    start_websocket ();
    client = ws_peer_connect (server.address, "/ws", "");
    for (guint i = 0; i < 2; i++) {
        ws_peer_send_text (client, PEER_BEGIN_TEXT, "one");
        ws_peer_expect_text (client, PEER_TEXT, "one");
        ws_peer_send_text (client, PEER_MIDDLE, "two");
        ws_peer_expect_text (client, PEER_TEXT, "two");
        ws_peer_send_text (client, PEER_LAST, "three");
        ws_peer_expect_text (client, PEER_TEXT, "three");
    }
    ws_peer_send_text (client, PEER_BEGIN_TEXT, "one");
    ws_peer_expect_close (client, H3_WEBSOCKET_CLOSE_POLICY);
    g_clear_pointer (&client, raw_client_free);
    drop_limit ();
    finish ();
}
END_TEST

START_TEST (a_websocket_that_ends_while_a_message_waits_leaves_nothing)
{
    g_autoptr (RawClient) client = NULL;

    prepare (1, 3600);
    excess = H3_RATE_LIMIT_WAIT;
    start_websocket ();
    client = ws_peer_connect (server.address, "/ws", "");
    ws_peer_send_text (client, PEER_TEXT, "told");
    ws_peer_expect_text (client, PEER_TEXT, "told");
    ws_peer_send_text (client, PEER_TEXT, "waits");
    if (_i == 0)
        raw_client_reset (client);
    g_clear_pointer (&client, raw_client_free);
    drop_limit ();
    finish ();
}
END_TEST

START_TEST (who_is_denied_has_its_websocket_closed_and_who_is_allowed_is_not_counted)
{
    g_autoptr (RawClient) client = NULL;

    prepare (1, 3600);
    excess = H3_RATE_LIMIT_CLOSE;
    ck_assert (h3_app_trust_proxy (server.app, "127.0.0.1", NULL));
    ck_assert (h3_rate_limit_allow (limit, "192.0.2.1", NULL));
    ck_assert (h3_rate_limit_deny (limit, "192.0.2.2", NULL));
    start_websocket ();
    client = ws_peer_connect (server.address, "/ws", "X-Forwarded-For: 192.0.2.1\r\n");
    for (guint i = 0; i < 3; i++) {
        ws_peer_send_text (client, PEER_TEXT, "word");
        ws_peer_expect_text (client, PEER_TEXT, "word");
    }
    g_clear_pointer (&client, raw_client_free);
    client = ws_peer_connect (server.address, "/ws", "X-Forwarded-For: 192.0.2.2\r\n");
    ws_peer_expect_close (client, H3_WEBSOCKET_CLOSE_POLICY);
    g_clear_pointer (&client, raw_client_free);
    drop_limit ();
    finish ();
}
END_TEST

START_TEST (a_closed_limit_closes_websockets_where_its_store_fails)
{
    g_autoptr (H3Store) store = failing_store_new (h3_memory_store_new (10, 1 << 16));
    g_autoptr (RawClient) client = NULL;

    prepare (1, 3600);
    h3_rate_limit_set_store (limit, store);
    h3_rate_limit_set_fails_open (limit, _i == 0);
    failing_store_set_failing (store, TRUE);
    start_websocket ();
    client = ws_peer_connect (server.address, "/ws", "");
    ws_peer_send_text (client, PEER_TEXT, "word");
    if (_i == 0)
        ws_peer_expect_text (client, PEER_TEXT, "word");
    else
        ws_peer_expect_close (client, H3_WEBSOCKET_CLOSE_TROUBLE);
    g_clear_pointer (&client, raw_client_free);
    drop_limit ();
    finish ();
}
END_TEST

static Latch answered = LATCH_INIT;
static H3RateLimitVerdict verdicts[3];

static void
note_verdict (H3RateLimit *asked, const H3RateLimitVerdict *verdict, gpointer user_data)
{
    verdicts[GPOINTER_TO_UINT (user_data)] = *verdict;
    latch_raise (&answered);
}

static void
take_three (H3Event *event, gpointer user_data)
{
    for (guint i = 0; i < 3; i++)
        (void) h3_rate_limit_take (limit, "a mail to ann", 2, note_verdict, GUINT_TO_POINTER (i));
    h3_event_send_empty (event, 204);
}

START_TEST (a_program_counts_what_it_likes)
{
    prepare (5, 3600);
    h3_app_get (server.app, "/take", take_three, NULL);
    test_server_start (&server);
    test_server_expect (&server, "GET /take HTTP/1.1\r\nHost: a\r\n\r\n", 204, NULL);
    latch_wait (&answered, 3, "verdicts");
    ck_assert (verdicts[0].is_allowed && verdicts[1].is_allowed && !verdicts[2].is_allowed);
    ck_assert_int_eq (verdicts[0].remaining, 3);
    ck_assert_int_eq (verdicts[1].remaining, 1);
    ck_assert_int_eq (verdicts[2].remaining, 1);
    ck_assert_int_gt (verdicts[2].retry_after, 3000000);
    ck_assert_int_le (verdicts[2].retry_after, 3600000);
    drop_limit ();
    finish ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("limits");

    tcase_set_timeout (tcase, 60);
    tcase_add_loop_test (tcase, all_workers_count_together_and_none_too_many, 0, 3);
    tcase_add_loop_test (tcase, servers_that_share_a_redis_count_together, 0, 3);
    tcase_add_test (tcase, a_body_is_not_asked_for_in_vain);
    tcase_add_test (tcase, a_websocket_with_too_many_messages_is_closed);
    tcase_add_test (tcase, a_message_in_pieces_is_one);
    tcase_add_loop_test (tcase, a_websocket_that_ends_while_a_message_waits_leaves_nothing, 0, 2);
    tcase_add_test (tcase,
                    who_is_denied_has_its_websocket_closed_and_who_is_allowed_is_not_counted);
    tcase_add_loop_test (tcase, a_closed_limit_closes_websockets_where_its_store_fails, 0, 2);
    tcase_add_test (tcase, a_program_counts_what_it_likes);
    /* Last, for the clock is driven from then on. */
    tcase_add_loop_test (tcase, a_websocket_with_too_many_messages_waits, 0, 3);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("e2e/rate-limit", add_cases);
}
