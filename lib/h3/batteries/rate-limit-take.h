/* SPDX-License-Identifier: MIT
 *
 * Limits beside their middleware: chosen by the request; of what is no request, as messages, mails,
 * log-ins by some other way. Asking never waits; the
 * answer comes later on the loop of the worker that asks, as of <h3/store/store.h>. Since: 0.1 */

#pragma once

#include <h3/batteries/rate-limit.h>
#include <h3/engine/websocket.h>

G_BEGIN_DECLS

/**
 * h3_rate_limit_apply:
 * @limit: a limit, which is frozen from now on
 * @event: an exchange
 *
 * Does what the middleware of @limit does, for one of the program's that chooses among several, or
 * makes them, by what a client pays: calls h3_event_next() at once or later, or answers. Worker
 * only.
 *
 * Since: 0.1
 */
void h3_rate_limit_apply (H3RateLimit *limit, H3Event *event);

/**
 * H3RateLimitVerdict:
 * @is_allowed: whether it was counted and may be done
 * @remaining: how much is left
 * @reset_after: milliseconds until more is left (all of it, with a fixed window)
 * @retry_after: milliseconds until it would be allowed, if nothing else is counted; 0 where it is
 * @error: (nullable): the store failed: nothing is known, and @is_allowed is what
 *   h3_rate_limit_set_fails_open() has said
 *
 * What a limit says of something.
 *
 * Since: 0.1
 */
typedef struct {
    gboolean is_allowed;
    gint64 remaining;
    gint64 reset_after;
    gint64 retry_after;
    const GError *error; /* borrowed: while the function runs */
} H3RateLimitVerdict;

/**
 * H3RateLimitAnswered:
 * @limit: (transfer none): what was asked
 * @verdict: (transfer none): until the function returns
 * @user_data: (nullable) (closure): what was given with it
 *
 * Takes what a limit says, on the loop of the worker that asked.
 *
 * Since: 0.1
 */
typedef void (*H3RateLimitAnswered) (H3RateLimit *limit, const H3RateLimitVerdict *verdict,
                                     gpointer user_data);

/**
 * h3_rate_limit_take:
 * @limit: a limit, which is frozen from now on
 * @key: whose it is: any text, of which a digest is kept
 * @amount: how much, 1 to the limit
 * @answered: (scope async) (closure user_data): called once, later
 * @user_data: (nullable): for @answered
 *
 * Counts @amount, all or nothing. Any thread, as of h3_store_add().
 *
 * Returns: %FALSE, and nothing will be answered, where the system has no digest
 *
 * Since: 0.1
 */
gboolean h3_rate_limit_take (H3RateLimit *limit, const char *key, gint64 amount,
                             H3RateLimitAnswered answered, gpointer user_data);

/**
 * H3RateLimitExcess:
 * @H3_RATE_LIMIT_WAIT: messages wait until they may be told, and the peer is slowed down
 * @H3_RATE_LIMIT_CLOSE: the WebSocket is closed with %H3_WEBSOCKET_CLOSE_POLICY
 *
 * What becomes of messages above a limit.
 *
 * Since: 0.1
 */
typedef enum { H3_RATE_LIMIT_WAIT, H3_RATE_LIMIT_CLOSE } H3RateLimitExcess;

/**
 * h3_rate_limit_watch_websocket:
 * @limit: a limit, which is frozen from now on
 * @event: the exchange that @websocket was accepted in, within its handler: by it, and by the lists
 *   of addresses, messages are counted, as requests are by the middleware
 * @websocket: what is to be watched; in the place of what watched it before
 * @excess: what becomes of messages above the limit
 *
 * Counts each message before the program is told of it; the next is not read before. A client at a
 * denied address is closed at once, one at an allowed is not counted. Where the store fails and the
 * limit fails closed, the WebSocket is closed with %H3_WEBSOCKET_CLOSE_TROUBLE. Its worker only.
 *
 * Since: 0.1
 */
void h3_rate_limit_watch_websocket (H3RateLimit *limit, H3Event *event, H3WebSocket *websocket,
                                    H3RateLimitExcess excess);

G_END_DECLS
