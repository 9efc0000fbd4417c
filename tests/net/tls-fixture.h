/* SPDX-License-Identifier: MIT
 *
 * What the tests of transports with TLS share: one of them, and OpenSSL at its other end, whose
 * bytes stay in memory until they are carried over. Included by one source each; main thread only.
 */

#pragma once

#include "transport-fixture.h"

#include "h3/net/tls-context.h"
#include "tests/support/tls-authority.h"

#include <openssl/err.h>
#include <string.h>

static FileTree tree;
static TlsAuthority authority;
static TlsContext *context;
static SSL_CTX *client_context;
static SSL *client; /* its bytes stay in memory until they are carried over */
static TlsHandshake handshake;
static GString *heard; /* by the transport's owner */
static gsize room = 65536;
static gssize last;
static gsize pause_at; /* it reads no more when it has heard so much; 0: it always does */

static inline void
on_tls_readable (gpointer owner)
{
    char data[65536];

    readable++;
    if (handshake == TLS_HANDSHAKE_WAIT) {
        handshake = transport_handshake (transport);
        return;
    }
    last = transport_receive (transport, data, room);
    if (last > 0)
        g_string_append_len (heard, data, last);
    if (pause_at > 0 && heard->len >= pause_at)
        transport_set_reading (transport, FALSE);
}

static const TransportOwner tls_owner = { on_tls_readable, on_drained, on_failed };

static inline void
set_up_tls (void)
{
    g_autoptr (H3TlsSettings) settings = h3_tls_settings_new ();
    g_autoptr (GError) error = NULL;
    g_autofree char *certificate = NULL, *key = NULL;
    TlsTickets *tickets = tls_tickets_new ();

    file_tree_init (&tree);
    tls_authority_init (&authority, "Test authority");
    tls_authority_sign (&authority, &tree, "server", NULL);
    certificate = file_tree_path (&tree, "server.pem");
    key = file_tree_path (&tree, "server.key");
    h3_tls_settings_add_certificate (settings, certificate, key);
    speaks_tls = TRUE;
    /* Of these the system hands over at once what was sent. */
    set_up (FALSE);
    context = tls_context_new (settings, tickets, &error);
    if (context == NULL)
        ck_abort_msg ("%s", error->message);
    tls_tickets_unref (tickets);
    client_context = SSL_CTX_new (TLS_client_method ());
    heard = g_string_new (NULL);
    handshake = TLS_HANDSHAKE_WAIT;
    room = 65536;
    pause_at = 0;
    last = 0;
}

static inline void
tear_down_tls (void)
{
    tear_down ();
    SSL_free (g_steal_pointer (&client));
    SSL_CTX_free (client_context);
    tls_context_unref (context);
    g_string_free (heard, TRUE);
    tls_authority_clear (&authority);
    file_tree_clear (&tree);
}

static inline void
open_client (int version)
{
    client = SSL_new (client_context);
    ck_assert_ptr_nonnull (client);
    ck_assert_int_eq (SSL_set_min_proto_version (client, version), 1);
    ck_assert_int_eq (SSL_set_max_proto_version (client, version), 1);
    SSL_set_bio (client, BIO_new (BIO_s_mem ()), BIO_new (BIO_s_mem ()));
    BIO_set_mem_eof_return (SSL_get_rbio (client), -1);
    SSL_set_connect_state (client);
}

/* What the client has to say, `length` bytes at most. FALSE: nothing is left. */
static inline gboolean
carry_out (gsize length)
{
    char data[65536];
    int n = BIO_read (SSL_get_wbio (client), data, (int) MIN (length, sizeof data));

    if (n > 0)
        ck_assert_int_eq (send (peer, data, (gsize) n, MSG_NOSIGNAL), n);
    return n > 0;
}

/* What has come for it. */
static inline gboolean
carry_in (void)
{
    g_autoptr (GByteArray) bytes = g_byte_array_new ();

    while (peer_read (bytes, 65536) > 0)
        continue;
    if (bytes->len > 0)
        ck_assert_int_eq (BIO_write (SSL_get_rbio (client), bytes->data, (int) bytes->len),
                          (int) bytes->len);
    return bytes->len > 0;
}

/* In pieces of so many bytes, the first of which has `first`. */
static inline void
shake (gsize first, gsize piece)
{
    gsize length = first;

    transport_set_owner (transport, &tls_owner, &peer);
    ck_assert (transport_begin_tls (transport, context, H3_VIEW_EMPTY));
    transport_set_reading (transport, TRUE);
    for (guint i = 0; handshake == TLS_HANDSHAKE_WAIT || SSL_is_init_finished (client) != 1; i++) {
        ck_assert_uint_lt (i, 1000);
        (void) SSL_do_handshake (client);
        while (carry_out (length)) {
            step (1);
            length = piece;
        }
        (void) carry_in ();
        step (1);
    }
    ck_assert_int_eq (handshake, TLS_HANDSHAKE_DONE);
}

static inline void
say (const char *data, gsize length)
{
    ck_assert_int_eq (SSL_write (client, data, (int) length), (int) length);
}

/* All that is there at the client. */
static inline void
listen_in (GByteArray *received)
{
    char data[16384];
    int n;

    (void) carry_in ();
    while ((n = SSL_read (client, data, sizeof data)) > 0)
        g_byte_array_append (received, (guint8 *) data, (guint) n);
    ERR_clear_error ();
}

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
