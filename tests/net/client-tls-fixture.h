/* SPDX-License-Identifier: MIT
 *
 * What the tests of a client's TLS share: a transport that begins, and OpenSSL as its server, whose
 * bytes stay in memory until they are carried over. Included by one source each; main thread only.
 */

#pragma once

#include "transport-fixture.h"

#include "h3/base/error.h"
#include "h3/net/client-tls-context.h"
#include "h3/net/client-tls.h"
#include "tests/support/tls-authority.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>

#define HOST "server.example"

static FileTree tree;
static TlsAuthority authority;
static H3ClientTls *settings;
static ClientTlsContext *context; /* made of the settings when it is first needed */
static SSL_CTX *server_context;
static SSL *server;
static int server_version; /* the newest it speaks; 0: the newest of all */
static TlsHandshake handshake;
static GString *heard;
static gssize last;

static inline void
on_tls_readable (gpointer owner)
{
    char data[65536];

    if (handshake == TLS_HANDSHAKE_WAIT) {
        handshake = transport_handshake (transport);
        return;
    }
    last = transport_receive (transport, data, sizeof data);
    if (last > 0)
        g_string_append_len (heard, data, last);
}

static const TransportOwner tls_owner = { on_tls_readable, on_drained, on_failed };

static inline void
set_up_client (void)
{
    g_autofree char *path = NULL;

    file_tree_init (&tree);
    tls_authority_init (&authority, "Test authority");
    tls_authority_write (&authority, &tree, "authority.pem");
    path = file_tree_path (&tree, "authority.pem");
    settings = h3_client_tls_new ();
    h3_client_tls_set_authorities (settings, path);
    speaks_tls = TRUE;
    set_up (FALSE);
    heard = g_string_new (NULL);
    server_version = 0;
    handshake = TLS_HANDSHAKE_WAIT;
}

static inline void
tear_down_client (void)
{
    tear_down ();
    SSL_free (g_steal_pointer (&server));
    SSL_CTX_free (g_steal_pointer (&server_context));
    client_tls_context_unref (g_steal_pointer (&context));
    h3_client_tls_free (settings);
    g_string_free (heard, TRUE);
    tls_authority_clear (&authority);
    file_tree_clear (&tree);
}

/* A server with the certificate of NAME.pem. */
static inline void
use_certificate (const char *name)
{
    g_autofree char *certificate = g_strconcat (name, ".pem", NULL);
    g_autofree char *key = g_strconcat (name, ".key", NULL);
    g_autofree char *certificate_path = file_tree_path (&tree, certificate);
    g_autofree char *key_path = file_tree_path (&tree, key);

    server_context = SSL_CTX_new (TLS_server_method ());
    ck_assert_int_eq (SSL_CTX_use_certificate_chain_file (server_context, certificate_path), 1);
    ck_assert_int_eq (SSL_CTX_use_PrivateKey_file (server_context, key_path, SSL_FILETYPE_PEM), 1);
    /* Its sessions are in their tickets only: nothing of them is shared by threads. */
    SSL_CTX_set_session_cache_mode (server_context, SSL_SESS_CACHE_OFF);
    ck_assert_int_eq (SSL_CTX_set_session_id_context (server_context, (const guint8 *) "test", 4),
                      1);
}

static inline void
sign_and_use (const TlsWish *wish)
{
    tls_authority_sign (&authority, &tree, "server", wish);
    use_certificate ("server");
}

static inline void
use_good_certificate (void)
{
    sign_and_use (&(TlsWish){ .names = "DNS:" HOST });
}

/* What the server has to say. */
static inline void
carry_out (void)
{
    char data[65536];
    int n;

    while ((n = BIO_read (SSL_get_wbio (server), data, sizeof data)) > 0)
        ck_assert_int_eq (send (peer, data, (gsize) n, MSG_NOSIGNAL), n);
}

/* What has come for it. */
static inline void
carry_in (void)
{
    g_autoptr (GByteArray) bytes = g_byte_array_new ();

    while (peer_read (bytes, 65536) > 0)
        continue;
    if (bytes->len > 0)
        ck_assert_int_eq (BIO_write (SSL_get_rbio (server), bytes->data, (int) bytes->len),
                          (int) bytes->len);
}

static inline void
begin_client (const char *host, guint16 port)
{
    g_autoptr (GError) error = NULL;

    if (context == NULL)
        context = client_tls_context_new (settings, &error);
    if (context == NULL)
        ck_abort_msg ("%s", error->message);
    transport_set_owner (transport, &tls_owner, &peer);
    ck_assert (transport_begin_client_tls (transport, context, host, port));
    handshake = transport_handshake (transport);
    ck_assert_int_eq (handshake, TLS_HANDSHAKE_WAIT);
    transport_set_reading (transport, TRUE);
}

/* Until both are done, or the client has failed. */
static inline void
shake_on (const char *host, guint16 port)
{
    server = SSL_new (server_context);
    if (server_version != 0)
        ck_assert_int_eq (SSL_set_max_proto_version (server, server_version), 1);
    SSL_set_bio (server, BIO_new (BIO_s_mem ()), BIO_new (BIO_s_mem ()));
    BIO_set_mem_eof_return (SSL_get_rbio (server), -1);
    SSL_set_accept_state (server);
    begin_client (host, port);
    for (guint i = 0; handshake == TLS_HANDSHAKE_WAIT
                      || (handshake == TLS_HANDSHAKE_DONE && SSL_is_init_finished (server) != 1);
         i++) {
        ck_assert_uint_lt (i, 1000);
        carry_in ();
        if (SSL_do_handshake (server) != 1 && handshake == TLS_HANDSHAKE_DONE
            && SSL_get_error (server, -1) == SSL_ERROR_SSL)
            break;
        carry_out ();
        step (1);
    }
    ERR_clear_error ();
}

static inline void
shake (const char *host)
{
    shake_on (host, 443);
}

static inline void
say (const char *text)
{
    int length = (int) strlen (text);

    ck_assert_int_eq (SSL_write (server, text, length), length);
    carry_out ();
    step (3);
}

/* Both ways. */
static inline void
assert_talks (void)
{
    char data[16] = { 0 };

    ck_assert_int_eq (handshake, TLS_HANDSHAKE_DONE);
    say ("hello");
    ck_assert_str_eq (heard->str, "hello");
    transport_write (transport, "bye", 3);
    transport_flush (transport);
    carry_in ();
    ck_assert_int_eq (SSL_read (server, data, sizeof data), 3);
    ck_assert_str_eq (data, "bye");
}

static inline void
assert_error (const char *host, const char *text)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *whole = g_strdup_printf ("no TLS with %s: %s", host, text);

    transport_set_tls_error (transport, host, &error);
    ck_assert (g_error_matches (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_TLS));
    ck_assert_str_eq (error->message, whole);
}

static inline void
assert_refused (const char *host, const char *text)
{
    ck_assert_int_eq (handshake, TLS_HANDSHAKE_FAILED);
    assert_error (host, text);
}

/* Another connection; the context stays. */
static inline void
connect_again (void)
{
    int ends[2];

    transport_reset (g_steal_pointer (&transport));
    step (3);
    (void) close (peer);
    SSL_free (g_steal_pointer (&server));
    ck_assert_int_eq (socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    transport = transport_new_for_tls (shared, ends[0], &owner_functions, &peer);
    ck_assert_ptr_nonnull (transport);
    peer = ends[1];
    handshake = TLS_HANDSHAKE_WAIT;
    g_string_truncate (heard, 0);
}

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
