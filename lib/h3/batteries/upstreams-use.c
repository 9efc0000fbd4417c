/* SPDX-License-Identifier: MIT */

#include "upstreams-private.h"

#include <h3/base/error.h>
#include <h3/loop/clock.h>

static gboolean
is_fit (const Upstream *upstream, gint64 now)
{
    return !atomic_load_explicit (&((Upstream *) upstream)->is_down, memory_order_acquire)
           && breaker_admits (&upstream->breaker, now);
}

static gboolean
is_among (const Upstream *upstream, const Upstream *const *tried, guint n_tried)
{
    for (guint i = 0; i < n_tried; i++) {
        if (tried[i] == upstream)
            return TRUE;
    }
    return FALSE;
}

static void
find_candidates (const H3Upstreams *upstreams, const Upstream *const *tried, guint n_tried,
                 gint64 now, UpstreamCandidates *out_candidates)
{
    out_candidates->n = 0;
    for (guint i = 0; i < upstreams->servers->len; i++) {
        const Upstream *upstream = upstreams_get (upstreams, i);

        if (is_fit (upstream, now) && !is_among (upstream, tried, n_tried))
            out_candidates->places[out_candidates->n++] = (guint8) i;
    }
}

/* FALSE: somebody else was faster. */
static gboolean
enter (Upstream *upstream, gint64 now, UpstreamUse *out_use)
{
    guint trial;

    if (!breaker_enter (&upstream->breaker, now, &trial))
        return FALSE;
    atomic_fetch_add_explicit (&upstream->in_flight, 1, memory_order_relaxed);
    atomic_fetch_add_explicit (&upstream->requests, 1, memory_order_relaxed);
    *out_use = (UpstreamUse){ .upstream = upstream, .trial = trial };
    return TRUE;
}

static Upstream *
choose (H3Upstreams *upstreams, const H3Address *client, const Upstream *const *tried,
        guint n_tried, UpstreamUse *out_use)
{
    gint64 now = clock_get_now ();
    UpstreamCandidates candidates;
    Upstream *upstream;

    do {
        find_candidates (upstreams, tried, n_tried, now, &candidates);
        if (candidates.n == 0)
            return NULL;
        upstream = upstreams_pick (upstreams, &candidates, client);
    } while (!enter (upstream, now, out_use));
    return upstream;
}

Upstream *
upstreams_choose (H3Upstreams *upstreams, const H3Address *client, const Upstream *const *tried,
                  guint n_tried, UpstreamUse *out_use)
{
    gboolean needs_lock = upstreams_needs_lock (upstreams);
    Upstream *upstream;

    g_assert (upstreams_are_frozen (upstreams));
    upstreams_watch (upstreams);
    if (n_tried == 0)
        retry_budget_earn (&upstreams->budget);
    if (needs_lock)
        pthread_mutex_lock (&upstreams->lock);
    *out_use = (UpstreamUse){ 0 };
    upstream = choose (upstreams, client, tried, n_tried, out_use);
    if (needs_lock)
        pthread_mutex_unlock (&upstreams->lock);
    if (out_use->trial != 0)
        upstream_tell (upstream);
    return upstream;
}

static void
note_failure (UpstreamUse *use)
{
    Upstream *upstream = use->upstream;
    H3Upstreams *upstreams = upstream->set;

    use->is_judged = TRUE;
    atomic_fetch_add_explicit (&upstream->failures, 1, memory_order_relaxed);
    if (breaker_note_failure (&upstream->breaker, &upstreams->breaker, use->trial, clock_get_now (),
                              (guint) upstreams_draw (upstreams)))
        upstream_tell (upstream);
    use->trial = 0;
}

static void
note_success (UpstreamUse *use)
{
    Upstream *upstream = use->upstream;

    if (breaker_note_success (&upstream->breaker, &upstream->set->breaker, use->trial,
                              clock_get_now ()))
        upstream_tell (upstream);
    use->trial = 0;
}

/* A trial is told at the head, as what follows may last for hours; others at the end, as a server
 * that begins answers and never ends them is not well. */
gboolean
upstream_use_answered (UpstreamUse *use, guint status)
{
    gboolean has_failed =
        use->upstream->set->bad_answers_fail && (status == 502 || status == 503 || status == 504);

    use->has_answer = TRUE;
    if (has_failed)
        note_failure (use);
    else if (use->trial != 0)
        note_success (use);
    return has_failed;
}

/* Whether it is the server's, or that of its network. What was forbidden or cancelled here is not.
 */
static gboolean
is_failure (const GError *error)
{
    return g_error_matches (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_NAME)
           || g_error_matches (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_CONNECT)
           || g_error_matches (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_TLS)
           || g_error_matches (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_TIMEOUT)
           || g_error_matches (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_CLOSED)
           || g_error_matches (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_PROTOCOL);
}

void
upstream_use_end (UpstreamUse *use, const GError *error)
{
    Upstream *upstream = use->upstream;

    if (upstream == NULL)
        return;
    atomic_fetch_sub_explicit (&upstream->in_flight, 1, memory_order_relaxed);
    if (!use->is_judged && error != NULL && is_failure (error))
        note_failure (use);
    else if (!use->is_judged && error == NULL && use->has_answer)
        note_success (use);
    else if (breaker_give_up (&upstream->breaker, use->trial, clock_get_now ()))
        upstream_tell (upstream);
    use->upstream = NULL;
}

static gboolean
is_idempotent (H3Method method)
{
    return method == H3_METHOD_GET || method == H3_METHOD_HEAD || method == H3_METHOD_OPTIONS
           || method == H3_METHOD_QUERY || method == H3_METHOD_PUT || method == H3_METHOD_DELETE;
}

gboolean
upstreams_may_retry (H3Upstreams *upstreams, H3Method method, guint n_tried)
{
    return is_idempotent (method) && n_tried < upstreams->tries && n_tried < upstreams->servers->len
           && retry_budget_take (&upstreams->budget, clock_get_now ());
}

guint
upstreams_get_wait (H3Upstreams *upstreams)
{
    gint64 now = clock_get_now (), soonest = G_MAXINT64;

    for (guint i = 0; i < upstreams->servers->len; i++) {
        const Upstream *upstream = upstreams_get (upstreams, i);
        gint64 due = upstream_get_state (upstream) == H3_UPSTREAM_OPEN
                         ? breaker_get_due (&upstream->breaker)
                         : now + 1000;

        soonest = MIN (soonest, due);
    }
    return (guint) CLAMP ((soonest - now + 999) / 1000, 1, 60);
}

const UpstreamTimeouts *
upstreams_get_timeouts (const H3Upstreams *upstreams)
{
    return &upstreams->timeouts;
}

ClientPeer *
upstream_get_peer (const Upstream *upstream)
{
    return upstream->peer;
}

const char *
upstream_get_url (const Upstream *upstream)
{
    return upstream->url;
}

const char *
upstream_get_host (const Upstream *upstream)
{
    return upstream->host;
}
