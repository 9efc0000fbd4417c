/* SPDX-License-Identifier: MIT */

#include "key-private.h"

#include "library-error.h"
#include "secret.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

typedef enum {
    BY_HMAC,
    BY_PKCS1,
    BY_PSS,
    BY_ECDSA,
    BY_EDDSA,
} Scheme;

static const struct {
    Scheme scheme;
    H3DigestKind digest;
    guint half; /* bytes of r, and of s, where they are not in DER */
} ways[] = {
    [H3_SIGNATURE_HS256] = { BY_HMAC, H3_DIGEST_SHA256, 0 },
    [H3_SIGNATURE_HS384] = { BY_HMAC, H3_DIGEST_SHA384, 0 },
    [H3_SIGNATURE_HS512] = { BY_HMAC, H3_DIGEST_SHA512, 0 },
    [H3_SIGNATURE_RS256] = { BY_PKCS1, H3_DIGEST_SHA256, 0 },
    [H3_SIGNATURE_RS384] = { BY_PKCS1, H3_DIGEST_SHA384, 0 },
    [H3_SIGNATURE_RS512] = { BY_PKCS1, H3_DIGEST_SHA512, 0 },
    [H3_SIGNATURE_PS256] = { BY_PSS, H3_DIGEST_SHA256, 0 },
    [H3_SIGNATURE_PS384] = { BY_PSS, H3_DIGEST_SHA384, 0 },
    [H3_SIGNATURE_PS512] = { BY_PSS, H3_DIGEST_SHA512, 0 },
    [H3_SIGNATURE_ES256] = { BY_ECDSA, H3_DIGEST_SHA256, 32 },
    [H3_SIGNATURE_ES384] = { BY_ECDSA, H3_DIGEST_SHA384, 48 },
    [H3_SIGNATURE_ES512] = { BY_ECDSA, H3_DIGEST_SHA512, 66 },
    [H3_SIGNATURE_EDDSA] = { BY_EDDSA, H3_DIGEST_SHA512, 0 },
    [H3_SIGNATURE_ECDSA_SHA256] = { BY_ECDSA, H3_DIGEST_SHA256, 0 },
    [H3_SIGNATURE_ECDSA_SHA384] = { BY_ECDSA, H3_DIGEST_SHA384, 0 },
    [H3_SIGNATURE_ECDSA_SHA512] = { BY_ECDSA, H3_DIGEST_SHA512, 0 },
};

/* OpenSSL's names for those that sign. */
static const char *
name_of (H3DigestKind digest)
{
    switch (digest) {
    case H3_DIGEST_SHA256:
        return "SHA256";
    case H3_DIGEST_SHA384:
        return "SHA384";
    case H3_DIGEST_SHA512:
        return "SHA512";
    case H3_DIGEST_SHA1:
        return "SHA1";
    case H3_DIGEST_SHA512_256:
        return "SHA512-256";
    case H3_DIGEST_MD5:
        break;
    }
    return NULL;
}

static gboolean
set_padding (EVP_PKEY_CTX *context, Scheme scheme)
{
    if (scheme == BY_PKCS1)
        return EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_PADDING) == 1;
    if (scheme == BY_PSS)
        return EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_PSS_PADDING) == 1
               && EVP_PKEY_CTX_set_rsa_pss_saltlen (context, RSA_PSS_SALTLEN_DIGEST) == 1;
    return TRUE;
}

static GBytes *
sign_with_secret (H3Key *key, H3DigestKind digest, const void *data, gsize length, GError **error)
{
    guint8 mac[H3_DIGEST_MAX_LENGTH];

    if (!h3_digest_compute_hmac (digest, g_bytes_get_data (key->secret, NULL), key->bits / 8, data,
                                 length, mac, error))
        return NULL;
    return g_bytes_new (mac, h3_digest_get_length (digest));
}

/* r and s one behind the other, from DER. */
static GBytes *
take_apart (const guint8 *der, gsize length, guint half)
{
    ECDSA_SIG *pair = d2i_ECDSA_SIG (NULL, &der, (long) length);
    guint8 *raw = g_malloc0 (2 * half);
    gboolean done = pair != NULL
                    && BN_bn2binpad (ECDSA_SIG_get0_r (pair), raw, (int) half) == (int) half
                    && BN_bn2binpad (ECDSA_SIG_get0_s (pair), raw + half, (int) half) == (int) half;

    ECDSA_SIG_free (pair);
    if (done)
        return g_bytes_new_take (raw, 2 * half);
    g_free (raw);
    return NULL;
}

/* (nullable): DER from r and s; freed by OPENSSL_free (). */
static guint8 *
put_together (const guint8 *raw, guint half, gsize *out_length)
{
    ECDSA_SIG *pair = ECDSA_SIG_new ();
    BIGNUM *r = BN_bin2bn (raw, (int) half, NULL);
    BIGNUM *s = BN_bin2bn (raw + half, (int) half, NULL);
    unsigned char *der = NULL;
    int length = 0;

    if (pair != NULL && r != NULL && s != NULL && ECDSA_SIG_set0 (pair, r, s) == 1) {
        length = i2d_ECDSA_SIG (pair, &der);
    } else {
        BN_free (r);
        BN_free (s);
    }
    ECDSA_SIG_free (pair);
    *out_length = (gsize) MAX (length, 0);
    return length > 0 ? der : NULL;
}

static gboolean
begin (EVP_MD_CTX *context, H3Key *key, H3SignatureKind kind, gboolean signs)
{
    const char *digest = ways[kind].scheme == BY_EDDSA ? NULL : name_of (ways[kind].digest);
    EVP_PKEY_CTX *details; /* borrowed: the context */
    int begun =
        signs ? EVP_DigestSignInit_ex (context, &details, digest, NULL, NULL, key->pkey, NULL)
              : EVP_DigestVerifyInit_ex (context, &details, digest, NULL, NULL, key->pkey, NULL);

    return begun == 1 && set_padding (details, ways[kind].scheme);
}

static GBytes *
sign_with_pkey (H3Key *key, H3SignatureKind kind, const void *data, gsize length)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new ();
    gsize size = (gsize) EVP_PKEY_get_size (key->pkey);
    g_autofree guint8 *signature = g_malloc (size);
    gboolean done = context != NULL && begin (context, key, kind, TRUE)
                    && EVP_DigestSign (context, signature, &size, data, length) == 1;

    EVP_MD_CTX_free (context);
    if (!done)
        return NULL;
    if (ways[kind].half > 0)
        return take_apart (signature, size, ways[kind].half);
    return g_bytes_new (signature, size);
}

GBytes *
h3_key_sign (H3Key *key, H3SignatureKind kind, const void *data, gsize length, GError **error)
{
    GBytes *signature;

    g_return_val_if_fail (key != NULL && (guint) kind < G_N_ELEMENTS (ways), NULL);
    g_return_val_if_fail (data != NULL || length == 0, NULL);
    if (!h3_key_can_sign (key, kind)) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "the key does not sign with %s",
                     h3_signature_get_name (kind));
        return NULL;
    }
    if (data == NULL)
        data = "";
    if (ways[kind].scheme == BY_HMAC)
        return sign_with_secret (key, ways[kind].digest, data, length, error);
    signature = sign_with_pkey (key, kind, data, length);
    if (signature == NULL)
        library_error_set (error, H3_ERROR_FAILED, "nothing was signed");
    return signature;
}

static gboolean
verify_with_secret (H3Key *key, H3DigestKind digest, const void *data, gsize length,
                    const void *signature, gsize signature_length)
{
    guint8 mac[H3_DIGEST_MAX_LENGTH];
    gboolean is_ours;

    if (signature_length != h3_digest_get_length (digest)
        || !h3_digest_compute_hmac (digest, g_bytes_get_data (key->secret, NULL), key->bits / 8,
                                    data, length, mac, NULL))
        return FALSE;
    is_ours = h3_digest_equal (mac, signature, signature_length);
    h3_digest_wipe (mac, sizeof mac);
    return is_ours;
}

static gboolean
verify_with_pkey (H3Key *key, H3SignatureKind kind, const void *data, gsize length,
                  const guint8 *signature, gsize signature_length)
{
    EVP_MD_CTX *context;
    guint8 *der = NULL;
    gboolean is_ours;

    if (ways[kind].half > 0) {
        if (signature_length != 2 * ways[kind].half)
            return FALSE;
        der = put_together (signature, ways[kind].half, &signature_length);
        signature = der;
    }
    context = EVP_MD_CTX_new ();
    is_ours = signature != NULL && context != NULL && begin (context, key, kind, FALSE)
              && EVP_DigestVerify (context, signature, signature_length, data, length) == 1;
    EVP_MD_CTX_free (context);
    OPENSSL_free (der);
    ERR_clear_error ();
    return is_ours;
}

gboolean
h3_key_verify (H3Key *key, H3SignatureKind kind, const void *data, gsize length,
               const void *signature, gsize signature_length)
{
    g_return_val_if_fail (key != NULL && (guint) kind < G_N_ELEMENTS (ways), FALSE);
    g_return_val_if_fail (data != NULL || length == 0, FALSE);
    g_return_val_if_fail (signature != NULL || signature_length == 0, FALSE);
    if (!h3_key_can_verify (key, kind) || signature_length == 0)
        return FALSE;
    if (data == NULL)
        data = "";
    if (ways[kind].scheme == BY_HMAC)
        return verify_with_secret (key, ways[kind].digest, data, length, signature,
                                   signature_length);
    return verify_with_pkey (key, kind, data, length, signature, signature_length);
}

/* A context for OAEP; FALSE where the key is not for it. */
static gboolean
may_encrypt (const H3Key *key, H3DigestKind kind, KeyUse use, GError **error)
{
    if (key->kind == H3_KEY_RSA && (key->use & use) != 0 && name_of (kind) != NULL
        && (use != KEY_DECRYPT || key->is_private))
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "the key does not %s with this digest",
                 use == KEY_ENCRYPT ? "encrypt" : "decrypt");
    return FALSE;
}

static gboolean
set_oaep (EVP_PKEY_CTX *context, H3DigestKind kind)
{
    const char *name = name_of (kind);

    return EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_OAEP_PADDING) == 1
           && EVP_PKEY_CTX_set_rsa_oaep_md_name (context, name, NULL) == 1
           && EVP_PKEY_CTX_set_rsa_mgf1_md_name (context, name, NULL) == 1;
}

GBytes *
h3_key_encrypt (H3Key *key, H3DigestKind kind, const void *data, gsize length, GError **error)
{
    EVP_PKEY_CTX *context;
    guint8 *out = NULL;
    gsize size;

    g_return_val_if_fail (key != NULL && (data != NULL || length == 0), NULL);
    if (!may_encrypt (key, kind, KEY_ENCRYPT, error))
        return NULL;
    size = (gsize) EVP_PKEY_get_size (key->pkey);
    if (length + 2 * h3_digest_get_length (kind) + 2 > size) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "%" G_GSIZE_FORMAT " bytes are too many to be encrypted with this key",
                     length);
        return NULL;
    }
    context = EVP_PKEY_CTX_new_from_pkey (NULL, key->pkey, NULL);
    out = g_malloc (size);
    if (context != NULL && EVP_PKEY_encrypt_init (context) == 1 && set_oaep (context, kind)
        && EVP_PKEY_encrypt (context, out, &size, data != NULL ? data : (const void *) "", length)
               == 1) {
        EVP_PKEY_CTX_free (context);
        return g_bytes_new_take (out, size);
    }
    EVP_PKEY_CTX_free (context);
    g_free (out);
    library_error_set (error, H3_ERROR_FAILED, "nothing was encrypted");
    return NULL;
}

GBytes *
h3_key_decrypt (H3Key *key, H3DigestKind kind, const void *data, gsize length, GError **error)
{
    EVP_PKEY_CTX *context;
    GBytes *bytes = NULL;
    guint8 *out;
    gsize size;

    g_return_val_if_fail (key != NULL && (data != NULL || length == 0), NULL);
    if (!may_encrypt (key, kind, KEY_DECRYPT, error))
        return NULL;
    size = (gsize) EVP_PKEY_get_size (key->pkey);
    context = EVP_PKEY_CTX_new_from_pkey (NULL, key->pkey, NULL);
    out = g_malloc0 (size);
    if (context != NULL && EVP_PKEY_decrypt_init (context) == 1 && set_oaep (context, kind)
        && EVP_PKEY_decrypt (context, out, &size, data, length) == 1)
        bytes = secret_copy (out, size);
    EVP_PKEY_CTX_free (context);
    h3_digest_wipe (out, (gsize) EVP_PKEY_get_size (key->pkey));
    g_free (out);
    ERR_clear_error ();
    /* Why it failed is not told: whoever hears it can find out what was encrypted. */
    if (bytes == NULL)
        g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID, "the text does not decrypt");
    return bytes;
}
