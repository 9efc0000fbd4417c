/* SPDX-License-Identifier: MIT
 *
 * A client, and a proxy, whose calls fail, each in turn: who asked is told what came or why nothing
 * did, whoever asks next is answered, and nothing is left. */

#include "fault.h"
#include "sweep.h"

#include "tests/support/subprocess.h"
#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#include <signal.h>
#include <string.h>

#define PATIENCE_MILLISECONDS 30000
#define BODY_LENGTH           200000

static Subprocess demo;
static char *address; /* owned: the demo's */
static char body[BODY_LENGTH + 1];

static void
start_demo (void)
{
    fault_spare_thread (true);
    /* What can be compressed too well is refused. */
    for (guint32 i = 0, x = 1; i < BODY_LENGTH; i++, x = x * 1664525 + 1013904223)
        body[i] = (char) ('a' + (x >> 24) % 26);
    subprocess_start (&demo, 0, "demo", "--listen", "http://127.0.0.1:0", NULL);
    address = subprocess_read_address (&demo);
}

static void
end_demo (void)
{
    subprocess_signal (&demo, SIGTERM);
    ck_assert_int_eq (subprocess_wait (&demo), 0);
    g_clear_pointer (&address, g_free);
}

/* A body both ways, or one redirect. */
static H3ClientRequest *
make_request (gboolean is_echo)
{
    g_autofree char *url =
        g_strdup_printf ("http://%s%s", address, is_echo ? "/echo" : "/redirect-to?url=/plaintext");
    g_autoptr (GBytes) bytes = g_bytes_new_static (body, BODY_LENGTH);
    H3ClientRequest *request = h3_client_request_new (is_echo ? "POST" : "GET", url, NULL);

    ck_assert_ptr_nonnull (request);
    if (is_echo)
        h3_client_request_set_body_bytes (request, "text/plain", bytes);
    return request;
}

/* NULL: it was answered, and rightly. */
static GError *
fetch (H3Client *client, gboolean is_echo)
{
    g_autoptr (H3ClientRequest) request = make_request (is_echo);
    GError *error = NULL;
    g_autoptr (H3ClientResponse) response = h3_client_fetch (client, request, NULL, &error);

    ck_assert ((response != NULL) == (error == NULL));
    if (response == NULL)
        return error;
    ck_assert_uint_eq (h3_client_response_get_status (response), 200);
    ck_assert_str_eq (h3_client_response_get_text (response), is_echo ? body : "Hello, World!");
    return NULL;
}

/* The client's thread is begun by the thread that needs it first. */
static gboolean
is_of_beginning (FaultCall call)
{
    return call == FAULT_EVENTFD || call == FAULT_TIMERFD || call == FAULT_EPOLL_CREATE
           || call == FAULT_PTHREAD_CREATE;
}

/* Whether the fault was met. */
static gboolean
try_client (const Fault *fault, guint n, gboolean is_echo)
{
    g_autoptr (H3Client) client = h3_client_new ();
    g_autoptr (GError) error = NULL;
    g_autoptr (GError) again = NULL;
    gboolean was_met;

    sweep_arm (fault, n, is_echo ? "a body" : "a redirect");
    fault_spare_thread (!is_of_beginning (fault->call));
    error = fetch (client, is_echo);
    fault_spare_thread (true);
    was_met = sweep_disarm (fault);
    if (error != NULL) {
        ck_assert_msg (was_met && !fault->is_harmless, "failed by itself: %s", error->message);
        ck_assert_msg (error->domain == H3_CLIENT_ERROR, "of another kind: %s", error->message);
    }
    again = fetch (client, is_echo);
    ck_assert_msg (again == NULL, "does not recover: %s", again != NULL ? again->message : "");
    return was_met;
}

static const FaultCall client_calls[] = {
    FAULT_SOCKET,  FAULT_CONNECT, FAULT_GETSOCKOPT,   FAULT_SETSOCKOPT,
    FAULT_SEND,    FAULT_RECV,    FAULT_EPOLL_CTL,    FAULT_EPOLL_WAIT,
    FAULT_EVENTFD, FAULT_TIMERFD, FAULT_EPOLL_CREATE, FAULT_PTHREAD_CREATE,
};

START_TEST (one_that_fails_is_told_to_who_fetches)
{
    FaultCall call = client_calls[_i];
    guint n_faults;
    const Fault *faults = sweep_list (call, &n_faults);
    LiveSnapshot before;

    start_demo ();
    (void) g_main_context_default ();
    {
        static const Fault none = { FAULT_SOCKET, 0, TRUE };

        (void) try_client (&none, G_MAXUINT16, TRUE);
    }
    before = live_snapshot_take ();
    for (guint i = 0; i < 2 * n_faults; i++) {
        for (guint n = 1; n == 1 || sweep_wants (&faults[i / 2]); n++) {
            if (!try_client (&faults[i / 2], n, i % 2 == 0))
                break;
        }
    }
    assert_nothing_left (&before);
    end_demo ();
    sweep_end (call);
}
END_TEST

static TestServer server;

static void
start_proxy (void)
{
    g_autofree char *url = g_strdup_printf ("http://%s", address);
    H3Proxy *proxy;

    test_server_init (&server);
    proxy = h3_proxy_new_for_url (url, NULL);
    ck_assert_ptr_nonnull (proxy);
    /* The one server behind is tried whatever happened before. */
    h3_upstreams_set_breaker (h3_proxy_get_upstreams (proxy), 0, 0, 0);
    h3_app_use (server.app, "/", h3_proxy_to_middleware (proxy));
    h3_proxy_unref (proxy);
    test_server_start (&server);
}

static RawAnswer *
ask (void)
{
    g_autoptr (RawClient) client = raw_client_new (server.address);
    g_autofree char *head =
        g_strdup_printf ("POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                         "Content-Length: %u\r\n\r\n",
                         BODY_LENGTH);

    return raw_client_send (client, head) && raw_client_send_data (client, body, BODY_LENGTH)
               ? raw_client_read (client, FALSE)
               : NULL;
}

static gboolean
is_right (const RawAnswer *answer)
{
    return answer != NULL && answer->status == 200 && answer->is_whole
           && strcmp (answer->body->str, body) == 0;
}

/* What comes is right, is cut, or says that the server behind gave nothing, or that the client sent
 * less than it said. */
static gboolean
may_be (const RawAnswer *answer)
{
    return answer == NULL || is_right (answer) || !answer->is_whole || answer->status == 400
           || answer->status == 502 || answer->status == 503 || answer->status == 504;
}

static gboolean
try_proxy (const Fault *fault, guint n)
{
    g_autoptr (RawAnswer) answer = NULL;
    g_autoptr (RawAnswer) again = NULL;
    gboolean was_met;

    sweep_arm (fault, n, "a proxy");
    answer = ask ();
    ck_assert_msg (fault_wait_closed (PATIENCE_MILLISECONDS), "a connection is never closed");
    was_met = sweep_disarm (fault);
    if (was_met && !fault->is_harmless)
        ck_assert_msg (may_be (answer), "answered %u", answer != NULL ? answer->status : 0);
    else
        ck_assert_msg (is_right (answer), "answered %u", answer != NULL ? answer->status : 0);
    again = ask ();
    ck_assert_msg (is_right (again), "the next is not answered");
    return was_met;
}

static const FaultCall proxy_calls[] = { FAULT_SOCKET,     FAULT_CONNECT, FAULT_GETSOCKOPT,
                                         FAULT_SEND,       FAULT_RECV,    FAULT_EPOLL_CTL,
                                         FAULT_EPOLL_WAIT, FAULT_CLOSE };

/* The calls of the client's connection are among them, which fails as others' do. */
START_TEST (one_that_fails_is_one_that_is_handed_on_s_matter)
{
    FaultCall call = proxy_calls[_i];
    guint n_faults;
    const Fault *faults = sweep_list (call, &n_faults);

    start_demo ();
    start_proxy ();
    for (guint i = 0; i < n_faults; i++) {
        for (guint n = 1; n == 1 || sweep_wants (&faults[i]); n++) {
            if (!try_proxy (&faults[i], n))
                break;
        }
    }
    test_server_end (&server);
    end_demo ();
    sweep_end (call);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("fetch");

    tcase_add_loop_test (tcase, one_that_fails_is_told_to_who_fetches, 0,
                         G_N_ELEMENTS (client_calls));
    tcase_add_loop_test (tcase, one_that_fails_is_one_that_is_handed_on_s_matter, 0,
                         G_N_ELEMENTS (proxy_calls));
    tcase_set_timeout (tcase, 120);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    sweep_init ();
    return sweep_finish (suite_run ("fault/fetch", add_cases));
}
