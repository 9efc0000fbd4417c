/* SPDX-License-Identifier: MIT
 *
 * X.509 certificates (RFC 5280): read, described, verified, matched with a name, and made. They are
 * counted and never change: any thread. Errors are H3_ERROR_SYNTAX where a text cannot be read,
 * H3_ERROR_INVALID where it says what cannot be. Since: 0.1 */

#pragma once

#include <h3/crypto/key.h>

#include <glib-object.h>

G_BEGIN_DECLS

/* What is read of a text. */
#define H3_CERTIFICATE_MAX_TEXT (4 * 1024 * 1024)

/**
 * H3Certificate:
 *
 * A certificate.
 */
typedef struct _H3Certificate H3Certificate;

#define H3_TYPE_CERTIFICATE (h3_certificate_get_type ())
GType h3_certificate_get_type (void);

/**
 * h3_certificate_list_from_pem:
 * @pem: certificates, one behind the other; keys and what else stands there are passed over
 *
 * Returns: (transfer full) (nullable) (element-type H3Certificate): at least one. NULL with @error
 *   set: H3_ERROR_NOT_FOUND where there is none
 */
GPtrArray *h3_certificate_list_from_pem (const char *pem, GError **error);
/* As h3_certificate_list_from_pem () of a file; the errors name it. */
GPtrArray *h3_certificate_list_from_file (const char *path, GError **error);

/* Returns: (transfer full) (nullable): the first of `pem`; NULL with `error` set. */
H3Certificate *h3_certificate_new_from_pem (const char *pem, GError **error);
/* Returns: (transfer full) (nullable): one, and no byte more; NULL with `error` set. */
H3Certificate *h3_certificate_new_from_der (GBytes *der, GError **error);

/* Returns: (transfer full) */
H3Certificate *h3_certificate_ref (H3Certificate *certificate);
/* (nullable) */
void h3_certificate_unref (H3Certificate *certificate);

/* Returns: (transfer full) */
char *h3_certificate_to_pem (H3Certificate *certificate);
GBytes *h3_certificate_to_der (H3Certificate *certificate);

/* Returns: (transfer none): whom it names, and who says so: "CN=a.example,O=Some" (RFC 4514). */
const char *h3_certificate_get_subject (H3Certificate *certificate);
const char *h3_certificate_get_issuer (H3Certificate *certificate);
/* Returns: (transfer none): its number, in hexadecimal digits. */
const char *h3_certificate_get_serial (H3Certificate *certificate);
/* Seconds since 1970: the first and the last of which it is valid. */
gint64 h3_certificate_get_not_before (H3Certificate *certificate);
gint64 h3_certificate_get_not_after (H3Certificate *certificate);
/* Returns: (transfer none): its SHA-256, in lower-case hexadecimal digits. */
const char *h3_certificate_get_fingerprint (H3Certificate *certificate);
/* Whether it may vouch for others. */
gboolean h3_certificate_is_authority (H3Certificate *certificate);

/* Returns: (transfer none): whom it is for, NULL-terminated: names of hosts, as they stand there;
 * addresses; mailboxes. The subject's common name is none of them (RFC 9525 §2). */
const char *const *h3_certificate_get_host_names (H3Certificate *certificate);
const char *const *h3_certificate_get_addresses (H3Certificate *certificate);
const char *const *h3_certificate_get_emails (H3Certificate *certificate);

/* Returns: (transfer full) (nullable): the public key; NULL with `error` set where it is of no kind
 * that is known here, or too short. */
H3Key *h3_certificate_dup_key (H3Certificate *certificate, GError **error);
/* Whether `key` is what it certifies, or the private half of it. */
gboolean h3_certificate_is_for_key (H3Certificate *certificate, H3Key *key);

/**
 * h3_certificate_is_for_host:
 * @host: a name in ASCII (A-labels for others, RFC 5890), with or without a dot at its end, or an
 *   address, with or without brackets
 *
 * Names are compared without case; a "*" stands for one whole label, the first (RFC 9525 §6.3), and
 * never for an address.
 *
 * Returns: whether it is for @host
 */
gboolean h3_certificate_is_for_host (H3Certificate *certificate, const char *host);
/* The mailbox as it is written, but for the case of its host. */
gboolean h3_certificate_is_for_email (H3Certificate *certificate, const char *email);

/**
 * H3CertificateUse:
 * @H3_CERTIFICATE_FOR_SERVER: it shows who a TLS server is
 * @H3_CERTIFICATE_FOR_CLIENT: it shows who a TLS client is
 */
typedef enum {
    H3_CERTIFICATE_FOR_SERVER,
    H3_CERTIFICATE_FOR_CLIENT,
} H3CertificateUse;

/**
 * h3_certificate_verify:
 * @between: (nullable) (element-type H3Certificate): others that may lead to a root; nothing is
 *   believed of them
 * @roots: (nullable) (element-type H3Certificate): who is believed; NULL: whom the system believes,
 *   which are read anew each time: not on a worker
 * @when: seconds since 1970
 *
 * Whether somebody who is believed vouches for it, at that time and for that use, by signatures
 * that hold today (RSA of 2048 bits, no SHA-1). Whether it is for the right host is another
 * question: h3_certificate_is_for_host ().
 *
 * Returns: FALSE with @error set, H3_ERROR_INVALID with the reason
 */
gboolean h3_certificate_verify (H3Certificate *certificate, GPtrArray *between, GPtrArray *roots,
                                H3CertificateUse use, gint64 when, GError **error);

/**
 * h3_certificate_new_self_signed:
 * @key: a private key
 * @names: NULL-terminated, at least one: names of hosts, a "*." before them or not, addresses,
 *   mailboxes; the first is its common name too
 * @days: how long it is valid, from an hour ago on; 1 to 36500
 *
 * For tests and for machines that know one another: nobody else believes it.
 *
 * Returns: (transfer full) (nullable): NULL with @error set
 */
H3Certificate *h3_certificate_new_self_signed (H3Key *key, const char *const *names, guint days,
                                               GError **error);

/* Returns: (transfer full) (nullable): one that vouches for those that h3_certificate_issue ()
 * makes; `name` is its common name. NULL with `error` set. */
H3Certificate *h3_certificate_new_authority (H3Key *key, const char *name, guint days,
                                             GError **error);

/* Returns: (transfer full) (nullable): one for `key`, be it public, by an authority and its private
 * key; else as h3_certificate_new_self_signed (). NULL with `error` set. */
H3Certificate *h3_certificate_issue (H3Certificate *authority, H3Key *authority_key, H3Key *key,
                                     const char *const *names, guint days, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Certificate, h3_certificate_unref)

G_END_DECLS
