/* SPDX-License-Identifier: MIT
 *
 * Servers that do not speak TLS as they should, or want more of the client than it has: what is
 * said of them. */

#define _GNU_SOURCE /* accept4 */

#include "client-tls-fixture.h"

/* What a server sends that does not speak TLS. */
static void
answer (const char *bytes, gsize length)
{
    ck_assert_int_eq (send (peer, bytes, length, MSG_NOSIGNAL), (gssize) length);
    for (guint i = 0; handshake == TLS_HANDSHAKE_WAIT; i++) {
        ck_assert_uint_lt (i, 1000);
        step (1);
    }
}

static const char *const plain[] = { "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
                                     "220 mail.example ESMTP\r\n", "SSH-2.0-OpenSSH_9.2p1\r\n" };

START_TEST (server_without_tls_is_told)
{
    begin_client (HOST, 80);
    answer (plain[_i], strlen (plain[_i]));
    assert_refused (HOST, "what it sends is not TLS: is it the right port, and https?");
}
END_TEST

static void
wait_failed (void)
{
    for (guint i = 0; handshake == TLS_HANDSHAKE_WAIT; i++) {
        ck_assert_uint_lt (i, 1000);
        step (1);
    }
}

START_TEST (server_that_ends_at_once_is_told)
{
    begin_client (HOST, 443);
    ck_assert_int_eq (shutdown (peer, SHUT_WR), 0);
    wait_failed ();
    assert_refused (HOST, "it ended the connection in the middle of the handshake");
}
END_TEST

/* Wherever: nothing is taken for a whole handshake that is none. */
START_TEST (server_that_ends_in_the_middle_is_told)
{
    for (gsize cut = 1; cut < 1400; cut += 97) {
        char data[65536];
        int length;

        if (server_context == NULL)
            use_good_certificate ();
        server = SSL_new (server_context);
        SSL_set_bio (server, BIO_new (BIO_s_mem ()), BIO_new (BIO_s_mem ()));
        SSL_set_accept_state (server);
        begin_client (HOST, 443);
        step (1);
        carry_in ();
        (void) SSL_do_handshake (server);
        length = BIO_read (SSL_get_wbio (server), data, sizeof data);
        if ((gsize) length <= cut)
            break;
        ck_assert_int_eq (send (peer, data, cut, MSG_NOSIGNAL), (gssize) cut);
        ck_assert_int_eq (shutdown (peer, SHUT_WR), 0);
        wait_failed ();
        assert_refused (HOST, "it ended the connection in the middle of the handshake");
        connect_again ();
    }
    ERR_clear_error ();
}
END_TEST

START_TEST (connection_that_is_reset_is_told)
{
    begin_client (HOST, 443);
    /* A Unix socket is reset by who closes it with bytes unread. */
    (void) close (peer);
    peer = -1;
    wait_failed ();
    assert_refused (HOST, "Connection reset by peer");
}
END_TEST

START_TEST (server_of_an_older_version_is_told)
{
    h3_client_tls_set_minimum (settings, H3_TLS_1_3);
    use_good_certificate ();
    server_version = TLS1_2_VERSION;
    shake (HOST);
    assert_refused (HOST, "it speaks no TLS as new as is spoken here (1.3)");
}
END_TEST

/* Even one that would. */
START_TEST (versions_before_1_2_are_not_spoken)
{
    use_good_certificate ();
    SSL_CTX_set_security_level (server_context, 0);
    ck_assert_int_eq (SSL_CTX_set_min_proto_version (server_context, TLS1_VERSION), 1);
    server_version = TLS1_1_VERSION;
    shake (HOST);
    assert_refused (HOST, "it speaks no TLS as new as is spoken here (1.2 or 1.3)");
}
END_TEST

static int
refuse_protocols (SSL *ssl, const unsigned char **out, unsigned char *out_length,
                  const unsigned char *offered, unsigned int length, void *data)
{
    ck_assert_uint_eq (length, 9);
    ck_assert_int_eq (memcmp (offered, "\x08http/1.1", 9), 0);
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

START_TEST (server_of_another_protocol_is_told)
{
    use_good_certificate ();
    SSL_CTX_set_alpn_select_cb (server_context, refuse_protocols, NULL);
    shake (HOST);
    assert_refused (HOST, "it does not speak HTTP/1.1");
}
END_TEST

static int
know_no_name (SSL *ssl, int *alert, void *data)
{
    *alert = SSL_AD_UNRECOGNIZED_NAME;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

START_TEST (server_that_is_not_there_for_the_name_is_told)
{
    use_good_certificate ();
    SSL_CTX_set_tlsext_servername_callback (server_context, know_no_name);
    shake (HOST);
    assert_refused (HOST, "it says that it is not there for this name");
}
END_TEST

START_TEST (server_that_has_nothing_in_common_is_told)
{
    use_good_certificate ();
    ck_assert_int_eq (SSL_CTX_set_cipher_list (server_context, "AES128-SHA"), 1);
    server_version = TLS1_2_VERSION;
    shake (HOST);
    assert_refused (HOST, "it refuses: handshake failure (alert 40)");
}
END_TEST

/* Those whom the server lets in. */
static void
want_certificate (void)
{
    g_autofree char *path = file_tree_path (&tree, "authority.pem");

    use_good_certificate ();
    ck_assert_int_eq (SSL_CTX_load_verify_file (server_context, path), 1);
    SSL_CTX_set_verify (server_context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
}

static void
set_own (const char *name)
{
    g_autofree char *certificate = g_strconcat (name, ".pem", NULL);
    g_autofree char *key = g_strconcat (name, ".key", NULL);
    g_autofree char *certificate_path = file_tree_path (&tree, certificate);
    g_autofree char *key_path = file_tree_path (&tree, key);

    h3_client_tls_set_certificate (settings, certificate_path, key_path);
}

START_TEST (certificate_of_the_client_is_shown)
{
    X509 *shown;
    char name[64];

    want_certificate ();
    tls_authority_sign (&authority, &tree, "client", &(TlsWish){ .subject = "Some client" });
    set_own ("client");
    server_version = versions[_i];
    shake (HOST);
    assert_talks ();
    shown = SSL_get0_peer_certificate (server);
    ck_assert_ptr_nonnull (shown);
    ck_assert_int_gt (X509_NAME_get_text_by_NID (X509_get_subject_name (shown), NID_commonName,
                                                 name, sizeof name),
                      0);
    ck_assert_str_eq (name, "Some client");
}
END_TEST

/* By TLS 1.3 the client is done before the server has seen what it lacks. */
START_TEST (certificate_that_is_wanted_and_not_set_is_told)
{
    want_certificate ();
    shake (HOST);
    ck_assert_int_eq (handshake, TLS_HANDSHAKE_DONE);
    carry_out ();
    step (2);
    ck_assert_int_eq (last, RECEIVE_FAILED);
    assert_error (HOST, "it wants a certificate of the client's, and none was set");
}
END_TEST

START_TEST (certificate_that_is_wanted_and_not_set_is_told_by_1_2)
{
    want_certificate ();
    server_version = TLS1_2_VERSION;
    shake (HOST);
    assert_refused (HOST, "it wants a certificate of the client's, and none was set");
}
END_TEST

START_TEST (certificate_that_is_not_taken_is_told)
{
    TlsAuthority other;

    want_certificate ();
    tls_authority_init (&other, "Another authority");
    tls_authority_sign (&other, &tree, "client", NULL);
    set_own ("client");
    shake (HOST);
    carry_out ();
    step (2);
    ck_assert_int_eq (last, RECEIVE_FAILED);
    assert_error (HOST, "it refuses: unknown CA (alert 48), perhaps for the client's certificate");
    tls_authority_clear (&other);
}
END_TEST

START_TEST (end_without_the_word_for_it_is_told_apart)
{
    use_good_certificate ();
    server_version = versions[_i];
    shake (HOST);
    say ("hello");
    ck_assert_int_eq (shutdown (peer, SHUT_WR), 0);
    step (3);
    ck_assert_int_eq (last, RECEIVE_END);
    ck_assert (transport_is_truncated (transport));
    connect_again ();
    shake (HOST);
    say ("hello");
    ck_assert_int_ge (SSL_shutdown (server), 0);
    carry_out ();
    step (3);
    ck_assert_int_eq (last, RECEIVE_END);
    ck_assert (!transport_is_truncated (transport));
}
END_TEST

/* The session stays as it is: the server hears that its wish is not granted. */
START_TEST (new_handshake_is_refused)
{
    char data[16];

    use_good_certificate ();
    SSL_CTX_set_options (server_context, SSL_OP_LEGACY_SERVER_CONNECT);
    server_version = TLS1_2_VERSION;
    shake (HOST);
    assert_talks ();
    ck_assert_int_eq (SSL_renegotiate (server), 1);
    (void) SSL_do_handshake (server);
    carry_out ();
    step (3);
    ck_assert_int_eq (last, RECEIVE_WAIT);
    carry_in ();
    ck_assert_int_le (SSL_read (server, data, sizeof data), 0);
    ck_assert_int_eq (ERR_GET_REASON (ERR_peek_error ()), SSL_R_NO_RENEGOTIATION);
    ERR_clear_error ();
}
END_TEST

static void
add_cases (Suite *suite)
{
    TCase *tcase = tcase_create ("failing");

    tcase_add_checked_fixture (tcase, set_up_client, tear_down_client);
    tcase_add_loop_test (tcase, server_without_tls_is_told, 0, G_N_ELEMENTS (plain));
    tcase_add_test (tcase, server_that_ends_at_once_is_told);
    tcase_add_test (tcase, server_that_ends_in_the_middle_is_told);
    tcase_add_test (tcase, connection_that_is_reset_is_told);
    tcase_add_test (tcase, server_of_an_older_version_is_told);
    tcase_add_test (tcase, versions_before_1_2_are_not_spoken);
    tcase_add_test (tcase, server_of_another_protocol_is_told);
    tcase_add_test (tcase, server_that_is_not_there_for_the_name_is_told);
    tcase_add_test (tcase, server_that_has_nothing_in_common_is_told);
    tcase_add_loop_test (tcase, certificate_of_the_client_is_shown, 0, 2);
    tcase_add_test (tcase, certificate_that_is_wanted_and_not_set_is_told);
    tcase_add_test (tcase, certificate_that_is_wanted_and_not_set_is_told_by_1_2);
    tcase_add_test (tcase, certificate_that_is_not_taken_is_told);
    tcase_add_loop_test (tcase, end_without_the_word_for_it_is_told_apart, 0, 2);
    tcase_add_test (tcase, new_handshake_is_refused);
    tcase_set_timeout (tcase, 60);
    suite_add_tcase (suite, tcase);
}

int
main (void)
{
    return suite_run ("net/client-tls-failing", add_cases);
}
