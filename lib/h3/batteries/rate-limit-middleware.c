/* SPDX-License-Identifier: MIT */

#include "rate-limit-private.h"

#include <h3/http/content.h>
#include <h3/http/event-flow.h>
#include <h3/http/failure.h>

/* When a store that fails is asked again. */
#define RETRY_FAILED 5

/* A request that was counted, and may be given back. In its event's arena. */
typedef struct {
    H3RateLimit *limit; /* ref */
    H3RateLimitVerdict verdict;
    RateReceipt receipt;
} Counted;

static void
fail_later (H3Event *event, guint status, gint64 seconds, const char *detail)
{
    char text[24];

    g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, seconds);
    (void) h3_response_set_header_always (h3_event_get_response (event), "Retry-After", text);
    h3_event_fail_status (event, status, detail);
}

static void
refuse (H3Event *event, const H3RateLimitVerdict *verdict)
{
    gint64 seconds = rate_window_to_seconds (verdict->retry_after);
    g_autofree char *detail =
        g_strdup_printf ("Too many requests. There is room again in %" G_GINT64_FORMAT " second%s.",
                         seconds, seconds == 1 ? "" : "s");

    fail_later (event, 429, seconds, detail);
}

/* What has succeeded shall not have counted. */
static void
on_send (H3Event *event, gpointer user_data)
{
    Counted *counted = user_data;
    H3Response *response = h3_event_get_response (event);

    if (h3_response_get_status (response) < 400) {
        rate_limit_give_back (counted->limit, &counted->receipt);
        counted->verdict.remaining++;
    }
    rate_limit_set_fields (counted->limit, &counted->verdict, response);
}

static void
drop_counted (gpointer data)
{
    Counted *counted = data;

    h3_rate_limit_unref (counted->limit);
}

static void
let_pass (H3RateLimit *limit, H3Event *event, const H3RateLimitVerdict *verdict,
          const RateReceipt *receipt)
{
    if (limit->skip_success && verdict->error == NULL) {
        Counted *counted = h3_arena_new0 (h3_event_get_arena (event), Counted);

        counted->limit = h3_rate_limit_ref (limit);
        counted->verdict = *verdict;
        counted->receipt = *receipt;
        h3_event_on_send (event, on_send, counted, drop_counted);
    } else {
        rate_limit_set_fields (limit, verdict, h3_event_get_response (event));
    }
    h3_event_next (event);
}

static void
on_verdict (H3RateLimit *limit, const H3RateLimitVerdict *verdict, const RateReceipt *receipt,
            gpointer user_data)
{
    g_autoptr (H3Event) event = user_data;

    if (event_is_lost (event))
        return;
    if (verdict->is_allowed) {
        let_pass (limit, event, verdict, receipt);
    } else if (verdict->error != NULL) {
        fail_later (event, 503, RETRY_FAILED, "Requests cannot be counted now.");
    } else {
        rate_limit_set_fields (limit, verdict, h3_event_get_response (event));
        refuse (event, verdict);
    }
}

void
h3_rate_limit_apply (H3RateLimit *limit, H3Event *event)
{
    const H3Address *client;
    char key[RATE_LIMIT_KEY_ROOM];

    g_return_if_fail (limit != NULL && event != NULL);
    client = &h3_event_get_client (event)->client;
    if (rate_limit_has_address (limit->denied, client)) {
        h3_event_fail_status (event, 403, "Clients at this address are not served.");
        return;
    }
    if (rate_limit_has_address (limit->allowed, client)) {
        h3_event_next (event);
        return;
    }
    switch (rate_limit_write_key (limit, event, key)) {
    case RATE_KEY_FOUND:
        rate_limit_ask (limit, key, 1, on_verdict, h3_event_defer (event));
        break;
    case RATE_KEY_NONE:
        h3_event_next (event);
        break;
    case RATE_KEY_FAILED:
        h3_event_fail_status (event, 500, NULL);
        break;
    }
}

static void
limit_event (H3Event *event, gpointer user_data)
{
    h3_rate_limit_apply (user_data, event);
}

H3Middleware *
h3_rate_limit_to_middleware (H3RateLimit *limit)
{
    H3Middleware *middleware;

    g_return_val_if_fail (limit != NULL, NULL);
    (void) rate_limit_get_store (limit); /* so that workers need not vie for making it */
    middleware = h3_middleware_new (limit_event, h3_rate_limit_ref (limit),
                                    (GDestroyNotify) h3_rate_limit_unref);
    h3_middleware_set_early (middleware, TRUE);
    return middleware;
}
