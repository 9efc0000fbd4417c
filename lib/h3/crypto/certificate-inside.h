/* SPDX-License-Identifier: MIT
 *
 * OpenSSL's own object in a certificate, for who gives it to TLS. */

#pragma once

#include "certificate.h"

#include <openssl/types.h>

G_BEGIN_DECLS

/* (transfer full): counts the new reference that is made here. */
H3Certificate *certificate_new (X509 *x509, GError **error);
/* (transfer none): as long as the certificate; nobody may change it. */
X509 *certificate_get_x509 (H3Certificate *certificate);
/* Seconds since 1970 (UTC), whatever size the system's own time has. FALSE, with *out untouched: it
 * is none. Any thread. */
gboolean certificate_read_time (const ASN1_TIME *time, gint64 *out);

G_END_DECLS
