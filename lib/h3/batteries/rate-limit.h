/* SPDX-License-Identifier: MIT
 *
 * How often a client may come: requests counted by who sends them, in a store that all workers, and
 * with Redis all servers, share. A limit is set up on one thread, then frozen by its first use;
 * reference-counted, any thread. docs/rate-limits.md has the rules. Since: 0.1 */

#pragma once

#include <h3/route/chain.h>
#include <h3/store/store.h>

G_BEGIN_DECLS

/**
 * H3RateLimit:
 *
 * So many in so long, for each client. Boxed, reference-counted.
 *
 * Since: 0.1
 */
typedef struct _H3RateLimit H3RateLimit;

#define H3_TYPE_RATE_LIMIT (h3_rate_limit_get_type ())
GType h3_rate_limit_get_type (void);

/**
 * H3RateLimitAlgorithm:
 * @H3_RATE_LIMIT_FIXED_WINDOW: the default: a window begins with a client's first request, and all
 *   of the limit is there again at its end
 * @H3_RATE_LIMIT_SLIDING_WINDOW: no span as long as the window has more than the limit, but for
 *   what is known of the window before only as a number; windows follow the clock of the machine
 * @H3_RATE_LIMIT_TOKEN_BUCKET: as many as the limit at once, then evenly as room comes back
 *
 * How it is decided whether a limit is used up.
 *
 * Since: 0.1
 */
typedef enum {
    H3_RATE_LIMIT_FIXED_WINDOW,
    H3_RATE_LIMIT_SLIDING_WINDOW,
    H3_RATE_LIMIT_TOKEN_BUCKET,
} H3RateLimitAlgorithm;

/**
 * H3RateLimitBy:
 * @H3_RATE_LIMIT_BY_ADDRESS: the client's address, through trusted proxies; of IPv6 the first 64
 *   bits
 * @H3_RATE_LIMIT_BY_USER: the name of the principal; the address where there is none
 * @H3_RATE_LIMIT_BY_ROUTE: the route that was found
 * @H3_RATE_LIMIT_BY_SESSION: the session that the client came with; the address where it has none
 *
 * What requests are counted by; several: each combination on its own.
 *
 * Since: 0.1
 */
typedef enum {
    H3_RATE_LIMIT_BY_ADDRESS = 1 << 0,
    H3_RATE_LIMIT_BY_USER = 1 << 1,
    H3_RATE_LIMIT_BY_ROUTE = 1 << 2,
    H3_RATE_LIMIT_BY_SESSION = 1 << 3,
} H3RateLimitBy;

/**
 * H3_RATE_LIMIT_MAX:
 *
 * The largest limit.
 *
 * Since: 0.1
 */
#define H3_RATE_LIMIT_MAX 100000000

/**
 * H3_RATE_LIMIT_MAX_SUM:
 *
 * The largest product of a limit and its seconds.
 *
 * Since: 0.1
 */
#define H3_RATE_LIMIT_MAX_SUM G_GINT64_CONSTANT (1000000000000)

/**
 * H3_RATE_LIMIT_CLIENTS:
 *
 * Clients that a limit without a store of its own remembers; then it forgets who came longest ago.
 *
 * Since: 0.1
 */
#define H3_RATE_LIMIT_CLIENTS 100000

/**
 * h3_rate_limit_new:
 * @name: 1 to 64 letters, digits, `-`, `_`, `.`: what RateLimit-Policy calls it; limits of one name
 *   that share a store count together
 * @limit: how many, 1 to %H3_RATE_LIMIT_MAX
 * @seconds: in how long, 1 to 31,622,400
 * @error: %H3_ERROR_INVALID, which names what is wrong
 *
 * Makes a limit by address, in a memory of its own, with a fixed window; where the store fails
 * requests pass.
 *
 * Returns: (transfer full): the limit; %NULL with @error
 *
 * Since: 0.1
 */
H3RateLimit *h3_rate_limit_new (const char *name, gint64 limit, gint64 seconds, GError **error);

/**
 * h3_rate_limit_new_preset:
 * @preset: "login" (5 a minute), "register" (3 a minute), "password_reset" (3 an hour), "auth" (10
 *   a minute), "api" (100 in 15 minutes), "email" (3 an hour)
 * @error: %H3_ERROR_NOT_FOUND
 *
 * Makes a limit for what is often limited. Where the store fails, the first four let nobody pass.
 *
 * Returns: (transfer full): a limit called @preset; %NULL with @error
 *
 * Since: 0.1
 */
H3RateLimit *h3_rate_limit_new_preset (const char *preset, GError **error);

/**
 * h3_rate_limit_ref:
 * @limit: a limit
 *
 * Takes one more reference. Any thread.
 *
 * Returns: (transfer full): @limit
 *
 * Since: 0.1
 */
H3RateLimit *h3_rate_limit_ref (H3RateLimit *limit);

/**
 * h3_rate_limit_unref:
 * @limit: (nullable) (transfer full): a limit
 *
 * Gives a reference back; the last frees it. Any thread.
 *
 * Since: 0.1
 */
void h3_rate_limit_unref (H3RateLimit *limit);

/**
 * h3_rate_limit_get_name:
 * @limit: a limit
 *
 * Gets what a limit is called.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *h3_rate_limit_get_name (const H3RateLimit *limit);

/**
 * h3_rate_limit_get_limit:
 * @limit: a limit
 *
 * Gets how many may come.
 *
 * Returns: how many
 *
 * Since: 0.1
 */
gint64 h3_rate_limit_get_limit (const H3RateLimit *limit);

/**
 * h3_rate_limit_get_seconds:
 * @limit: a limit
 *
 * Gets in how long they may come.
 *
 * Returns: seconds
 *
 * Since: 0.1
 */
gint64 h3_rate_limit_get_seconds (const H3RateLimit *limit);

/**
 * h3_rate_limit_set_algorithm:
 * @limit: a limit that is not used yet
 * @algorithm: how it counts
 *
 * Says how it is decided whether a limit is used up.
 *
 * Since: 0.1
 */
void h3_rate_limit_set_algorithm (H3RateLimit *limit, H3RateLimitAlgorithm algorithm);

/**
 * h3_rate_limit_set_store:
 * @limit: a limit that is not used yet
 * @store: (nullable) (transfer none): a reference is kept; %NULL: a memory of its own
 *
 * Says where to count.
 *
 * Since: 0.1
 */
void h3_rate_limit_set_store (H3RateLimit *limit, H3Store *store);

/**
 * h3_rate_limit_set_by:
 * @limit: a limit that is not used yet
 * @by: in the place of what it counted by; 0 for none of these, where a field or a function is set
 *
 * Says what requests are counted by.
 *
 * Since: 0.1
 */
void h3_rate_limit_set_by (H3RateLimit *limit, H3RateLimitBy by);

/**
 * h3_rate_limit_set_by_header:
 * @limit: a limit that is not used yet
 * @name: (nullable): of the field; %NULL: none
 *
 * Counts also by the value of a field; by the address where a request has no such field. Clients
 * choose what they send: only for values that were verified before, or together with the address.
 *
 * Returns: %FALSE where it is no field's name
 *
 * Since: 0.1
 */
gboolean h3_rate_limit_set_by_header (H3RateLimit *limit, const char *name);

/**
 * H3RateLimitKey:
 * @event: (transfer none): a request, on its worker
 * @user_data: (nullable) (closure): what was set with it
 *
 * Says what a request is counted by. Called on workers, several at once.
 *
 * Returns: (transfer full) (nullable): what to count it by, besides all else; %NULL: it is not
 *   counted
 *
 * Since: 0.1
 */
typedef char *(*H3RateLimitKey) (H3Event *event, gpointer user_data);

/**
 * h3_rate_limit_set_by_function:
 * @limit: a limit that is not used yet
 * @function: (nullable) (scope notified) (closure user_data) (destroy destroy): gives a tenant, a
 *   plan; %NULL: none
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data, when another is set, or with the end of @limit
 *
 * Counts also by what a function gives.
 *
 * Since: 0.1
 */
void h3_rate_limit_set_by_function (H3RateLimit *limit, H3RateLimitKey function, gpointer user_data,
                                    GDestroyNotify destroy);

/**
 * h3_rate_limit_allow:
 * @limit: a limit that is not used yet
 * @prefix: addresses: "10.0.0.0/8", "::1"
 * @error: %H3_ERROR_INVALID, which names it
 *
 * Has clients at these addresses not be counted.
 *
 * Returns: %FALSE with @error
 *
 * Since: 0.1
 */
gboolean h3_rate_limit_allow (H3RateLimit *limit, const char *prefix, GError **error);

/**
 * h3_rate_limit_deny:
 * @limit: a limit that is not used yet
 * @prefix: addresses: "10.0.0.0/8", "::1"
 * @error: %H3_ERROR_INVALID, which names it
 *
 * Has clients at these addresses be refused with 403, whatever is allowed.
 *
 * Returns: %FALSE with @error
 *
 * Since: 0.1
 */
gboolean h3_rate_limit_deny (H3RateLimit *limit, const char *prefix, GError **error);

/**
 * h3_rate_limit_set_skip_success:
 * @limit: a limit that is not used yet
 * @skip_success: %FALSE where nothing is said
 *
 * Says whether answers below 400 are given back, so that failures count only. While a request is
 * under way it counts; one whose client has gone before its answer counts for good.
 *
 * Since: 0.1
 */
void h3_rate_limit_set_skip_success (H3RateLimit *limit, gboolean skip_success);

/**
 * h3_rate_limit_set_fails_open:
 * @limit: a limit that is not used yet
 * @fails_open: %FALSE: they are answered 503
 *
 * Says whether requests pass where the store fails.
 *
 * Since: 0.1
 */
void h3_rate_limit_set_fails_open (H3RateLimit *limit, gboolean fails_open);

/**
 * h3_rate_limit_to_middleware:
 * @limit: a limit, which is frozen by its first use
 *
 * Has what stands behind it be reached as often as the limit says; what comes more often is
 * answered 429 with Retry-After. All answers have RateLimit-Limit, -Remaining and -Reset of the
 * limit that has the least left, and RateLimit and RateLimit-Policy of each.
 *
 * Returns: (transfer full): middleware for h3_app_use(), which holds the limit
 *
 * Since: 0.1
 */
H3Middleware *h3_rate_limit_to_middleware (H3RateLimit *limit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3RateLimit, h3_rate_limit_unref)

G_END_DECLS
