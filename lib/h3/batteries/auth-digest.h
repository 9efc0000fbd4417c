/* SPDX-License-Identifier: MIT
 *
 * What the Digest scheme (RFC 7616) is told. Passwords do not travel, but what a server keeps of
 * them is as good as they are, and slow hashes cannot be used: where there is TLS, take passwords
 * of <h3/batteries/passwords.h>. Since: 0.1 */

#pragma once

#include <h3/crypto/digest.h>
#include <h3/http/digest-credentials.h>

G_BEGIN_DECLS

/**
 * H3AuthDigestOptions: (skip)
 * @algorithms: what is offered, in this order, blanks between: SHA-256, SHA-512-256, MD5, each also
 *   with -sess
 * @qop: "auth", "auth-int" or "auth auth-int"; auth-int takes the body into account, so that the
 *   middleware is not early then, and routes must keep their bodies whole
 * @nonce_time: milliseconds a nonce is good for
 * @max_nonces: how many nonces that are in use are remembered, so that no request is sent twice
 * @secret: (nullable): at least 32 random bytes, which several servers share that take one
 *   another's nonces; each remembers by itself what was used. %NULL: random
 *
 * What the Digest scheme offers. To be filled by h3_auth_digest_options_init() first.
 *
 * Since: 0.1
 */
typedef struct {
    const char *algorithms; /* borrowed: the caller, for the call; as the others */
    const char *qop;
    guint nonce_time;
    guint max_nonces;
    GBytes *secret;
} H3AuthDigestOptions;

/**
 * h3_auth_digest_options_init: (skip)
 * @options: what is filled
 *
 * Sets "SHA-256", "auth", five minutes, 10000, %NULL.
 *
 * Since: 0.1
 */
void h3_auth_digest_options_init (H3AuthDigestOptions *options);

/**
 * H3AuthDigestLookup: (skip)
 * @user: UTF-8 without controls
 * @kind: the digest that is asked for
 * @realm: the realm
 * @out: room for %H3_DIGEST_CREDENTIALS_ROOM: h3_digest_credentials_hash_password()
 * @user_data: (nullable) (closure): what was registered with it
 *
 * Looks for what is kept of a user's password. Called on the event's worker, which it must not hold
 * up.
 *
 * Returns: %FALSE where there is no such user; @out then does not matter
 *
 * Since: 0.1
 */
typedef gboolean (*H3AuthDigestLookup) (const char *user, H3DigestKind kind, const char *realm,
                                        char *out, gpointer user_data);

G_END_DECLS
