/* SPDX-License-Identifier: MIT
 *
 * Why TLS with a server did not come about, in words for people. What servers and certificates say
 * is quoted in printable characters only, and little of it. Any thread. */

#pragma once

#include <glib.h>
#include <openssl/ssl.h>

G_BEGIN_DECLS

/* (transfer full): why a certificate is refused, asked while it is: "its certificate expired at …".
 * `host`: the server that is meant. */
char *client_tls_fault_dup_certificate (X509_STORE_CTX *verification, const char *host);

/* What is known of a session that came to nothing. */
typedef struct {
    unsigned long code; /* OpenSSL's first error; 0: none */
    int error_number;   /* of the socket; 0: none */
    gboolean has_ended; /* the server's bytes have */
    gboolean is_open;   /* the handshake had been done */
    gboolean has_own;   /* it could have shown a certificate of ours */
    gboolean was_asked; /* for one, and had none */
    gboolean is_1_3;    /* the oldest version we speak */
} ClientTlsFault;

/* (transfer full): why, where it is not for the certificate. */
char *client_tls_fault_dup (const ClientTlsFault *fault);

G_END_DECLS
