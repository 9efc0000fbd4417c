/* SPDX-License-Identifier: MIT
 *
 * Middleware that gives events their sessions (<h3/batteries/session.h>), kept in a store under the
 * hash of a random id, or sealed in the cookie itself. Made before the start, frozen then, read by
 * all workers. docs/sessions.md has the threats and what stands against each. Since: 0.1 */

#pragma once

#include <h3/crypto/token.h>
#include <h3/format/cookie.h>
#include <h3/route/chain.h>
#include <h3/store/store.h>

G_BEGIN_DECLS

/**
 * H3SessionsOptions:
 * @store: (nullable): where sessions are kept; %NULL: a memory store of their own
 * @sealer: (nullable): keys; sessions then are sealed in the cookie, and no store is asked
 * @name: (nullable): of the cookie; %NULL: "__Host-session" over TLS, else "session"
 * @path: of the cookie
 * @domain: (nullable): of the cookie; %NULL: the host alone
 * @idle_time: seconds without a request until a session ends, at least 60
 * @absolute_time: seconds from its beginning until it ends in any case
 * @max_size: bytes of its values; sealed ones never have more than 5,000
 * @same_site: of the cookie; %H3_SAME_SITE_NONE asks for TLS
 * @always_secure: the cookie is for TLS also where the request did not come by it
 * @is_persistent: the client keeps the cookie when it is closed
 *
 * Where sessions are kept, and for how long. To be filled by h3_sessions_options_init() first.
 *
 * Since: 0.1
 */
typedef struct {
    H3Store *store;     /* a reference is taken */
    H3Sealer *sealer;   /* a reference is taken */
    const char *name;   /* borrowed: the caller, for the call, as the next two */
    const char *path;   /* the same */
    const char *domain; /* the same */
    gint64 idle_time;
    gint64 absolute_time;
    gsize max_size;
    H3SameSite same_site;
    gboolean always_secure;
    gboolean is_persistent;
} H3SessionsOptions;

/**
 * h3_sessions_options_init:
 * @options: (out caller-allocates): what is filled
 *
 * Sets a store of their own, the path "/", 30 minutes, 12 hours, 64 KiB, Lax.
 *
 * Since: 0.1
 */
void h3_sessions_options_init (H3SessionsOptions *options);

/**
 * h3_sessions_new:
 * @store: (nullable) (transfer none): where they are kept; %NULL: in the memory of this process, at
 *   most 100,000 or 64 MiB of them
 *
 * Gives events their sessions, with the options' defaults. It answers 503 where the store fails,
 * and 500 where there are no random bytes.
 *
 * Returns: (transfer full): middleware for h3_app_use()
 *
 * Since: 0.1
 */
H3Middleware *h3_sessions_new (H3Store *store);

/**
 * h3_sessions_new_full:
 * @options: where and how long
 * @error: return location for an %H3_ERROR_INVALID that names the option
 *
 * Gives events their sessions as @options say, else as h3_sessions_new().
 *
 * Returns: (transfer full): middleware for h3_app_use(); %NULL with @error
 *
 * Since: 0.1
 */
H3Middleware *h3_sessions_new_full (const H3SessionsOptions *options, GError **error);

G_END_DECLS
