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

/* The least that a secret has, in bytes. */
#define H3_SEALER_MIN_SECRET 32
/* Where one more key is added the oldest goes. */
#define H3_SEALER_MAX_KEYS 16

/* For what never expires. */
#define H3_SEALER_NEVER G_MAXINT64

/**
 * H3Sealer:
 *
 * A ring of keys.
 */
typedef struct _H3Sealer H3Sealer;

#define H3_TYPE_SEALER (h3_sealer_get_type ())
GType h3_sealer_get_type (void);

/* Returns: (transfer full): without a key yet. */
H3Sealer *h3_sealer_new (void);
/* Returns: (transfer full) */
H3Sealer *h3_sealer_ref (H3Sealer *sealer);
/* (nullable) */
void h3_sealer_unref (H3Sealer *sealer);

/**
 * h3_sealer_add_key:
 * @secret: random bytes, at least H3_SEALER_MIN_SECRET; they are not kept, keys are made of them
 *
 * From now on this key seals. Machines that shall open one another's tokens are given the same
 * secrets; a new one first behind the old one everywhere, then before it. One that is there already
 * becomes the newest.
 *
 * Returns: FALSE with @error set: H3_ERROR_INVALID where it is too short
 */
gboolean h3_sealer_add_key (H3Sealer *sealer, GBytes *secret, GError **error);

/* A key that nobody else has and that ends with the sealer, and its tokens with it. FALSE with
 * `error` set: there are no random bytes. */
gboolean h3_sealer_generate_key (H3Sealer *sealer, GError **error);

guint h3_sealer_get_n_keys (H3Sealer *sealer);

/**
 * h3_sealer_seal:
 * @purpose: what for, not empty: a token for one purpose is none for another
 * @data: (nullable): what the token holds
 * @length: its bytes, at most 1 GiB
 * @expires: seconds since 1970, from which on it is not opened; or H3_SEALER_NEVER
 *
 * Returns: (transfer full) (nullable): the token. NULL with @error set: H3_ERROR_NOT_FOUND without
 * a key, H3_ERROR_FAILED without random bytes: then give no answer
 */
char *h3_sealer_seal (H3Sealer *sealer, const char *purpose, const void *data, gsize length,
                      gint64 expires, GError **error);

/**
 * h3_sealer_open:
 * @purpose: as when it was sealed
 * @text: what a client sent, be it what it may
 *
 * Returns: (transfer full) (nullable): what the token holds, wiped with its last reference. NULL
 * with
 *   @error set: H3_ERROR_TIMEOUT where it has expired, H3_ERROR_INVALID where it is no token of
 * ours for this purpose
 */
GBytes *h3_sealer_open (H3Sealer *sealer, const char *purpose, const char *text, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Sealer, h3_sealer_unref)

G_END_DECLS
