/* SPDX-License-Identifier: MIT */

#include "certificate-private.h"

#include "key-private.h"
#include "library-error.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#define SECONDS_A_DAY 86400

G_DEFINE_BOXED_TYPE (H3Certificate, h3_certificate, h3_certificate_ref, h3_certificate_unref)

/* (transfer full): as RFC 4514 has it, with UTF-8 as it is. */
static char *
dup_name (const X509_NAME *name)
{
    BIO *memory = BIO_new (BIO_s_mem ());
    char *data = NULL;
    long length = 0;
    char *text;

    if (memory != NULL
        && X509_NAME_print_ex (memory, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0)
        length = BIO_get_mem_data (memory, &data);
    text = g_utf8_make_valid (length > 0 ? data : "", length > 0 ? (gssize) length : 0);
    BIO_free (memory);
    return text;
}

/* (transfer full) */
static char *
dup_serial (const X509 *x509)
{
    BIGNUM *number = ASN1_INTEGER_to_BN (X509_get0_serialNumber (x509), NULL);
    char *digits = number != NULL ? BN_bn2hex (number) : NULL;
    char *serial = g_ascii_strdown (digits != NULL ? digits : "", -1);

    OPENSSL_free (digits);
    BN_free (number);
    return serial;
}

gboolean
certificate_read_time (const ASN1_TIME *time, gint64 *out)
{
    ASN1_TIME *epoch = ASN1_TIME_set (NULL, 0);
    int days = 0, seconds = 0;
    gboolean is_time = epoch != NULL && ASN1_TIME_diff (&days, &seconds, epoch, time) == 1;

    ASN1_TIME_free (epoch);
    if (is_time)
        *out = (gint64) days * SECONDS_A_DAY + seconds;
    return is_time;
}

/* What is asked for later is read once, and what cannot be read is told now. */
static gboolean
read_facts (H3Certificate *certificate, GError **error)
{
    X509 *x509 = certificate->x509;
    guint8 digest[EVP_MAX_MD_SIZE];
    guint length;

    if (!certificate_read_time (X509_get0_notBefore (x509), &certificate->not_before)
        || !certificate_read_time (X509_get0_notAfter (x509), &certificate->not_after)
        || (X509_get_extension_flags (x509) & EXFLAG_INVALID) != 0) {
        library_error_set (error, H3_ERROR_INVALID,
                           "the certificate has a time or an extension that cannot be");
        return FALSE;
    }
    if (X509_digest (x509, EVP_sha256 (), digest, &length) != 1) {
        library_error_set (error, H3_ERROR_FAILED, "the certificate has no digest");
        return FALSE;
    }
    certificate->fingerprint = h3_digest_to_hex (digest, length);
    certificate->subject = dup_name (X509_get_subject_name (x509));
    certificate->issuer = dup_name (X509_get_issuer_name (x509));
    certificate->serial = dup_serial (x509);
    certificate_read_names (certificate);
    return TRUE;
}

H3Certificate *
certificate_new (X509 *x509, GError **error)
{
    H3Certificate *certificate = g_new0 (H3Certificate, 1);

    atomic_init (&certificate->references, 1);
    if (X509_up_ref (x509) == 1)
        certificate->x509 = x509;
    if (read_facts (certificate, error)) {
        ERR_clear_error ();
        return certificate;
    }
    h3_certificate_unref (certificate);
    return NULL;
}

X509 *
certificate_get_x509 (H3Certificate *certificate)
{
    return certificate->x509;
}

H3Certificate *
h3_certificate_ref (H3Certificate *certificate)
{
    g_return_val_if_fail (certificate != NULL, NULL);
    atomic_fetch_add_explicit (&certificate->references, 1, memory_order_relaxed);
    return certificate;
}

void
h3_certificate_unref (H3Certificate *certificate)
{
    if (certificate == NULL
        || atomic_fetch_sub_explicit (&certificate->references, 1, memory_order_acq_rel) != 1)
        return;
    X509_free (certificate->x509);
    g_free (certificate->subject);
    g_free (certificate->issuer);
    g_free (certificate->serial);
    g_free (certificate->fingerprint);
    g_strfreev (certificate->host_names);
    g_strfreev (certificate->addresses);
    g_strfreev (certificate->emails);
    g_free (certificate);
}

/* Takes `x509`. */
static gboolean
add_certificate (GPtrArray *list, X509 *x509, GError **error)
{
    H3Certificate *certificate = certificate_new (x509, error);

    X509_free (x509);
    if (certificate == NULL)
        return FALSE;
    g_ptr_array_add (list, certificate);
    return TRUE;
}

/* A certificate is no secret; OpenSSL would ask for the passphrase of one that says it is encrypted
 * at the terminal, and wait. */
static int
refuse_passphrase (char *room, int size, int writing, void *data)
{
    return -1;
}

/* Reads up to `most` certificates. The end is where OpenSSL finds no beginning any more. */
static gboolean
read_list (GPtrArray *list, const char *pem, gsize length, guint most, GError **error)
{
    BIO *memory = BIO_new_mem_buf (pem, (int) length);
    gboolean goes_on = memory != NULL;
    X509 *x509 = NULL;

    while (goes_on && list->len < most
           && (x509 = PEM_read_bio_X509 (memory, NULL, refuse_passphrase, NULL)) != NULL)
        goes_on = add_certificate (list, x509, error);
    BIO_free (memory);
    if (!goes_on)
        return FALSE;
    if (x509 != NULL)
        return TRUE;
    if (ERR_GET_REASON (ERR_peek_last_error ()) != PEM_R_NO_START_LINE) {
        library_error_set (error, H3_ERROR_SYNTAX, "a certificate in the text cannot be read");
        return FALSE;
    }
    ERR_clear_error ();
    if (list->len > 0)
        return TRUE;
    g_set_error_literal (error, H3_ERROR, H3_ERROR_NOT_FOUND,
                         "there is no certificate in the text");
    return FALSE;
}

static GPtrArray *
new_list (const char *pem, guint most, GError **error)
{
    g_autoptr (GPtrArray) list =
        g_ptr_array_new_with_free_func ((GDestroyNotify) h3_certificate_unref);
    gsize length = strnlen (pem, H3_CERTIFICATE_MAX_TEXT + 1);

    if (length > H3_CERTIFICATE_MAX_TEXT) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_LIMIT,
                             "the text is too long for certificates");
        return NULL;
    }
    return read_list (list, pem, length, most, error) ? g_steal_pointer (&list) : NULL;
}

GPtrArray *
h3_certificate_list_from_pem (const char *pem, GError **error)
{
    g_return_val_if_fail (pem != NULL, NULL);
    return new_list (pem, G_MAXUINT, error);
}

GPtrArray *
h3_certificate_list_from_file (const char *path, GError **error)
{
    g_autofree char *text = NULL;
    g_autofree char *name = NULL;
    g_autoptr (GError) inner = NULL;
    GPtrArray *list = NULL;
    gint code;

    g_return_val_if_fail (path != NULL, NULL);
    if (g_file_get_contents (path, &text, NULL, &inner))
        list = new_list (text, G_MAXUINT, &inner);
    if (list != NULL)
        return list;
    name = g_filename_display_name (path);
    code = g_error_matches (inner, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? (gint) H3_ERROR_NOT_FOUND
                                                                     : (gint) H3_ERROR_FAILED;
    g_set_error (error, H3_ERROR, inner->domain == H3_ERROR ? inner->code : code, "%s: %s", name,
                 inner->message);
    return NULL;
}

H3Certificate *
h3_certificate_new_from_pem (const char *pem, GError **error)
{
    g_autoptr (GPtrArray) list = NULL;

    g_return_val_if_fail (pem != NULL, NULL);
    list = new_list (pem, 1, error);
    return list != NULL ? h3_certificate_ref (list->pdata[0]) : NULL;
}

H3Certificate *
h3_certificate_new_from_der (GBytes *der, GError **error)
{
    const guint8 *data, *at;
    gsize length;
    X509 *x509;
    H3Certificate *certificate = NULL;

    g_return_val_if_fail (der != NULL, NULL);
    data = g_bytes_get_data (der, &length);
    if (length > H3_CERTIFICATE_MAX_TEXT) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_LIMIT,
                             "there are too many bytes for a certificate");
        return NULL;
    }
    at = data;
    x509 = d2i_X509 (NULL, &at, (long) length);
    if (x509 == NULL || at != data + length)
        library_error_set (error, H3_ERROR_SYNTAX, "the certificate cannot be read");
    else
        certificate = certificate_new (x509, error);
    X509_free (x509);
    return certificate;
}

char *
h3_certificate_to_pem (H3Certificate *certificate)
{
    BIO *memory;
    char *data, *pem = NULL;

    g_return_val_if_fail (certificate != NULL, NULL);
    memory = BIO_new (BIO_s_mem ());
    if (memory != NULL && PEM_write_bio_X509 (memory, certificate->x509) == 1) {
        long length = BIO_get_mem_data (memory, &data);

        pem = g_strndup (data, (gsize) length);
    }
    BIO_free (memory);
    return pem;
}

GBytes *
h3_certificate_to_der (H3Certificate *certificate)
{
    guint8 *der = NULL;
    GBytes *bytes = NULL;
    int length;

    g_return_val_if_fail (certificate != NULL, NULL);
    length = i2d_X509 (certificate->x509, &der);
    if (length > 0)
        bytes = g_bytes_new (der, (gsize) length);
    OPENSSL_free (der);
    return bytes;
}

H3Key *
h3_certificate_dup_key (H3Certificate *certificate, GError **error)
{
    EVP_PKEY *pkey;

    g_return_val_if_fail (certificate != NULL, NULL);
    pkey = X509_get0_pubkey (certificate->x509);
    if (pkey == NULL || EVP_PKEY_up_ref (pkey) != 1) {
        library_error_set (error, H3_ERROR_INVALID, "the certificate's key cannot be read");
        return NULL;
    }
    return key_take (pkey, FALSE, error);
}

gboolean
h3_certificate_is_for_key (H3Certificate *certificate, H3Key *key)
{
    EVP_PKEY *pkey;

    g_return_val_if_fail (certificate != NULL && key != NULL, FALSE);
    pkey = X509_get0_pubkey (certificate->x509);
    return pkey != NULL && key->pkey != NULL && EVP_PKEY_eq (pkey, key->pkey) == 1;
}
