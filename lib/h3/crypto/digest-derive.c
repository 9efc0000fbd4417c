/* SPDX-License-Identifier: MIT */

#include "digest.h"

#include <h3/base/error.h>

#include <openssl/evp.h>
#include <string.h>

/* RFC 5869 §2.3 counts the blocks of a key in one byte. */
#define MAX_HKDF_BLOCKS 255

/* T(i) = HMAC (key, T(i - 1) | info | i) */
static gboolean
expand_block (H3Digest *hmac, guint8 *block, guint8 number, const void *info, gsize info_length,
              GError **error)
{
    if (number > 1)
        h3_digest_update (hmac, block, h3_digest_get_length (h3_digest_get_kind (hmac)));
    h3_digest_update (hmac, info, info_length);
    h3_digest_update (hmac, &number, 1);
    return h3_digest_finish (hmac, block, error);
}

static gboolean
expand (H3DigestKind kind, const guint8 *key, const void *info, gsize info_length, guint8 *out,
        gsize out_length, GError **error)
{
    gsize length = h3_digest_get_length (kind);
    guint8 block[H3_DIGEST_MAX_LENGTH];
    guint8 number = 0;
    gboolean done = TRUE;

    while (done && out_length > 0) {
        g_autoptr (H3Digest) hmac = h3_digest_new_hmac (kind, key, length, error);
        gsize part = MIN (length, out_length);

        done = hmac != NULL && expand_block (hmac, block, ++number, info, info_length, error);
        if (done)
            memcpy (out, block, part);
        out += part;
        out_length -= part;
    }
    h3_digest_wipe (block, sizeof block);
    return done;
}

gboolean
h3_digest_derive_hkdf (H3DigestKind kind, const void *secret, gsize secret_length, const void *salt,
                       gsize salt_length, const void *info, gsize info_length, guint8 *out,
                       gsize out_length, GError **error)
{
    gsize length = h3_digest_get_length (kind);
    guint8 key[H3_DIGEST_MAX_LENGTH];
    gboolean done;

    g_return_val_if_fail (length > 0 && (out != NULL || out_length == 0), FALSE);
    if (out_length > MAX_HKDF_BLOCKS * length) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "a derived key of %" G_GSIZE_FORMAT
                     " bytes is too long: at most %" G_GSIZE_FORMAT,
                     out_length, MAX_HKDF_BLOCKS * length);
        return FALSE;
    }
    /* No salt is one of zeros, which an empty key of HMAC is (RFC 5869 §2.2). */
    done = h3_digest_compute_hmac (kind, salt, salt_length, secret, secret_length, key, error)
           && expand (kind, key, info, info_length, out, out_length, error);
    h3_digest_wipe (key, sizeof key);
    if (!done)
        h3_digest_wipe (out, out_length);
    return done;
}

/* OpenSSL counts these in an int. */
static gboolean
fits (gsize length, const char *what, GError **error)
{
    if (length <= G_MAXINT)
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID, "the %s is too long", what);
    return FALSE;
}

static const EVP_MD *
method_of (H3DigestKind kind)
{
    switch (kind) {
    case H3_DIGEST_MD5:
        return EVP_md5 ();
    case H3_DIGEST_SHA1:
        return EVP_sha1 ();
    case H3_DIGEST_SHA256:
        return EVP_sha256 ();
    case H3_DIGEST_SHA384:
        return EVP_sha384 ();
    case H3_DIGEST_SHA512:
        return EVP_sha512 ();
    case H3_DIGEST_SHA512_256:
        return EVP_sha512_256 ();
    }
    return NULL;
}

gboolean
h3_digest_derive_pbkdf2 (H3DigestKind kind, const char *password, gsize password_length,
                         const void *salt, gsize salt_length, guint iterations, guint8 *out,
                         gsize out_length, GError **error)
{
    g_return_val_if_fail (method_of (kind) != NULL, FALSE);
    g_return_val_if_fail (password != NULL || password_length == 0, FALSE);
    g_return_val_if_fail (salt != NULL || salt_length == 0, FALSE);
    g_return_val_if_fail (out != NULL && out_length > 0, FALSE);
    if (!fits (password_length, "password", error) || !fits (salt_length, "salt", error)
        || !fits (out_length, "derived key", error) || !fits (iterations, "count", error))
        return FALSE;
    if (iterations == 0) {
        g_set_error_literal (error, H3_ERROR, H3_ERROR_INVALID,
                             "a key needs at least one iteration");
        return FALSE;
    }
    if (PKCS5_PBKDF2_HMAC (password_length > 0 ? password : "", (int) password_length, salt,
                           (int) salt_length, (int) iterations, method_of (kind), (int) out_length,
                           out)
        == 1)
        return TRUE;
    g_set_error_literal (error, H3_ERROR, H3_ERROR_FAILED, "the system's OpenSSL derives no key");
    return FALSE;
}

gboolean
h3_digest_derive_scrypt (const char *password, gsize password_length, const void *salt,
                         gsize salt_length, guint64 cost, guint64 block_size, guint64 parallel,
                         guint64 memory_limit, guint8 *out, gsize out_length, GError **error)
{
    g_return_val_if_fail (password != NULL || password_length == 0, FALSE);
    g_return_val_if_fail (salt != NULL || salt_length == 0, FALSE);
    g_return_val_if_fail (out != NULL && out_length > 0, FALSE);
    if (EVP_PBE_scrypt (password_length > 0 ? password : "", password_length,
                        salt_length > 0 ? salt : (const void *) "", salt_length, cost, block_size,
                        parallel, memory_limit, out, out_length)
        == 1)
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                 "scrypt cannot be asked for a cost of %" G_GUINT64_FORMAT
                 ", blocks of %" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT
                 " in parallel within %" G_GUINT64_FORMAT " bytes of memory",
                 cost, block_size, parallel, memory_limit);
    return FALSE;
}
