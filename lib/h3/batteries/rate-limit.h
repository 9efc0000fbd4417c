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
 * So many in so long, for each client.
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
 */
typedef enum {
    H3_RATE_LIMIT_BY_ADDRESS = 1 << 0,
    H3_RATE_LIMIT_BY_USER = 1 << 1,
    H3_RATE_LIMIT_BY_ROUTE = 1 << 2,
    H3_RATE_LIMIT_BY_SESSION = 1 << 3,
} H3RateLimitBy;

/* The largest limit, and the largest product of a limit and its seconds. */
#define H3_RATE_LIMIT_MAX     100000000
#define H3_RATE_LIMIT_MAX_SUM G_GINT64_CONSTANT (1000000000000)

/* Clients that a limit without a store of its own remembers; then it forgets who came longest ago.
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
 * By address, in a memory of its own, with a fixed window; where the store fails requests pass.
 *
 * Returns: (transfer full) (nullable): the limit
 */
H3RateLimit *h3_rate_limit_new (const char *name, gint64 limit, gint64 seconds, GError **error);

/**
 * h3_rate_limit_new_preset:
 * @preset: "login" (5 a minute), "register" (3 a minute), "password_reset" (3 an hour), "auth" (10
 *   a minute), "api" (100 in 15 minutes), "email" (3 an hour)
 * @error: %H3_ERROR_NOT_FOUND
 *
 * Where the store fails, the first four let nobody pass.
 *
 * Returns: (transfer full) (nullable): a limit called @preset
 */
H3RateLimit *h3_rate_limit_new_preset (const char *preset, GError **error);

H3RateLimit *h3_rate_limit_ref (H3RateLimit *limit);
/* NULL is allowed. */
void h3_rate_limit_unref (H3RateLimit *limit);

/* Returns: (transfer none). */
const char *h3_rate_limit_get_name (const H3RateLimit *limit);
gint64 h3_rate_limit_get_limit (const H3RateLimit *limit);
gint64 h3_rate_limit_get_seconds (const H3RateLimit *limit);

void h3_rate_limit_set_algorithm (H3RateLimit *limit, H3RateLimitAlgorithm algorithm);

/* Where to count; a reference is kept. `store` is (nullable), NULL: a memory of its own. */
void h3_rate_limit_set_store (H3RateLimit *limit, H3Store *store);

/* Takes the place of what it counted by; 0 for none of these, where a field or a function is set.
 */
void h3_rate_limit_set_by (H3RateLimit *limit, H3RateLimitBy by);

/* Counts also by the value of a field, (nullable), NULL: none; by the address where a request has
 * no such field. Clients choose what they send: only for values that were verified before, or
 * together with the address. FALSE where it is no field's name. */
gboolean h3_rate_limit_set_by_header (H3RateLimit *limit, const char *name);

/**
 * H3RateLimitKey:
 * @event: (transfer none): a request, on its worker
 *
 * Returns: (transfer full) (nullable): what to count it by, besides all else; %NULL: it is not
 *   counted
 */
typedef char *(*H3RateLimitKey) (H3Event *event, gpointer user_data);

/* Counts also by what `function` (scope notified) (nullable) gives: a tenant, a plan. */
void h3_rate_limit_set_by_function (H3RateLimit *limit, H3RateLimitKey function, gpointer user_data,
                                    GDestroyNotify destroy);

/* Clients at these addresses are not counted; are refused with 403, whatever is allowed. `prefix`:
 * "10.0.0.0/8", "::1". FALSE with H3_ERROR_INVALID, which names it. */
gboolean h3_rate_limit_allow (H3RateLimit *limit, const char *prefix, GError **error);
gboolean h3_rate_limit_deny (H3RateLimit *limit, const char *prefix, GError **error);

/* Whether answers below 400 are given back, so that failures count only. While a request is under
 * way it counts; one whose client has gone before its answer counts for good. */
void h3_rate_limit_set_skip_success (H3RateLimit *limit, gboolean skip_success);

/* Whether requests pass where the store fails; else they are answered 503. */
void h3_rate_limit_set_fails_open (H3RateLimit *limit, gboolean fails_open);

/**
 * h3_rate_limit_to_middleware:
 *
 * What stands behind it is reached as often as the limit says; what comes more often is answered
 * 429 with Retry-After. All answers have RateLimit-Limit, -Remaining and -Reset of the limit that
 * has the least left, and RateLimit and RateLimit-Policy of each.
 *
 * Returns: (transfer full): middleware for h3_app_use(), which holds the limit
 */
H3Middleware *h3_rate_limit_to_middleware (H3RateLimit *limit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3RateLimit, h3_rate_limit_unref)

G_END_DECLS
