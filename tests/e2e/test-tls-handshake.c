/* SPDX-License-Identifier: MIT
 *
 * Handshakes that come in pieces, behind a proxy's header, never, or are none. */

#include "tls-fixture.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

/* Reads what the client's session has to say. */
static void
send_handshake (RawClient *client, SSL *ssl, gsize piece)
{
    char *data;
    long length = BIO_get_mem_data (SSL_get_wbio (ssl), &data);

    ck_assert (raw_client_send_pieces (client, data, (gsize) length, piece));
    ck_assert_int_eq (BIO_reset (SSL_get_wbio (ssl)), 1);
}

/* A whole exchange of which each send has so many bytes: the handshake's and the request's. */
static void
exchange_with (int version, gsize piece, gboolean at_once)
{
    g_autoptr (RawClient) client = test_server_connect (&server);
    SSL_CTX *context = SSL_CTX_new (TLS_client_method ());
    SSL *ssl = SSL_new (context);
    char data[4096];
    gsize n;

    ck_assert_int_eq (SSL_set_min_proto_version (ssl, version), 1);
    ck_assert_int_eq (SSL_set_max_proto_version (ssl, version), 1);
    SSL_set_bio (ssl, BIO_new (BIO_s_mem ()), BIO_new (BIO_s_mem ()));
    BIO_set_mem_eof_return (SSL_get_rbio (ssl), -1);
    SSL_set_connect_state (ssl);
    while (SSL_do_handshake (ssl) != 1) {
        send_handshake (client, ssl, piece);
        n = raw_client_receive (client, data, sizeof data);
        ck_assert_uint_gt (n, 0);
        ck_assert_int_eq (BIO_write (SSL_get_rbio (ssl), data, (int) n), n);
    }
    if (!at_once)
        send_handshake (client, ssl, piece);
    ck_assert_int_eq (SSL_write (ssl, GET ("/scheme"), sizeof GET ("/scheme") - 1),
                      sizeof GET ("/scheme") - 1);
    send_handshake (client, ssl, piece);
    while (SSL_read (ssl, data, sizeof data) <= 0) {
        n = raw_client_receive (client, data, sizeof data);
        ck_assert_uint_gt (n, 0);
        ck_assert_int_eq (BIO_write (SSL_get_rbio (ssl), data, (int) n), n);
    }
    ck_assert_int_eq (memcmp (data, "HTTP/1.1 200", 12), 0);
    SSL_free (ssl);
    SSL_CTX_free (context);
}

START_TEST (handshake_may_come_in_pieces)
{
    static const gsize pieces[] = { 1, 2, 5, 6, 100, 4096 };

    for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
        exchange_with (versions[_i], pieces[i], FALSE);
}
END_TEST

/* The last of the handshake and the first request, in one segment. */
START_TEST (request_may_come_with_the_end_of_the_handshake)
{
    exchange_with (TLS1_3_VERSION, 1 << 20, TRUE);
}
END_TEST

START_TEST (plain_request_is_told_to_use_https)
{
    g_autoptr (RawClient) client = test_server_connect (&server);

    raw_client_expect (client, GET ("/scheme"), 400, "This port speaks TLS: ask it by https://\n");
    raw_client_expect_end (client);
}
END_TEST

/* Not even an alert that somebody could take for an answer; the next is served. */
START_TEST (junk_is_closed)
{
    static const char *const junk[] = { "\x16\x03\x01\x00\x05hello", "SSH-2.0-OpenSSH\r\n",
                                        "\x80\x2e\x01\x00\x02", "\x16\x03\x03\xff\xff\x01" };

    for (guint i = 0; i < G_N_ELEMENTS (junk); i++) {
        g_autoptr (RawClient) client = test_server_connect (&server);
        char data[256];

        ck_assert (raw_client_send_data (client, junk[i], i == 2 ? 5 : strlen (junk[i])));
        raw_client_half_close (client);
        while (raw_client_receive (client, data, sizeof data) > 0)
            ck_assert_int_ne (data[0], 'H');
    }
    expect_tls (NULL, "TLSv1.3 - - new -");
}
END_TEST

/* Of one worker, so that who comes later is accepted later. */
static void
start_driven (void)
{
    set_up ();
    clock_take_control ();
    use_certificate ("first");
    h3_server_set_workers (h3_app_get_server (server.app), 1);
    start ();
}

/* What a client says first, and what the server answers; no more. */
static void
begin_handshake (RawClient *client)
{
    SSL_CTX *context = SSL_CTX_new (TLS_client_method ());
    SSL *ssl = SSL_new (context);
    char data[1];

    SSL_set_bio (ssl, BIO_new (BIO_s_mem ()), BIO_new (BIO_s_mem ()));
    BIO_set_mem_eof_return (SSL_get_rbio (ssl), -1);
    SSL_set_connect_state (ssl);
    ck_assert_int_eq (SSL_do_handshake (ssl), -1);
    send_handshake (client, ssl, 4096);
    ck_assert_uint_eq (raw_client_receive (client, data, sizeof data), 1);
    SSL_free (ssl);
    SSL_CTX_free (context);
}

/* Whoever has been silent since it came, whoever stopped in the middle, and whoever sends a byte
 * now and then: all at the same moment, and not before. */
START_TEST (handshake_has_one_deadline)
{
    RawClient *clients[3];
    char data[4096];

    start_driven ();
    for (guint i = 0; i < 3; i++) {
        clients[i] = test_server_connect (&server);
        if (i > 0)
            begin_handshake (clients[i]);
    }
    expect_tls (NULL, "TLSv1.3 - - new -");
    clock_drive (5000);
    ck_assert (raw_client_send_data (clients[2], "\x17", 1));
    expect_tls (NULL, "TLSv1.3 - - new -");
    clock_drive (4999);
    ck_assert (raw_client_send_data (clients[2], "\x03", 1));
    expect_tls (NULL, "TLSv1.3 - - new -");
    ck_assert (!raw_client_has_news (clients[0]));
    ck_assert (raw_client_send_data (clients[2], "\x03", 1));
    clock_drive (1);
    for (guint i = 0; i < 3; i++) {
        while (raw_client_receive (clients[i], data, sizeof data) > 0)
            continue;
        raw_client_free (clients[i]);
    }
    tear_down ();
}
END_TEST

/* The deadline is the handshake's alone. */
START_TEST (deadline_ends_with_the_handshake)
{
    RawClient *client;

    set_up ();
    clock_take_control ();
    use_certificate ("first");
    ck_assert (h3_app_set_limit (server.app, "handshake-timeout", 1000, NULL));
    start ();
    client = tls_client_new (server.address, NULL);
    raw_client_expect (client, GET ("/scheme"), 200, "https");
    clock_drive (1001);
    raw_client_expect (client, GET ("/scheme"), 200, "https");
    raw_client_free (client);
    tear_down ();
}
END_TEST

static void
show_client (H3Event *event, gpointer user_data)
{
    h3_event_send_text (event, h3_event_get_client_address (event));
}

/* A second listener, of proxies. */
static char *
start_behind_proxy (void)
{
    g_autoptr (GError) error = NULL;
    g_auto (GStrv) addresses = NULL;

    set_up ();
    h3_app_get (server.app, "/client", show_client, NULL);
    use_certificate ("first");
    if (!h3_app_listen (server.app, "127.0.0.1:0,proxy-protocol=127.0.0.0/8", &error))
        ck_abort_msg ("%s", error->message);
    start ();
    addresses = h3_server_dup_addresses (h3_app_get_server (server.app));
    return g_strdup (addresses[1]);
}

/* The header comes alone, byte by byte, and in one segment with what the client says first. */
START_TEST (proxy_says_who_the_client_is_before_tls)
{
    static const char header[] = "PROXY TCP4 192.0.2.7 198.51.100.1 40000 443\r\n";
    g_autofree char *address = NULL;
    int on = 1, off = 0;

    address = start_behind_proxy ();
    for (guint i = 0; i < 3; i++) {
        g_autoptr (RawClient) client = raw_client_new (address);

        if (i == 2)
            ck_assert_int_eq (setsockopt (client->fd, IPPROTO_TCP, TCP_CORK, &on, sizeof on), 0);
        ck_assert (raw_client_send_pieces (client, header, sizeof header - 1, i == 1 ? 1 : 1000));
        tls_client_begin (client, NULL);
        (void) SSL_do_handshake (tls_client_get (client));
        ck_assert_int_eq (setsockopt (client->fd, IPPROTO_TCP, TCP_CORK, &off, sizeof off), 0);
        tls_client_shake (client);
        raw_client_expect (client, GET ("/tls"), 200, "TLSv1.3 - - new -");
        raw_client_expect (client, GET ("/client"), 200, "192.0.2.7");
    }
    tear_down ();
}
END_TEST

/* Whether it comes to an end well or not: the next from the same address may come. */
START_TEST (bound_of_an_address_counts_handshakes)
{
    set_up ();
    use_certificate ("first");
    h3_server_set_workers (h3_app_get_server (server.app), 1);
    ck_assert (h3_app_set_limit (server.app, "max-connections-per-address", 1, NULL));
    start ();
    for (guint i = 0; i < 4; i++) {
        g_autoptr (RawClient) first = NULL;

        expect_refusal (&(TlsWishes){ .protocols = "\x02h2" }, SSL_AD_NO_APPLICATION_PROTOCOL);
        first = tls_client_new (server.address, NULL);
        raw_client_expect (first, GET ("/scheme"), 200, "https");
        expect_refusal (NULL, 0);
        raw_client_expect (first, "GET /scheme HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                           200, "https");
        raw_client_expect_end (first);
    }
    tear_down ();
}
END_TEST

START_TEST (scheme_of_an_address_decides)
{
    g_autoptr (GError) error = NULL;
    g_auto (GStrv) addresses = NULL;
    g_autoptr (RawClient) plain = NULL, secure = NULL;

    set_up ();
    use_certificate ("first");
    ck_assert (h3_app_listen (server.app, "http://127.0.0.1:0", &error));
    ck_assert (h3_app_listen (server.app, "https://127.0.0.1:0", &error));
    start ();
    addresses = h3_server_dup_addresses (h3_app_get_server (server.app));
    plain = raw_client_new (addresses[1]);
    raw_client_expect (plain, GET ("/scheme"), 200, "http");
    secure = tls_client_new (addresses[2], NULL);
    raw_client_expect (secure, GET ("/scheme"), 200, "https");
    g_clear_pointer (&plain, raw_client_free);
    g_clear_pointer (&secure, raw_client_free);
    tear_down ();
}
END_TEST

/* Of what it needs, nothing is left out in silence. */
START_TEST (https_without_a_certificate_does_not_start)
{
    g_autoptr (GError) error = NULL;

    set_up ();
    ck_assert (h3_app_listen (server.app, "https://127.0.0.1:0", &error));
    ck_assert (!h3_app_start (server.app, &error));
    ck_assert_msg (strstr (error->message, "TLS needs a certificate") != NULL, "%s",
                   error->message);
    tear_down ();
}
END_TEST

static void
add_tests (Suite *suite)
{
    TCase *tests = tcase_create ("exchange");
    TCase *own = tcase_create ("own");

    tcase_add_checked_fixture (tests, set_up_and_start, tear_down);
    tcase_set_timeout (tests, 120);
    tcase_set_timeout (own, 120);
    tcase_add_loop_test (tests, handshake_may_come_in_pieces, 0, G_N_ELEMENTS (versions));
    tcase_add_test (tests, request_may_come_with_the_end_of_the_handshake);
    tcase_add_test (tests, plain_request_is_told_to_use_https);
    tcase_add_test (tests, junk_is_closed);
    suite_add_tcase (suite, tests);
    tcase_add_test (own, handshake_has_one_deadline);
    tcase_add_test (own, deadline_ends_with_the_handshake);
    tcase_add_test (own, proxy_says_who_the_client_is_before_tls);
    tcase_add_test (own, bound_of_an_address_counts_handshakes);
    tcase_add_test (own, scheme_of_an_address_decides);
    tcase_add_test (own, https_without_a_certificate_does_not_start);
    suite_add_tcase (suite, own);
}

int
main (void)
{
    return suite_run ("e2e/tls-handshake", add_tests);
}
