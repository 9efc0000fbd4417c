/* SPDX-License-Identifier: MIT */

#include "connection-bound.h"

#include <h3/base/counters.h>
#include <h3/loop/clock.h>

#include <pthread.h>
#include <stdatomic.h>

/* Half of the descriptors that are spare beside those of connections; a part of the connections
 * where these are few, since then descriptors may be. */
#define MAX_WAITING  32
#define WAITING_PART 16

struct _ConnectionBound {
    guint total, per_address;
    atomic_uint count;
    atomic_uint n_waiting;
    _Atomic gint64 told_refused, told_closed; /* second in which that was last logged */
    pthread_mutex_t mutex;
    GHashTable *addresses; /* owned: H3Address to its count; as many as there are connections */
};

static guint
hash_address (gconstpointer address)
{
    const H3Address *self = address;

    return h3_view_hash (h3_view ((const char *) self->bytes, sizeof self->bytes));
}

static gboolean
equal_addresses (gconstpointer a, gconstpointer b)
{
    return h3_address_equal (a, b);
}

ConnectionBound *
connection_bound_new (guint total, guint per_address)
{
    ConnectionBound *bound = g_new0 (ConnectionBound, 1);

    bound->total = total;
    bound->per_address = per_address;
    atomic_init (&bound->count, 0);
    atomic_init (&bound->n_waiting, 0);
    atomic_init (&bound->told_refused, 0);
    atomic_init (&bound->told_closed, 0);
    pthread_mutex_init (&bound->mutex, NULL);
    bound->addresses = g_hash_table_new_full (hash_address, equal_addresses, g_free, NULL);
    return bound;
}

void
connection_bound_free (ConnectionBound *bound)
{
    if (bound == NULL)
        return;
    g_hash_table_unref (bound->addresses);
    pthread_mutex_destroy (&bound->mutex);
    g_free (bound);
}

static gboolean
has_per_address (const ConnectionBound *bound, const H3Address *peer)
{
    return bound->per_address > 0
           && (peer->family == H3_ADDRESS_IPV4 || peer->family == H3_ADDRESS_IPV6);
}

static gboolean
enter_address (ConnectionBound *bound, const H3Address *peer)
{
    gboolean is_free;
    guint count;

    pthread_mutex_lock (&bound->mutex);
    count = GPOINTER_TO_UINT (g_hash_table_lookup (bound->addresses, peer));
    is_free = count < bound->per_address;
    if (is_free)
        g_hash_table_replace (bound->addresses, g_memdup2 (peer, sizeof *peer),
                              GUINT_TO_POINTER (count + 1));
    pthread_mutex_unlock (&bound->mutex);
    return is_free;
}

static void
leave_address (ConnectionBound *bound, const H3Address *peer)
{
    guint count;

    pthread_mutex_lock (&bound->mutex);
    count = GPOINTER_TO_UINT (g_hash_table_lookup (bound->addresses, peer));
    if (count > 1)
        g_hash_table_replace (bound->addresses, g_memdup2 (peer, sizeof *peer),
                              GUINT_TO_POINTER (count - 1));
    else
        g_hash_table_remove (bound->addresses, peer);
    pthread_mutex_unlock (&bound->mutex);
}

static void
tell_once_a_second (ConnectionBound *bound, _Atomic gint64 *told, const char *what)
{
    gint64 second = clock_get_now () / 1000;

    if (atomic_exchange (told, second) != second)
        g_message ("connections are %s: %u are open, the bound is %u (and %u from one "
                   "address); raise max-connections, or the limit of descriptors",
                   what, atomic_load (&bound->count), bound->total, bound->per_address);
}

static gboolean
add_below (atomic_uint *count, guint most)
{
    if (atomic_fetch_add (count, 1) < most)
        return TRUE;
    atomic_fetch_sub (count, 1);
    return FALSE;
}

/* Another worker may have taken the room that was made here: then some more is. */
static gboolean
enter_with_room (ConnectionBound *bound, BoundMakeRoom make_room, gpointer data)
{
    while (!add_below (&bound->count, bound->total)) {
        if (!make_room (data))
            return FALSE;
        counters_add (COUNTER_MADE_ROOM, 1);
        tell_once_a_second (bound, &bound->told_closed, "closed to make room for others");
    }
    return TRUE;
}

BoundAnswer
connection_bound_enter (ConnectionBound *bound, const H3Address *peer, BoundMakeRoom make_room,
                        gpointer data)
{
    if (has_per_address (bound, peer) && !enter_address (bound, peer))
        return BOUND_HAS_SHARE;
    if (enter_with_room (bound, make_room, data))
        return BOUND_ENTERED;
    if (has_per_address (bound, peer))
        leave_address (bound, peer);
    return BOUND_IS_FULL;
}

gboolean
connection_bound_claim_address (ConnectionBound *bound, const H3Address *peer)
{
    return !has_per_address (bound, peer) || enter_address (bound, peer);
}

gboolean
connection_bound_begin_waiting (ConnectionBound *bound)
{
    return add_below (&bound->n_waiting, CLAMP (bound->total / WAITING_PART, 1, MAX_WAITING));
}

void
connection_bound_end_waiting (ConnectionBound *bound)
{
    atomic_fetch_sub (&bound->n_waiting, 1);
}

void
connection_bound_note_refused (ConnectionBound *bound)
{
    counters_add (COUNTER_REFUSED, 1);
    tell_once_a_second (bound, &bound->told_refused, "refused");
}

void
connection_bound_leave (ConnectionBound *bound, const H3Address *peer)
{
    atomic_fetch_sub (&bound->count, 1);
    if (has_per_address (bound, peer))
        leave_address (bound, peer);
}

guint
connection_bound_count (const ConnectionBound *bound)
{
    return atomic_load (&((ConnectionBound *) bound)->count);
}
