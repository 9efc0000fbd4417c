/* SPDX-License-Identifier: MIT
 *
 * What a connection to a Redis server begins with: password, database, scripts. */

#pragma once

#include <h3/store/redis-reply.h>
#include <h3/store/store-url.h>

G_BEGIN_DECLS

/* Appends it. Returns how many replies will come. */
guint redis_greeting_write (const StoreUrl *url, GString *out);

/* (transfer full) (nullable): why this reply, behind which so many are still to come, is the end of
 * the connection; NULL: it is not. */
GError *redis_greeting_judge (const RedisReply *reply, guint n_left);

G_END_DECLS
