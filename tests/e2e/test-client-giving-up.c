/* SPDX-License-Identifier: MIT
 *
 * What a client says where there is no time left, or nobody who still wants the answer. */

#include "client-errors.h"

#include "tests/support/gio-threads.h"

#define OK   "HTTP/1.1 200 OK\r\n"
#define SOON 50 /* milliseconds: how long is waited for what never comes */

static FetchWays ways;

static H3ClientRequest *
make_request (const char *method, const ScriptedServer *server)
{
    H3ClientRequest *request = h3_client_request_new (method, server->url, NULL);

    ck_assert_ptr_nonnull (request);
    return request;
}

/* The message has in it what took so long. */
static void
expect_timeout (H3ClientRequest *request, const ScriptedServer *server, const char *name)
{
    g_autoptr (GError) error = NULL;

    if (fetch_ways_run (&ways, request, NULL, &error) != NULL)
        ck_abort_msg ("%s: was answered", name);
    expect_error (error, H3_CLIENT_ERROR_TIMEOUT, server->address, name);
    if (strstr (error->message, name) == NULL)
        ck_abort_msg ("%s: %s", name, error->message);
}

START_TEST (client_says_that_connecting_took_too_long)
{
    static const ScriptedWish full = { .is_full = TRUE };
    static const ScriptStep hangs[] = { SCRIPT_HANG, SCRIPT_CLOSE };
    ScriptedServer server;

    fetch_ways_init (&ways, _i);
    for (guint i = 0; i < 2; i++) {
        H3ClientRequest *request;

        scripted_server_start (&server, i == 0 ? &full : NULL, hangs);
        if (i > 0) {
            /* A handshake is a part of it. */
            g_autofree char *url = g_strdup_printf ("https://%s/", server.address);

            request = h3_client_request_new ("GET", url, NULL);
        } else {
            request = make_request ("GET", &server);
        }
        h3_client_request_set_connect_timeout (request, SOON);
        expect_timeout (request, &server, "the connection took longer");
        scripted_server_clear (&server);
    }
    fetch_ways_clear (&ways);
}
END_TEST

START_TEST (client_says_that_no_answer_came)
{
    static const ScriptStep silent[] = { SCRIPT_REQUEST, SCRIPT_HANG, SCRIPT_CLOSE };
    static const ScriptStep hints[] = { SCRIPT_REQUEST,
                                        SCRIPT_SEND ("HTTP/1.1 103 Early Hints\r\n\r\n"),
                                        SCRIPT_HANG, SCRIPT_CLOSE };
    ScriptedServer server;

    fetch_ways_init (&ways, _i);
    for (guint i = 0; i < 2; i++) {
        H3ClientRequest *request;

        scripted_server_start (&server, NULL, i == 0 ? silent : hints);
        request = make_request ("GET", &server);
        h3_client_request_set_first_byte_timeout (request, SOON);
        expect_timeout (request, &server, "the first byte took longer");
        scripted_server_wait_ended (&server, 1);
        ck_assert_uint_eq (scripted_server_count_connections (&server), 1);
        scripted_server_clear (&server);
    }
    fetch_ways_clear (&ways);
}
END_TEST

START_TEST (client_says_that_a_body_stands_still)
{
    static const ScriptStep stops[] = { SCRIPT_REQUEST,
                                        SCRIPT_SEND (OK "Content-Length: 9\r\n\r\nhi"), SCRIPT_HANG,
                                        SCRIPT_CLOSE };
    /* Reads nothing of the request's body, which is more than sockets hold. */
    static const ScriptStep deaf[] = { SCRIPT_HEAD, SCRIPT_HANG, SCRIPT_CLOSE };
    static char zeros[16 * 1024 * 1024];
    ScriptedServer server;

    fetch_ways_init (&ways, _i);
    for (guint i = 0; i < 2; i++) {
        g_autoptr (GBytes) body = g_bytes_new_static (zeros, sizeof zeros);
        H3ClientRequest *request;

        scripted_server_start (&server, NULL, i == 0 ? stops : deaf);
        request = make_request ("POST", &server);
        if (i > 0)
            h3_client_request_set_body_bytes (request, NULL, body);
        h3_client_request_set_idle_timeout (request, SOON);
        expect_timeout (request, &server, i == 0 ? "a pause took longer" : "sending took longer");
        scripted_server_wait_ended (&server, 1);
        scripted_server_clear (&server);
    }
    fetch_ways_clear (&ways);
}
END_TEST

START_TEST (client_says_that_all_took_too_long)
{
    static const ScriptStep again[] = {
        SCRIPT_REQUEST,
        SCRIPT_SEND ("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /a\r\n\r\n"),
        SCRIPT_AGAIN
    };
    static const ScriptStep drips[] = { SCRIPT_REQUEST, SCRIPT_SEND (OK "\r\nhi"), SCRIPT_HANG,
                                        SCRIPT_CLOSE };
    ScriptedServer server;

    fetch_ways_init (&ways, _i);
    for (guint i = 0; i < 2; i++) {
        H3ClientRequest *request;

        scripted_server_start (&server, NULL, i == 0 ? again : drips);
        request = make_request ("GET", &server);
        h3_client_request_set_max_redirects (request, G_MAXUINT);
        h3_client_request_set_total_timeout (request, SOON);
        expect_timeout (request, &server, i == 0 ? "" : "the whole took longer");
        scripted_server_clear (&server);
    }
    fetch_ways_clear (&ways);
}
END_TEST

/* Where a server is when nobody wants its answer any more. */
static const ScriptStep in_head[] = { SCRIPT_REQUEST, SCRIPT_WAIT, SCRIPT_CLOSE };
static const ScriptStep in_body[] = { SCRIPT_REQUEST,
                                      SCRIPT_SEND (OK "Content-Length: 9\r\n\r\nhi"), SCRIPT_WAIT,
                                      SCRIPT_CLOSE };
static const ScriptStep in_request[] = { SCRIPT_HEAD, SCRIPT_WAIT, SCRIPT_CLOSE };
static const ScriptStep in_handshake[] = { SCRIPT_WAIT, SCRIPT_CLOSE };

typedef struct {
    ScriptedServer *server;
    GCancellable *cancellable;
} Canceller;

static void *
cancel_when_there (void *data)
{
    Canceller *canceller = data;

    scripted_server_wait_waiting (canceller->server, 1);
    g_cancellable_cancel (canceller->cancellable);
    return NULL;
}

static void
expect_cancelled (ScriptedServer *server, H3ClientRequest *request, GCancellable *cancellable)
{
    g_autoptr (GError) error = NULL;

    ck_assert_ptr_null (fetch_ways_run (&ways, request, cancellable, &error));
    expect_error (error, H3_CLIENT_ERROR_CANCELLED, server->address, "cancelled");
}

START_TEST (client_says_that_it_was_cancelled)
{
    static const ScriptStep *const scripts[] = { in_head, in_body, in_request, in_handshake };
    static char zeros[16 * 1024 * 1024];

    fetch_ways_init (&ways, _i);
    for (guint i = 0; i < G_N_ELEMENTS (scripts); i++) {
        g_autoptr (GCancellable) cancellable = g_cancellable_new ();
        g_autoptr (GBytes) body = g_bytes_new_static (zeros, sizeof zeros);
        g_autofree char *url = NULL;
        ScriptedServer server;
        Canceller canceller = { &server, cancellable };
        H3ClientRequest *request;
        pthread_t thread;

        scripted_server_start (&server, NULL, scripts[i]);
        url = g_strdup_printf ("%s://%s/", scripts[i] == in_handshake ? "https" : "http",
                               server.address);
        request = h3_client_request_new ("PUT", url, NULL);
        if (scripts[i] == in_request)
            h3_client_request_set_body_bytes (request, NULL, body);
        ck_assert_int_eq (pthread_create (&thread, NULL, cancel_when_there, &canceller), 0);
        expect_cancelled (&server, request, cancellable);
        pthread_join (thread, NULL);
        scripted_server_permit (&server);
        scripted_server_wait_ended (&server, 1);
        scripted_server_clear (&server);
    }
    fetch_ways_clear (&ways);
}
END_TEST

START_TEST (client_says_that_it_was_cancelled_before)
{
    static const ScriptedWish full = { .is_full = TRUE };
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    ScriptedServer server;

    fetch_ways_init (&ways, _i);
    g_cancellable_cancel (cancellable);
    scripted_server_start (&server, &full, NULL);
    expect_cancelled (&server, make_request ("GET", &server), cancellable);
    scripted_server_clear (&server);
    fetch_ways_clear (&ways);
}
END_TEST

/* Who asks a server that asks another, and goes away, ends that too. */
START_TEST (client_that_goes_away_ends_what_is_asked_for_it)
{
    const ScriptStep *const scripts[] = {
        SCRIPT_OF (SCRIPT_REQUEST, SCRIPT_HANG),
        SCRIPT_OF (SCRIPT_REQUEST, SCRIPT_SEND (OK "Content-Length: 9\r\n\r\nhi"), SCRIPT_HANG),
        SCRIPT_OF (SCRIPT_REQUEST, SCRIPT_SEND (OK "\r\nhi"), SCRIPT_HANG),
    };

    fetch_ways_init (&ways, FETCH_IN_HANDLER);
    for (guint i = 0; i < G_N_ELEMENTS (scripts); i++) {
        g_autoptr (GError) error = NULL;
        ScriptedServer server;
        RawClient *client;

        scripted_server_start (&server, NULL, scripts[i]);
        client = fetch_ways_begin (&ways, make_request ("GET", &server));
        scripted_server_wait_requests (&server, 1);
        raw_client_free (client);
        /* Hangs until its client ends. */
        scripted_server_wait_ended (&server, 1);
        error = fetch_ways_wait_error (&ways);
        expect_error (error, H3_CLIENT_ERROR_CANCELLED, server.address, "abandoned");
        scripted_server_clear (&server);
    }
    fetch_ways_clear (&ways);
}
END_TEST

static void
add (Suite *suite)
{
    add_for_each_way (suite, client_says_that_connecting_took_too_long);
    add_for_each_way (suite, client_says_that_no_answer_came);
    add_for_each_way (suite, client_says_that_a_body_stands_still);
    add_for_each_way (suite, client_says_that_all_took_too_long);
    add_for_ways_with_a_cancellable (suite, client_says_that_it_was_cancelled);
    add_for_ways_with_a_cancellable (suite, client_says_that_it_was_cancelled_before);
    suite_add_case (suite, "abandoned", client_that_goes_away_ends_what_is_asked_for_it, NULL);
}

int
main (void)
{
    return suite_run ("e2e/client-giving-up", add);
}
