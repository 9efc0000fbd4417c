/* SPDX-License-Identifier: MIT
 *
 * What is in a client's settings for TLS, for those who read the files. */

#pragma once

#include <h3/net/client-tls.h>

G_BEGIN_DECLS

struct _H3ClientTls {
    char *authorities; /* owned: a path; NULL: the system's */
    char *certificate; /* owned: a path; NULL: none */
    char *key;         /* owned: a path; NULL: in the certificate's file */
    H3TlsVersion minimum;
    gboolean is_unverified;
};

G_END_DECLS
