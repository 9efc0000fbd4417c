/* SPDX-License-Identifier: MIT
 *
 * What is in settings for TLS, for those who read the files. */

#pragma once

#include <h3/crypto/certificate.h>
#include <h3/net/tls-settings.h>

G_BEGIN_DECLS

typedef struct {
    H3Certificate *made; /* ref: no file; NULL: it is in a file */
    H3Key *made_key;     /* ref: of that */
    char *certificate;   /* owned: a path */
    char *key;           /* owned: a path; NULL: as the certificate's */
    char *ocsp;          /* owned: a path; NULL: none */
} TlsFiles;

struct _H3TlsSettings {
    GPtrArray *files; /* owned: TlsFiles */
    H3TlsClients clients;
    char *authorities; /* owned: a path; NULL with H3_TLS_CLIENTS_ANY */
    H3TlsVersion minimum;
};

G_END_DECLS
