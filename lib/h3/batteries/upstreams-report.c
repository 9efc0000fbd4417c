/* SPDX-License-Identifier: MIT */

#include "upstreams-private.h"

const char *
h3_upstream_state_to_string (H3UpstreamState state)
{
    static const char *const names[] = { "up", "down", "open", "tried" };

    g_return_val_if_fail (state <= H3_UPSTREAM_TRIED, NULL);
    return names[state];
}

H3UpstreamState
upstream_get_state (const Upstream *upstream)
{
    if (atomic_load_explicit (&((Upstream *) upstream)->is_down, memory_order_acquire))
        return H3_UPSTREAM_DOWN;
    switch (breaker_get_state (&upstream->breaker)) {
    case BREAKER_OPEN:
        return H3_UPSTREAM_OPEN;
    case BREAKER_TRIED:
        return H3_UPSTREAM_TRIED;
    case BREAKER_CLOSED:
        break;
    }
    return H3_UPSTREAM_UP;
}

/* Of several threads that find one change, one tells of it; and what one tells is never older in
 * the end than what holds. */
void
upstream_tell (Upstream *upstream)
{
    H3Upstreams *upstreams = upstream->set;
    H3UpstreamState state;

    do {
        state = upstream_get_state (upstream);
        if (atomic_exchange (&upstream->told, (unsigned char) state) == (unsigned char) state)
            continue;
        g_debug ("upstream %s: %s", upstream->url, h3_upstream_state_to_string (state));
        if (upstreams->changed.function != NULL)
            upstreams->changed.function (upstreams, upstream->url, state,
                                         upstreams->changed.user_data);
    } while (upstream_get_state (upstream) != state);
}

void
h3_upstreams_foreach (H3Upstreams *upstreams, H3UpstreamFunction function, gpointer user_data)
{
    g_return_if_fail (upstreams != NULL && function != NULL);
    for (guint i = 0; i < upstreams->servers->len; i++) {
        Upstream *upstream = upstreams_get (upstreams, i);
        H3UpstreamReport report = {
            .url = upstream->url,
            .weight = upstream->weight,
            .state = upstream_get_state (upstream),
            .in_flight = atomic_load_explicit (&upstream->in_flight, memory_order_relaxed),
            .requests = atomic_load_explicit (&upstream->requests, memory_order_relaxed),
            .failures = atomic_load_explicit (&upstream->failures, memory_order_relaxed),
            .failed_checks = atomic_load_explicit (&upstream->failed_checks, memory_order_relaxed),
        };

        function (&report, user_data);
    }
}

guint
h3_upstreams_count (const H3Upstreams *upstreams)
{
    g_return_val_if_fail (upstreams != NULL, 0);
    return upstreams->servers->len;
}
