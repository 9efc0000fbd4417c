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

/**
 * H3_AUTH_REMEMBERED:
 *
 * How many verified credentials are remembered where passwords are added.
 *
 * Since: 0.1
 */
#define H3_AUTH_REMEMBERED 1024

/**
 * H3_AUTH_REMEMBERED_TIME:
 *
 * For how many milliseconds verified credentials are remembered where passwords are added.
 *
 * Since: 0.1
 */
#define H3_AUTH_REMEMBERED_TIME 60000

/**
 * H3_AUTH_MAX_WAITING:
 *
 * How many passwords wait for a thread; more are answered 503.
 *
 * Since: 0.1
 */
#define H3_AUTH_MAX_WAITING 64

/**
 * H3Auth:
 *
 * Schemes, each at most once, of one realm. Boxed, reference-counted.
 *
 * Since: 0.1
 */
typedef struct _H3Auth H3Auth;

#define H3_TYPE_AUTH (h3_auth_get_type ())
GType h3_auth_get_type (void);

/**
 * h3_auth_new:
 * @realm: names to users what they come into: a text without controls
 *
 * Makes an authentication without schemes, so that nobody comes in.
 *
 * Returns: (transfer full): without schemes
 *
 * Since: 0.1
 */
H3Auth *h3_auth_new (const char *realm);

/**
 * h3_auth_ref:
 * @auth: an authentication
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @auth
 *
 * Since: 0.1
 */
H3Auth *h3_auth_ref (H3Auth *auth);

/**
 * h3_auth_unref:
 * @auth: (nullable) (transfer full): an authentication
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_auth_unref (H3Auth *auth);

/**
 * h3_auth_add_passwords:
 * @auth: an authentication that is not used yet
 * @passwords: (transfer none): who there is; referenced, may change at any time
 *
 * Adds Basic (RFC 7617) with a table of scrypt hashes. They are computed on the server's pool of
 * threads; credentials that were right are remembered for a while, see h3_auth_set_memory().
 *
 * Since: 0.1
 */
void h3_auth_add_passwords (H3Auth *auth, H3Passwords *passwords);

/**
 * h3_auth_add_basic:
 * @auth: an authentication that is not used yet
 * @verify: (scope notified) (closure user_data) (destroy destroy): called on the event's worker
 * @user_data: (nullable): for @verify
 * @destroy: (nullable): for @user_data, with the end of @auth
 *
 * Adds Basic (RFC 7617), each user and password verified by @verify.
 *
 * Since: 0.1
 */
void h3_auth_add_basic (H3Auth *auth, H3AuthVerify verify, gpointer user_data,
                        GDestroyNotify destroy);

/**
 * h3_auth_add_bearer:
 * @auth: an authentication that is not used yet
 * @verify: (scope notified) (closure user_data) (destroy destroy): called on the event's worker
 * @user_data: (nullable): for @verify
 * @destroy: (nullable): for @user_data, with the end of @auth
 *
 * Adds Bearer (RFC 6750), each token verified by @verify.
 *
 * Since: 0.1
 */
void h3_auth_add_bearer (H3Auth *auth, H3AuthVerify verify, gpointer user_data,
                         GDestroyNotify destroy);

/**
 * h3_auth_add_jwt:
 * @auth: an authentication that is not used yet
 * @verifier: (transfer none): which tokens are good; referenced
 *
 * Adds Bearer with JSON Web Tokens: the principal's name is `sub`, its scopes are `scope` (RFC 8693
 * §4.2), its claims the token's.
 *
 * Since: 0.1
 */
void h3_auth_add_jwt (H3Auth *auth, H3JwtVerifier *verifier);

/**
 * h3_auth_add_digest: (skip)
 * @auth: an authentication that is not used yet
 * @options: (nullable): what is offered; %NULL: the defaults
 * @lookup: (scope notified) (closure user_data) (destroy destroy): called on the event's worker
 * @user_data: (nullable): for @lookup
 * @destroy: (nullable): for @user_data, with the end of @auth
 * @error: %H3_ERROR_INVALID for what @options cannot be, %H3_ERROR_FAILED without random bytes
 *
 * Adds Digest (RFC 7616) for clients that can nothing better and for connections without TLS: see
 * `<h3/batteries/auth-digest.h>`. Bindings have h3_auth_add_passwords() and h3_auth_add_basic().
 *
 * Returns: %FALSE with @error
 *
 * Since: 0.1
 */
gboolean h3_auth_add_digest (H3Auth *auth, const H3AuthDigestOptions *options,
                             H3AuthDigestLookup lookup, gpointer user_data, GDestroyNotify destroy,
                             GError **error);

/**
 * h3_auth_set_optional:
 * @auth: an authentication that is not used yet
 * @is_optional: %FALSE where nothing is said
 *
 * Says whether who shows nothing comes in without a principal; who shows what is wrong never does.
 *
 * Since: 0.1
 */
void h3_auth_set_optional (H3Auth *auth, gboolean is_optional);

/**
 * h3_auth_set_memory:
 * @auth: an authentication that is not used yet
 * @max_entries: how many are remembered, those used last; 0: none are
 * @milliseconds: for how long; above 0 where any are
 *
 * Has credentials of Basic, and of Bearer by a function, that were accepted be accepted again
 * without verifying. Where nothing is said, those of h3_auth_add_passwords() alone,
 * %H3_AUTH_REMEMBERED of them for %H3_AUTH_REMEMBERED_TIME. Only a keyed digest of them is kept.
 * Who loses access has it for so long still, but for passwords that are changed or removed: they
 * end at once.
 *
 * Since: 0.1
 */
void h3_auth_set_memory (H3Auth *auth, guint max_entries, guint milliseconds);

/**
 * h3_auth_to_middleware:
 * @auth: an authentication, which is frozen from now on
 *
 * Makes what lets in only who shows good credentials. A token in the query is answered 400 where
 * Bearer is a scheme: what stands in URLs stands in logs.
 *
 * Returns: (transfer full): early middleware for h3_app_use(), which holds @auth
 *
 * Since: 0.1
 */
H3Middleware *h3_auth_to_middleware (H3Auth *auth);

/**
 * h3_auth_require_password:
 * @realm: as of h3_auth_new()
 * @passwords: (transfer none): as of h3_auth_add_passwords()
 *
 * Makes middleware with h3_auth_add_passwords() alone, in one call.
 *
 * Returns: (transfer full): as of h3_auth_to_middleware()
 *
 * Since: 0.1
 */
H3Middleware *h3_auth_require_password (const char *realm, H3Passwords *passwords);

/**
 * h3_auth_require_basic:
 * @realm: as of h3_auth_new()
 * @verify: (scope notified) (closure user_data) (destroy destroy): called on the event's worker
 * @user_data: (nullable): for @verify
 * @destroy: (nullable): for @user_data, with the end of the middleware
 *
 * Makes middleware with h3_auth_add_basic() alone, in one call.
 *
 * Returns: (transfer full): as of h3_auth_to_middleware()
 *
 * Since: 0.1
 */
H3Middleware *h3_auth_require_basic (const char *realm, H3AuthVerify verify, gpointer user_data,
                                     GDestroyNotify destroy);

/**
 * h3_auth_require_bearer:
 * @realm: as of h3_auth_new()
 * @verify: (scope notified) (closure user_data) (destroy destroy): called on the event's worker
 * @user_data: (nullable): for @verify
 * @destroy: (nullable): for @user_data, with the end of the middleware
 *
 * Makes middleware with h3_auth_add_bearer() alone, in one call.
 *
 * Returns: (transfer full): as of h3_auth_to_middleware()
 *
 * Since: 0.1
 */
H3Middleware *h3_auth_require_bearer (const char *realm, H3AuthVerify verify, gpointer user_data,
                                      GDestroyNotify destroy);

/**
 * h3_auth_require_jwt:
 * @realm: as of h3_auth_new()
 * @verifier: (transfer none): as of h3_auth_add_jwt()
 *
 * Makes middleware with h3_auth_add_jwt() alone, in one call.
 *
 * Returns: (transfer full): as of h3_auth_to_middleware()
 *
 * Since: 0.1
 */
H3Middleware *h3_auth_require_jwt (const char *realm, H3JwtVerifier *verifier);

/**
 * h3_auth_require_scope:
 * @scopes: (nullable): which the principal must have all of, blanks between; %NULL: any principal
 *
 * Makes what lets pass only who may do something. To be used behind what authenticates. Others are
 * answered 403, by Bearer with insufficient_scope (RFC 6750 §3.1); who is nobody, 401, or 403 where
 * nothing before it asks for credentials.
 *
 * Returns: (transfer full): early middleware for h3_app_use()
 *
 * Since: 0.1
 */
H3Middleware *h3_auth_require_scope (const char *scopes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Auth, h3_auth_unref)

G_END_DECLS
