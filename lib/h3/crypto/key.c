/* SPDX-License-Identifier: MIT */

#include "key-private.h"

#include "library-error.h"
#include "secret.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#define DEFAULT_RSA_BITS    3072
#define DEFAULT_SECRET_BITS 512

G_DEFINE_BOXED_TYPE (H3Key, h3_key, h3_key_ref, h3_key_unref)

#define BIT(kind) (1u << H3_SIGNATURE_##kind)

static const guint32 in_der = BIT (ECDSA_SHA256) | BIT (ECDSA_SHA384) | BIT (ECDSA_SHA512);

guint32
key_get_signatures_of (H3KeyKind kind, gsize length)
{
    switch (kind) {
    case H3_KEY_SECRET:
        return (length >= 32 ? BIT (HS256) : 0) | (length >= 48 ? BIT (HS384) : 0)
               | (length >= 64 ? BIT (HS512) : 0);
    case H3_KEY_RSA:
        return BIT (RS256) | BIT (RS384) | BIT (RS512) | BIT (PS256) | BIT (PS384) | BIT (PS512);
    case H3_KEY_P256:
        return BIT (ES256) | in_der;
    case H3_KEY_P384:
        return BIT (ES384) | in_der;
    case H3_KEY_P521:
        return BIT (ES512) | in_der;
    case H3_KEY_ED25519:
        return BIT (EDDSA);
    }
    return 0;
}

KeyUse
key_get_public_use (KeyUse use)
{
    return (use & (KEY_VERIFY | KEY_ENCRYPT)) | ((use & KEY_SIGN) != 0 ? KEY_VERIFY : 0)
           | ((use & KEY_DECRYPT) != 0 ? KEY_ENCRYPT : 0);
}

H3Key *
key_new (H3KeyKind kind, guint bits, gboolean is_private)
{
    H3Key *key = g_new0 (H3Key, 1);

    atomic_init (&key->references, 1);
    key->kind = kind;
    key->bits = bits;
    key->is_private = is_private;
    key->use = KEY_ANYTHING;
    key->signatures = key_get_signatures_of (kind, bits / 8);
    return key;
}

H3Key *
h3_key_new_secret (GBytes *secret, GError **error)
{
    const void *data;
    gsize length;
    H3Key *key;

    g_return_val_if_fail (secret != NULL, NULL);
    data = g_bytes_get_data (secret, &length);
    if (length < H3_KEY_MIN_SECRET || length > H3_KEY_MAX_SECRET) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "a secret key has %d to %d bytes, not %" G_GSIZE_FORMAT, H3_KEY_MIN_SECRET,
                     H3_KEY_MAX_SECRET, length);
        return NULL;
    }
    key = key_new (H3_KEY_SECRET, (guint) (8 * length), TRUE);
    key->secret = secret_copy (data, length);
    return key;
}

H3Key *
h3_key_ref (H3Key *key)
{
    g_return_val_if_fail (key != NULL, NULL);
    atomic_fetch_add_explicit (&key->references, 1, memory_order_relaxed);
    return key;
}

void
h3_key_unref (H3Key *key)
{
    if (key == NULL || atomic_fetch_sub_explicit (&key->references, 1, memory_order_acq_rel) != 1)
        return;
    EVP_PKEY_free (key->pkey);
    g_clear_pointer (&key->secret, g_bytes_unref);
    g_free (key->id);
    g_free (key);
}

static H3Key *
generate_secret (guint bits, GError **error)
{
    g_autoptr (GBytes) secret = NULL;
    guint8 *bytes;

    secret = secret_new (bits / 8, &bytes);
    if (!h3_digest_fill_random (bytes, bits / 8, error))
        return NULL;
    return h3_key_new_secret (secret, error);
}

static EVP_PKEY *
generate_pkey (H3KeyKind kind, guint bits)
{
    switch (kind) {
    case H3_KEY_RSA:
        return EVP_PKEY_Q_keygen (NULL, NULL, "RSA", (size_t) bits);
    case H3_KEY_P256:
        return EVP_PKEY_Q_keygen (NULL, NULL, "EC", "P-256");
    case H3_KEY_P384:
        return EVP_PKEY_Q_keygen (NULL, NULL, "EC", "P-384");
    case H3_KEY_P521:
        return EVP_PKEY_Q_keygen (NULL, NULL, "EC", "P-521");
    case H3_KEY_ED25519:
        return EVP_PKEY_Q_keygen (NULL, NULL, "ED25519");
    case H3_KEY_SECRET:
        break;
    }
    return NULL;
}

H3Key *
h3_key_generate (H3KeyKind kind, guint bits, GError **error)
{
    EVP_PKEY *pkey;
    H3Key *key;

    g_return_val_if_fail ((guint) kind <= H3_KEY_ED25519, NULL);
    g_return_val_if_fail (bits % 8 == 0 && bits <= 8 * H3_KEY_MAX_SECRET, NULL);
    g_return_val_if_fail (kind == H3_KEY_RSA || kind == H3_KEY_SECRET || bits == 0, NULL);
    if (kind == H3_KEY_SECRET)
        return generate_secret (bits > 0 ? bits : DEFAULT_SECRET_BITS, error);
    if (kind == H3_KEY_RSA && bits == 0)
        bits = DEFAULT_RSA_BITS;
    if (kind == H3_KEY_RSA && (bits < H3_KEY_MIN_RSA_BITS || bits > H3_KEY_MAX_RSA_BITS)) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "an RSA key has %d to %d bits, not %u",
                     H3_KEY_MIN_RSA_BITS, H3_KEY_MAX_RSA_BITS, bits);
        return NULL;
    }
    pkey = generate_pkey (kind, bits);
    if (pkey == NULL) {
        library_error_set (error, H3_ERROR_FAILED, "no key can be generated");
        return NULL;
    }
    key = key_new (kind, (guint) EVP_PKEY_get_bits (pkey), TRUE);
    key->pkey = pkey;
    return key;
}

static H3Key *
copy (const H3Key *key)
{
    H3Key *other = key_new (key->kind, key->bits, key->is_private);

    if (key->pkey != NULL && EVP_PKEY_up_ref (key->pkey) == 1)
        other->pkey = key->pkey;
    if (key->secret != NULL)
        other->secret = g_bytes_ref (key->secret);
    other->id = g_strdup (key->id);
    other->use = key->use;
    other->signatures = key->signatures;
    return other;
}

/* Written and read again: nothing of the private half goes that way. */
static EVP_PKEY *
dup_public_half (EVP_PKEY *pkey)
{
    unsigned char *der = NULL;
    int length = i2d_PUBKEY (pkey, &der);
    const unsigned char *at = der;
    EVP_PKEY *public = length > 0 ? d2i_PUBKEY (NULL, &at, length) : NULL;

    OPENSSL_free (der);
    return public;
}

H3Key *
h3_key_dup_public (H3Key *key)
{
    EVP_PKEY *public;
    H3Key *other;

    g_return_val_if_fail (key != NULL, NULL);
    if (key->kind == H3_KEY_SECRET)
        return NULL;
    if (!key->is_private)
        return h3_key_ref (key);
    public = dup_public_half (key->pkey);
    if (public == NULL) {
        ERR_clear_error ();
        return NULL;
    }
    other = copy (key);
    EVP_PKEY_free (other->pkey);
    other->pkey = public;
    other->is_private = FALSE;
    other->use = key_get_public_use (key->use);
    return other;
}

H3Key *
h3_key_dup_named (H3Key *key, const char *id)
{
    H3Key *other;

    g_return_val_if_fail (key != NULL, NULL);
    other = copy (key);
    g_free (other->id);
    other->id = g_strdup (id);
    return other;
}

H3Key *
h3_key_dup_restricted (H3Key *key, H3SignatureKind kind, GError **error)
{
    H3Key *other;

    g_return_val_if_fail (key != NULL && (guint) kind <= H3_SIGNATURE_ECDSA_SHA512, NULL);
    if ((key->signatures & (1u << kind)) == 0) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "the key is not for %s",
                     h3_signature_get_name (kind));
        return NULL;
    }
    other = copy (key);
    other->signatures = 1u << kind;
    other->use &= KEY_SIGN | KEY_VERIFY;
    return other;
}

EVP_PKEY *
key_get_pkey (H3Key *key)
{
    return key->pkey;
}

H3KeyKind
h3_key_get_kind (const H3Key *key)
{
    g_return_val_if_fail (key != NULL, H3_KEY_SECRET);
    return key->kind;
}

guint
h3_key_get_bits (const H3Key *key)
{
    g_return_val_if_fail (key != NULL, 0);
    return key->bits;
}

const char *
h3_key_get_id (const H3Key *key)
{
    g_return_val_if_fail (key != NULL, NULL);
    return key->id;
}

gboolean
h3_key_is_private (const H3Key *key)
{
    g_return_val_if_fail (key != NULL, FALSE);
    return key->is_private;
}

gboolean
h3_key_can_verify (const H3Key *key, H3SignatureKind kind)
{
    g_return_val_if_fail (key != NULL && (guint) kind <= H3_SIGNATURE_ECDSA_SHA512, FALSE);
    return (key->signatures & (1u << kind)) != 0 && (key->use & KEY_VERIFY) != 0;
}

gboolean
h3_key_can_sign (const H3Key *key, H3SignatureKind kind)
{
    g_return_val_if_fail (key != NULL && (guint) kind <= H3_SIGNATURE_ECDSA_SHA512, FALSE);
    return (key->signatures & (1u << kind)) != 0 && (key->use & KEY_SIGN) != 0 && key->is_private;
}

gboolean
h3_key_is_equal (const H3Key *a, const H3Key *b)
{
    g_return_val_if_fail (a != NULL && b != NULL, FALSE);
    if (a->kind != b->kind || a->bits != b->bits)
        return FALSE;
    if (a->kind == H3_KEY_SECRET)
        return h3_digest_equal (g_bytes_get_data (a->secret, NULL),
                                g_bytes_get_data (b->secret, NULL), a->bits / 8);
    return EVP_PKEY_eq (a->pkey, b->pkey) == 1;
}
