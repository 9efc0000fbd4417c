/* SPDX-License-Identifier: MIT
 *
 * Who may come in: credentials of Authorization verified by one scheme or several, a principal for
 * what stands behind, 401 with the right challenges for others. An H3Auth is counted and set up by
 * one thread; once it is used as middleware it is frozen, and all workers read it.
 * docs/authentication.md has the threats. Since: 0.1 */

#pragma once

#include <h3/batteries/auth-check.h>
#include <h3/batteries/auth-digest.h>
#include <h3/batteries/passwords.h>
#include <h3/crypto/jwt.h>
#include <h3/route/chain.h>

G_BEGIN_DECLS

/* Of verified credentials that are remembered, where passwords are added, and for how long. */
#define H3_AUTH_REMEMBERED      1024
#define H3_AUTH_REMEMBERED_TIME 60000
/* Passwords that wait for a thread; more are answered 503. */
#define H3_AUTH_MAX_WAITING 64

/**
 * H3Auth:
 *
 * Schemes, each at most once, of one realm.
 */
typedef struct _H3Auth H3Auth;

#define H3_TYPE_AUTH (h3_auth_get_type ())
GType h3_auth_get_type (void);

/* `realm` names to users what they come into: a text without controls.
 * Returns: (transfer full): without schemes, so that nobody comes in. */
H3Auth *h3_auth_new (const char *realm);
H3Auth *h3_auth_ref (H3Auth *auth);
/* NULL is allowed. */
void h3_auth_unref (H3Auth *auth);

/**
 * h3_auth_add_passwords:
 * @passwords: (transfer none): who there is; may change at any time
 *
 * Basic (RFC 7617) with a table of scrypt hashes. They are computed on the server's pool of
 * threads; credentials that were right are remembered for a while, see h3_auth_set_memory().
 */
void h3_auth_add_passwords (H3Auth *auth, H3Passwords *passwords);

/* Basic, each user and password verified by `verify` (scope notified), on the event's worker. */
void h3_auth_add_basic (H3Auth *auth, H3AuthVerify verify, gpointer user_data,
                        GDestroyNotify destroy);

/* Bearer (RFC 6750), each token verified by `verify` (scope notified), on the event's worker. */
void h3_auth_add_bearer (H3Auth *auth, H3AuthVerify verify, gpointer user_data,
                         GDestroyNotify destroy);

/* Bearer with JSON Web Tokens: the principal's name is `sub`, its scopes are `scope` (RFC 8693
 * §4.2), its claims the token's. */
void h3_auth_add_jwt (H3Auth *auth, H3JwtVerifier *verifier);

/* Digest (RFC 7616) for clients that can nothing better and for connections without TLS: see
 * <h3/batteries/auth-digest.h>. FALSE with `error` set: H3_ERROR_INVALID for what `options` cannot
 * be, H3_ERROR_FAILED without random bytes. `options` may be NULL: the defaults. */
gboolean h3_auth_add_digest (H3Auth *auth, const H3AuthDigestOptions *options,
                             H3AuthDigestLookup lookup, gpointer user_data, GDestroyNotify destroy,
                             GError **error);

/* Whether who shows nothing comes in without a principal; who shows what is wrong never does. FALSE
 * where nothing is said. */
void h3_auth_set_optional (H3Auth *auth, gboolean is_optional);

/* Credentials of Basic, and of Bearer by a function, that were accepted are accepted again without
 * verifying, for `milliseconds`, the `max_entries` used last of them; 0: none are. Where nothing is
 * said, those of h3_auth_add_passwords() alone, as above. Only a keyed digest of them is kept. Who
 * loses access has it for so long still, but for passwords that are changed or removed: they end at
 * once. */
void h3_auth_set_memory (H3Auth *auth, guint max_entries, guint milliseconds);

/* Returns: (transfer full): early middleware for h3_app_use(). A token in the query is answered 400
 * where Bearer is a scheme: what stands in URLs stands in logs. */
H3Middleware *h3_auth_to_middleware (H3Auth *auth);

/* The same in one call, with one scheme. Returns: (transfer full) */
H3Middleware *h3_auth_new_passwords (const char *realm, H3Passwords *passwords);
H3Middleware *h3_auth_new_basic (const char *realm, H3AuthVerify verify, gpointer user_data,
                                 GDestroyNotify destroy);
H3Middleware *h3_auth_new_bearer (const char *realm, H3AuthVerify verify, gpointer user_data,
                                  GDestroyNotify destroy);
H3Middleware *h3_auth_new_jwt (const char *realm, H3JwtVerifier *verifier);

/**
 * h3_auth_require_scope:
 * @scopes: (nullable): which the principal must have all of, blanks between; %NULL: any principal
 *
 * To be used behind what authenticates. Others are answered 403, by Bearer with insufficient_scope
 * (RFC 6750 §3.1); who is nobody, 401, or 403 where nothing before it asks for credentials.
 *
 * Returns: (transfer full): early middleware for h3_app_use()
 */
H3Middleware *h3_auth_require_scope (const char *scopes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Auth, h3_auth_unref)

G_END_DECLS
