/* SPDX-License-Identifier: MIT */

#include "rate-limit-private.h"

#include <h3/engine/websocket-gate.h>
#include <h3/http/content.h>
#include <h3/loop/timer.h>

/* Held by the WebSocket's gate, and by whoever is asked or waits. The WebSocket's worker. */
typedef struct {
    guint refs;
    H3RateLimit *limit;     /* ref */
    H3WebSocket *websocket; /* ref: until its end, which drops the gate */
    H3RateLimitExcess excess;
    H3Timer *timer; /* ref; NULL: nothing waits */
    char key[RATE_LIMIT_KEY_ROOM];
} Watch;

static Watch *
watch_ref (Watch *watch)
{
    watch->refs++;
    return watch;
}

static void
watch_unref (gpointer data)
{
    Watch *watch = data;

    if (--watch->refs > 0)
        return;
    h3_timer_unref (watch->timer);
    h3_websocket_unref (watch->websocket);
    h3_rate_limit_unref (watch->limit);
    g_free (watch);
}

/* The end of the WebSocket, or another gate: nobody waits any more. */
static void
drop_gate (gpointer data)
{
    Watch *watch = data;

    h3_timer_cancel (watch->timer);
    watch_unref (watch);
}

static void on_verdict (H3RateLimit *limit, const H3RateLimitVerdict *verdict,
                        const RateReceipt *receipt, gpointer user_data);

static void
ask (Watch *watch)
{
    rate_limit_ask (watch->limit, watch->key, 1, on_verdict, watch_ref (watch));
}

static void
on_timer (H3Timer *timer, gpointer user_data)
{
    ask (user_data);
}

static void
wait_for (Watch *watch, gint64 milliseconds)
{
    h3_timer_unref (watch->timer);
    watch->timer = h3_timer_start ((guint) MIN (milliseconds, G_MAXINT), FALSE, on_timer,
                                   watch_ref (watch), watch_unref);
}

static void
obey (Watch *watch, const H3RateLimitVerdict *verdict)
{
    if (verdict->is_allowed)
        websocket_open_gate (watch->websocket);
    else if (verdict->error != NULL)
        h3_websocket_close (watch->websocket, H3_WEBSOCKET_CLOSE_TROUBLE,
                            "Messages cannot be counted now.");
    else if (watch->excess == H3_RATE_LIMIT_CLOSE)
        h3_websocket_close (watch->websocket, H3_WEBSOCKET_CLOSE_POLICY, "Too many messages.");
    else
        wait_for (watch, verdict->retry_after);
}

static void
on_verdict (H3RateLimit *limit, const H3RateLimitVerdict *verdict, const RateReceipt *receipt,
            gpointer user_data)
{
    Watch *watch = user_data;

    if (h3_websocket_is_open (watch->websocket))
        obey (watch, verdict);
    watch_unref (watch);
}

static void
on_message (H3WebSocket *websocket, gpointer user_data)
{
    ask (user_data);
}

void
h3_rate_limit_watch_websocket (H3RateLimit *limit, H3Event *event, H3WebSocket *websocket,
                               H3RateLimitExcess excess)
{
    const H3Address *client;
    Watch *watch;

    g_return_if_fail (limit != NULL && event != NULL && websocket != NULL);
    client = &h3_event_get_client (event)->client;
    if (rate_limit_has_address (limit->denied, client)) {
        h3_websocket_close (websocket, H3_WEBSOCKET_CLOSE_POLICY,
                            "Clients at this address are not served.");
        return;
    }
    if (rate_limit_has_address (limit->allowed, client))
        return;
    watch = g_new0 (Watch, 1);
    watch->refs = 1;
    watch->limit = h3_rate_limit_ref (limit);
    watch->websocket = h3_websocket_ref (websocket);
    watch->excess = excess;
    switch (rate_limit_write_key (limit, event, watch->key)) {
    case RATE_KEY_FOUND:
        websocket_set_gate (websocket, on_message, watch, drop_gate);
        break;
    case RATE_KEY_FAILED:
        h3_websocket_close (websocket, H3_WEBSOCKET_CLOSE_TROUBLE, NULL);
        watch_unref (watch);
        break;
    case RATE_KEY_NONE:
        watch_unref (watch);
        break;
    }
}
