/* SPDX-License-Identifier: MIT */

#include "jwt.h"

#include "jwt-claims.h"
#include "jwt-keys.h"

#include <h3/crypto/base64.h>
#include <h3/crypto/key-text.h>
#include <h3/format/json.h>
#include <h3/loop/clock.h>

#include <pthread.h>
#include <stdatomic.h>

struct _H3JwtVerifier {
    atomic_uint references;
    JwtClaims claims;
    char *type;            /* owned, as strip_type () has it; NULL: any */
    pthread_mutex_t mutex; /* guards the pointer below */
    JwtKeys *keys;         /* ref */
};

/* What the header of a token says of its signature. */
typedef struct {
    H3SignatureKind kind;
    const char *id; /* borrowed: the header; NULL: none */
} Signer;

G_DEFINE_BOXED_TYPE (H3JwtVerifier, h3_jwt_verifier, h3_jwt_verifier_ref, h3_jwt_verifier_unref)

H3JwtVerifier *
h3_jwt_verifier_new (void)
{
    H3JwtVerifier *verifier = g_new0 (H3JwtVerifier, 1);

    atomic_init (&verifier->references, 1);
    jwt_claims_init (&verifier->claims);
    pthread_mutex_init (&verifier->mutex, NULL);
    verifier->keys = jwt_keys_new (NULL, FALSE, 0);
    return verifier;
}

H3JwtVerifier *
h3_jwt_verifier_ref (H3JwtVerifier *verifier)
{
    g_return_val_if_fail (verifier != NULL, NULL);
    atomic_fetch_add_explicit (&verifier->references, 1, memory_order_relaxed);
    return verifier;
}

void
h3_jwt_verifier_unref (H3JwtVerifier *verifier)
{
    if (verifier == NULL
        || atomic_fetch_sub_explicit (&verifier->references, 1, memory_order_acq_rel) != 1)
        return;
    jwt_claims_clear (&verifier->claims);
    g_free (verifier->type);
    jwt_keys_unref (verifier->keys);
    pthread_mutex_destroy (&verifier->mutex);
    g_free (verifier);
}

/* (transfer full) */
static JwtKeys *
hold_keys (H3JwtVerifier *verifier)
{
    JwtKeys *keys;

    pthread_mutex_lock (&verifier->mutex);
    keys = jwt_keys_ref (verifier->keys);
    pthread_mutex_unlock (&verifier->mutex);
    return keys;
}

static gboolean
has_room (guint n, GError **error)
{
    if (n <= H3_JWT_MAX_KEYS)
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_LIMIT,
                 "a verifier has at most %d keys, counted once for each algorithm",
                 H3_JWT_MAX_KEYS);
    return FALSE;
}

gboolean
h3_jwt_verifier_add_key (H3JwtVerifier *verifier, H3Key *key, H3SignatureKind kind, GError **error)
{
    JwtKeys *old = NULL;
    gboolean fits;

    g_return_val_if_fail (verifier != NULL && key != NULL, FALSE);
    if (kind > H3_SIGNATURE_EDDSA || !h3_key_can_verify (key, kind)) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "the key verifies no tokens of %s",
                     h3_signature_get_name (kind));
        return FALSE;
    }
    pthread_mutex_lock (&verifier->mutex);
    fits = has_room (jwt_keys_get_size (verifier->keys) + 1, error);
    if (fits) {
        old = verifier->keys;
        verifier->keys = jwt_keys_new (old, FALSE, 1);
        jwt_keys_take (verifier->keys, h3_key_ref (key), kind, FALSE);
    }
    pthread_mutex_unlock (&verifier->mutex);
    jwt_keys_unref (old);
    return fits;
}

static gboolean
can_verify (const H3Key *key, const H3SignatureKind *kinds, gsize n_kinds)
{
    for (gsize i = 0; i < n_kinds; i++)
        if (h3_key_can_verify (key, kinds[i]))
            return TRUE;
    return FALSE;
}

/* (transfer full) (nullable): those of the set that can be used; the others may be meant for
 * somebody else, or made in a way that is newer than this (RFC 7517 §5). */
static GPtrArray *
read_key_set (const char *text, const H3SignatureKind *kinds, gsize n_kinds, GError **error)
{
    g_autoptr (json_t) document = h3_json_parse (h3_view_of (text), H3_JWT_MAX_DEPTH, error);
    g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) h3_key_unref);
    const json_t *one;
    gsize i;

    if (document == NULL)
        return NULL;
    json_array_foreach (json_object_get (document, "keys"), i, one)
    {
        H3Key *key = h3_key_new_from_jwk (one, NULL);

        if (key != NULL && can_verify (key, kinds, n_kinds))
            g_ptr_array_add (found, key);
        else
            h3_key_unref (key);
    }
    if (found->len > 0)
        return g_steal_pointer (&found);
    g_set_error_literal (error, H3_ERROR, H3_ERROR_NOT_FOUND,
                         "no key of the set can verify tokens of the algorithms that are taken");
    return NULL;
}

/* (transfer full): the added keys, and those of the set. */
static JwtKeys *
replace_set (const JwtKeys *old, GPtrArray *found, const H3SignatureKind *kinds, gsize n_kinds)
{
    JwtKeys *keys = jwt_keys_new (old, TRUE, (guint) (found->len * n_kinds));

    for (guint i = 0; i < found->len; i++) {
        H3Key *key = g_ptr_array_index (found, i);

        for (gsize k = 0; k < n_kinds; k++)
            if (h3_key_can_verify (key, kinds[k]))
                jwt_keys_take (keys, h3_key_ref (key), kinds[k], TRUE);
    }
    return keys;
}

gboolean
h3_jwt_verifier_set_key_set (H3JwtVerifier *verifier, const char *text,
                             const H3SignatureKind *kinds, gsize n_kinds, GError **error)
{
    g_autoptr (GPtrArray) found = NULL;
    g_autoptr (JwtKeys) spare = NULL;
    gboolean fits;

    g_return_val_if_fail (verifier != NULL && text != NULL, FALSE);
    g_return_val_if_fail (kinds != NULL && n_kinds > 0 && n_kinds <= H3_SIGNATURE_EDDSA + 1, FALSE);
    for (gsize i = 0; i < n_kinds; i++)
        g_return_val_if_fail (kinds[i] <= H3_SIGNATURE_EDDSA, FALSE);
    found = read_key_set (text, kinds, n_kinds, error);
    if (found == NULL)
        return FALSE;
    pthread_mutex_lock (&verifier->mutex);
    spare = replace_set (verifier->keys, found, kinds, n_kinds);
    fits = has_room (jwt_keys_get_size (spare), error);
    if (fits) {
        JwtKeys *old = verifier->keys;

        verifier->keys = spare;
        spare = old;
    }
    pthread_mutex_unlock (&verifier->mutex);
    return fits;
}

guint
h3_jwt_verifier_count_keys (H3JwtVerifier *verifier)
{
    g_autoptr (JwtKeys) keys = NULL;

    g_return_val_if_fail (verifier != NULL, 0);
    keys = hold_keys (verifier);
    return jwt_keys_get_size (keys);
}

static void
replace (char **string, const char *value)
{
    char *copy = g_strdup (value);

    g_free (*string);
    *string = copy;
}

void
h3_jwt_verifier_set_issuer (H3JwtVerifier *verifier, const char *issuer)
{
    g_return_if_fail (verifier != NULL);
    replace (&verifier->claims.issuer, issuer);
}

void
h3_jwt_verifier_set_subject (H3JwtVerifier *verifier, const char *subject)
{
    g_return_if_fail (verifier != NULL);
    replace (&verifier->claims.subject, subject);
}

void
h3_jwt_verifier_add_audience (H3JwtVerifier *verifier, const char *audience)
{
    g_return_if_fail (verifier != NULL && audience != NULL);
    g_ptr_array_add (verifier->claims.audiences, g_strdup (audience));
}

/* RFC 7515 §4.1.9: "application/" may be left out where no other '/' is. */
static const char *
strip_type (const char *type)
{
    static const char prefix[] = "application/";
    const gsize length = sizeof prefix - 1;

    if (g_ascii_strncasecmp (type, prefix, length) == 0 && strchr (type + length, '/') == NULL)
        return type + length;
    return type;
}

void
h3_jwt_verifier_set_type (H3JwtVerifier *verifier, const char *type)
{
    g_return_if_fail (verifier != NULL);
    replace (&verifier->type, type != NULL ? strip_type (type) : NULL);
}

void
h3_jwt_verifier_set_leeway (H3JwtVerifier *verifier, guint seconds)
{
    g_return_if_fail (verifier != NULL);
    verifier->claims.leeway = seconds;
}

void
h3_jwt_verifier_set_max_age (H3JwtVerifier *verifier, guint seconds)
{
    g_return_if_fail (verifier != NULL);
    verifier->claims.max_age = seconds;
}

void
h3_jwt_verifier_set_needs_expiry (H3JwtVerifier *verifier, gboolean needs_expiry)
{
    g_return_if_fail (verifier != NULL);
    verifier->claims.needs_expiry = needs_expiry;
}

static gboolean
fail (GError **error, H3JwtError code, const char *message)
{
    g_set_error_literal (error, H3_JWT_ERROR, (int) code, message);
    return FALSE;
}

/* (transfer full) (nullable): the object in a part of the token. */
static json_t *
read_part (H3View part, GError **error)
{
    g_autofree char *text = g_malloc (part.length / 4 * 3 + 2);
    json_t *document = NULL;
    gsize length;

    if (h3_base64_decode (part, H3_BASE64_URL, text, &length))
        document = h3_json_parse (h3_view (text, length), H3_JWT_MAX_DEPTH, NULL);
    if (json_is_object (document))
        return document;
    json_decref (document);
    (void) fail (error, H3_JWT_ERROR_MALFORMED, "the token is malformed");
    return NULL;
}

/* Where the header would have a key, or say where one is to be had (jwk, jku, x5u, x5c), it is not
 * looked at: whoever wrote the token wrote that too. */
static gboolean
read_signer (const H3JwtVerifier *verifier, const json_t *header, Signer *out_signer,
             GError **error)
{
    const json_t *id = json_object_get (header, "kid");
    const json_t *type = json_object_get (header, "typ");

    if (!json_is_string (json_object_get (header, "alg")) || (id != NULL && !json_is_string (id))
        || (type != NULL && !json_is_string (type)))
        return fail (error, H3_JWT_ERROR_MALFORMED, "the token is malformed");
    if (json_object_get (header, "crit") != NULL || json_object_get (header, "b64") != NULL)
        return fail (error, H3_JWT_ERROR_EXTENSION, "the token demands what is not understood");
    if (!h3_signature_from_name (json_string_value (json_object_get (header, "alg")),
                                 &out_signer->kind))
        return fail (error, H3_JWT_ERROR_ALGORITHM, "the token's algorithm is not taken");
    if (verifier->type != NULL
        && (type == NULL
            || g_ascii_strcasecmp (strip_type (json_string_value (type)), verifier->type) != 0))
        return fail (error, H3_JWT_ERROR_CLAIM, "the token is of another type");
    out_signer->id = json_string_value (id);
    return TRUE;
}

/* `*rest` loses the part and the dot behind it. */
static gboolean
take_part (H3View *rest, H3View *out_part)
{
    return h3_view_split (rest, '.', out_part) && out_part->length > 0;
}

static gboolean
check_signature (H3JwtVerifier *verifier, const Signer *signer, H3View data, H3View part,
                 GError **error)
{
    g_autoptr (JwtKeys) keys = hold_keys (verifier);
    g_autofree char *signature = g_malloc (part.length / 4 * 3 + 2);
    gsize length;

    if (!h3_base64_decode (part, H3_BASE64_URL, signature, &length))
        return fail (error, H3_JWT_ERROR_MALFORMED, "the token is malformed");
    return jwt_keys_verify (keys, signer->kind, signer->id, data, h3_view (signature, length),
                            error);
}

json_t *
h3_jwt_verifier_verify (H3JwtVerifier *verifier, const char *token, GError **error)
{
    H3View rest = h3_view_of (token);
    g_autoptr (json_t) header = NULL;
    g_autoptr (json_t) document = NULL;
    H3View first, second, third;
    Signer signer;

    g_return_val_if_fail (verifier != NULL && token != NULL, NULL);
    if (rest.length > H3_JWT_MAX_LENGTH || !take_part (&rest, &first) || !take_part (&rest, &second)
        || !h3_view_split (&rest, '.', &third) || rest.data != NULL) {
        (void) fail (error, H3_JWT_ERROR_MALFORMED, "the token is malformed");
        return NULL;
    }
    header = read_part (first, error);
    if (header == NULL || !read_signer (verifier, header, &signer, error)
        || !check_signature (verifier, &signer, h3_view (token, first.length + 1 + second.length),
                             third, error))
        return NULL;
    document = read_part (second, error);
    if (document == NULL
        || !jwt_claims_check (&verifier->claims, document, clock_get_real_seconds (), error))
        return NULL;
    return g_steal_pointer (&document);
}

char *
h3_jwt_verifier_verify_text (H3JwtVerifier *verifier, const char *token, GError **error)
{
    g_autoptr (json_t) claims = h3_jwt_verifier_verify (verifier, token, error);

    return claims != NULL ? h3_json_to_text (claims, H3_JSON_COMPACT) : NULL;
}
