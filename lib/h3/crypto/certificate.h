/* SPDX-License-Identifier: MIT
 *
 * X.509 certificates (RFC 5280): read, described, verified, matched with a name, and made. They are
 * counted and never change: any thread. Errors are H3_ERROR_SYNTAX where a text cannot be read,
 * H3_ERROR_INVALID where it says what cannot be. Since: 0.1 */

#pragma once

#include <h3/crypto/key.h>

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * H3_CERTIFICATE_MAX_TEXT:
 *
 * The longest text of certificates that is read, in bytes.
 *
 * Since: 0.1
 */
#define H3_CERTIFICATE_MAX_TEXT (4 * 1024 * 1024)

/**
 * H3Certificate:
 *
 * An X.509 certificate (RFC 5280): read, described, verified, matched with a name, and made.
 *
 * Boxed, reference-counted, never changed: any thread.
 *
 * Since: 0.1
 */
typedef struct _H3Certificate H3Certificate;

#define H3_TYPE_CERTIFICATE (h3_certificate_get_type ())
GType h3_certificate_get_type (void);

/**
 * h3_certificate_list_from_pem:
 * @pem: certificates, one behind the other; keys and what else stands there are passed over
 * @error: %H3_ERROR_NOT_FOUND where there is none, %H3_ERROR_SYNTAX where one cannot be read,
 *   %H3_ERROR_INVALID where one says what cannot be, %H3_ERROR_LIMIT beyond
 *   %H3_CERTIFICATE_MAX_TEXT
 *
 * Reads certificates from PEM (RFC 7468). Any thread.
 *
 * Returns: (transfer full) (element-type H3Certificate): at least one, in their order;
 *   %NULL with @error set
 *
 * Since: 0.1
 */
GPtrArray *h3_certificate_list_from_pem (const char *pem, GError **error);

/**
 * h3_certificate_list_from_file:
 * @path: (type filename): the file, by a name of the system's
 * @error: as for h3_certificate_list_from_pem(), also %H3_ERROR_NOT_FOUND where there is no such
 *   file, %H3_ERROR_FAILED where it cannot be read; it names the file
 *
 * Reads certificates from a file of PEM, as h3_certificate_list_from_pem() does. Any thread; it
 * waits for the file.
 *
 * Returns: (transfer full) (element-type H3Certificate): at least one, in their order;
 *   %NULL with @error set
 *
 * Since: 0.1
 */
GPtrArray *h3_certificate_list_from_file (const char *path, GError **error);

/**
 * h3_certificate_new_from_pem:
 * @pem: a text in which the first certificate is taken
 * @error: as for h3_certificate_list_from_pem()
 *
 * Reads a certificate from PEM. Any thread.
 *
 * Returns: (transfer full): the certificate; %NULL with @error set
 *
 * Since: 0.1
 */
H3Certificate *h3_certificate_new_from_pem (const char *pem, GError **error);

/**
 * h3_certificate_new_from_der:
 * @der: one certificate, and no byte more
 * @error: %H3_ERROR_SYNTAX where it cannot be read, %H3_ERROR_INVALID where it says what cannot
 *   be, %H3_ERROR_LIMIT beyond %H3_CERTIFICATE_MAX_TEXT
 *
 * Reads a certificate from DER. Any thread.
 *
 * Returns: (transfer full): the certificate; %NULL with @error set
 *
 * Since: 0.1
 */
H3Certificate *h3_certificate_new_from_der (GBytes *der, GError **error);

/**
 * h3_certificate_ref:
 * @certificate: a certificate
 *
 * Holds the certificate once more. Any thread.
 *
 * Returns: (transfer full): the certificate
 *
 * Since: 0.1
 */
H3Certificate *h3_certificate_ref (H3Certificate *certificate);

/**
 * h3_certificate_unref:
 * @certificate: (nullable) (transfer full): a certificate; %NULL is allowed
 *
 * Lets go of the certificate, which ends with its last reference. Any thread.
 *
 * Since: 0.1
 */
void h3_certificate_unref (H3Certificate *certificate);

/**
 * h3_certificate_to_pem:
 * @certificate: a certificate
 *
 * Writes it as PEM. Any thread.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *h3_certificate_to_pem (H3Certificate *certificate);

/**
 * h3_certificate_to_der:
 * @certificate: a certificate
 *
 * Writes it as DER. Any thread.
 *
 * Returns: (transfer full): the bytes
 *
 * Since: 0.1
 */
GBytes *h3_certificate_to_der (H3Certificate *certificate);

/**
 * h3_certificate_get_subject:
 * @certificate: a certificate
 *
 * Tells whom it names: `CN=a.example,O=Some` (RFC 4514). Any thread.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *h3_certificate_get_subject (H3Certificate *certificate);

/**
 * h3_certificate_get_issuer:
 * @certificate: a certificate
 *
 * Tells who says so, in the form of h3_certificate_get_subject(). Any thread.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *h3_certificate_get_issuer (H3Certificate *certificate);

/**
 * h3_certificate_get_serial:
 * @certificate: a certificate
 *
 * Tells its number. Any thread.
 *
 * Returns: (transfer none): the number in hexadecimal digits
 *
 * Since: 0.1
 */
const char *h3_certificate_get_serial (H3Certificate *certificate);

/**
 * h3_certificate_get_not_before:
 * @certificate: a certificate
 *
 * Tells from when on it is valid. Any thread.
 *
 * Returns: the first second of which it is valid, since 1970
 *
 * Since: 0.1
 */
gint64 h3_certificate_get_not_before (H3Certificate *certificate);

/**
 * h3_certificate_get_not_after:
 * @certificate: a certificate
 *
 * Tells until when it is valid. Any thread.
 *
 * Returns: the last second of which it is valid, since 1970
 *
 * Since: 0.1
 */
gint64 h3_certificate_get_not_after (H3Certificate *certificate);

/**
 * h3_certificate_get_fingerprint:
 * @certificate: a certificate
 *
 * Tells its fingerprint. Any thread.
 *
 * Returns: (transfer none): its SHA-256, in lower-case hexadecimal digits
 *
 * Since: 0.1
 */
const char *h3_certificate_get_fingerprint (H3Certificate *certificate);

/**
 * h3_certificate_is_authority:
 * @certificate: a certificate
 *
 * Tells whether it may vouch for others. Any thread.
 *
 * Returns: %TRUE when it may
 *
 * Since: 0.1
 */
gboolean h3_certificate_is_authority (H3Certificate *certificate);

/**
 * h3_certificate_get_host_names:
 * @certificate: a certificate
 *
 * Tells for which hosts it is. The subject's common name is none of them (RFC 9525 §2). Any
 * thread.
 *
 * Returns: (transfer none) (array zero-terminated=1): the names as they stand there, none perhaps
 *
 * Since: 0.1
 */
const char *const *h3_certificate_get_host_names (H3Certificate *certificate);

/**
 * h3_certificate_get_addresses:
 * @certificate: a certificate
 *
 * Tells for which addresses it is. Any thread.
 *
 * Returns: (transfer none) (array zero-terminated=1): the addresses, none perhaps
 *
 * Since: 0.1
 */
const char *const *h3_certificate_get_addresses (H3Certificate *certificate);

/**
 * h3_certificate_get_emails:
 * @certificate: a certificate
 *
 * Tells for which mailboxes it is. Any thread.
 *
 * Returns: (transfer none) (array zero-terminated=1): the mailboxes, none perhaps
 *
 * Since: 0.1
 */
const char *const *h3_certificate_get_emails (H3Certificate *certificate);

/**
 * h3_certificate_dup_key:
 * @certificate: a certificate
 * @error: %H3_ERROR_INVALID where it is of no kind that is known here, or too short
 *
 * Takes the public key that it certifies. Any thread.
 *
 * Returns: (transfer full): the key; %NULL with @error set
 *
 * Since: 0.1
 */
H3Key *h3_certificate_dup_key (H3Certificate *certificate, GError **error);

/**
 * h3_certificate_is_for_key:
 * @certificate: a certificate
 * @key: a key
 *
 * Tells whether a key is what it certifies, or the private half of it. Any thread.
 *
 * Returns: %TRUE when it is
 *
 * Since: 0.1
 */
gboolean h3_certificate_is_for_key (H3Certificate *certificate, H3Key *key);

/**
 * h3_certificate_is_for_host:
 * @certificate: a certificate
 * @host: a name in ASCII (A-labels for others, RFC 5890), with or without a dot at its end, or an
 *   address, with or without brackets
 *
 * Tells whether it is for a host. Any thread.
 *
 * Names are compared without case; a `*` stands for one whole label, the first (RFC 9525 §6.3),
 * and never for an address.
 *
 * Names are compared without case; a "*" stands for one whole label, the first (RFC 9525 §6.3),
 * and never for an address.
 *
 * Returns: %TRUE when it is for @host
 *
 * Since: 0.1
 */
gboolean h3_certificate_is_for_host (H3Certificate *certificate, const char *host);

/**
 * h3_certificate_is_for_email:
 * @certificate: a certificate
 * @email: a mailbox as it is written, but for the case of its host
 *
 * Tells whether it is for a mailbox. Any thread.
 *
 * Returns: %TRUE when it is for @email
 *
 * Since: 0.1
 */
gboolean h3_certificate_is_for_email (H3Certificate *certificate, const char *email);

/**
 * H3CertificateUse:
 * @H3_CERTIFICATE_FOR_SERVER: it shows who a TLS server is
 * @H3_CERTIFICATE_FOR_CLIENT: it shows who a TLS client is
 *
 * What somebody shows it for.
 *
 * Since: 0.1
 */
typedef enum {
    H3_CERTIFICATE_FOR_SERVER,
    H3_CERTIFICATE_FOR_CLIENT,
} H3CertificateUse;

/**
 * h3_certificate_verify:
 * @certificate: what somebody shows
 * @between: (nullable) (element-type H3Certificate): others that may lead to a root; nothing is
 *   believed of them
 * @roots: (nullable) (element-type H3Certificate): who is believed; %NULL: whom the system
 *   believes, which are read anew each time: not on a worker
 * @use: what for
 * @when: seconds since 1970
 * @error: %H3_ERROR_INVALID with the reason, %H3_ERROR_FAILED where the system failed
 *
 * Whether somebody who is believed vouches for it, at that time and for that use, by signatures
 * that hold today (RSA of 2048 bits, no SHA-1). Whether it is for the right host is another
 * question: h3_certificate_is_for_host().
 *
 * Returns: %FALSE with @error set where nobody does
 *
 * Since: 0.1
 */
gboolean h3_certificate_verify (H3Certificate *certificate, GPtrArray *between, GPtrArray *roots,
                                H3CertificateUse use, gint64 when, GError **error);

/**
 * h3_certificate_new_self_signed:
 * @key: a private key
 * @names: (array zero-terminated=1): at least one: names of hosts, a `*.` before them or not,
 *   addresses, mailboxes; the first is its common name too
 * @days: how long it is valid, from an hour ago on; 1 to 36500
 * @error: %H3_ERROR_INVALID where it cannot be, %H3_ERROR_FAILED where the system's library failed
 *
 * Makes a certificate that vouches for itself. Any thread.
 *
 * For tests and for machines that know one another: nobody else believes it.
 *
 * Returns: (transfer full): the certificate; %NULL with @error set
 *
 * Since: 0.1
 */
H3Certificate *h3_certificate_new_self_signed (H3Key *key, const char *const *names, guint days,
                                               GError **error);

/**
 * h3_certificate_new_authority:
 * @key: a private key
 * @name: its common name, not empty
 * @days: how long it is valid, from an hour ago on; 1 to 36500
 * @error: %H3_ERROR_INVALID where it cannot be, %H3_ERROR_FAILED where the system's library failed
 *
 * Makes a certificate that vouches for those that h3_certificate_issue() makes. Any thread.
 *
 * Returns: (transfer full): the certificate; %NULL with @error set
 *
 * Since: 0.1
 */
H3Certificate *h3_certificate_new_authority (H3Key *key, const char *name, guint days,
                                             GError **error);

/**
 * h3_certificate_issue:
 * @authority: who vouches for it
 * @authority_key: its private key
 * @key: whose certificate it is, be it public
 * @names: (array zero-terminated=1): whom it is for, as for h3_certificate_new_self_signed()
 * @days: how long it is valid, from an hour ago on; 1 to 36500
 * @error: %H3_ERROR_INVALID where it cannot be, %H3_ERROR_FAILED where the system's library failed
 *
 * Makes a certificate that an authority vouches for. Any thread.
 *
 * Returns: (transfer full): the certificate; %NULL with @error set
 *
 * Since: 0.1
 */
H3Certificate *h3_certificate_issue (H3Certificate *authority, H3Key *authority_key, H3Key *key,
                                     const char *const *names, guint days, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Certificate, h3_certificate_unref)

G_END_DECLS
