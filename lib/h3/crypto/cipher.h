/* SPDX-License-Identifier: MIT
 *
 * Sealing with a key: what is sealed can neither be read nor changed without it (AEAD: AES-GCM,
 * NIST SP 800-38D; ChaCha20-Poly1305, RFC 8439). An H3Cipher has one owner and does not change once
 * it is made: any thread may seal and open, several at a time. Its key is wiped with it. For what
 * expires and travels as text see <h3/crypto/token.h>. Since: 0.1 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * H3CipherKind:
 * @H3_CIPHER_AES_128_GCM: a key of 16 bytes
 * @H3_CIPHER_AES_256_GCM: a key of 32 bytes
 * @H3_CIPHER_CHACHA20_POLY1305: a key of 32 bytes; quick where the processor knows no AES
 */
typedef enum {
    H3_CIPHER_AES_128_GCM,
    H3_CIPHER_AES_256_GCM,
    H3_CIPHER_CHACHA20_POLY1305,
} H3CipherKind;

#define H3_CIPHER_NONCE_LENGTH   12
#define H3_CIPHER_TAG_LENGTH     16
#define H3_CIPHER_MAX_KEY_LENGTH 32

/**
 * H3Cipher: (skip)
 *
 * A key and what it is used with.
 */
typedef struct _H3Cipher H3Cipher;

/* Bytes of a key of this kind. */
gsize h3_cipher_get_key_length (H3CipherKind kind);

/**
 * h3_cipher_new: (skip)
 * @key: random bytes, copied
 * @key_length: H3_ERROR_INVALID where it is not h3_cipher_get_key_length ()
 *
 * Returns: (transfer full) (nullable): NULL with @error set, H3_ERROR_FAILED where the system's
 *   library has no such cipher
 */
H3Cipher *h3_cipher_new (H3CipherKind kind, const void *key, gsize key_length, GError **error);
/* (nullable) */
void h3_cipher_free (H3Cipher *cipher);

H3CipherKind h3_cipher_get_kind (const H3Cipher *cipher);

/**
 * h3_cipher_seal: (skip)
 * @nonce: H3_CIPHER_NONCE_LENGTH bytes that this key has never met: with the same ones twice it
 *   keeps no secret. Count them, or draw them at random for at most 2³² messages
 * @associated: (nullable): what is not sealed, but must be the same when it is opened
 * @data: (nullable): what is sealed, at most 2 GiB
 * @out: room for @length + H3_CIPHER_TAG_LENGTH bytes; may be where @data lies
 *
 * Returns: FALSE with @error set: @out has nothing of @data then, unless it lies there
 */
gboolean h3_cipher_seal (const H3Cipher *cipher, const guint8 *nonce, const void *associated,
                         gsize associated_length, const void *data, gsize length, guint8 *out,
                         GError **error);

/**
 * h3_cipher_open: (skip)
 * @sealed: what h3_cipher_seal () wrote
 * @length: its bytes, the tag's with them
 * @out: room for @length - H3_CIPHER_TAG_LENGTH bytes; may be where @sealed lies
 *
 * Returns: FALSE with @error set, H3_ERROR_INVALID where the key, the nonce or @associated was
 *   another or something was changed; @out has nothing of it then
 */
gboolean h3_cipher_open (const H3Cipher *cipher, const guint8 *nonce, const void *associated,
                         gsize associated_length, const void *sealed, gsize length, guint8 *out,
                         GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Cipher, h3_cipher_free)

G_END_DECLS
