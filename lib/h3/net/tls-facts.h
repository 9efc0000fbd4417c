/* SPDX-License-Identifier: MIT
 *
 * What was agreed on in a handshake, and who the client is by its certificate. A value. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    const char *version;     /* "TLSv1.3"; static */
    const char *cipher;      /* static */
    const char *protocol;    /* static; NULL: none was agreed on */
    const char *server_name; /* borrowed: the session; NULL: none was asked for */
    gboolean is_resumed;
    char *client;             /* owned: the subject of its good certificate; NULL: it has none */
    char *client_fingerprint; /* owned: SHA-256 of that, in hexadecimal */
} TlsFacts;

typedef struct ssl_st SSL;

/* Of a session whose handshake is done. */
void tls_facts_read (TlsFacts *out_facts, const SSL *ssl);
void tls_facts_clear (TlsFacts *facts);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TlsFacts, tls_facts_clear)

G_END_DECLS
