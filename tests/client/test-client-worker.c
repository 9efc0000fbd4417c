/* SPDX-License-Identifier: MIT
 *
 * Requests that handlers make of other servers, on their own worker's loop: an app before another
 * app, both real; and the end of a server while such requests run. */

#include "h3/client/client-exchange.h"
#include "h3/http/answer.h"
#include "tests/support/scripted-server.h"
#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include <string.h>

static TestServer back, front;
static ClientPeer *peer;

/* What a handler has asked. */
typedef struct {
    H3Event *event; /* ref */
    GString *body;
    guint status;
} Errand;

static void
on_head (ClientExchange *exchange, const Http1Response *response, gpointer data)
{
    Errand *errand = data;

    errand->status = response->status;
}

static void
on_body (ClientExchange *exchange, H3View piece, gpointer data)
{
    Errand *errand = data;

    g_string_append_len (errand->body, piece.data, (gssize) piece.length);
}

static void
on_end (ClientExchange *exchange, const H3Headers *trailers, const GError *error, gpointer data)
{
    Errand *errand = data;

    h3_response_set_status (h3_event_get_response (errand->event),
                            error == NULL ? errand->status : 502);
    h3_event_send_text (errand->event, error == NULL ? errand->body->str : error->message);
    h3_event_unref (errand->event);
    g_string_free (errand->body, TRUE);
    g_free (errand);
}

static const ClientListener listener = { NULL, on_head, on_body, NULL, on_end };

static void
ask_on (H3Event *event, gpointer user_data)
{
    Errand *errand = g_new0 (Errand, 1);
    ClientCall call = { .method = H3_VIEW ("GET"),
                        .target = h3_view_of (user_data),
                        .host = H3_VIEW ("back.example"),
                        .max_body = G_MAXUINT64,
                        .first_byte_milliseconds = 60000,
                        .is_safe_to_repeat = TRUE };

    errand->event = h3_event_defer (event);
    errand->body = g_string_new (NULL);
    (void) client_exchange_start (client_loop_get (loop_get_current ()), peer, &call, &listener,
                                  errand);
}

static void
say (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, user_data);
}

static void
say_much (H3Event *event, gpointer user_data)
{
    g_autofree char *text = g_strnfill (3000000, 'x');

    h3_event_send_text (event, text);
}

static ClientPeer *
make_peer (guint16 port)
{
    ClientPeerSettings settings = { .host = "127.0.0.1", .port = port, .max_connections = 4 };

    return client_peer_new (&settings);
}

static void
start_front (void)
{
    h3_app_get (front.app, "/one", ask_on, (gpointer) "/one");
    h3_app_get (front.app, "/much", ask_on, (gpointer) "/much");
    h3_app_get (front.app, "/none", ask_on, (gpointer) "/none");
    test_server_start (&front);
}

static void
set_up_two (void)
{
    test_server_init (&front);
    test_server_init (&back);
    h3_app_get (back.app, "/one", say, (gpointer) "from the other");
    h3_app_get (back.app, "/much", say_much, NULL);
    test_server_start (&back);
    peer = make_peer ((guint16) strtoul (strrchr (back.address, ':') + 1, NULL, 10));
    start_front ();
}

static void
end_front (void)
{
    client_peer_unref (g_steal_pointer (&peer));
    test_server_end (&front);
}

START_TEST (a_handler_may_ask_another_server)
{
    set_up_two ();
    for (guint i = 0; i < 20; i++)
        test_server_expect (&front, "GET /one HTTP/1.1\r\nHost: a\r\n\r\n", 200, "from the other");
    test_server_expect (&front, "GET /none HTTP/1.1\r\nHost: a\r\n\r\n", 404, NULL);
    {
        g_autoptr (RawClient) client = test_server_connect (&front);
        g_autoptr (RawAnswer) answer = NULL;

        raw_client_send (client, "GET /much HTTP/1.1\r\nHost: a\r\n\r\n");
        answer = raw_client_read (client, FALSE);
        ck_assert_uint_eq (answer->status, 200);
        ck_assert_uint_eq (answer->body->len, 3000000);
    }
    h3_app_stop (back.app);
    ck_assert (h3_server_wait (h3_app_get_server (back.app)));
    g_clear_object (&back.app);
    g_clear_pointer (&back.address, g_free);
    end_front ();
}
END_TEST

/* Many at once, more than there may be connections to the other: each has its answer. */
START_TEST (many_handlers_may_ask_at_once)
{
    RawClient *clients[32];

    set_up_two ();
    for (guint i = 0; i < G_N_ELEMENTS (clients); i++) {
        clients[i] = test_server_connect (&front);
        raw_client_send (clients[i], "GET /one HTTP/1.1\r\nHost: a\r\n\r\n"
                                     "GET /one HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    for (guint i = 0; i < G_N_ELEMENTS (clients); i++) {
        raw_client_expect_answer (clients[i], 200, "from the other");
        raw_client_expect_answer (clients[i], 200, "from the other");
        raw_client_free (clients[i]);
    }
    h3_app_stop (back.app);
    ck_assert (h3_server_wait (h3_app_get_server (back.app)));
    g_clear_object (&back.app);
    g_clear_pointer (&back.address, g_free);
    end_front ();
}
END_TEST

/* The other never answers: the drain comes to its end without it. */
START_TEST (a_server_ends_while_its_handlers_ask)
{
    static const ScriptStep script[] = { SCRIPT_REQUEST, SCRIPT_HANG, SCRIPT_CLOSE };
    g_autoptr (RawClient) client = NULL;
    ScriptedServer silent;

    test_server_init (&front);
    scripted_server_start (&silent, NULL, script);
    peer = make_peer (silent.port);
    start_front ();
    ck_assert (h3_app_get_server (front.app) != NULL);
    h3_server_get_limits (h3_app_get_server (front.app))->drain_time = 50;
    client = test_server_connect (&front);
    raw_client_send (client, "GET /one HTTP/1.1\r\nHost: a\r\n\r\n");
    scripted_server_wait_requests (&silent, 1);
    h3_app_stop (front.app);
    (void) h3_server_wait (h3_app_get_server (front.app));
    g_clear_pointer (&client, raw_client_free);
    scripted_server_clear (&silent);
    client_peer_unref (g_steal_pointer (&peer));
    g_clear_object (&front.app);
    g_clear_pointer (&front.address, g_free);
    test_server_run_context ();
    assert_nothing_left (&front.before);
}
END_TEST

static void
add_tests (Suite *suite)
{
    suite_add_case (suite, "workers", a_handler_may_ask_another_server,
                    many_handlers_may_ask_at_once, a_server_ends_while_its_handlers_ask, NULL);
}

int
main (void)
{
    return suite_run ("client/worker", add_tests);
}
