/* SPDX-License-Identifier: MIT */

#include "digest.h"

#include <h3/base/error.h>
#include <h3/base/random.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <pthread.h>

struct _H3Digest {
    H3DigestKind kind;
    EVP_MD_CTX *plain; /* owned; NULL: keyed */
    EVP_MAC_CTX *mac;  /* owned; NULL: plain */
    gboolean has_failed;
    gboolean is_finished;
};

static const struct {
    const char *name;
    gsize length;
} kinds[] = {
    [H3_DIGEST_MD5] = { "MD5", 16 },       [H3_DIGEST_SHA1] = { "SHA1", 20 },
    [H3_DIGEST_SHA256] = { "SHA256", 32 }, [H3_DIGEST_SHA384] = { "SHA384", 48 },
    [H3_DIGEST_SHA512] = { "SHA512", 64 }, [H3_DIGEST_SHA512_256] = { "SHA512-256", 32 },
};

/* Looked up once, which takes longer than to digest a short text; an HMAC is begun with a copy.
 * They stay until the program ends. */
static struct {
    EVP_MD *plain;
    EVP_MAC_CTX *keyed; /* never used itself */
} methods[G_N_ELEMENTS (kinds)];
static pthread_once_t methods_once = PTHREAD_ONCE_INIT;

static gboolean
is_kind (H3DigestKind kind)
{
    return (guint) kind < G_N_ELEMENTS (kinds);
}

static gboolean
fail (H3DigestKind kind, GError **error)
{
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "the system's OpenSSL gives no %s digest",
                 kinds[kind].name);
    return FALSE;
}

gsize
h3_digest_get_length (H3DigestKind kind)
{
    g_return_val_if_fail (is_kind (kind), 0);
    return kinds[kind].length;
}

static EVP_MAC_CTX *
new_template (EVP_MAC *hmac, const char *digest)
{
    static const guint8 no_key[32];
    EVP_MAC_CTX *context = EVP_MAC_CTX_new (hmac);
    g_autofree char *name = g_strdup (digest);
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string (OSSL_MAC_PARAM_DIGEST, name, 0),
        OSSL_PARAM_construct_end (),
    };

    if (context != NULL && EVP_MAC_init (context, no_key, sizeof no_key, parameters) == 1)
        return context;
    EVP_MAC_CTX_free (context);
    return NULL;
}

static void
fetch_methods (void)
{
    EVP_MAC *hmac = EVP_MAC_fetch (NULL, "HMAC", NULL);

    for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
        methods[i].plain = EVP_MD_fetch (NULL, kinds[i].name, NULL);
        if (hmac != NULL)
            methods[i].keyed = new_template (hmac, kinds[i].name);
    }
    EVP_MAC_free (hmac);
    ERR_clear_error ();
}

static EVP_MD_CTX *
new_plain (H3DigestKind kind)
{
    EVP_MD_CTX *context;

    (void) pthread_once (&methods_once, fetch_methods);
    context = EVP_MD_CTX_new ();
    if (methods[kind].plain != NULL && context != NULL
        && EVP_DigestInit_ex2 (context, methods[kind].plain, NULL) == 1)
        return context;
    EVP_MD_CTX_free (context);
    return NULL;
}

static EVP_MAC_CTX *
new_mac (H3DigestKind kind, const void *key, gsize key_length)
{
    EVP_MAC_CTX *context = NULL;

    (void) pthread_once (&methods_once, fetch_methods);
    if (methods[kind].keyed != NULL)
        context = EVP_MAC_CTX_dup (methods[kind].keyed);
    /* No key at all would be the last one's: an empty one is a key. */
    if (context != NULL && EVP_MAC_init (context, key_length > 0 ? key : "", key_length, NULL) == 1)
        return context;
    EVP_MAC_CTX_free (context);
    return NULL;
}

static H3Digest *
take_contexts (H3DigestKind kind, EVP_MD_CTX *plain, EVP_MAC_CTX *mac, GError **error)
{
    H3Digest *digest;

    if (plain == NULL && mac == NULL) {
        (void) fail (kind, error);
        return NULL;
    }
    digest = g_new0 (H3Digest, 1);
    digest->kind = kind;
    digest->plain = plain;
    digest->mac = mac;
    return digest;
}

H3Digest *
h3_digest_new (H3DigestKind kind, GError **error)
{
    g_return_val_if_fail (is_kind (kind), NULL);
    return take_contexts (kind, new_plain (kind), NULL, error);
}

H3Digest *
h3_digest_new_hmac (H3DigestKind kind, const void *key, gsize key_length, GError **error)
{
    g_return_val_if_fail (is_kind (kind) && (key != NULL || key_length == 0), NULL);
    return take_contexts (kind, NULL, new_mac (kind, key, key_length), error);
}

/* OpenSSL wipes what its contexts have. */
void
h3_digest_free (H3Digest *digest)
{
    if (digest == NULL)
        return;
    EVP_MD_CTX_free (digest->plain);
    EVP_MAC_CTX_free (digest->mac);
    g_free (digest);
}

H3DigestKind
h3_digest_get_kind (const H3Digest *digest)
{
    g_return_val_if_fail (digest != NULL, H3_DIGEST_SHA256);
    return digest->kind;
}

void
h3_digest_update (H3Digest *digest, const void *data, gsize length)
{
    int done;

    g_return_if_fail (digest != NULL && (data != NULL || length == 0));
    g_return_if_fail (!digest->is_finished);
    if (length == 0)
        return;
    done = digest->plain != NULL ? EVP_DigestUpdate (digest->plain, data, length)
                                 : EVP_MAC_update (digest->mac, data, length);
    if (done != 1)
        digest->has_failed = TRUE;
}

gboolean
h3_digest_finish (H3Digest *digest, guint8 *out, GError **error)
{
    guint8 result[EVP_MAX_MD_SIZE];
    gsize length = 0;
    guint plain_length = 0;
    int done;

    g_return_val_if_fail (digest != NULL && out != NULL, FALSE);
    g_return_val_if_fail (!digest->is_finished, FALSE);
    digest->is_finished = TRUE;
    if (digest->plain != NULL) {
        done = EVP_DigestFinal_ex (digest->plain, result, &plain_length);
        length = plain_length;
    } else {
        done = EVP_MAC_final (digest->mac, result, &length, sizeof result);
    }
    done = done == 1 && !digest->has_failed && length == kinds[digest->kind].length;
    if (done)
        memcpy (out, result, length);
    OPENSSL_cleanse (result, sizeof result);
    return done || fail (digest->kind, error);
}

static gboolean
finish_with (H3Digest *owned, const void *data, gsize length, guint8 *out, GError **error)
{
    g_autoptr (H3Digest) digest = owned;

    if (digest == NULL)
        return FALSE;
    h3_digest_update (digest, data, length);
    return h3_digest_finish (digest, out, error);
}

gboolean
h3_digest_compute (H3DigestKind kind, const void *data, gsize length, guint8 *out, GError **error)
{
    g_return_val_if_fail (is_kind (kind) && out != NULL, FALSE);
    g_return_val_if_fail (data != NULL || length == 0, FALSE);
    return finish_with (h3_digest_new (kind, error), data, length, out, error);
}

gboolean
h3_digest_compute_hmac (H3DigestKind kind, const void *key, gsize key_length, const void *data,
                        gsize length, guint8 *out, GError **error)
{
    g_return_val_if_fail (is_kind (kind) && out != NULL, FALSE);
    g_return_val_if_fail ((key != NULL || key_length == 0) && (data != NULL || length == 0), FALSE);
    return finish_with (h3_digest_new_hmac (kind, key, key_length, error), data, length, out,
                        error);
}

gboolean
h3_digest_fill_random (void *out, gsize length, GError **error)
{
    g_return_val_if_fail (out != NULL || length == 0, FALSE);
    if (random_fill (out, length))
        return TRUE;
    g_set_error_literal (error, H3_ERROR, H3_ERROR_FAILED, "the system's random source fails");
    return FALSE;
}

gboolean
h3_digest_equal (const void *a, const void *b, gsize length)
{
    g_return_val_if_fail ((a != NULL && b != NULL) || length == 0, FALSE);
    return length == 0 || CRYPTO_memcmp (a, b, length) == 0;
}

void
h3_digest_wipe (void *data, gsize length)
{
    g_return_if_fail (data != NULL || length == 0);
    if (length > 0)
        OPENSSL_cleanse (data, length);
}

char *
h3_digest_to_hex (const void *data, gsize length)
{
    static const char digits[] = "0123456789abcdef";
    const guint8 *bytes = data;
    char *text;

    g_return_val_if_fail ((data != NULL || length == 0) && length < G_MAXSIZE / 2, NULL);
    text = g_malloc (2 * length + 1);
    for (gsize i = 0; i < length; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * length] = '\0';
    return text;
}
