/* SPDX-License-Identifier: MIT */

#include "tls-authority.h"

#include "suite.h"

#include <openssl/ec.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <time.h>

#define A_DAY   86400
#define AN_HOUR 3600

static void
write_out (const FileTree *tree, const char *name, const char *end, BIO *text)
{
    g_autofree char *full = g_strconcat (name, end, NULL);
    char *data;
    long length = BIO_get_mem_data (text, &data);

    ck_assert_int_gt (length, 0);
    file_tree_write_data (tree, full, data, (gsize) length);
    BIO_free (text);
}

static void
add_extension (X509 *certificate, X509 *issuer, int kind, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;

    X509V3_set_ctx_nodb (&context);
    X509V3_set_ctx (&context, issuer, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid (NULL, &context, kind, value);
    ck_assert_ptr_nonnull (extension);
    ck_assert_int_eq (X509_add_ext (certificate, extension, -1), 1);
    X509_EXTENSION_free (extension);
}

static X509 *
make (const char *subject, EVP_PKEY *key, long serial, long begin, long end)
{
    X509 *certificate = X509_new ();
    X509_NAME *name = X509_get_subject_name (certificate);

    ck_assert_int_eq (X509_set_version (certificate, 2), 1);
    ck_assert_int_eq (ASN1_INTEGER_set (X509_get_serialNumber (certificate), serial), 1);
    ck_assert_int_eq (X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_UTF8,
                                                  (const unsigned char *) subject, -1, -1, 0),
                      1);
    ck_assert_ptr_nonnull (X509_gmtime_adj (X509_getm_notBefore (certificate), begin));
    ck_assert_ptr_nonnull (X509_gmtime_adj (X509_getm_notAfter (certificate), end));
    ck_assert_int_eq (X509_set_pubkey (certificate, key), 1);
    return certificate;
}

void
tls_authority_init (TlsAuthority *authority, const char *name)
{
    *authority = (TlsAuthority){ .key = EVP_EC_gen ("P-256"), .serial = 1 };
    ck_assert_ptr_nonnull (authority->key);
    authority->certificate = make (name, authority->key, 1, -A_DAY, A_DAY);
    X509_set_issuer_name (authority->certificate, X509_get_subject_name (authority->certificate));
    add_extension (authority->certificate, authority->certificate, NID_basic_constraints,
                   "critical,CA:TRUE");
    add_extension (authority->certificate, authority->certificate, NID_subject_key_identifier,
                   "hash");
    ck_assert_int_gt (X509_sign (authority->certificate, authority->key, EVP_sha256 ()), 0);
}

void
tls_authority_clear (TlsAuthority *authority)
{
    EVP_PKEY_free (authority->key);
    X509_free (authority->certificate);
    *authority = (TlsAuthority){ 0 };
}

void
tls_authority_write (const TlsAuthority *authority, const FileTree *tree, const char *name)
{
    BIO *text = BIO_new (BIO_s_mem ());

    ck_assert_int_eq (PEM_write_bio_X509 (text, authority->certificate), 1);
    write_out (tree, name, "", text);
}

void
tls_authority_sign (TlsAuthority *authority, const FileTree *tree, const char *name,
                    const TlsWish *wish)
{
    static const TlsWish usual;
    EVP_PKEY *key;
    X509 *certificate;
    BIO *text = BIO_new (BIO_s_mem ());

    if (wish == NULL)
        wish = &usual;
    key = wish->has_rsa_key ? EVP_RSA_gen (2048) : EVP_EC_gen ("P-256");
    ck_assert_ptr_nonnull (key);
    certificate =
        make (wish->subject != NULL ? wish->subject : "localhost", key, ++authority->serial,
              wish->begin != 0 ? wish->begin : -AN_HOUR, wish->end != 0 ? wish->end : A_DAY);
    X509_set_issuer_name (certificate, X509_get_subject_name (authority->certificate));
    add_extension (certificate, authority->certificate, NID_authority_key_identifier, "keyid");
    if (wish->names != NULL)
        add_extension (certificate, authority->certificate, NID_subject_alt_name, wish->names);
    ck_assert_int_gt (X509_sign (certificate, authority->key, EVP_sha256 ()), 0);
    ck_assert_int_eq (PEM_write_bio_X509 (text, certificate), 1);
    ck_assert_int_eq (PEM_write_bio_X509 (text, authority->certificate), 1);
    write_out (tree, name, ".pem", text);
    text = BIO_new (BIO_s_mem ());
    ck_assert_int_eq (PEM_write_bio_PrivateKey (text, key, NULL, NULL, 0, NULL, NULL), 1);
    write_out (tree, name, ".key", text);
    X509_free (certificate);
    EVP_PKEY_free (key);
}

static X509 *
read_certificate (const FileTree *tree, const char *name)
{
    g_autofree char *file = g_strconcat (name, ".pem", NULL);
    g_autofree char *path = file_tree_path (tree, file);
    BIO *text = BIO_new_file (path, "r");
    X509 *certificate;

    ck_assert_ptr_nonnull (text);
    certificate = PEM_read_bio_X509 (text, NULL, NULL, NULL);
    ck_assert_ptr_nonnull (certificate);
    BIO_free (text);
    return certificate;
}

void
tls_authority_answer (const TlsAuthority *authority, const FileTree *tree, const char *name,
                      gboolean is_revoked, long end)
{
    X509 *certificate = read_certificate (tree, name);
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new ();
    OCSP_CERTID *id = OCSP_cert_to_id (EVP_sha1 (), certificate, authority->certificate);
    ASN1_TIME *since = X509_gmtime_adj (NULL, -A_DAY);
    ASN1_TIME *until = X509_gmtime_adj (NULL, end);
    OCSP_RESPONSE *response;
    BIO *bytes = BIO_new (BIO_s_mem ());

    ck_assert_ptr_nonnull (OCSP_basic_add1_status (
        basic, id, is_revoked ? V_OCSP_CERTSTATUS_REVOKED : V_OCSP_CERTSTATUS_GOOD,
        OCSP_REVOKED_STATUS_NOSTATUS, since, since, until));
    ck_assert_int_eq (
        OCSP_basic_sign (basic, authority->certificate, authority->key, EVP_sha256 (), NULL, 0), 1);
    response = OCSP_response_create (OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
    ck_assert_int_eq (i2d_OCSP_RESPONSE_bio (bytes, response), 1);
    write_out (tree, name, ".ocsp", bytes);
    OCSP_RESPONSE_free (response);
    OCSP_BASICRESP_free (basic);
    OCSP_CERTID_free (id);
    ASN1_TIME_free (since);
    ASN1_TIME_free (until);
    X509_free (certificate);
}
