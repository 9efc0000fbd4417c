/* SPDX-License-Identifier: MIT
 *
 * How a client speaks TLS: whose word it takes for who a server is, its own certificate, the oldest
 * version. A value that one thread at a time may change; a client copies it. Since: 0.1 */

#pragma once

#include <h3/net/tls-settings.h>

G_BEGIN_DECLS

/**
 * H3ClientTls:
 *
 * How a client speaks TLS: whose word it takes for who a server is, its own certificate, the
 * oldest version.
 *
 * Boxed, copied: a value that one thread at a time may change; a client copies it. It has names of
 * files, which are read when a client first speaks TLS.
 *
 * Since: 0.1
 */
typedef struct _H3ClientTls H3ClientTls;

#define H3_TYPE_CLIENT_TLS (h3_client_tls_get_type ())
GType h3_client_tls_get_type (void);

/**
 * h3_client_tls_new:
 *
 * Makes settings with the system's authorities and no certificate, which speak TLS 1.2 and later.
 *
 * Returns: (transfer full): the settings
 *
 * Since: 0.1
 */
H3ClientTls *h3_client_tls_new (void);

/**
 * h3_client_tls_copy:
 * @tls: settings
 *
 * Copies the settings.
 *
 * Returns: (transfer full): the copy
 *
 * Since: 0.1
 */
H3ClientTls *h3_client_tls_copy (const H3ClientTls *tls);

/**
 * h3_client_tls_free:
 * @tls: (nullable) (transfer full): settings; %NULL is allowed
 *
 * Frees the settings.
 *
 * Since: 0.1
 */
void h3_client_tls_free (H3ClientTls *tls);

/**
 * h3_client_tls_set_authorities:
 * @tls: settings
 * @file: (type filename) (nullable): a PEM file: good are the certificates that one in it has
 *   signed, or that are in it themselves; whom the system believes does not matter then. %NULL:
 *   those whom the system believes
 *
 * Sets which servers are believed.
 *
 * Since: 0.1
 */
void h3_client_tls_set_authorities (H3ClientTls *tls, const char *file);

/**
 * h3_client_tls_set_certificate:
 * @tls: settings
 * @certificate_file: (type filename) (nullable): a PEM file: the client's own certificate, and
 *   behind it those between it and its root; %NULL for none
 * @key_file: (type filename) (nullable): a PEM file: its key, without a password; %NULL: the key
 *   is in the first file
 *
 * Sets the client's certificate, for servers that ask for one.
 *
 * Since: 0.1
 */
void h3_client_tls_set_certificate (H3ClientTls *tls, const char *certificate_file,
                                    const char *key_file);

/**
 * h3_client_tls_set_minimum:
 * @tls: settings
 * @version: the oldest version that is spoken
 *
 * Sets the oldest version of TLS.
 *
 * Since: 0.1
 */
void h3_client_tls_set_minimum (H3ClientTls *tls, H3TlsVersion version);

/**
 * h3_client_tls_set_unverified:
 * @tls: settings
 * @is_unverified: whether no certificate is looked at
 *
 * Has whoever answers be taken for the server, so that anyone in between can read along and change
 * what is said: for tests only.
 *
 * Since: 0.1
 */
void h3_client_tls_set_unverified (H3ClientTls *tls, gboolean is_unverified);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3ClientTls, h3_client_tls_free)

G_END_DECLS
