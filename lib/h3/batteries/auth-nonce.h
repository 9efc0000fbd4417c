/* SPDX-License-Identifier: MIT
 *
 * Nonces of the Digest scheme: each says itself when it was made and that we made it, so nothing is
 * kept of those that nobody uses; of those that are used, which requests they came with. Owned by
 * its scheme; all workers, its mutex guards what is kept. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AuthNonces AuthNonces;

typedef enum {
    NONCE_FRESH, /* ours, and this request has not come before: from now on it has */
    NONCE_STALE, /* too old, or used in a way that a copied request would use it */
    NONCE_ALIEN, /* not ours */
} NonceResult;

/* (nullable): `secret` (nullable) is at least 32 bytes; NULL with `error` set: no random bytes. */
AuthNonces *auth_nonces_new (GBytes *secret, guint milliseconds, guint max_used, GError **error);
/* NULL is allowed. */
void auth_nonces_free (AuthNonces *nonces);

/* (transfer full) (nullable): one more; NULL with `error` set: no random bytes. */
char *auth_nonces_make (AuthNonces *nonces, GError **error);

/* (transfer none): the same for all nonces of one secret. */
const char *auth_nonces_get_opaque (const AuthNonces *nonces);

/* Whether a request with this nonce may come, as the `count`-th. To be asked only where the
 * credentials are right: who does not know the password must not use up counts. */
NonceResult auth_nonces_use (AuthNonces *nonces, const char *nonce, guint32 count);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AuthNonces, auth_nonces_free)

G_END_DECLS
