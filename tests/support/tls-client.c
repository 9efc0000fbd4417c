/* SPDX-License-Identifier: MIT */

#include "tls-client.h"

#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

#define PATIENCE_MILLISECONDS 30000

typedef struct {
    SSL *ssl;             /* owned */
    SSL_SESSION *session; /* owned: the last ticket; NULL: none came */
    int alert;            /* the server's last that ends all; 0: none */
} Records;

static gssize
translate (Records *records, int result)
{
    switch (SSL_get_error (records->ssl, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        errno = EAGAIN;
        break;
    case SSL_ERROR_ZERO_RETURN:
        return 0;
    case SSL_ERROR_SYSCALL:
        if (errno == 0)
            return 0;
        break;
    default:
        errno = ECONNRESET;
        break;
    }
    ERR_clear_error ();
    return -1;
}

static gssize
receive (gpointer data, char *room, gsize length)
{
    Records *records = data;
    int n;

    ERR_clear_error ();
    errno = 0;
    n = SSL_read (records->ssl, room, (int) MIN (length, G_MAXINT));
    return n > 0 ? n : translate (records, n);
}

static gssize
send_out (gpointer data, const char *bytes, gsize length)
{
    Records *records = data;
    int n;

    ERR_clear_error ();
    errno = 0;
    n = SSL_write (records->ssl, bytes, (int) MIN (length, G_MAXINT));
    return n > 0 ? n : translate (records, n);
}

static gboolean
has_kept (gpointer data)
{
    return SSL_pending (((Records *) data)->ssl) > 0;
}

static void
free_records (gpointer data)
{
    Records *records = data;

    /* Else OpenSSL takes it for broken off, and its session for one that is not to be resumed. */
    SSL_set_shutdown (records->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free (records->ssl);
    SSL_SESSION_free (records->session);
    g_free (records);
}

static const RawLayer layer = { receive, send_out, has_kept, free_records };

static int
on_session (SSL *ssl, SSL_SESSION *session)
{
    Records *records = SSL_get_app_data (ssl);

    SSL_SESSION_free (records->session);
    records->session = session;
    return 1;
}

static void
on_info (const SSL *ssl, int where, int value)
{
    Records *records = SSL_get_app_data (ssl);

    if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT && (value >> 8) == SSL3_AL_FATAL)
        records->alert = value & 0xff;
}

static SSL_CTX *
make_context (const TlsWishes *wishes)
{
    SSL_CTX *context = SSL_CTX_new (TLS_client_method ());

    ck_assert_ptr_nonnull (context);
    SSL_CTX_set_mode (context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode (context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb (context, on_session);
    SSL_CTX_set_info_callback (context, on_info);
    if (wishes->version != 0) {
        SSL_CTX_set_security_level (context, 0);
        ck_assert_int_eq (SSL_CTX_set_min_proto_version (context, wishes->version), 1);
        ck_assert_int_eq (SSL_CTX_set_max_proto_version (context, wishes->version), 1);
    }
    if (wishes->ciphers != NULL)
        ck_assert_int_eq (SSL_CTX_set_cipher_list (context, wishes->ciphers), 1);
    if (wishes->authority != NULL) {
        ck_assert_int_eq (SSL_CTX_load_verify_file (context, wishes->authority), 1);
        SSL_CTX_set_verify (context, SSL_VERIFY_PEER, NULL);
    }
    if (wishes->certificate != NULL) {
        ck_assert_int_eq (SSL_CTX_use_certificate_chain_file (context, wishes->certificate), 1);
        ck_assert_int_eq (SSL_CTX_use_PrivateKey_file (context, wishes->key, SSL_FILETYPE_PEM), 1);
    }
    return context;
}

void
tls_client_begin (RawClient *client, const TlsWishes *wishes)
{
    static const TlsWishes none;
    Records *records = g_new0 (Records, 1);
    SSL_CTX *context;

    /* OpenSSL writes by write (). */
    (void) signal (SIGPIPE, SIG_IGN);
    if (wishes == NULL)
        wishes = &none;
    context = make_context (wishes);
    records->ssl = SSL_new (context);
    ck_assert_ptr_nonnull (records->ssl);
    SSL_CTX_free (context);
    SSL_set_app_data (records->ssl, records);
    ck_assert_int_eq (fcntl (client->fd, F_SETFL, O_NONBLOCK), 0);
    ck_assert_int_eq (SSL_set_fd (records->ssl, client->fd), 1);
    SSL_set_connect_state (records->ssl);
    if (wishes->name != NULL) {
        ck_assert_int_eq (SSL_set_tlsext_host_name (records->ssl, wishes->name), 1);
        if (wishes->authority != NULL)
            ck_assert_int_eq (SSL_set1_host (records->ssl, wishes->name), 1);
    }
    if (wishes->protocols != NULL)
        ck_assert_int_eq (SSL_set_alpn_protos (records->ssl,
                                               (const unsigned char *) wishes->protocols,
                                               (unsigned int) strlen (wishes->protocols)),
                          0);
    if (wishes->asks_for_ocsp)
        ck_assert_int_eq (SSL_set_tlsext_status_type (records->ssl, TLSEXT_STATUSTYPE_ocsp), 1);
    if (wishes->session != NULL)
        ck_assert_int_eq (SSL_set_session (records->ssl, wishes->session), 1);
    client->layer = &layer;
    client->layer_data = records;
}

RawClient *
tls_client_connect (const char *address, const TlsWishes *wishes)
{
    RawClient *client = wishes != NULL && wishes->is_small ? raw_client_new_small (address)
                                                           : raw_client_new (address);

    tls_client_begin (client, wishes);
    return client;
}

gboolean
tls_client_try (RawClient *client, int *out_alert)
{
    Records *records = client->layer_data;

    for (;;) {
        struct pollfd fd = { client->fd, POLLIN, 0 };
        int result, code;

        ERR_clear_error ();
        result = SSL_do_handshake (records->ssl);
        if (result == 1)
            return TRUE;
        code = SSL_get_error (records->ssl, result);
        if (code != SSL_ERROR_WANT_READ && code != SSL_ERROR_WANT_WRITE)
            break;
        fd.events = code == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN;
        ck_assert_msg (poll (&fd, 1, PATIENCE_MILLISECONDS) == 1,
                       "nothing came of the handshake for half a minute");
    }
    *out_alert = records->alert;
    return FALSE;
}

void
tls_client_shake (RawClient *client)
{
    int alert = 0;

    if (tls_client_try (client, &alert))
        return;
    ck_abort_msg ("no handshake: alert %d, %s", alert,
                  ERR_peek_error () != 0 ? ERR_reason_error_string (ERR_peek_error ())
                                         : "the server ended");
}

RawClient *
tls_client_new (const char *address, const TlsWishes *wishes)
{
    RawClient *client = tls_client_connect (address, wishes);

    tls_client_shake (client);
    return client;
}

int
tls_client_get_alert (const RawClient *client)
{
    return ((Records *) client->layer_data)->alert;
}

SSL *
tls_client_get (const RawClient *client)
{
    return ((Records *) client->layer_data)->ssl;
}

SSL_SESSION *
tls_client_dup_session (const RawClient *client)
{
    Records *records = client->layer_data;

    /* By TLS 1.2 only whole handshakes are told. */
    if (records->session == NULL)
        return SSL_get1_session (records->ssl);
    SSL_SESSION_up_ref (records->session);
    return records->session;
}

char *
tls_client_dup_server (const RawClient *client)
{
    X509 *certificate = SSL_get0_peer_certificate (tls_client_get (client));
    char name[256];

    ck_assert_ptr_nonnull (certificate);
    ck_assert_int_gt (X509_NAME_get_text_by_NID (X509_get_subject_name (certificate),
                                                 NID_commonName, name, sizeof name),
                      0);
    return g_strdup (name);
}

void
tls_client_say_end (RawClient *client)
{
    ck_assert_int_ge (SSL_shutdown (tls_client_get (client)), 0);
}

gboolean
tls_client_was_told_end (const RawClient *client)
{
    return (SSL_get_shutdown (tls_client_get (client)) & SSL_RECEIVED_SHUTDOWN) != 0;
}
