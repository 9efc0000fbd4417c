/* SPDX-License-Identifier: MIT */

#include "key-text.h"

#include "base64.h"
#include "key-private.h"
#include "library-error.h"

#include <h3/format/json.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST (H3_KEY_MAX_RSA_BITS / 8)

/* The bytes of a number under OpenSSL's name, in front of which zeros come up to `length`. */
static gboolean
add_number (json_t *jwk, const char *name, EVP_PKEY *pkey, const char *parameter, int length)
{
    guint8 bytes[LONGEST];
    char text[H3_BASE64_ROOM (LONGEST)];
    BIGNUM *number = NULL;
    gboolean done = EVP_PKEY_get_bn_param (pkey, parameter, &number) == 1;

    if (done && length == 0)
        length = BN_num_bytes (number);
    done = done && length <= LONGEST && BN_bn2binpad (number, bytes, length) == length;
    if (done) {
        (void) h3_base64_encode (bytes, (gsize) length, H3_BASE64_URL, text);
        (void) json_object_set_new (jwk, name, json_string (text));
        h3_digest_wipe (text, sizeof text);
    }
    h3_digest_wipe (bytes, sizeof bytes);
    BN_clear_free (number);
    return done;
}

static gboolean
add_rsa (json_t *jwk, const H3Key *key, gboolean is_private)
{
    static const struct {
        const char *name;
        const char *parameter;
    } quicker[] = {
        { "p", OSSL_PKEY_PARAM_RSA_FACTOR1 },       { "q", OSSL_PKEY_PARAM_RSA_FACTOR2 },
        { "dp", OSSL_PKEY_PARAM_RSA_EXPONENT1 },    { "dq", OSSL_PKEY_PARAM_RSA_EXPONENT2 },
        { "qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1 },
    };

    (void) json_object_set_new (jwk, "kty", json_string ("RSA"));
    if (!add_number (jwk, "n", key->pkey, OSSL_PKEY_PARAM_RSA_N, 0)
        || !add_number (jwk, "e", key->pkey, OSSL_PKEY_PARAM_RSA_E, 0))
        return FALSE;
    if (!is_private)
        return TRUE;
    if (!add_number (jwk, "d", key->pkey, OSSL_PKEY_PARAM_RSA_D, 0))
        return FALSE;
    /* A key that was read without its primes is written without them. */
    if (!add_number (jwk, quicker[0].name, key->pkey, quicker[0].parameter, 0))
        return TRUE;
    for (guint i = 1; i < G_N_ELEMENTS (quicker); i++)
        if (!add_number (jwk, quicker[i].name, key->pkey, quicker[i].parameter, 0))
            return FALSE;
    return TRUE;
}

static gboolean
add_curve (json_t *jwk, const H3Key *key, gboolean is_private)
{
    int length = ((int) key->bits + 7) / 8;
    g_autofree char *curve = g_strdup_printf ("P-%u", key->bits);

    (void) json_object_set_new (jwk, "kty", json_string ("EC"));
    (void) json_object_set_new (jwk, "crv", json_string (curve));
    return add_number (jwk, "x", key->pkey, OSSL_PKEY_PARAM_EC_PUB_X, length)
           && add_number (jwk, "y", key->pkey, OSSL_PKEY_PARAM_EC_PUB_Y, length)
           && (!is_private || add_number (jwk, "d", key->pkey, OSSL_PKEY_PARAM_PRIV_KEY, length));
}

static gboolean
add_bytes (json_t *jwk, const char *name, const void *data, gsize length)
{
    g_autofree char *text = g_malloc (H3_BASE64_ROOM (length));
    gsize text_length = h3_base64_encode (data, length, H3_BASE64_URL, text);
    gboolean done = json_object_set_new (jwk, name, json_string (text)) == 0;

    h3_digest_wipe (text, text_length);
    return done;
}

static gboolean
add_ed25519 (json_t *jwk, const H3Key *key, gboolean is_private)
{
    guint8 bytes[32];
    gsize length = sizeof bytes;
    gboolean done;

    (void) json_object_set_new (jwk, "kty", json_string ("OKP"));
    (void) json_object_set_new (jwk, "crv", json_string ("Ed25519"));
    done = EVP_PKEY_get_raw_public_key (key->pkey, bytes, &length) == 1
           && add_bytes (jwk, "x", bytes, length);
    if (done && is_private)
        done = EVP_PKEY_get_raw_private_key (key->pkey, bytes, &length) == 1
               && add_bytes (jwk, "d", bytes, length);
    h3_digest_wipe (bytes, sizeof bytes);
    return done;
}

static gboolean
add_members (json_t *jwk, const H3Key *key, gboolean is_private)
{
    gsize length;
    const void *secret;

    switch (key->kind) {
    case H3_KEY_SECRET:
        secret = g_bytes_get_data (key->secret, &length);
        (void) json_object_set_new (jwk, "kty", json_string ("oct"));
        return add_bytes (jwk, "k", secret, length);
    case H3_KEY_RSA:
        return add_rsa (jwk, key, is_private);
    case H3_KEY_ED25519:
        return add_ed25519 (jwk, key, is_private);
    default:
        return add_curve (jwk, key, is_private);
    }
}

/* Where there is one kind only, of those that have a name in JOSE. */
static const char *
get_algorithm (const H3Key *key)
{
    for (guint kind = H3_SIGNATURE_HS256; kind <= H3_SIGNATURE_EDDSA; kind++)
        if (key->signatures == 1u << kind)
            return h3_signature_get_name ((H3SignatureKind) kind);
    return NULL;
}

static void
add_operations (json_t *jwk, KeyUse use)
{
    static const char *const names[] = { "sign", "verify", "encrypt", "decrypt" };
    json_t *operations = json_array ();

    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        if ((use & (1u << i)) != 0)
            (void) json_array_append_new (operations, json_string (names[i]));
    (void) json_object_set_new (jwk, "key_ops", operations);
}

/* What reading it would not know without being told. */
static void
add_use (json_t *jwk, const H3Key *key, gboolean is_private)
{
    KeyUse natural = is_private ? KEY_ANYTHING : KEY_VERIFY | KEY_ENCRYPT;
    KeyUse use = is_private ? key->use : key_get_public_use (key->use);
    KeyUse signing = natural & (KEY_SIGN | KEY_VERIFY), other = natural & ~signing;
    const char *algorithm = (use & signing) != 0 ? get_algorithm (key) : NULL;

    if (key->id != NULL)
        (void) json_object_set_new (jwk, "kid", json_string (key->id));
    if (algorithm != NULL)
        (void) json_object_set_new (jwk, "alg", json_string (algorithm));
    if (use == signing || use == other)
        (void) json_object_set_new (jwk, "use", json_string (use == signing ? "sig" : "enc"));
    else if (use != natural)
        add_operations (jwk, use);
}

static json_t *
write_key (const H3Key *key, gboolean is_private, GError **error)
{
    json_t *jwk = json_object ();

    if (add_members (jwk, key, is_private))
        return jwk;
    json_decref (jwk);
    library_error_set (error, H3_ERROR_FAILED, "the key cannot be written");
    return NULL;
}

json_t *
h3_key_to_jwk (H3Key *key, GError **error)
{
    json_t *jwk;

    g_return_val_if_fail (key != NULL, NULL);
    if (key->kind == H3_KEY_SECRET) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID, "a secret has no public half");
        return NULL;
    }
    jwk = write_key (key, FALSE, error);
    if (jwk != NULL)
        add_use (jwk, key, FALSE);
    return jwk;
}

json_t *
h3_key_to_private_jwk (H3Key *key, GError **error)
{
    json_t *jwk;

    g_return_val_if_fail (key != NULL, NULL);
    if (!key->is_private) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID, "the key has no private half");
        return NULL;
    }
    jwk = write_key (key, TRUE, error);
    if (jwk != NULL)
        add_use (jwk, key, TRUE);
    return jwk;
}

/* (transfer full) (nullable): `jwk` as a text; what jansson wrote it into is wiped. */
static char *
write_text (const json_t *jwk)
{
    char *written = jwk != NULL ? json_dumps (jwk, JSON_COMPACT) : NULL;
    char *text = g_strdup (written);

    if (written != NULL)
        h3_digest_wipe (written, strlen (written));
    free (written);
    return text;
}

char *
h3_key_to_jwk_text (H3Key *key, GError **error)
{
    g_autoptr (json_t) jwk = h3_key_to_jwk (key, error);

    return write_text (jwk);
}

char *
h3_key_to_private_jwk_text (H3Key *key, GError **error)
{
    g_autoptr (json_t) jwk = h3_key_to_private_jwk (key, error);

    return write_text (jwk);
}

char *
h3_key_dup_thumbprint (H3Key *key, GError **error)
{
    g_autoptr (json_t) jwk = NULL;
    char text[H3_BASE64_ROOM (H3_DIGEST_MAX_LENGTH)];
    guint8 digest[H3_DIGEST_MAX_LENGTH];
    char *canonical;
    gboolean done;

    g_return_val_if_fail (key != NULL, NULL);
    /* What must be there for the kind, in the order of the names, without a blank (RFC 7638 §3). */
    jwk = write_key (key, FALSE, error);
    if (jwk == NULL)
        return NULL;
    canonical = json_dumps (jwk, JSON_COMPACT | JSON_SORT_KEYS);
    done = h3_digest_compute (H3_DIGEST_SHA256, canonical, strlen (canonical), digest, error);
    h3_digest_wipe (canonical, strlen (canonical));
    free (canonical);
    if (!done)
        return NULL;
    (void) h3_base64_encode (digest, h3_digest_get_length (H3_DIGEST_SHA256), H3_BASE64_URL, text);
    return g_strdup (text);
}
