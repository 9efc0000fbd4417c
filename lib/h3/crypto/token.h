/* SPDX-License-Identifier: MIT
 *
 * Sealed tokens: bytes that a client keeps for us as a text it can neither read nor change, good
 * for one purpose and until a moment. An H3Sealer is the keys for them: the newest seals, all open,
 * so a new key takes no token away. It is counted; any thread, several at a time.
 *
 * A token is base64url (RFC 4648 §5) of a version, the key's number, 24 random bytes, and what they
 * and the purpose give a key for (HKDF-SHA-256, then AES-256-GCM): no two share key and nonce. The
 * expiry is sealed with the data. A token can be used again until then: what must not be used twice
 * has to be remembered. Since: 0.1 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * H3_SEALER_MIN_SECRET:
 *
 * The least that a secret has, in bytes.
 *
 * Since: 0.1
 */
#define H3_SEALER_MIN_SECRET 32

/**
 * H3_SEALER_MAX_KEYS:
 *
 * How many keys there are at most: where one more is added the oldest goes.
 *
 * Since: 0.1
 */
#define H3_SEALER_MAX_KEYS 16

/**
 * H3_SEALER_NEVER:
 *
 * The moment for what never expires.
 *
 * Since: 0.1
 */
#define H3_SEALER_NEVER G_MAXINT64

/**
 * H3Sealer:
 *
 * A ring of keys for tokens: bytes that a client keeps for us as a text it can neither read nor
 * change, good for one purpose and until a moment. The newest key seals, all open, so a new key
 * takes no token away.
 *
 * Boxed, reference-counted; any thread, several at a time.
 *
 * A token is base64url (RFC 4648 §5) of a version, the key's number, 24 random bytes, and what
 * they and the purpose give a key for (HKDF-SHA-256, then AES-256-GCM): no two share key and
 * nonce. The expiry is sealed with the data. A token can be used again until then: what must not
 * be used twice has to be remembered.
 *
 * Since: 0.1
 */
typedef struct _H3Sealer H3Sealer;

#define H3_TYPE_SEALER (h3_sealer_get_type ())
GType h3_sealer_get_type (void);

/**
 * h3_sealer_new:
 *
 * Makes a sealer without a key yet.
 *
 * Returns: (transfer full): the sealer
 *
 * Since: 0.1
 */
H3Sealer *h3_sealer_new (void);

/**
 * h3_sealer_ref:
 * @sealer: a sealer
 *
 * Holds the sealer once more. Any thread.
 *
 * Returns: (transfer full): the sealer
 *
 * Since: 0.1
 */
H3Sealer *h3_sealer_ref (H3Sealer *sealer);

/**
 * h3_sealer_unref:
 * @sealer: (nullable) (transfer full): a sealer; %NULL is allowed
 *
 * Lets go of the sealer, which ends with its last reference. Any thread.
 *
 * Since: 0.1
 */
void h3_sealer_unref (H3Sealer *sealer);

/**
 * h3_sealer_add_key:
 * @sealer: a sealer
 * @secret: random bytes, at least %H3_SEALER_MIN_SECRET; they are not kept, keys are made of them
 * @error: %H3_ERROR_INVALID where @secret is too short
 *
 * Adds a key of a secret. Any thread, at any time.
 *
 * From now on this key seals. Machines that shall open one another's tokens are given the same
 * secrets; a new one first behind the old one everywhere, then before it. One that is there
 * already becomes the newest.
 *
 * Returns: %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean h3_sealer_add_key (H3Sealer *sealer, GBytes *secret, GError **error);

/**
 * h3_sealer_generate_key:
 * @sealer: a sealer
 * @error: %H3_ERROR_FAILED where there are no random bytes
 *
 * Adds a key that nobody else has and that ends with the sealer, and its tokens with it. Any
 * thread, at any time.
 *
 * Returns: %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean h3_sealer_generate_key (H3Sealer *sealer, GError **error);

/**
 * h3_sealer_get_n_keys:
 * @sealer: a sealer
 *
 * Tells how many keys there are. Any thread.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint h3_sealer_get_n_keys (H3Sealer *sealer);

/**
 * h3_sealer_seal:
 * @sealer: a sealer with a key
 * @purpose: what for, not empty: a token for one purpose is none for another
 * @data: (array length=length) (element-type guint8) (nullable): what the token holds
 * @length: its bytes, at most 1 GiB
 * @expires: seconds since 1970, from which on it is not opened; or %H3_SEALER_NEVER
 * @error: %H3_ERROR_NOT_FOUND without a key, %H3_ERROR_FAILED without random bytes
 *
 * Makes a token. Any thread.
 *
 * Returns: (transfer full): the token; %NULL with @error set: then give no answer
 *
 * Since: 0.1
 */
char *h3_sealer_seal (H3Sealer *sealer, const char *purpose, const void *data, gsize length,
                      gint64 expires, GError **error);

/**
 * h3_sealer_open:
 * @sealer: a sealer
 * @purpose: as when it was sealed
 * @text: what a client sent, be it what it may
 * @error: %H3_ERROR_TIMEOUT where it has expired, %H3_ERROR_INVALID where it is no token of ours
 *   for this purpose
 *
 * Takes what a token holds. Any thread.
 *
 * Returns: (transfer full): what the token holds, wiped with its last reference; %NULL
 *   with @error set
 *
 * Since: 0.1
 */
GBytes *h3_sealer_open (H3Sealer *sealer, const char *purpose, const char *text, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Sealer, h3_sealer_unref)

G_END_DECLS
