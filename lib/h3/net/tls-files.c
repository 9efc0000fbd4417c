/* SPDX-License-Identifier: MIT */

#include "tls-files.h"

#include <h3/base/error.h>
#include <h3/base/file-text.h>
#include <h3/crypto/certificate-inside.h>
#include <h3/loop/clock.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

void
tls_pair_clear (TlsPair *pair)
{
    g_clear_pointer (&pair->certificate, X509_free);
    if (pair->chain != NULL)
        sk_X509_pop_free (g_steal_pointer (&pair->chain), X509_free);
    g_clear_pointer (&pair->key, EVP_PKEY_free);
}

/* Why OpenSSL refused last; the queue is empty then. */
static const char *
take_reason (void)
{
    const char *reason = ERR_reason_error_string (ERR_peek_last_error ());

    ERR_clear_error ();
    return reason != NULL ? reason : "OpenSSL does not say why";
}

/* A file in memory, wiped when it is let go: it may have a key. */
typedef struct {
    char *data; /* owned */
    gsize length;
    BIO *reader; /* owned: reads `data` */
} Text;

static void
text_clear (Text *text)
{
    g_clear_pointer (&text->reader, BIO_free);
    if (text->data != NULL)
        OPENSSL_cleanse (text->data, text->length);
    g_clear_pointer (&text->data, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Text, text_clear)

static gboolean
read_text (Text *text, const char *what, const char *path, GError **error)
{
    g_autoptr (GError) problem = NULL;

    ERR_clear_error ();
    if (!file_text_read (path, FILE_TEXT_MAX, &text->data, &text->length, &problem)) {
        g_set_error (error, H3_ERROR,
                     g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOENT)
                         ? H3_ERROR_NOT_FOUND
                         : H3_ERROR_FAILED,
                     "the %s for TLS cannot be read: %s", what, problem->message);
        return FALSE;
    }
    text->reader = BIO_new_mem_buf (text->data, (int) MIN (text->length, G_MAXINT));
    if (text->reader != NULL)
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "%s: %s", path, take_reason ());
    return FALSE;
}

static gboolean
is_at_end (void)
{
    unsigned long code = ERR_peek_last_error ();

    return ERR_GET_LIB (code) == ERR_LIB_PEM && ERR_GET_REASON (code) == PEM_R_NO_START_LINE;
}

/* Nobody is there to type one in. */
static int
refuse_password (char *room, int size, int writing, void *was_asked)
{
    *(gboolean *) was_asked = TRUE;
    return -1;
}

/* All certificates of a file in PEM; one at least. */
static STACK_OF (X509) * read_certificates (const char *what, const char *path, GError **error)
{
    g_auto (Text) text = { 0 };
    STACK_OF (X509) *all = NULL;
    gboolean was_asked;
    X509 *one;

    if (!read_text (&text, what, path, error))
        return NULL;
    all = sk_X509_new_null ();
    while (all != NULL
           && (one = PEM_read_bio_X509 (text.reader, NULL, refuse_password, &was_asked)) != NULL)
        if (sk_X509_push (all, one) == 0) {
            X509_free (one);
            break;
        }
    if (all != NULL && sk_X509_num (all) > 0 && is_at_end ()) {
        ERR_clear_error ();
        return all;
    }
    if (is_at_end ())
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "there is no certificate in %s: the %s for TLS is in PEM, and begins with "
                     "-----BEGIN CERTIFICATE-----",
                     path, what);
    else
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "a certificate in %s cannot be read: %s",
                     path, take_reason ());
    ERR_clear_error ();
    sk_X509_pop_free (all, X509_free);
    return NULL;
}

static EVP_PKEY *
read_key (const char *path, GError **error)
{
    g_auto (Text) text = { 0 };
    gboolean was_asked = FALSE;
    EVP_PKEY *key;

    if (!read_text (&text, "key", path, error))
        return NULL;
    key = PEM_read_bio_PrivateKey (text.reader, NULL, refuse_password, &was_asked);
    if (key != NULL)
        return key;
    if (was_asked)
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "the key in %s has a password, which nobody can type in here: write it "
                     "without one by 'openssl pkey -in %s -out FILE'",
                     path, path);
    else if (g_strstr_len (text.data, (gssize) text.length, "PRIVATE KEY-----") == NULL)
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "there is no key in %s: it has to be in PEM, and begins with "
                     "-----BEGIN PRIVATE KEY-----",
                     path);
    else
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "the key in %s cannot be read: %s", path,
                     take_reason ());
    ERR_clear_error ();
    return NULL;
}

/* Since 1970; 0: that is no time. */
static gint64
get_seconds (const ASN1_TIME *time)
{
    gint64 seconds = 0;

    (void) certificate_read_time (time, &seconds);
    return seconds;
}

static gboolean
is_valid_now (X509 *certificate, const char *path, GError **error)
{
    gint64 now = clock_get_real_seconds ();
    gint64 begin = get_seconds (X509_get0_notBefore (certificate));
    gint64 end = get_seconds (X509_get0_notAfter (certificate));
    g_autoptr (GDateTime) date = NULL;
    g_autofree char *text = NULL;

    if (now >= begin && now < end)
        return TRUE;
    date = g_date_time_new_from_unix_utc (now < begin ? begin : end);
    text = date != NULL ? g_date_time_format (date, "%F %T UTC") : g_strdup ("some time");
    if (now < begin)
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "the certificate in %s is valid from %s on: is this machine's clock right?",
                     path, text);
    else
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "the certificate in %s expired at %s: put a new one there", path, text);
    return FALSE;
}

gboolean
tls_pair_read (TlsPair *out_pair, const char *certificate_path, const char *key_path,
               GError **error)
{
    g_auto (TlsPair) pair = { 0 };

    if (key_path == NULL)
        key_path = certificate_path;
    pair.chain = read_certificates ("certificate", certificate_path, error);
    if (pair.chain == NULL)
        return FALSE;
    pair.certificate = sk_X509_shift (pair.chain);
    if (!is_valid_now (pair.certificate, certificate_path, error))
        return FALSE;
    pair.key = read_key (key_path, error);
    if (pair.key == NULL)
        return FALSE;
    if (X509_check_private_key (pair.certificate, pair.key) != 1) {
        ERR_clear_error ();
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "the key in %s is not that of the first certificate in %s: one's own comes "
                     "first there, and its key is the one it was asked for with",
                     key_path, certificate_path);
        return FALSE;
    }
    *out_pair = pair;
    pair = (TlsPair){ 0 };
    return TRUE;
}

static void
add_name (GStrvBuilder *builder, const ASN1_STRING *string)
{
    const char *data = (const char *) ASN1_STRING_get0_data (string);
    int length = ASN1_STRING_length (string);
    g_autofree char *lower = NULL;

    if (length <= 0 || memchr (data, '\0', (gsize) length) != NULL)
        return;
    lower = g_ascii_strdown (data, length);
    g_strv_builder_add (builder, lower);
}

static void
add_common_name (GStrvBuilder *builder, X509 *certificate)
{
    X509_NAME *subject = X509_get_subject_name (certificate);
    int index = X509_NAME_get_index_by_NID (subject, NID_commonName, -1);

    if (index >= 0)
        add_name (builder, X509_NAME_ENTRY_get_data (X509_NAME_get_entry (subject, index)));
}

char **
tls_certificate_dup_names (X509 *certificate)
{
    g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
    GENERAL_NAMES *names = X509_get_ext_d2i (certificate, NID_subject_alt_name, NULL, NULL);

    for (int i = 0; i < sk_GENERAL_NAME_num (names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value (names, i);

        if (name->type == GEN_DNS)
            add_name (builder, name->d.dNSName);
    }
    if (names == NULL)
        add_common_name (builder, certificate);
    GENERAL_NAMES_free (names);
    ERR_clear_error ();
    return g_strv_builder_end (builder);
}

static gboolean
trust (SSL_CTX *context, X509 *authority, EVP_MD_CTX *digest)
{
    guint8 own[EVP_MAX_MD_SIZE];
    unsigned int length = 0;

    /* What OpenSSL derives of it is derived here, not by the first of the threads that share it. */
    (void) X509_check_purpose (authority, -1, 0);
    return X509_STORE_add_cert (SSL_CTX_get_cert_store (context), authority) == 1
           && SSL_CTX_add_client_CA (context, authority) == 1
           && X509_digest (authority, EVP_sha256 (), own, &length) == 1
           && EVP_DigestUpdate (digest, own, length) == 1;
}

gboolean
tls_authorities_read (SSL_CTX *context, const char *path, guint8 *digest, GError **error)
{
    STACK_OF (X509) *all = read_certificates ("file of authorities", path, error);
    EVP_MD_CTX *sum;
    gboolean done;

    if (all == NULL)
        return FALSE;
    sum = EVP_MD_CTX_new ();
    done = sum != NULL && EVP_DigestInit_ex (sum, EVP_sha256 (), NULL) == 1;
    for (int i = 0; done && i < sk_X509_num (all); i++)
        done = trust (context, sk_X509_value (all, i), sum);
    done = done && EVP_DigestFinal_ex (sum, digest, NULL) == 1;
    /* Who is named there is trusted, whoever signed it. */
    done =
        done && X509_STORE_set_flags (SSL_CTX_get_cert_store (context), X509_V_FLAG_PARTIAL_CHAIN);
    if (!done)
        g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "the authorities in %s cannot be used: %s",
                     path, take_reason ());
    EVP_MD_CTX_free (sum);
    sk_X509_pop_free (all, X509_free);
    return done;
}

/* The answer about `certificate`; NULL: there is none. */
static OCSP_SINGLERESP *
find_answer (OCSP_BASICRESP *basic, X509 *certificate)
{
    for (int i = 0; i < OCSP_resp_count (basic); i++) {
        OCSP_SINGLERESP *answer = OCSP_resp_get0 (basic, i);
        ASN1_INTEGER *serial = NULL;

        OCSP_id_get0_info (NULL, NULL, NULL, &serial,
                           (OCSP_CERTID *) OCSP_SINGLERESP_get0_id (answer));
        if (serial != NULL && ASN1_INTEGER_cmp (serial, X509_get0_serialNumber (certificate)) == 0)
            return answer;
    }
    return NULL;
}

/* NULL: it can be used. */
static const char *
find_fault (OCSP_RESPONSE *response, X509 *certificate, gint64 *out_until)
{
    OCSP_BASICRESP *basic = NULL;
    OCSP_SINGLERESP *answer;
    ASN1_GENERALIZEDTIME *until = NULL;
    const char *fault = NULL;

    if (response == NULL)
        return "is no OCSP answer in DER, as 'openssl ocsp -respout FILE' writes it";
    if (OCSP_response_status (response) == OCSP_RESPONSE_STATUS_SUCCESSFUL)
        basic = OCSP_response_get1_basic (response);
    if (basic == NULL)
        return "is an OCSP answer that says nothing: ask again";
    answer = find_answer (basic, certificate);
    *out_until = G_MAXINT64;
    if (answer == NULL)
        fault = "is the OCSP answer for another certificate: ask for this server's";
    else if (OCSP_single_get0_status (answer, NULL, NULL, NULL, &until) != V_OCSP_CERTSTATUS_GOOD)
        fault = "says that the certificate is not good: get a new one";
    else if (until != NULL)
        *out_until = get_seconds (until);
    if (fault == NULL && *out_until <= clock_get_real_seconds ())
        fault = "is out of date: ask again";
    OCSP_BASICRESP_free (basic);
    return fault;
}

GBytes *
tls_ocsp_read (const char *path, X509 *certificate, gint64 *out_until, GError **error)
{
    g_auto (Text) text = { 0 };
    OCSP_RESPONSE *response;
    const unsigned char *data;
    const char *fault;

    if (!read_text (&text, "OCSP answer", path, error))
        return NULL;
    data = (const unsigned char *) text.data;
    response = d2i_OCSP_RESPONSE (NULL, &data, (long) text.length);
    fault = find_fault (response, certificate, out_until);
    OCSP_RESPONSE_free (response);
    ERR_clear_error ();
    if (fault != NULL) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "%s %s", path, fault);
        return NULL;
    }
    return g_bytes_new (text.data, text.length);
}
