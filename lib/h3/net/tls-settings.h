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
 */
typedef enum { H3_TLS_1_2, H3_TLS_1_3 } H3TlsVersion;

/**
 * H3TlsClients:
 * @H3_TLS_CLIENTS_ANY: no client is asked for a certificate
 * @H3_TLS_CLIENTS_ASKED: each is asked; one without may come, one whose certificate is not good
 *   may not
 * @H3_TLS_CLIENTS_KNOWN: who has no good certificate may not come
 */
typedef enum { H3_TLS_CLIENTS_ANY, H3_TLS_CLIENTS_ASKED, H3_TLS_CLIENTS_KNOWN } H3TlsClients;

#define H3_TYPE_TLS_SETTINGS (h3_tls_settings_get_type ())
/**
 * H3TlsSettings: (copy-func h3_tls_settings_copy) (free-func h3_tls_settings_free)
 *
 * Names of files; they are read when a server starts, and again when it reloads.
 */
typedef struct _H3TlsSettings H3TlsSettings;
GType h3_tls_settings_get_type (void);

/* Returns: (transfer full): no certificate, no client's certificate, TLS 1.2. */
H3TlsSettings *h3_tls_settings_new (void);
/* Returns: (transfer full) */
H3TlsSettings *h3_tls_settings_copy (const H3TlsSettings *settings);
/* (nullable) */
void h3_tls_settings_free (H3TlsSettings *settings);

/* PEM files: the server's certificate and behind it those between it and its root; its key, without
 * a password. @key_file: (nullable): the key is in the first file. Of several, a client gets the
 * one that has the name it asked for (exactly, or by a wildcard), else the first added. */
void h3_tls_settings_add_certificate (H3TlsSettings *settings, const char *certificate_file,
                                      const char *key_file);

/* A certificate that is made now, which nobody else vouches for, with a key that is in memory only:
 * for tests. @names: (array zero-terminated=1): whom it is for, at least one: hosts, addresses.
 * FALSE with H3_ERROR. */
gboolean h3_tls_settings_add_self_signed (H3TlsSettings *settings, const char *const *names,
                                          GError **error);

/* A DER file with the OCSP answer for the certificate added last, given to clients that ask for it
 * until it is out of date. @file: (nullable): none. */
void h3_tls_settings_set_ocsp (H3TlsSettings *settings, const char *file);

/* Whose certificates are good: those that one in the PEM file `authorities` has signed; (nullable)
 * with H3_TLS_CLIENTS_ANY. */
void h3_tls_settings_set_clients (H3TlsSettings *settings, H3TlsClients clients,
                                  const char *authorities);

/* The oldest version that is spoken. */
void h3_tls_settings_set_minimum (H3TlsSettings *settings, H3TlsVersion version);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3TlsSettings, h3_tls_settings_free)

G_END_DECLS
