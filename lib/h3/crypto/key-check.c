/* SPDX-License-Identifier: MIT */

#include "key-private.h"

#include <h3/base/error.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <string.h>

/* A public exponent that takes longer to use than any that is in use. */
#define MAX_EXPONENT_BITS 64

static gboolean
refuse (GError **error, const char *message)
{
    g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID, message);
    return FALSE;
}

/* By names: the curves by OpenSSL's. */
static gboolean
find_kind (EVP_PKEY *pkey, H3KeyKind *kind, GError **error)
{
    char group[32];

    if (EVP_PKEY_is_a (pkey, "RSA")) {
        *kind = H3_KEY_RSA;
        return TRUE;
    }
    if (EVP_PKEY_is_a (pkey, "ED25519")) {
        *kind = H3_KEY_ED25519;
        return TRUE;
    }
    if (!EVP_PKEY_is_a (pkey, "EC")
        || EVP_PKEY_get_group_name (pkey, group, sizeof group, NULL) != 1)
        return refuse (error, "the key is of no kind that is known here: RSA, EC, Ed25519");
    if (strcmp (group, "prime256v1") == 0)
        *kind = H3_KEY_P256;
    else if (strcmp (group, "secp384r1") == 0)
        *kind = H3_KEY_P384;
    else if (strcmp (group, "secp521r1") == 0)
        *kind = H3_KEY_P521;
    else
        return refuse (error, "the key's curve is none of P-256, P-384 and P-521");
    return TRUE;
}

static gboolean
judge_rsa (EVP_PKEY *pkey, GError **error)
{
    int bits = EVP_PKEY_get_bits (pkey);
    BIGNUM *exponent = NULL;
    gboolean is_usable = EVP_PKEY_get_bn_param (pkey, OSSL_PKEY_PARAM_RSA_E, &exponent) == 1
                         && BN_is_odd (exponent) && !BN_is_one (exponent)
                         && BN_num_bits (exponent) <= MAX_EXPONENT_BITS;

    BN_free (exponent);
    if (bits < H3_KEY_MIN_RSA_BITS || bits > H3_KEY_MAX_RSA_BITS) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "an RSA key has %d to %d bits, not %d",
                     H3_KEY_MIN_RSA_BITS, H3_KEY_MAX_RSA_BITS, bits);
        return FALSE;
    }
    return is_usable || refuse (error, "the RSA key's public exponent cannot be used");
}

/* A curve that is spelled out may be another than it seems. */
static gboolean
judge_curve (EVP_PKEY *pkey, GError **error)
{
    int is_explicit = 0;
    EVP_PKEY_CTX *context;
    gboolean is_point;

    if (EVP_PKEY_get_int_param (pkey, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &is_explicit)
            == 1
        && is_explicit != 0)
        return refuse (error, "the key spells its curve out instead of naming it");
    context = EVP_PKEY_CTX_new_from_pkey (NULL, pkey, NULL);
    is_point = context != NULL && EVP_PKEY_public_check (context) == 1;
    EVP_PKEY_CTX_free (context);
    return is_point || refuse (error, "the key is no point of its curve");
}

static gboolean
has_primes (EVP_PKEY *pkey)
{
    BIGNUM *prime = NULL;
    gboolean has = EVP_PKEY_get_bn_param (pkey, OSSL_PKEY_PARAM_RSA_FACTOR1, &prime) == 1;

    BN_clear_free (prime);
    return has;
}

static gboolean
verifies_what_it_signs (EVP_PKEY *pkey)
{
    guint8 signature[H3_KEY_MAX_RSA_BITS / 8];
    gsize length = sizeof signature;
    EVP_MD_CTX *signs = EVP_MD_CTX_new (), *verifies = EVP_MD_CTX_new ();
    gboolean does =
        signs != NULL && verifies != NULL
        && EVP_DigestSignInit_ex (signs, NULL, "SHA256", NULL, NULL, pkey, NULL) == 1
        && EVP_DigestSign (signs, signature, &length, (const guint8 *) "h3", 2) == 1
        && EVP_DigestVerifyInit_ex (verifies, NULL, "SHA256", NULL, NULL, pkey, NULL) == 1
        && EVP_DigestVerify (verifies, signature, length, (const guint8 *) "h3", 2) == 1;

    EVP_MD_CTX_free (signs);
    EVP_MD_CTX_free (verifies);
    return does;
}

/* Two halves that do not belong together give the private one away in what they sign. An RSA key
 * without its primes, which OpenSSL cannot check, is tried. */
static gboolean
judge_pair (EVP_PKEY *pkey, GError **error)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey (NULL, pkey, NULL);
    gboolean is_pair = EVP_PKEY_is_a (pkey, "RSA") && !has_primes (pkey)
                           ? verifies_what_it_signs (pkey)
                           : context != NULL && EVP_PKEY_pairwise_check (context) == 1;

    EVP_PKEY_CTX_free (context);
    return is_pair || refuse (error, "the key's private half does not belong to its public one");
}

H3Key *
key_take (EVP_PKEY *pkey, gboolean is_private, GError **error)
{
    H3KeyKind kind = H3_KEY_RSA;
    H3Key *key;

    if (!find_kind (pkey, &kind, error) || (kind == H3_KEY_RSA && !judge_rsa (pkey, error))
        || (kind != H3_KEY_RSA && kind != H3_KEY_ED25519 && !judge_curve (pkey, error))
        || (is_private && !judge_pair (pkey, error))) {
        EVP_PKEY_free (pkey);
        ERR_clear_error ();
        return NULL;
    }
    key = key_new (kind, (guint) EVP_PKEY_get_bits (pkey), is_private);
    key->pkey = pkey;
    return key;
}
