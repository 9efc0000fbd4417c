/* SPDX-License-Identifier: MIT
 *
 * Limits of what a connection, and a server, may be asked for: numbers of requests and connections,
 * and bytes that wait. */

#include "conformance-exchanges.h"
#include "conformance-ways.h"

#include "tests/support/connection-fixture.h"
#include "tests/support/suite.h"

#include "h3/engine/connection-private.h"
#include "h3/http/answer.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static TestServer server;

/* Asks once more; whether the answer says that it was the last. */
static gboolean
ask_once (int peer)
{
    g_autofree char *text = NULL;

    fixture_send (peer, H3_VIEW (AFTER));
    text = fixture_receive (peer, NULL);
    ck_assert_msg (g_str_has_prefix (text, "HTTP/1.1 200 "), "%s", text);
    return strstr (text, "Connection: close\r\n") != NULL;
}

static void
run_requests (void)
{
    g_autofree char *rest = NULL;
    gint64 most;
    gboolean ended;
    int peer;

    conformance_start_memory ();
    most = fixture.limits.requests;
    ck_assert_int_eq (most, 1000);
    peer = fixture_connect ();
    for (gint64 i = 1; i <= most; i++)
        ck_assert_int_eq (ask_once (peer), i == most);
    fixture_send (peer, H3_VIEW (AFTER));
    rest = fixture_receive (peer, &ended);
    ck_assert_str_eq (rest, "");
    ck_assert (ended);
    (void) close (peer);
    conformance_end_memory ();
}

/* A server that takes three in all, or three from one address. */
static void
assert_connections_are_bound (const char *option)
{
    RawClient *clients[3];
    g_autoptr (RawClient) more = NULL;
    g_autoptr (RawAnswer) answer = NULL;

    test_server_init (&server);
    ck_assert (h3_app_set_limit (server.app, option, G_N_ELEMENTS (clients), NULL));
    test_server_start (&server);
    for (guint i = 0; i < G_N_ELEMENTS (clients); i++) {
        clients[i] = test_server_connect (&server);
        raw_client_expect (clients[i], AFTER, 404, NULL);
    }
    more = test_server_connect (&server);
    answer = raw_client_read (more, FALSE);
    ck_assert_ptr_nonnull (answer);
    ck_assert_uint_eq (answer->status, 503);
    raw_answer_expect_header (answer, "Connection", "close");
    ck_assert_msg (strstr (answer->head, "\r\nDate: ") != NULL, "%s", answer->head);
    raw_client_expect_end (more);
    for (guint i = 0; i < G_N_ELEMENTS (clients); i++) {
        raw_client_expect (clients[i], AFTER, 404, NULL);
        raw_client_free (clients[i]);
    }
    g_clear_pointer (&more, raw_client_free);
    test_server_end (&server);
}

static void
run_connections (void)
{
    assert_connections_are_bound ("max-connections");
}

static void
run_connections_of_an_address (void)
{
    assert_connections_are_bound ("max-connections-per-address");
}

/* As much as the server takes. */
static gsize
send_all_it_takes (int peer)
{
    g_autofree char *filler = g_strnfill (1024, 'x');
    gsize sent = 0;
    guint refused = 0;

    while (refused < 3) {
        gssize n = send (peer, filler, 1024, MSG_NOSIGNAL | MSG_DONTWAIT);

        refused = n <= 0 ? refused + 1 : 0;
        sent += n > 0 ? (gsize) n : 0;
        fixture_settle ();
    }
    return sent;
}

static H3Event *held; /* ref */

static void
hold (H3Event *event, gpointer user_data)
{
    held = h3_event_defer (event);
}

/* While a request is under way its connection keeps so many bytes of those behind it, no more than
 * one read on top; then the client has to wait. */
static void
run_pipelined (void)
{
    const Connection *connection;
    gsize kept, bound;
    int peer;

    fixture_set_up (4);
    fixture.handler = hold;
    fixture_start ();
    bound = (gsize) fixture.limits.pipelined;
    peer = fixture_connect ();
    fixture_send (peer, H3_VIEW (AFTER));
    connection = fixture.context.connections;
    ck_assert_ptr_nonnull (held);
    (void) send_all_it_takes (peer);
    kept = connection->activity->input->end - connection->activity->input->start;
    ck_assert_uint_ge (kept, bound);
    ck_assert_uint_le (kept, 3 * bound);
    ck_assert_uint_lt (send_all_it_takes (peer), 1024);
    ck_assert_uint_eq (connection->activity->input->end - connection->activity->input->start, kept);
    fixture_assert_quiet ();
    h3_event_send_text (held, "at last");
    h3_event_unref (held);
    (void) close (peer);
    fixture_settle ();
    fixture_tear_down ();
}

#define LARGE (64 * 1024)

static void
send_large (H3Event *event, gpointer user_data)
{
    g_autofree char *text = g_strnfill (LARGE, 'x');

    h3_event_send_text (event, text);
}

/* A client that asks and asks and reads nothing: no more is handled once that much waits. When it
 * reads, all is answered. */
static void
run_output (void)
{
    g_autoptr (GString) burst = g_string_new (NULL);
    g_autofree char *text = NULL;
    guint64 waiting, bound;
    int peer;

    fixture_set_up (4);
    fixture.handler = send_large;
    fixture_start ();
    bound = (guint64) fixture.limits.output;
    for (guint i = 0; i < 1000; i++)
        g_string_append (burst, AFTER);
    peer = fixture_connect ();
    ck_assert_int_eq (send (peer, burst->str, burst->len, MSG_NOSIGNAL), (gssize) burst->len);
    fixture_settle ();
    waiting = transport_get_waiting (fixture.context.connections->transport);
    ck_assert_uint_gt (waiting, 0);
    ck_assert_uint_le (waiting, bound + LARGE + 1024);
    ck_assert_uint_lt (fixture.run, 20);
    fixture_assert_quiet ();
    text = fixture_receive (peer, NULL);
    ck_assert_uint_eq (fixture_count (text, "HTTP/1.1 200 "), 1000);
    (void) close (peer);
    fixture_settle ();
    fixture_tear_down ();
}

#define TAKES "How much it takes"

static const Exchange rows[] = {
    { TAKES, "`max-requests`", "the 999th and the 1,000th request", "RFC 9112 §9.3",
      "kept; answered, close", run_requests },
    { TAKES, "`max-connections`", "3 of 3, and a 4th", "RFC 9112 §9.4", "answered; 503, close",
      run_connections },
    { TAKES, "`max-connections-per-address`", "3 of 3, and a 4th", "RFC 9112 §9.4",
      "answered; 503, close", run_connections_of_an_address },
    { TAKES, "`max-pipelined`", "bytes behind a request that takes its time", "RFC 9112 §9.3.2",
      "reading pauses", run_pipelined },
    { TAKES, "`max-output`", "1,000 requests of a client that never reads", "RFC 9112 §9.3.2",
      "handling pauses", run_output },
};

const ExchangeTable limit_exchanges = { rows, G_N_ELEMENTS (rows) };
