/* SPDX-License-Identifier: MIT
 *
 * One connection to a Redis server: made when it is first needed, kept, and made anew when it was
 * lost, after longer and longer pauses while that fails. Many questions are on their way at once.
 * While a pause lasts questions fail at once. Belongs to a loop; its thread only. */

#pragma once

#include <h3/loop/loop.h>
#include <h3/store/redis-calls.h>
#include <h3/store/store-url.h>

#include <stdatomic.h>

G_BEGIN_DECLS

typedef struct _RedisConnection RedisConnection;

/* `url` and `n_failing` outlive it; the latter is how many of a store's connections could not be
 * made the last time. */
RedisConnection *redis_connection_new (Loop *loop, const StoreUrl *url, atomic_uint *n_failing);

/* Answers what waits with H3_STORE_ERROR_CLOSED. NULL is allowed. */
void redis_connection_free (RedisConnection *connection);

/* Takes both (transfer full), and answers within the url's timeout. */
void redis_connection_ask (RedisConnection *connection, RedisCommand *command,
                           StoreQuestion *question);

/* The same of words that no store asks for; the server's reply is told as it is. Takes `words`
 * (transfer full), by redis_write_words (): one command, which may wait at the server for less than
 * the url's timeout. */
void redis_connection_tell (RedisConnection *connection, GString *words, RedisReplied replied,
                            gpointer data);

G_END_DECLS
