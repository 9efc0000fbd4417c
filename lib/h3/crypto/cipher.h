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
 *
 * Which cipher.
 *
 * Since: 0.1
 */
typedef enum {
    H3_CIPHER_AES_128_GCM,
    H3_CIPHER_AES_256_GCM,
    H3_CIPHER_CHACHA20_POLY1305,
} H3CipherKind;

/**
 * H3_CIPHER_NONCE_LENGTH:
 *
 * How many bytes a nonce has.
 *
 * Since: 0.1
 */
#define H3_CIPHER_NONCE_LENGTH 12

/**
 * H3_CIPHER_TAG_LENGTH:
 *
 * How many bytes longer than its content a sealed message is.
 *
 * Since: 0.1
 */
#define H3_CIPHER_TAG_LENGTH 16

/**
 * H3_CIPHER_MAX_KEY_LENGTH:
 *
 * How many bytes the longest key has.
 *
 * Since: 0.1
 */
#define H3_CIPHER_MAX_KEY_LENGTH 32

/**
 * H3Cipher: (skip)
 *
 * A key and what it is used with: what is sealed can neither be read nor changed without it (AEAD:
 * AES-GCM, NIST SP 800-38D; ChaCha20-Poly1305, RFC 8439).
 *
 * One owner. It does not change once it is made: any thread may seal and open, several at a time.
 * Its key is wiped with it. For what expires and travels as text, and for bindings, there is
 * #H3Sealer.
 *
 * Since: 0.1
 */
typedef struct _H3Cipher H3Cipher;

/**
 * h3_cipher_get_key_length:
 * @kind: which cipher
 *
 * Tells how long a key is. Any thread.
 *
 * Returns: its bytes
 *
 * Since: 0.1
 */
gsize h3_cipher_get_key_length (H3CipherKind kind);

/**
 * h3_cipher_new: (skip)
 * @kind: which cipher
 * @key: (array length=key_length) (element-type guint8): random bytes, copied
 * @key_length: its bytes
 * @error: %H3_ERROR_INVALID where @key_length is not h3_cipher_get_key_length(), %H3_ERROR_FAILED
 *   where the system's library has no such cipher
 *
 * Makes a cipher of a key.
 *
 * Returns: (transfer full): the cipher, to be freed with h3_cipher_free(); %NULL with
 *   @error set
 *
 * Since: 0.1
 */
H3Cipher *h3_cipher_new (H3CipherKind kind, const void *key, gsize key_length, GError **error);

/**
 * h3_cipher_free: (skip)
 * @cipher: (nullable) (transfer full): a cipher; %NULL is allowed
 *
 * Wipes the key and frees the cipher.
 *
 * Since: 0.1
 */
void h3_cipher_free (H3Cipher *cipher);

/**
 * h3_cipher_get_kind: (skip)
 * @cipher: a cipher
 *
 * Tells which cipher it is. Any thread.
 *
 * Returns: its kind
 *
 * Since: 0.1
 */
H3CipherKind h3_cipher_get_kind (const H3Cipher *cipher);

/**
 * h3_cipher_seal: (skip)
 * @cipher: a cipher
 * @nonce: %H3_CIPHER_NONCE_LENGTH bytes that this key has never met: with the same ones twice it
 *   keeps no secret. Count them, or draw them at random for at most 2³² messages
 * @associated: (array length=associated_length) (element-type guint8) (nullable): what is not
 *   sealed, but must be the same when it is opened
 * @associated_length: its bytes
 * @data: (array length=length) (element-type guint8) (nullable): what is sealed
 * @length: its bytes, at most 2 GiB
 * @out: room for @length + %H3_CIPHER_TAG_LENGTH bytes; may be where @data lies
 * @error: %H3_ERROR_INVALID where it is too long, %H3_ERROR_FAILED where the system's library
 *   failed
 *
 * Seals bytes. Any thread.
 *
 * Returns: %FALSE with @error set: @out has nothing of @data then, unless it lies there
 *
 * Since: 0.1
 */
gboolean h3_cipher_seal (const H3Cipher *cipher, const guint8 *nonce, const void *associated,
                         gsize associated_length, const void *data, gsize length, guint8 *out,
                         GError **error);

/**
 * h3_cipher_open: (skip)
 * @cipher: a cipher
 * @nonce: that with which it was sealed
 * @associated: (array length=associated_length) (element-type guint8) (nullable): that with which
 *   it was sealed
 * @associated_length: its bytes
 * @sealed: (array length=length) (element-type guint8): what h3_cipher_seal() wrote
 * @length: its bytes, the tag's with them
 * @out: room for @length - %H3_CIPHER_TAG_LENGTH bytes; may be where @sealed lies
 * @error: %H3_ERROR_INVALID where the key, the nonce or @associated was another or something was
 *   changed, %H3_ERROR_FAILED where the system's library failed
 *
 * Opens what was sealed. Any thread.
 *
 * Returns: %FALSE with @error set; @out has nothing of it then
 *
 * Since: 0.1
 */
gboolean h3_cipher_open (const H3Cipher *cipher, const guint8 *nonce, const void *associated,
                         gsize associated_length, const void *sealed, gsize length, guint8 *out,
                         GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Cipher, h3_cipher_free)

G_END_DECLS
