/* SPDX-License-Identifier: MIT
 *
 * A client that speaks TLS while its socket's calls fail, each in turn: the handshake ends one way
 * or the other, what is said comes whole or not at all, and the next connection is well. */

#define _GNU_SOURCE /* accept4 */

#include "fault.h"
#include "sweep.h"

#include "tests/net/client-tls-fixture.h"

#include <pthread.h>

/* Its calls never fail. */
static void *
serve (void *data)
{
    SSL *ssl = data;
    char bytes[8];

    fault_spare_thread (true);
    if (SSL_accept (ssl) == 1 && SSL_read (ssl, bytes, sizeof bytes) > 0
        && SSL_write (ssl, "hello", 5) == 5)
        (void) SSL_shutdown (ssl);
    (void) shutdown (SSL_get_fd (ssl), SHUT_WR);
    ERR_clear_error ();
    return NULL;
}

/* The word, or that there will be none. */
static void
await_word (void)
{
    transport_write (transport, "bye", 3);
    (void) transport_flush (transport);
    while (failed == 0 && last != RECEIVE_FAILED && last != RECEIVE_END)
        ck_assert (loop_step (loop, TRUE));
}

static gboolean
is_well (void)
{
    return handshake == TLS_HANDSHAKE_DONE && failed == 0 && g_str_equal (heard->str, "hello")
           && last == RECEIVE_END && !transport_is_truncated (transport);
}

static void
open_pair (void)
{
    int ends[2];

    if (transport != NULL)
        transport_reset (g_steal_pointer (&transport));
    step (3);
    (void) close (peer);
    SSL_free (g_steal_pointer (&server));
    ck_assert_int_eq (socketpair (AF_UNIX, SOCK_STREAM, 0, ends), 0);
    ck_assert_int_eq (fcntl (ends[0], F_SETFL, O_NONBLOCK), 0);
    transport = transport_new_for_tls (shared, ends[0], &tls_owner, &peer);
    ck_assert_ptr_nonnull (transport);
    peer = ends[1];
    server = SSL_new (server_context);
    ck_assert_int_eq (SSL_set_fd (server, peer), 1);
    g_string_truncate (heard, 0);
    failed = 0;
    last = 1;
}

/* Whether all went well. */
static gboolean
talk (void)
{
    pthread_t thread;
    gboolean was_well;

    open_pair ();
    ck_assert_int_eq (pthread_create (&thread, NULL, serve, server), 0);
    ck_assert (transport_begin_client_tls (transport, context, HOST, 443));
    transport_set_reading (transport, TRUE);
    handshake = transport_handshake (transport);
    while (handshake == TLS_HANDSHAKE_WAIT && failed == 0)
        ck_assert (loop_step (loop, TRUE));
    if (handshake == TLS_HANDSHAKE_DONE)
        await_word ();
    was_well = is_well ();
    /* Who waits for the other hears of the end. */
    transport_reset (g_steal_pointer (&transport));
    ck_assert_int_eq (pthread_join (thread, NULL), 0);
    return was_well;
}

/* Whether the fault was met. */
static gboolean
try_fault (const Fault *fault, guint n)
{
    gboolean was_met, was_well;

    sweep_arm (fault, n, "a client's TLS");
    was_well = talk ();
    was_met = sweep_disarm (fault);
    ck_assert (was_well || (was_met && !fault->is_harmless));
    ck_assert (talk ());
    return was_met;
}

static const FaultCall calls[] = { FAULT_RECV, FAULT_SEND, FAULT_EPOLL_WAIT };

START_TEST (one_that_fails_ends_one_connection_at_most)
{
    guint n_faults;
    const Fault *faults = sweep_list (calls[_i], &n_faults);

    use_good_certificate ();
    context = client_tls_context_new (settings, NULL);
    ck_assert_ptr_nonnull (context);
    for (guint i = 0; i < n_faults; i++)
        for (guint n = 1; n == 1 || sweep_wants (&faults[i]); n++)
            if (!try_fault (&faults[i], n))
                break;
    sweep_end (calls[_i]);
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("client-tls");

    tcase_add_checked_fixture (tcase, set_up_client, tear_down_client);
    tcase_add_loop_test (tcase, one_that_fails_ends_one_connection_at_most, 0,
                         G_N_ELEMENTS (calls));
    tcase_set_timeout (tcase, 120);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    sweep_init ();
    return sweep_finish (suite_run ("fault/client-tls", add_cases));
}
