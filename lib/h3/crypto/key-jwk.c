/* SPDX-License-Identifier: MIT */

#include "key-text.h"

#include "base64.h"
#include "key-private.h"
#include "library-error.h"
#include "secret.h"

#include <h3/format/json.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <string.h>

/* Objects below one another in a JWK's text: more than any member of one has. */
#define MAX_DEPTH 16

/* What of RSA is called how in a JWK, and by OpenSSL; the first two are public. */
static const struct {
    const char *name;
    const char *parameter;
} rsa_members[] = {
    { "n", OSSL_PKEY_PARAM_RSA_N },          { "e", OSSL_PKEY_PARAM_RSA_E },
    { "d", OSSL_PKEY_PARAM_RSA_D },          { "p", OSSL_PKEY_PARAM_RSA_FACTOR1 },
    { "q", OSSL_PKEY_PARAM_RSA_FACTOR2 },    { "dp", OSSL_PKEY_PARAM_RSA_EXPONENT1 },
    { "dq", OSSL_PKEY_PARAM_RSA_EXPONENT2 }, { "qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1 },
};

static const struct {
    H3KeyKind kind;
    const char *name;
    const char *group;
    gsize length; /* bytes of a coordinate */
} curves[] = {
    { H3_KEY_P256, "P-256", "prime256v1", 32 },
    { H3_KEY_P384, "P-384", "secp384r1", 48 },
    { H3_KEY_P521, "P-521", "secp521r1", 66 },
};

#define ED25519_LENGTH 32

static gboolean
refuse (GError **error, const char *member, const char *what)
{
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "\"%s\" of the JSON Web Key %s", member, what);
    return FALSE;
}

static const char *
get_string (const json_t *jwk, const char *member, GError **error)
{
    const char *string = json_string_value (json_object_get (jwk, member));

    if (string == NULL)
        (void) refuse (error, member,
                       json_object_get (jwk, member) == NULL ? "is missing" : "is no string");
    return string;
}

/* (transfer full) (nullable): the bytes of a member. */
static GBytes *
get_bytes (const json_t *jwk, const char *member, GError **error)
{
    const char *text = get_string (jwk, member, error);
    GBytes *bytes;
    guint8 *out;
    gsize length;

    if (text == NULL)
        return NULL;
    length = strlen (text);
    if (length > H3_KEY_MAX_TEXT * 2) {
        (void) refuse (error, member, "is too long");
        return NULL;
    }
    /* The length is known when it is too late to choose it: the rest is cut off below. */
    bytes = secret_new (length / 4 * 3 + 2, &out);
    if (h3_base64_decode (h3_view (text, length), H3_BASE64_URL, out, &length)) {
        GBytes *exact = g_bytes_new_from_bytes (bytes, 0, length);

        g_bytes_unref (bytes);
        return exact;
    }
    g_bytes_unref (bytes);
    (void) refuse (error, member, "is not base64url");
    return NULL;
}

/* As get_bytes (), of exactly that length. */
static GBytes *
get_exactly (const json_t *jwk, const char *member, gsize length, GError **error)
{
    GBytes *bytes = get_bytes (jwk, member, error);

    if (bytes == NULL || g_bytes_get_size (bytes) == length)
        return bytes;
    g_bytes_unref (bytes);
    (void) refuse (error, member, "has not the length of its curve");
    return NULL;
}

/* A number, without a byte more than it needs (RFC 7518 §2). */
static gboolean
push_number (OSSL_PARAM_BLD *builder, GPtrArray *numbers, const json_t *jwk, guint i,
             GError **error)
{
    g_autoptr (GBytes) bytes = get_bytes (jwk, rsa_members[i].name, error);
    const guint8 *data;
    BIGNUM *number;
    gsize length;

    if (bytes == NULL)
        return FALSE;
    data = g_bytes_get_data (bytes, &length);
    if (length == 0 || data[0] == 0 || length > H3_KEY_MAX_RSA_BITS / 8)
        return refuse (error, rsa_members[i].name,
                       length == 0 || data[0] == 0 ? "is empty or begins with a zero"
                                                   : "is too long");
    number = BN_bin2bn (data, (int) length, NULL);
    g_ptr_array_add (numbers, number);
    return number != NULL
           && OSSL_PARAM_BLD_push_BN (builder, rsa_members[i].parameter, number) == 1;
}

/* Takes what was pushed; NULL where OpenSSL makes no key of it. */
static EVP_PKEY *
build (const char *name, OSSL_PARAM_BLD *builder, gboolean is_private, GError **error)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name (NULL, name, NULL);
    OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param (builder);
    EVP_PKEY *pkey = NULL;

    if (context == NULL || parameters == NULL || EVP_PKEY_fromdata_init (context) != 1
        || EVP_PKEY_fromdata (context, &pkey, is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                              parameters)
               != 1) {
        library_error_set (error, H3_ERROR_INVALID, "the JSON Web Key is no key");
        pkey = NULL;
    }
    OSSL_PARAM_free (parameters);
    EVP_PKEY_CTX_free (context);
    return pkey;
}

static H3Key *
read_rsa (const json_t *jwk, GError **error)
{
    gboolean is_private = json_object_get (jwk, "d") != NULL;
    guint n_members = 2;
    g_autoptr (GPtrArray) numbers = g_ptr_array_new_with_free_func ((GDestroyNotify) BN_clear_free);
    OSSL_PARAM_BLD *builder;
    EVP_PKEY *pkey = NULL;
    gboolean pushed = TRUE;

    /* Either none of those that make it quicker, or all (RFC 7518 §6.3.2). */
    if (is_private)
        n_members = 3;
    for (guint i = 3; is_private && i < G_N_ELEMENTS (rsa_members); i++)
        if (json_object_get (jwk, rsa_members[i].name) != NULL)
            n_members = G_N_ELEMENTS (rsa_members);
    if (is_private && json_object_get (jwk, "oth") != NULL) {
        (void) refuse (error, "oth", "tells of more primes than two");
        return NULL;
    }
    builder = OSSL_PARAM_BLD_new ();
    for (guint i = 0; pushed && i < n_members; i++)
        pushed = push_number (builder, numbers, jwk, i, error);
    if (pushed)
        pkey = build ("RSA", builder, is_private, error);
    OSSL_PARAM_BLD_free (builder);
    return pkey != NULL ? key_take (pkey, is_private, error) : NULL;
}

static H3Key *
read_curve (const json_t *jwk, guint curve, GError **error)
{
    gsize length = curves[curve].length;
    gboolean is_private = json_object_get (jwk, "d") != NULL;
    g_autoptr (GBytes) x = get_exactly (jwk, "x", length, error);
    g_autoptr (GBytes) y = x != NULL ? get_exactly (jwk, "y", length, error) : NULL;
    g_autoptr (GBytes) d = y != NULL && is_private ? get_exactly (jwk, "d", length, error) : NULL;
    guint8 point[1 + 2 * 66] = { 4 }; /* not compressed (SEC 1 §2.3.3) */
    OSSL_PARAM_BLD *builder;
    BIGNUM *number = NULL;
    EVP_PKEY *pkey;

    if (y == NULL || (is_private && d == NULL))
        return NULL;
    memcpy (point + 1, g_bytes_get_data (x, NULL), length);
    memcpy (point + 1 + length, g_bytes_get_data (y, NULL), length);
    builder = OSSL_PARAM_BLD_new ();
    (void) OSSL_PARAM_BLD_push_utf8_string (builder, OSSL_PKEY_PARAM_GROUP_NAME,
                                            curves[curve].group, 0);
    (void) OSSL_PARAM_BLD_push_octet_string (builder, OSSL_PKEY_PARAM_PUB_KEY, point,
                                             1 + 2 * length);
    if (is_private) {
        number = BN_bin2bn (g_bytes_get_data (d, NULL), (int) length, NULL);
        (void) OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_PRIV_KEY, number);
    }
    pkey = build ("EC", builder, is_private, error);
    OSSL_PARAM_BLD_free (builder);
    BN_clear_free (number);
    return pkey != NULL ? key_take (pkey, is_private, error) : NULL;
}

/* The public half of a private one is what it gives, not what stands there: that is compared. */
static H3Key *
read_ed25519 (const json_t *jwk, GError **error)
{
    gboolean is_private = json_object_get (jwk, "d") != NULL;
    g_autoptr (GBytes) x = get_exactly (jwk, "x", ED25519_LENGTH, error);
    g_autoptr (GBytes) d =
        x != NULL && is_private ? get_exactly (jwk, "d", ED25519_LENGTH, error) : NULL;
    guint8 public[ED25519_LENGTH];
    gsize length = sizeof public;
    EVP_PKEY *pkey;

    if (x == NULL || (is_private && d == NULL))
        return NULL;
    pkey = is_private ? EVP_PKEY_new_raw_private_key_ex (NULL, "ED25519", NULL,
                                                         g_bytes_get_data (d, NULL), ED25519_LENGTH)
                      : EVP_PKEY_new_raw_public_key_ex (NULL, "ED25519", NULL,
                                                        g_bytes_get_data (x, NULL), ED25519_LENGTH);
    if (pkey == NULL || EVP_PKEY_get_raw_public_key (pkey, public, &length) != 1) {
        EVP_PKEY_free (pkey);
        library_error_set (error, H3_ERROR_INVALID, "the JSON Web Key is no key");
        return NULL;
    }
    if (memcmp (public, g_bytes_get_data (x, NULL), ED25519_LENGTH) != 0) {
        EVP_PKEY_free (pkey);
        (void) refuse (error, "x", "does not belong to \"d\"");
        return NULL;
    }
    return key_take (pkey, is_private, error);
}

static H3Key *
read_secret (const json_t *jwk, GError **error)
{
    g_autoptr (GBytes) secret = get_bytes (jwk, "k", error);

    return secret != NULL ? h3_key_new_secret (secret, error) : NULL;
}

static H3Key *
read_key (const json_t *jwk, GError **error)
{
    const char *type = get_string (jwk, "kty", error);
    const char *curve;

    if (type == NULL)
        return NULL;
    if (strcmp (type, "oct") == 0)
        return read_secret (jwk, error);
    if (strcmp (type, "RSA") == 0)
        return read_rsa (jwk, error);
    if (strcmp (type, "EC") != 0 && strcmp (type, "OKP") != 0) {
        (void) refuse (error, "kty", "is none of oct, RSA, EC and OKP");
        return NULL;
    }
    curve = get_string (jwk, "crv", error);
    if (curve == NULL)
        return NULL;
    for (guint i = 0; *type == 'E' && i < G_N_ELEMENTS (curves); i++)
        if (strcmp (curve, curves[i].name) == 0)
            return read_curve (jwk, i, error);
    if (*type == 'O' && strcmp (curve, "Ed25519") == 0)
        return read_ed25519 (jwk, error);
    (void) refuse (error, "crv", "is no curve that is known here for its \"kty\"");
    return NULL;
}

/* `use` (RFC 7517 §4.2) and `key_ops` (§4.3): what they do not name the key is not for. */
static gboolean
restrict_use (H3Key *key, const json_t *jwk, GError **error)
{
    static const struct {
        const char *name;
        KeyUse use;
    } operations[] = {
        { "sign", KEY_SIGN },       { "verify", KEY_VERIFY },   { "encrypt", KEY_ENCRYPT },
        { "decrypt", KEY_DECRYPT }, { "wrapKey", KEY_ENCRYPT }, { "unwrapKey", KEY_DECRYPT },
    };
    const json_t *allowed = json_object_get (jwk, "key_ops");
    const json_t *use = json_object_get (jwk, "use");
    KeyUse named = 0;

    if (use != NULL && json_string_value (use) == NULL)
        return refuse (error, "use", "is no string");
    if (use != NULL)
        key->use &= strcmp (json_string_value (use), "sig") == 0   ? KEY_SIGN | KEY_VERIFY
                    : strcmp (json_string_value (use), "enc") == 0 ? KEY_ENCRYPT | KEY_DECRYPT
                                                                   : 0;
    if (allowed == NULL)
        return TRUE;
    if (!json_is_array (allowed))
        return refuse (error, "key_ops", "is no array");
    for (gsize i = 0; i < json_array_size (allowed); i++) {
        const char *name = json_string_value (json_array_get (allowed, i));

        if (name == NULL)
            return refuse (error, "key_ops", "has what is no string");
        for (guint j = 0; j < G_N_ELEMENTS (operations); j++)
            if (strcmp (name, operations[j].name) == 0)
                named |= operations[j].use;
    }
    key->use &= named;
    return TRUE;
}

static gboolean
restrict_key (H3Key *key, const json_t *jwk, GError **error)
{
    const json_t *algorithm = json_object_get (jwk, "alg");
    const json_t *id = json_object_get (jwk, "kid");
    H3SignatureKind kind;

    if (id != NULL && json_string_value (id) == NULL)
        return refuse (error, "kid", "is no string");
    key->id = g_strdup (json_string_value (id));
    if (algorithm != NULL
        && (!h3_signature_from_name (json_string_value (algorithm), &kind)
            || (key->signatures & (1u << kind)) == 0))
        return refuse (error, "alg", "is no way to sign with such a key");
    if (algorithm != NULL) {
        key->signatures = 1u << kind;
        key->use &= KEY_SIGN | KEY_VERIFY;
    }
    return restrict_use (key, jwk, error);
}

H3Key *
h3_key_new_from_jwk (const json_t *jwk, GError **error)
{
    H3Key *key;

    g_return_val_if_fail (jwk != NULL, NULL);
    if (!json_is_object (jwk)) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID, "a JSON Web Key is an object");
        return NULL;
    }
    key = read_key (jwk, error);
    if (key == NULL || restrict_key (key, jwk, error))
        return key;
    h3_key_unref (key);
    return NULL;
}

H3Key *
h3_key_new_from_jwk_text (const char *text, GError **error)
{
    g_autoptr (json_t) jwk = NULL;

    g_return_val_if_fail (text != NULL, NULL);
    if (strnlen (text, 2 * H3_KEY_MAX_TEXT + 1) > 2 * H3_KEY_MAX_TEXT) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_LIMIT, "the text is too long for a key");
        return NULL;
    }
    jwk = h3_json_parse (h3_view_of (text), MAX_DEPTH, error);
    return jwk != NULL ? h3_key_new_from_jwk (jwk, error) : NULL;
}
