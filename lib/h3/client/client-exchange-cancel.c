/* SPDX-License-Identifier: MIT
 *
 * A GCancellable that may be cancelled on any thread, within any call, reaches an exchange on its
 * loop. g_cancellable_disconnect () waits for those who are being told: who cancels the exchange
 * because it was told would wait for itself. So the handler is only taken off, and what it still
 * may find is a bell that rings for nobody. */

#include "client-exchange-private.h"

#include <stdatomic.h>

/* Referenced by the exchange, by the handler, and by each ring on its way. */
struct _ClientBell {
    atomic_uint references;    /* its release and acquire order what crosses threads */
    Loop *loop;                /* ref */
    GCancellable *cancellable; /* ref: the loop's thread, as all below */
    ClientExchange *exchange;  /* borrowed; NULL: over */
    gulong handler;
};

static void
unref_bell (gpointer data)
{
    ClientBell *bell = data;

    if (atomic_fetch_sub_explicit (&bell->references, 1, memory_order_acq_rel) != 1)
        return;
    loop_unref (bell->loop);
    g_free (bell);
}

static void
unref_handler (gpointer data, GClosure *closure)
{
    unref_bell (data);
}

static void
ring (gpointer data)
{
    ClientBell *bell = data;
    ClientExchange *exchange = bell->exchange;

    unref_bell (bell);
    if (exchange != NULL)
        client_exchange_fail (
            exchange, client_peer_error (exchange->peer, H3_CLIENT_ERROR_CANCELLED, "cancelled"));
}

/* Any thread. */
static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
    ClientBell *bell = data;

    atomic_fetch_add_explicit (&bell->references, 1, memory_order_acq_rel);
    loop_post (bell->loop, ring, bell, unref_bell);
}

gboolean
client_exchange_watch (ClientExchange *exchange, GCancellable *cancellable)
{
    ClientBell *bell;

    if (cancellable == NULL || g_cancellable_is_cancelled (cancellable))
        return cancellable != NULL;
    bell = g_new (ClientBell, 1);
    bell->loop = loop_ref (exchange->client->context.loop);
    bell->cancellable = g_object_ref (cancellable);
    bell->exchange = exchange;
    exchange->bell = bell;
    atomic_store_explicit (&bell->references, 2, memory_order_release);
    bell->handler = g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (on_cancelled),
                                           bell, unref_handler, 0);
    /* Perhaps between the two. */
    return g_cancellable_is_cancelled (cancellable);
}

void
client_exchange_unwatch (ClientExchange *exchange)
{
    ClientBell *bell = g_steal_pointer (&exchange->bell);

    if (bell == NULL)
        return;
    bell->exchange = NULL;
    g_signal_handler_disconnect (bell->cancellable, bell->handler);
    g_clear_object (&bell->cancellable);
    unref_bell (bell);
}
