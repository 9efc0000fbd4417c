/* SPDX-License-Identifier: MIT
 *
 * What a TLS session reads from and writes to: a non-blocking socket, straight, and before it what
 * has come from there already. To the session it never refuses: what the kernel does is kept, one
 * record mostly, and leaves by tls_socket_flush (). (OpenSSL cannot answer a peer that asks for new
 * keys while a record of its own waits.) Embedded in a transport; the loop's thread only. */

#pragma once

#include <h3/base/view.h>

#include <openssl/bio.h>

G_BEGIN_DECLS

typedef struct {
    int fd;            /* borrowed: the transport's */
    int error_number;  /* of the last call that failed; 0: none has */
    GByteArray *early; /* owned: came before the session began; NULL: it has been read */
    GByteArray *kept;  /* owned: the kernel refused it; NULL: nothing */
    guint64 written;   /* bytes that the kernel took */
    gsize allowance;   /* so much may still be received before the socket is said to be empty */
    gboolean has_ended;
} TlsSocket;

/* `early` is copied. */
void tls_socket_init (TlsSocket *socket, int fd, H3View early);
/* After the session has gone. */
void tls_socket_clear (TlsSocket *socket);

/* Sends what is kept. FALSE: not all of it, or it failed (error_number). */
gboolean tls_socket_flush (TlsSocket *socket);

/* (transfer full) (nullable): for a session that goes before the socket does. NULL: there is no
 * memory. */
BIO *tls_socket_open (TlsSocket *socket);

G_END_DECLS
