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
 *
 * Which digest.
 *
 * Since: 0.1
 */
typedef enum {
    H3_DIGEST_MD5,
    H3_DIGEST_SHA1,
    H3_DIGEST_SHA256,
    H3_DIGEST_SHA384,
    H3_DIGEST_SHA512,
    H3_DIGEST_SHA512_256,
} H3DigestKind;

/**
 * H3_DIGEST_MAX_LENGTH:
 *
 * How many bytes the longest digest has.
 *
 * Since: 0.1
 */
#define H3_DIGEST_MAX_LENGTH 64

/**
 * h3_digest_get_length:
 * @kind: which digest
 *
 * Tells how long a digest is. Any thread.
 *
 * Returns: its bytes
 *
 * Since: 0.1
 */
gsize h3_digest_get_length (H3DigestKind kind);

/**
 * H3Digest: (skip)
 *
 * A digest of what comes in pieces.
 *
 * One owner; one thread at a time. What it keeps of a secret is wiped. Bindings have GLib's
 * #GChecksum and #GHmac.
 *
 * Since: 0.1
 */
typedef struct _H3Digest H3Digest;

/**
 * h3_digest_new: (skip)
 * @kind: which digest
 * @error: %H3_ERROR_FAILED where the system's library has no such digest or no memory
 *
 * Begins a digest.
 *
 * Returns: (transfer full): the digest of nothing yet; %NULL with @error set
 *
 * Since: 0.1
 */
H3Digest *h3_digest_new (H3DigestKind kind, GError **error);

/**
 * h3_digest_new_hmac: (skip)
 * @kind: which digest
 * @key: (array length=key_length) (element-type guint8) (nullable): the secret, which is copied
 * @key_length: its bytes
 * @error: %H3_ERROR_FAILED where the system's library has no such digest or no memory
 *
 * Begins a digest with a key (HMAC, RFC 2104).
 *
 * Returns: (transfer full): the digest of nothing yet; %NULL with @error set
 *
 * Since: 0.1
 */
H3Digest *h3_digest_new_hmac (H3DigestKind kind, const void *key, gsize key_length, GError **error);

/**
 * h3_digest_free: (skip)
 * @digest: (nullable) (transfer full): a digest; %NULL is allowed
 *
 * Wipes and frees a digest.
 *
 * Since: 0.1
 */
void h3_digest_free (H3Digest *digest);

/**
 * h3_digest_get_kind: (skip)
 * @digest: a digest
 *
 * Tells which digest it is.
 *
 * Returns: its kind
 *
 * Since: 0.1
 */
H3DigestKind h3_digest_get_kind (const H3Digest *digest);

/**
 * h3_digest_update: (skip)
 * @digest: a digest that is not finished
 * @data: (array length=length) (element-type guint8) (nullable): the next bytes
 * @length: how many
 *
 * Adds bytes. A failure is kept, and told by h3_digest_finish().
 *
 * Since: 0.1
 */
void h3_digest_update (H3Digest *digest, const void *data, gsize length);

/**
 * h3_digest_finish: (skip)
 * @digest: a digest that is not finished
 * @out: takes h3_digest_get_length() bytes
 * @error: %H3_ERROR_FAILED where the system's library failed, here or before
 *
 * Ends the digest. Once: nothing can be added after it.
 *
 * Returns: %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean h3_digest_finish (H3Digest *digest, guint8 *out, GError **error);

/**
 * h3_digest_compute: (skip)
 * @kind: which digest
 * @data: (array length=length) (element-type guint8) (nullable): any bytes
 * @length: how many
 * @out: takes h3_digest_get_length() bytes
 * @error: %H3_ERROR_FAILED where the system's library has no such digest or no memory
 *
 * Makes the digest of bytes all at once. Any thread. Bindings have g_compute_checksum_for_bytes().
 *
 * Returns: %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean h3_digest_compute (H3DigestKind kind, const void *data, gsize length, guint8 *out,
                            GError **error);

/**
 * h3_digest_compute_hmac: (skip)
 * @kind: which digest
 * @key: (array length=key_length) (element-type guint8) (nullable): the secret
 * @key_length: its bytes
 * @data: (array length=length) (element-type guint8) (nullable): any bytes
 * @length: how many
 * @out: takes h3_digest_get_length() bytes
 * @error: %H3_ERROR_FAILED where the system's library has no such digest or no memory
 *
 * Makes the digest of bytes with a key (HMAC, RFC 2104) all at once. Any thread. Bindings have
 * g_compute_hmac_for_bytes().
 *
 * Returns: %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean h3_digest_compute_hmac (H3DigestKind kind, const void *key, gsize key_length,
                                 const void *data, gsize length, guint8 *out, GError **error);

/**
 * h3_digest_derive_hkdf: (skip)
 * @kind: which digest
 * @secret: (array length=secret_length) (element-type guint8): a secret that is random already
 * @secret_length: its bytes
 * @salt: (array length=salt_length) (element-type guint8) (nullable): what may be known, and is
 *   better random
 * @salt_length: its bytes
 * @info: (array length=info_length) (element-type guint8) (nullable): what the key is for
 * @info_length: its bytes
 * @out: takes the key
 * @out_length: bytes of the key, at most 255 digests long
 * @error: %H3_ERROR_INVALID where the arguments cannot be, %H3_ERROR_FAILED where the system's
 *   library failed
 *
 * Makes a key from a secret that is random already (HKDF, RFC 5869). Any thread.
 *
 * Returns: %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean h3_digest_derive_hkdf (H3DigestKind kind, const void *secret, gsize secret_length,
                                const void *salt, gsize salt_length, const void *info,
                                gsize info_length, guint8 *out, gsize out_length, GError **error);

/**
 * h3_digest_derive_pbkdf2: (skip)
 * @kind: which digest
 * @password: (array length=password_length) (element-type guint8) (nullable): the password
 * @password_length: its bytes
 * @salt: (array length=salt_length) (element-type guint8) (nullable): random bytes of this
 *   password's own
 * @salt_length: its bytes
 * @iterations: how often it is done, at least once
 * @out: takes the key
 * @out_length: bytes of the key
 * @error: %H3_ERROR_INVALID where the arguments cannot be, %H3_ERROR_FAILED where the system's
 *   library failed
 *
 * Makes a key from a password (PBKDF2, RFC 8018). Any thread; with many iterations it takes long:
 * not on a worker.
 *
 * Returns: %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean h3_digest_derive_pbkdf2 (H3DigestKind kind, const char *password, gsize password_length,
                                  const void *salt, gsize salt_length, guint iterations,
                                  guint8 *out, gsize out_length, GError **error);

/**
 * h3_digest_derive_scrypt: (skip)
 * @password: (array length=password_length) (element-type guint8) (nullable): the password
 * @password_length: its bytes
 * @salt: (array length=salt_length) (element-type guint8) (nullable): random bytes of this
 *   password's own
 * @salt_length: its bytes
 * @cost: how often it is done, a power of two above one
 * @block_size: the size of a block, in units of 128 bytes
 * @parallel: how many times all of it is done
 * @memory_limit: the most memory it may take, in bytes: it takes about 128 × @cost × @block_size
 * @out: takes the key
 * @out_length: bytes of the key
 * @error: %H3_ERROR_INVALID where the arguments cannot be, or it would take more than
 *   @memory_limit; %H3_ERROR_FAILED where the system's library failed
 *
 * Makes a key from a password, dear in memory as well (scrypt, RFC 7914). Any thread; it takes
 * long: not on a worker, see h3_event_offload(). Bindings have h3_password_hash().
 *
 * Returns: %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean h3_digest_derive_scrypt (const char *password, gsize password_length, const void *salt,
                                  gsize salt_length, guint64 cost, guint64 block_size,
                                  guint64 parallel, guint64 memory_limit, guint8 *out,
                                  gsize out_length, GError **error);

/**
 * h3_digest_fill_random: (skip)
 * @out: takes the bytes
 * @length: how many
 * @error: %H3_ERROR_FAILED where the system has none
 *
 * Fetches bytes of the system's cryptographic source. Any thread. Bindings have what their
 * language offers; h3_key_generate() and h3_sealer_generate_key() make secrets.
 *
 * Returns: %FALSE with @error set: @out must not be used, and who needed a secret gives no answer
 *
 * Since: 0.1
 */
gboolean h3_digest_fill_random (void *out, gsize length, GError **error);

/**
 * h3_digest_equal: (skip)
 * @a: (array length=length) (element-type guint8) (nullable): bytes
 * @b: (array length=length) (element-type guint8) (nullable): others
 * @length: how many of each
 *
 * Tells whether bytes are the same, in a time that tells nothing of where they differ. Any thread.
 *
 * Returns: %TRUE when they are
 *
 * Since: 0.1
 */
gboolean h3_digest_equal (const void *a, const void *b, gsize length);

/**
 * h3_digest_wipe: (skip)
 * @data: (array length=length) (element-type guint8) (nullable): bytes
 * @length: how many
 *
 * Zeros bytes, also where the compiler sees that nobody reads them any more. Any thread.
 *
 * Since: 0.1
 */
void h3_digest_wipe (void *data, gsize length);

/**
 * h3_digest_to_hex:
 * @data: (array length=length) (element-type guint8) (nullable): bytes
 * @length: how many
 *
 * Writes bytes as text, two lower-case digits each. Any thread.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *h3_digest_to_hex (const void *data, gsize length) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Digest, h3_digest_free)

G_END_DECLS
