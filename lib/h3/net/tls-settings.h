/* SPDX-License-Identifier: MIT
 *
 * How a server speaks TLS: its certificates, which clients it wants to see a certificate of, the
 * oldest version. A value that one thread at a time may change; a server copies it. Since: 0.1 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * H3TlsVersion:
 * @H3_TLS_1_2: TLS 1.2, with ephemeral keys and authenticated encryption only
 * @H3_TLS_1_3: TLS 1.3
 *
 * A version of TLS (RFC 5246, RFC 8446).
 *
 * Since: 0.1
 */
typedef enum { H3_TLS_1_2, H3_TLS_1_3 } H3TlsVersion;

/**
 * H3TlsClients:
 * @H3_TLS_CLIENTS_ANY: no client is asked for a certificate
 * @H3_TLS_CLIENTS_ASKED: each is asked; one without may come, one whose certificate is not good
 *   may not
 * @H3_TLS_CLIENTS_KNOWN: who has no good certificate may not come
 *
 * Which clients a server wants to see a certificate of.
 *
 * Since: 0.1
 */
typedef enum { H3_TLS_CLIENTS_ANY, H3_TLS_CLIENTS_ASKED, H3_TLS_CLIENTS_KNOWN } H3TlsClients;

/**
 * H3TlsSettings:
 *
 * How a server speaks TLS: its certificates, which clients it wants to see a certificate of, the
 * oldest version.
 *
 * Boxed, copied: a value that one thread at a time may change; a server copies it. It has names of
 * files, which are read when a server starts, and again when it reloads.
 *
 * Since: 0.1
 */
typedef struct _H3TlsSettings H3TlsSettings;

#define H3_TYPE_TLS_SETTINGS (h3_tls_settings_get_type ())
GType h3_tls_settings_get_type (void);

/**
 * h3_tls_settings_new:
 *
 * Makes settings without a certificate, which ask no client for one and speak TLS 1.2 and later.
 *
 * Returns: (transfer full): the settings
 *
 * Since: 0.1
 */
H3TlsSettings *h3_tls_settings_new (void);

/**
 * h3_tls_settings_copy:
 * @settings: settings
 *
 * Copies the settings.
 *
 * Returns: (transfer full): the copy
 *
 * Since: 0.1
 */
H3TlsSettings *h3_tls_settings_copy (const H3TlsSettings *settings);

/**
 * h3_tls_settings_free:
 * @settings: (nullable) (transfer full): settings; %NULL is allowed
 *
 * Frees the settings.
 *
 * Since: 0.1
 */
void h3_tls_settings_free (H3TlsSettings *settings);

/**
 * h3_tls_settings_add_certificate:
 * @settings: settings
 * @certificate_file: (type filename): a PEM file: the server's certificate, and behind it those
 *   between it and its root
 * @key_file: (type filename) (nullable): a PEM file: its key, without a password; %NULL: the key
 *   is in the first file
 *
 * Adds a certificate of the server's.
 *
 * Of several, a client gets the one that has the name it asked for (exactly, or by a wildcard),
 * else the first added.
 *
 * Since: 0.1
 */
void h3_tls_settings_add_certificate (H3TlsSettings *settings, const char *certificate_file,
                                      const char *key_file);

/**
 * h3_tls_settings_add_self_signed:
 * @settings: settings
 * @names: (array zero-terminated=1): whom it is for, at least one: hosts, addresses
 * @error: an #H3Error where it cannot be made
 *
 * Adds a certificate that is made now, which nobody else vouches for, with a key that is in memory
 * only: for tests.
 *
 * Returns: %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean h3_tls_settings_add_self_signed (H3TlsSettings *settings, const char *const *names,
                                          GError **error);

/**
 * h3_tls_settings_set_ocsp:
 * @settings: settings to which a certificate was added
 * @file: (type filename) (nullable): a DER file; %NULL for none
 *
 * Sets the OCSP answer for the certificate added last, given to clients that ask for it until it
 * is out of date.
 *
 * Since: 0.1
 */
void h3_tls_settings_set_ocsp (H3TlsSettings *settings, const char *file);

/**
 * h3_tls_settings_set_clients:
 * @settings: settings
 * @clients: who is asked for one, and who may come
 * @authorities: (type filename) (nullable): a PEM file: good are the certificates that one in it
 *   has signed; %NULL only with %H3_TLS_CLIENTS_ANY
 *
 * Sets whether clients show a certificate, and whose are good.
 *
 * Since: 0.1
 */
void h3_tls_settings_set_clients (H3TlsSettings *settings, H3TlsClients clients,
                                  const char *authorities);

/**
 * h3_tls_settings_set_minimum:
 * @settings: settings
 * @version: the oldest version that is spoken
 *
 * Sets the oldest version of TLS.
 *
 * Since: 0.1
 */
void h3_tls_settings_set_minimum (H3TlsSettings *settings, H3TlsVersion version);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3TlsSettings, h3_tls_settings_free)

G_END_DECLS
