/* SPDX-License-Identifier: MIT
 *
 * A store on a Redis server (5.0 or later) that several machines may share. Since: 0.1 */

#pragma once

#include <h3/store/store.h>

G_BEGIN_DECLS

/**
 * H3RedisStore:
 *
 * A store on a Redis server that several machines may share. What it is asked, #H3Store says.
 *
 * Since: 0.1
 */
typedef struct _H3RedisStore H3RedisStore;

#define H3_TYPE_REDIS_STORE (h3_redis_store_get_type ())
GType h3_redis_store_get_type (void);

/**
 * h3_redis_store_new: (constructor)
 * @url: `redis://[user:password@]host[:port][/database][?options]` or
 *   `redis+unix:/path[?options]`; docs/stores.md has the options
 * @error: an #H3Error that tells no part of a password
 *
 * Makes a store on a Redis server (5.0 or later). Any thread.
 *
 * Connects when it is first asked, once for each worker that asks, and again by itself where that
 * was lost. Each question is answered within the option "timeout" (a second), with
 * %H3_STORE_FAILED where the server did not.
 *
 * Who asks from a thread that runs no loop has the store start a thread of its own, which ends
 * with the store: dropping the last reference may then wait for a name that is being looked up.
 *
 * Returns: (transfer full) (type H3RedisStore): the store; %NULL with @error set
 *
 * Since: 0.1
 */
H3Store *h3_redis_store_new (const char *url, GError **error);

G_END_DECLS
