/* SPDX-License-Identifier: MIT
 *
 * The connections of a Redis store: one for each loop that asks, and a thread with a loop of the
 * store's own for who runs none. Shared by the store and these loops; any thread. */

#pragma once

#include <h3/loop/loop.h>
#include <h3/store/redis-command.h>
#include <h3/store/store-url.h>

G_BEGIN_DECLS

typedef struct _RedisLinks RedisLinks;

/* Takes the url (transfer full). */
RedisLinks *redis_links_new (StoreUrl *url);
const StoreUrl *redis_links_get_url (const RedisLinks *links);

/* Whether no connection has failed, or all that did are there again. */
gboolean redis_links_are_well (RedisLinks *links);

/* Takes both (transfer full). `loop` is the current one; NULL: this thread has none. */
void redis_links_ask (RedisLinks *links, Loop *loop, RedisCommand *command,
                      StoreQuestion *question);

/* The store's end: nothing is asked any more. Connections end on their loops; the own thread has
 * ended when this returns, unless it is the caller. */
void redis_links_end (RedisLinks *links);

G_END_DECLS
