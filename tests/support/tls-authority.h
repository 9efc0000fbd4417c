/* SPDX-License-Identifier: MIT
 *
 * An authority that a test makes up, and the certificates it signs, written where servers and
 * clients read them. Whatever cannot be made fails the test. One thread at a time. */

#pragma once

#include "file-tree.h"

#include <openssl/x509.h>

typedef struct {
    EVP_PKEY *key;     /* owned */
    X509 *certificate; /* owned */
    long serial;       /* of the last that was signed */
} TlsAuthority;

/* What a certificate is to say; 0 is what most have. */
typedef struct {
    const char *subject;  /* the common name; NULL: "localhost" */
    const char *names;    /* "DNS:a.example,DNS:*.b.example"; NULL: none */
    long begin, end;      /* seconds from now; 0: since an hour, for a day */
    gboolean has_rsa_key; /* of 2,048 bits; else P-256 */
} TlsWish;

void tls_authority_init (TlsAuthority *authority, const char *name);
void tls_authority_clear (TlsAuthority *authority);

/* Its own certificate, in PEM. */
void tls_authority_write (const TlsAuthority *authority, const FileTree *tree, const char *name);
/* A certificate as is wished for (NULL: the usual), with itself behind it, and its key: NAME.pem
 * and NAME.key. */
void tls_authority_sign (TlsAuthority *authority, const FileTree *tree, const char *name,
                         const TlsWish *wish);
/* Its OCSP answer for the certificate of NAME.pem, good for so many seconds from now: NAME.ocsp. */
void tls_authority_answer (const TlsAuthority *authority, const FileTree *tree, const char *name,
                           gboolean is_revoked, long end);
