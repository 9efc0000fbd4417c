/* SPDX-License-Identifier: MIT
 *
 * Sessions that a client goes on with: whose, how often, for how long, and by several threads. */

#define _GNU_SOURCE /* accept4 */

#include "client-tls-fixture.h"

#include "h3/net/client-tls-sessions.h"

#include <pthread.h>

/* Whether the handshake was a short one. */
static gboolean
is_resumed (void)
{
    g_auto (TlsFacts) facts = { 0 };

    assert_talks ();
    ck_assert (transport_get_tls_facts (transport, &facts));
    ck_assert_int_eq (facts.is_resumed, SSL_session_reused (server));
    return facts.is_resumed;
}

static gboolean
is_resumed_again (const char *host, guint16 port)
{
    connect_again ();
    shake_on (host, port);
    return is_resumed ();
}

static void
set_up_sessions (void)
{
    set_up_client ();
    sign_and_use (&(TlsWish){ .names = "DNS:" HOST ",DNS:other.example" });
}

START_TEST (session_is_resumed)
{
    server_version = versions[_i];
    shake (HOST);
    ck_assert (!is_resumed ());
    for (guint i = 0; i < 10; i++)
        ck_assert (is_resumed_again (HOST, 443));
}
END_TEST

/* Whoever was believed is the same only where it was asked for by the same name. */
START_TEST (session_is_one_server_s)
{
    server_version = versions[_i];
    shake (HOST);
    ck_assert (!is_resumed ());
    ck_assert (!is_resumed_again ("other.example", 443));
    ck_assert (!is_resumed_again (HOST, 8443));
    ck_assert (is_resumed_again (HOST, 443));
}
END_TEST

START_TEST (session_is_one_context_s)
{
    shake (HOST);
    ck_assert (!is_resumed ());
    connect_again ();
    client_tls_context_unref (g_steal_pointer (&context));
    shake (HOST);
    ck_assert (!is_resumed ());
}
END_TEST

START_TEST (session_is_resumed_for_so_long)
{
    server_version = versions[_i];
    SSL_CTX_set_timeout (server_context, 30 * 24 * 3600);
    shake (HOST);
    ck_assert (!is_resumed ());
    clock_drive (CLIENT_TLS_SESSIONS_SECONDS * 1000 - 1000);
    ck_assert (is_resumed_again (HOST, 443));
    clock_drive (1000);
    ck_assert (!is_resumed_again (HOST, 443));
}
END_TEST

START_TEST (session_ends_when_the_server_says_so)
{
    server_version = versions[_i];
    SSL_CTX_set_timeout (server_context, 60);
    shake (HOST);
    ck_assert (!is_resumed ());
    clock_drive (60000);
    ck_assert (!is_resumed_again (HOST, 443));
}
END_TEST

/* Of which each stands for one connection. */
START_TEST (tickets_of_1_3_are_used_once)
{
    ClientTlsSessions *sessions = client_tls_sessions_new ();
    SSL_SESSION *session, *taken;
    gint64 since;

    server_version = TLS1_3_VERSION;
    shake (HOST);
    assert_talks ();
    session = SSL_get1_session (server);
    for (guint i = 0; i < CLIENT_TLS_SESSIONS_TICKETS + 3; i++)
        client_tls_sessions_put (sessions, "a:443", session, clock_get_now ());
    client_tls_sessions_put (sessions, "b:443", session, clock_get_now ());
    for (guint i = 0; i < CLIENT_TLS_SESSIONS_TICKETS; i++) {
        taken = client_tls_sessions_take (sessions, "a:443", &since);
        ck_assert_ptr_nonnull (taken);
        SSL_SESSION_free (taken);
    }
    ck_assert_ptr_null (client_tls_sessions_take (sessions, "a:443", &since));
    client_tls_sessions_forget (sessions, "b:443");
    ck_assert_ptr_null (client_tls_sessions_take (sessions, "b:443", &since));
    SSL_SESSION_free (session);
    client_tls_sessions_free (sessions);
}
END_TEST

START_TEST (servers_asked_long_ago_make_room)
{
    ClientTlsSessions *sessions = client_tls_sessions_new ();
    SSL_SESSION *session, *taken;
    gint64 since;

    shake (HOST);
    assert_talks ();
    session = SSL_get1_session (server);
    for (guint i = 0; i <= CLIENT_TLS_SESSIONS_SERVERS; i++) {
        g_autofree char *place = g_strdup_printf ("%u.example:443", i);

        client_tls_sessions_put (sessions, place, session, clock_get_now ());
    }
    ck_assert_ptr_null (client_tls_sessions_take (sessions, "0.example:443", &since));
    taken = client_tls_sessions_take (sessions, "1.example:443", &since);
    ck_assert_ptr_nonnull (taken);
    SSL_SESSION_free (taken);
    SSL_SESSION_free (session);
    client_tls_sessions_free (sessions);
}
END_TEST

/* Else who is resumed again and again would never be asked who it is. */
START_TEST (age_of_a_session_is_its_first_s)
{
    ClientTlsSessions *sessions = client_tls_sessions_new ();
    SSL_SESSION *session, *taken;
    gint64 first = clock_get_now (), since;

    SSL_CTX_set_timeout (server_context, 7 * 24 * 3600);
    shake (HOST);
    assert_talks ();
    session = SSL_get1_session (server);
    clock_drive (CLIENT_TLS_SESSIONS_SECONDS * 1000 - 1);
    client_tls_sessions_put (sessions, "a:443", session, first);
    taken = client_tls_sessions_take (sessions, "a:443", &since);
    ck_assert_ptr_nonnull (taken);
    ck_assert_int_eq (since, first);
    client_tls_sessions_put (sessions, "a:443", taken, since);
    clock_drive (1);
    ck_assert_ptr_null (client_tls_sessions_take (sessions, "a:443", &since));
    SSL_SESSION_free (taken);
    SSL_SESSION_free (session);
    client_tls_sessions_free (sessions);
}
END_TEST

/* What the server cannot use may be why it fails. */
START_TEST (session_that_came_to_nothing_is_forgotten)
{
    server_version = TLS1_2_VERSION;
    shake (HOST);
    ck_assert (!is_resumed ());
    connect_again ();
    begin_client (HOST, 443);
    ck_assert_int_eq (send (peer, "nonsense", 8, MSG_NOSIGNAL), 8);
    step (3);
    ck_assert_int_eq (handshake, TLS_HANDSHAKE_FAILED);
    ck_assert (!is_resumed_again (HOST, 443));
}
END_TEST

#define N_THREADS 2
#define N_ROUNDS  30

static void
carry (SSL *from, SSL *to)
{
    char data[16384];
    int n;

    while ((n = BIO_read (SSL_get_wbio (from), data, sizeof data)) > 0)
        ck_assert_int_eq (BIO_write (SSL_get_rbio (to), data, n), n);
}

static void
set_memory (SSL *ssl)
{
    SSL_set_bio (ssl, BIO_new (BIO_s_mem ()), BIO_new (BIO_s_mem ()));
    BIO_set_mem_eof_return (SSL_get_rbio (ssl), -1);
}

/* One connection, with a server of its own. Returns whether the session was resumed. */
static gboolean
shake_in_memory (void)
{
    SSL *own_server = SSL_new (server_context);
    SSL *client = client_tls_context_open (context, HOST, 443);
    gboolean resumed;
    char data[8];

    ck_assert_ptr_nonnull (client);
    set_memory (own_server);
    set_memory (client);
    SSL_set_accept_state (own_server);
    for (guint i = 0; i < 10; i++) {
        (void) SSL_do_handshake (client);
        carry (client, own_server);
        (void) SSL_do_handshake (own_server);
        carry (own_server, client);
    }
    ck_assert_int_eq (SSL_write (own_server, "hello", 5), 5);
    carry (own_server, client);
    ck_assert_int_eq (SSL_read (client, data, sizeof data), 5);
    resumed = SSL_session_reused (client) == 1;
    SSL_free (client);
    SSL_free (own_server);
    ERR_clear_error ();
    return resumed;
}

static void *
run_thread (void *data)
{
    guint *n_resumed = data;

    for (guint i = 0; i < N_ROUNDS; i++)
        *n_resumed += shake_in_memory ();
    return NULL;
}

START_TEST (threads_share_a_context)
{
    pthread_t threads[N_THREADS];
    guint n_resumed[N_THREADS] = { 0 };

    ck_assert_int_eq (SSL_CTX_set_max_proto_version (server_context, versions[_i]), 1);
    context = client_tls_context_new (settings, NULL);
    ck_assert_ptr_nonnull (context);
    for (guint i = 0; i < N_THREADS; i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, run_thread, &n_resumed[i]), 0);
    for (guint i = 0; i < N_THREADS; i++) {
        ck_assert_int_eq (pthread_join (threads[i], NULL), 0);
        ck_assert_uint_gt (n_resumed[i], 0);
    }
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("sessions");

    tcase_add_checked_fixture (tcase, set_up_sessions, tear_down_client);
    tcase_add_loop_test (tcase, session_is_resumed, 0, 2);
    tcase_add_loop_test (tcase, session_is_one_server_s, 0, 2);
    tcase_add_test (tcase, session_is_one_context_s);
    tcase_add_loop_test (tcase, session_is_resumed_for_so_long, 0, 2);
    tcase_add_loop_test (tcase, session_ends_when_the_server_says_so, 0, 2);
    tcase_add_test (tcase, tickets_of_1_3_are_used_once);
    tcase_add_test (tcase, servers_asked_long_ago_make_room);
    tcase_add_test (tcase, age_of_a_session_is_its_first_s);
    tcase_add_test (tcase, session_that_came_to_nothing_is_forgotten);
    tcase_add_loop_test (tcase, threads_share_a_context, 0, 2);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("net/client-tls-sessions", add_cases);
}
