/* SPDX-License-Identifier: MIT */

#include "upstreams-private.h"

#include <h3/base/sip-hash.h>

#include <math.h>

/* Of IPv6 the part that a network has; the rest is the client's to choose. */
#define NETWORK_BITS 64

/* The finalizer of SplitMix64 (Steele, Lea, Flood): numbers one apart become unlike. */
static guint64
mix (guint64 x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

guint64
upstreams_draw (H3Upstreams *upstreams)
{
    return mix (
        atomic_fetch_add_explicit (&upstreams->random, 0x9e3779b97f4a7c15, memory_order_relaxed));
}

static guint
get_load (const Upstream *upstream)
{
    return atomic_load_explicit (&((Upstream *) upstream)->in_flight, memory_order_relaxed);
}

/* Less than 0: `a` has fewer under way than `b`, for its weight. */
static int
compare_loads (guint a_load, const Upstream *a, guint b_load, const Upstream *b)
{
    guint64 left = (guint64) a_load * b->weight, right = (guint64) b_load * a->weight;

    return (left > right) - (left < right);
}

static Upstream *
pick_next (H3Upstreams *upstreams, const UpstreamCandidates *candidates)
{
    guint64 turn = atomic_fetch_add_explicit (&upstreams->counter, 1, memory_order_relaxed);

    return upstreams_get (upstreams, candidates->places[turn % candidates->n]);
}

/* Each gains its weight, and who has most pays what all gained: turns come as often as weights say,
 * and never in a row where they can be apart. */
static Upstream *
pick_by_turn (H3Upstreams *upstreams, const UpstreamCandidates *candidates)
{
    Upstream *best = NULL;
    gint64 total = 0;

    for (guint i = 0; i < candidates->n; i++) {
        Upstream *upstream = upstreams_get (upstreams, candidates->places[i]);

        upstream->turn += upstream->weight;
        total += upstream->weight;
        if (best == NULL || upstream->turn > best->turn)
            best = upstream;
    }
    best->turn -= total;
    return best;
}

static Upstream *
pick_least (H3Upstreams *upstreams, const UpstreamCandidates *candidates)
{
    UpstreamCandidates least = { .n = 0 };
    const Upstream *best = NULL;
    guint best_load = 0;

    for (guint i = 0; i < candidates->n; i++) {
        const Upstream *upstream = upstreams_get (upstreams, candidates->places[i]);
        guint load = get_load (upstream);
        int order = best != NULL ? compare_loads (load, upstream, best_load, best) : -1;

        if (order < 0) {
            best = upstream;
            best_load = load;
            least.n = 0;
        }
        if (order <= 0)
            least.places[least.n++] = candidates->places[i];
    }
    return pick_by_turn (upstreams, &least);
}

/* One by weight, but not `other` (nullable), of which there are others. */
static Upstream *
draw_one (H3Upstreams *upstreams, const UpstreamCandidates *candidates, const Upstream *other)
{
    Upstream *upstream = NULL;
    guint64 total = 0, left;

    for (guint i = 0; i < candidates->n; i++) {
        upstream = upstreams_get (upstreams, candidates->places[i]);
        total += upstream != other ? upstream->weight : 0;
    }
    left = upstreams_draw (upstreams) % total;
    for (guint i = 0; i < candidates->n; i++) {
        upstream = upstreams_get (upstreams, candidates->places[i]);
        if (upstream == other)
            continue;
        if (left < upstream->weight)
            break;
        left -= upstream->weight;
    }
    return upstream;
}

static Upstream *
pick_of_two (H3Upstreams *upstreams, const UpstreamCandidates *candidates)
{
    Upstream *first = draw_one (upstreams, candidates, NULL), *second;

    if (candidates->n == 1)
        return first;
    second = draw_one (upstreams, candidates, first);
    return compare_loads (get_load (second), second, get_load (first), first) < 0 ? second : first;
}

static gboolean
hash_client (const H3Upstreams *upstreams, const H3Address *client, guint64 *out_hash)
{
    H3Address address;

    if (client == NULL || (client->family != H3_ADDRESS_IPV4 && client->family != H3_ADDRESS_IPV6))
        return FALSE;
    address = h3_address_unmap (client);
    *out_hash = sip_hash_1_3 (upstreams->hash_key, (const char *) address.bytes,
                              address.family == H3_ADDRESS_IPV4 ? 4 : NETWORK_BITS / 8, FALSE);
    return TRUE;
}

/* Each server draws a number from the client and itself, and the best one wins (rendezvous
 * hashing): whoever leaves gives up what it had won, and nothing else changes. */
static Upstream *
pick_by_hash (H3Upstreams *upstreams, const UpstreamCandidates *candidates, guint64 client)
{
    Upstream *best = NULL;
    guint64 best_number = 0;
    double best_wait = 0;

    for (guint i = 0; i < candidates->n; i++) {
        Upstream *upstream = upstreams_get (upstreams, candidates->places[i]);
        guint64 number = mix (client ^ upstream->seed);
        double wait = 0;
        gboolean is_better = number >= best_number;

        /* With weights, who would be the first of those that wait so long on average. */
        if (!upstreams->has_equal_weights) {
            wait = -log (((double) (number >> 11) + 0.5) * 0x1p-53) / upstream->weight;
            is_better = wait < best_wait;
        }
        if (best == NULL || is_better) {
            best = upstream;
            best_number = number;
            best_wait = wait;
        }
    }
    return best;
}

gboolean
upstreams_needs_lock (const H3Upstreams *upstreams)
{
    return upstreams->strategy == H3_BALANCE_WEIGHTED
           || upstreams->strategy == H3_BALANCE_LEAST_CONNECTIONS;
}

Upstream *
upstreams_pick (H3Upstreams *upstreams, const UpstreamCandidates *candidates,
                const H3Address *client)
{
    guint64 hash;

    switch (upstreams->strategy) {
    case H3_BALANCE_WEIGHTED:
        return pick_by_turn (upstreams, candidates);
    case H3_BALANCE_LEAST_CONNECTIONS:
        return pick_least (upstreams, candidates);
    case H3_BALANCE_RANDOM:
        return pick_of_two (upstreams, candidates);
    case H3_BALANCE_ADDRESS_HASH:
        if (hash_client (upstreams, client, &hash))
            return pick_by_hash (upstreams, candidates, hash);
        break;
    case H3_BALANCE_ROUND_ROBIN:
        break;
    }
    /* Whose address is not known is anybody's. */
    return pick_next (upstreams, candidates);
}
