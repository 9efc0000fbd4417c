/* SPDX-License-Identifier: MIT
 *
 * A server that hands requests on to itself, whose system calls fail, each in turn: who asks gets
 * the answer, an error or an end, never half an answer for a whole one; and the next is served. */

#include "fault.h"
#include "sweep.h"

#include "tests/support/suite.h"
#include "tests/support/test-server.h"

#include "h3/h3.h"

#define BODY_LENGTH 50000

static TestServer server;
static H3Proxy *proxy; /* owned */
static char *body;     /* owned: of each answer */
static Latch ready = LATCH_INIT;

static void
send_body (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, body);
}

/* Where it listens is known when it does. */
static void
hand_on (H3Event *event, gpointer user_data)
{
    if (latch_get (&ready) == 0) {
        h3_event_fail_status (event, 503, NULL);
        return;
    }
    h3_proxy_handle (event, proxy);
}

static void
start (void)
{
    H3Upstreams *upstreams = h3_upstreams_new ();
    g_autofree char *url = NULL;

    fault_spare_thread (true);
    body = g_strnfill (BODY_LENGTH, 'b');
    test_server_init (&server);
    proxy = h3_proxy_new (upstreams);
    h3_upstreams_unref (upstreams);
    h3_upstreams_set_breaker (upstreams, 0, 0, 1000);
    ck_assert (h3_proxy_set_paths (proxy, "/through", "/", NULL));
    /* Each request has a connection of its own. */
    ck_assert (h3_app_set_limit (server.app, "max-requests", 1, NULL));
    h3_app_get (server.app, "/body", send_body, NULL);
    h3_app_get (server.app, "/through/**", hand_on, NULL);
    test_server_start (&server);
    url = g_strdup_printf ("http://%s", server.address);
    ck_assert (h3_upstreams_add (upstreams, url, 1, NULL));
    latch_raise (&ready);
}

static void
end (void)
{
    g_clear_pointer (&proxy, h3_proxy_unref);
    test_server_end (&server);
    g_clear_pointer (&body, g_free);
}

static void
ask (gboolean is_strict)
{
    g_autoptr (RawClient) client = test_server_connect (&server);
    g_autoptr (RawAnswer) answer = NULL;

    raw_client_send (client, "GET /through/body HTTP/1.1\r\nHost: a\r\n\r\n");
    answer = raw_client_read (client, FALSE);
    if (is_strict) {
        ck_assert_ptr_nonnull (answer);
        ck_assert_uint_eq (answer->status, 200);
        ck_assert (answer->is_whole);
    }
    if (answer != NULL && answer->status == 200 && answer->is_whole)
        ck_assert_str_eq (answer->body->str, body);
}

static gboolean
try_fault (const Fault *fault, guint n)
{
    gboolean was_met;

    sweep_arm (fault, n, "through");
    ask (fault->is_harmless);
    was_met = sweep_disarm (fault);
    ask (TRUE);
    return was_met;
}

static const FaultCall calls[] = { FAULT_SOCKET,    FAULT_CONNECT, FAULT_GETSOCKOPT, FAULT_RECV,
                                   FAULT_EPOLL_CTL, FAULT_SEND,    FAULT_SENDMSG };

START_TEST (one_that_fails_harms_no_other)
{
    guint n_faults;
    const Fault *faults = sweep_list (calls[_i], &n_faults);

    start ();
    ask (TRUE);
    for (guint i = 0; i < n_faults; i++)
        for (guint n = 1; n == 1 || sweep_wants (&faults[i]); n++)
            if (!try_fault (&faults[i], n))
                break;
    end ();
    sweep_end (calls[_i]);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("proxy");

    tcase_add_loop_test (tcase, one_that_fails_harms_no_other, 0, G_N_ELEMENTS (calls));
    tcase_set_timeout (tcase, 120);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    sweep_init ();
    return sweep_finish (suite_run ("fault/proxy", add_cases));
}
