/* SPDX-License-Identifier: MIT
 *
 * The files that TLS is set up from: certificates with their keys, authorities, OCSP answers. What
 * cannot be used is an H3_ERROR that names the file and says what to do. Any thread. */

#pragma once

#include <glib.h>
#include <openssl/ssl.h>

G_BEGIN_DECLS

/* A value that owns what it has. */
typedef struct {
    X509 *certificate;       /* owned */
    STACK_OF (X509) * chain; /* owned: between it and its root; may be empty */
    EVP_PKEY *key;           /* owned: the certificate's own */
} TlsPair;

/* `key_path` (nullable): in the first file. FALSE also where the certificate is not valid now, or
 * the key is another's. */
gboolean tls_pair_read (TlsPair *out_pair, const char *certificate_path, const char *key_path,
                        GError **error);
void tls_pair_clear (TlsPair *pair);

/* (transfer full): the names that it is for, in lower case: those it lists, or else its common
 * name. */
char **tls_certificate_dup_names (X509 *certificate);

/* Has `context` trust the certificates of the file, and tell clients their names. `digest`
 * (EVP_MAX_MD_SIZE bytes) becomes that of the file. */
gboolean tls_authorities_read (SSL_CTX *context, const char *path, guint8 *digest, GError **error);

/* (transfer full): a file's OCSP answer, which has to be one for `certificate`. It is to be given
 * to nobody from `out_until` (seconds since 1970) on; G_MAXINT64: it does not say. */
GBytes *tls_ocsp_read (const char *path, X509 *certificate, gint64 *out_until, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TlsPair, tls_pair_clear)

G_END_DECLS
