/* SPDX-License-Identifier: MIT
 *
 * Digests, their keyed form, keys derived from secrets and passwords, random bytes, and comparing
 * what must not be told. Functions hold nothing and may be called by any thread; an H3Digest
 * belongs to one thread at a time. What they keep of a secret is wiped. Lengths of NULL are 0.
 * Errors are H3_ERROR_INVALID where the arguments cannot be, H3_ERROR_FAILED where the system's
 * library has no such digest or no memory. Since: 0.1 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * H3DigestKind:
 * @H3_DIGEST_MD5: broken; where a protocol demands it
 * @H3_DIGEST_SHA1: broken for signatures; where a protocol demands it
 * @H3_DIGEST_SHA256: SHA-256 (FIPS 180-4)
 * @H3_DIGEST_SHA384: SHA-384
 * @H3_DIGEST_SHA512: SHA-512
 * @H3_DIGEST_SHA512_256: SHA-512/256
 */
typedef enum {
    H3_DIGEST_MD5,
    H3_DIGEST_SHA1,
    H3_DIGEST_SHA256,
    H3_DIGEST_SHA384,
    H3_DIGEST_SHA512,
    H3_DIGEST_SHA512_256,
} H3DigestKind;

/* Of the longest kind. */
#define H3_DIGEST_MAX_LENGTH 64

/* Bytes of a digest of this kind. */
gsize h3_digest_get_length (H3DigestKind kind);

/**
 * H3Digest: (skip)
 *
 * A digest of what comes in pieces.
 */
typedef struct _H3Digest H3Digest;

/* Returns: (transfer full) (nullable): NULL with `error` set. */
H3Digest *h3_digest_new (H3DigestKind kind, GError **error);
/* With `key`, HMAC (RFC 2104); it is copied. Returns: (transfer full) (nullable) */
H3Digest *h3_digest_new_hmac (H3DigestKind kind, const void *key, gsize key_length, GError **error);
/* (nullable) */
void h3_digest_free (H3Digest *digest);

H3DigestKind h3_digest_get_kind (const H3Digest *digest);

/* A failure is kept, and told by h3_digest_finish (). */
void h3_digest_update (H3Digest *digest, const void *data, gsize length);

/* Writes h3_digest_get_length () bytes to `out`. Once: nothing can be added after it. */
gboolean h3_digest_finish (H3Digest *digest, guint8 *out, GError **error);

/* All at once; `out` as above. */
gboolean h3_digest_compute (H3DigestKind kind, const void *data, gsize length, guint8 *out,
                            GError **error);
gboolean h3_digest_compute_hmac (H3DigestKind kind, const void *key, gsize key_length,
                                 const void *data, gsize length, guint8 *out, GError **error);

/* A key of `out_length` bytes, at most 255 digests long, from a secret that is random already
 * (HKDF, RFC 5869); `info` says what for. `salt` and `info` may be NULL. */
gboolean h3_digest_derive_hkdf (H3DigestKind kind, const void *secret, gsize secret_length,
                                const void *salt, gsize salt_length, const void *info,
                                gsize info_length, guint8 *out, gsize out_length, GError **error);

/* A key from a password (PBKDF2, RFC 8018); `iterations` is at least one. */
gboolean h3_digest_derive_pbkdf2 (H3DigestKind kind, const char *password, gsize password_length,
                                  const void *salt, gsize salt_length, guint iterations,
                                  guint8 *out, gsize out_length, GError **error);

/* A key from a password, dear in memory as well (scrypt, RFC 7914): about 128 × `cost` ×
 * `block_size` bytes, above `memory_limit` an error. `cost` is a power of two above one. It takes
 * long: not on a worker, see h3_event_offload (). */
gboolean h3_digest_derive_scrypt (const char *password, gsize password_length, const void *salt,
                                  gsize salt_length, guint64 cost, guint64 block_size,
                                  guint64 parallel, guint64 memory_limit, guint8 *out,
                                  gsize out_length, GError **error);

/* Bytes of the system's cryptographic source. FALSE: `out` must not be used, and who needed a
 * secret gives no answer. */
gboolean h3_digest_fill_random (void *out, gsize length, GError **error);

/* In a time that tells nothing of where they differ. */
gboolean h3_digest_equal (const void *a, const void *b, gsize length);

/* Zeros `data`, also where the compiler sees that nobody reads it any more. */
void h3_digest_wipe (void *data, gsize length);

/* Returns: (transfer full): two lower-case digits a byte. */
char *h3_digest_to_hex (const void *data, gsize length) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Digest, h3_digest_free)

G_END_DECLS
