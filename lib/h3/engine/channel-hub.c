/* SPDX-License-Identifier: MIT
 *
 * A channel's part on one worker: takes what was published in one go, and hands it to all who
 * subscribe there. */

#include "channel-private.h"

/* So many calls a turn: others on this loop want theirs too. */
#define CALLS_A_TURN 1024

Hub *
hub_ref (Hub *hub)
{
    atomic_fetch_add_explicit (&hub->references, 1, memory_order_relaxed);
    return hub;
}

void
hub_unref (gpointer data)
{
    Hub *hub = data;

    if (atomic_fetch_sub_explicit (&hub->references, 1, memory_order_acq_rel) != 1)
        return;
    g_ptr_array_unref (hub->pending);
    g_ptr_array_unref (hub->running);
    channel_let_go (hub->channel);
    loop_unref (hub->loop);
    g_free (hub);
}

static GPtrArray *
new_messages (void)
{
    return g_ptr_array_new_with_free_func ((GDestroyNotify) h3_message_unref);
}

static void
on_loop_closes (EndingNode *node)
{
    Hub *hub = hub_ref ((Hub *) ((char *) node - G_STRUCT_OFFSET (Hub, closing)));

    while (hub->first != NULL)
        subscription_end (hub->first, H3_CHANNEL_END_WORKER);
    hub_unref (hub);
}

Hub *
hub_of_loop (H3Channel *channel, Loop *loop)
{
    Hub *hub;

    for (guint i = 0; i < channel->hubs->len; i++) {
        hub = channel->hubs->pdata[i];
        if (hub->loop == loop)
            return hub;
    }
    hub = g_new0 (Hub, 1);
    atomic_init (&hub->references, 1);
    hub->channel = channel_hold (channel);
    hub->loop = loop_ref (loop);
    hub->pending = new_messages ();
    hub->running = new_messages ();
    hub->closing.on_ending = on_loop_closes;
    endings_add (loop_get_endings (loop), ENDING_CLOSE, &hub->closing);
    g_ptr_array_add (channel->hubs, hub);
    return hub;
}

gboolean
hub_note_work (Hub *hub)
{
    if (hub->is_posted)
        return FALSE;
    hub->is_posted = TRUE;
    hub_ref (hub);
    return TRUE;
}

gboolean
hub_push (Hub *hub, H3Message *message)
{
    g_ptr_array_add (hub->pending, h3_message_ref (message));
    hub->pending_bytes += message->data.length;
    return hub_note_work (hub);
}

void
hub_add (Hub *hub, H3Subscription *subscription)
{
    subscription->next = hub->first;
    if (hub->first != NULL)
        hub->first->previous = subscription;
    hub->first = h3_subscription_ref (subscription);
}

/* Nobody is left: who publishes need not wake this worker any more. */
static void
leave_channel (Hub *hub)
{
    H3Channel *channel = hub->channel;
    g_autoptr (GPtrArray) unheard = new_messages ();
    GPtrArray *pending;

    endings_remove (loop_get_endings (hub->loop), &hub->closing);
    pthread_mutex_lock (&channel->mutex);
    pending = hub->pending;
    hub->pending = unheard;
    unheard = pending;
    hub->pending_bytes = 0;
    for (guint i = 0; i < channel->hubs->len; i++) {
        if (channel->hubs->pdata[i] == hub)
            g_ptr_array_remove_index_fast (channel->hubs, i);
    }
    pthread_mutex_unlock (&channel->mutex);
    hub_unref (hub);
}

void
hub_remove (Hub *hub, H3Subscription *subscription)
{
    if (hub->cursor == subscription)
        hub->cursor = subscription->next;
    if (subscription->previous != NULL)
        subscription->previous->next = subscription->next;
    else
        hub->first = subscription->next;
    if (subscription->next != NULL)
        subscription->next->previous = subscription->previous;
    subscription->next = subscription->previous = NULL;
    if (hub->first == NULL)
        leave_channel (hub);
    h3_subscription_unref (subscription);
}

/* What was published meanwhile. FALSE: nothing, and who publishes next wakes this loop. */
static gboolean
take_pending (Hub *hub, gboolean *out_is_closed)
{
    H3Channel *channel = hub->channel;
    GPtrArray *taken;

    g_ptr_array_set_size (hub->running, 0);
    hub->begin = hub->end = 0;
    pthread_mutex_lock (&channel->mutex);
    taken = hub->pending;
    hub->pending = hub->running;
    hub->running = taken;
    hub->pending_bytes = 0;
    hub->is_posted = taken->len > 0;
    *out_is_closed = channel->is_closed;
    pthread_mutex_unlock (&channel->mutex);
    return taken->len > 0;
}

/* The next part of what runs. FALSE: there is no more. */
static gboolean
begin_part (Hub *hub)
{
    gsize bytes = 0;

    hub->begin = hub->end;
    while (hub->end < hub->running->len && hub->end - hub->begin < CHANNEL_PART_MESSAGES
           && bytes < CHANNEL_PART_BYTES)
        bytes += ((H3Message *) hub->running->pdata[hub->end++])->data.length;
    hub->cursor = hub->first;
    return hub->end > hub->begin;
}

/* Returns how many calls were made. */
static guint
hand_out (Hub *hub, guint calls)
{
    H3Message *const *messages = (H3Message *const *) hub->running->pdata + hub->begin;
    guint n = 0;

    for (; hub->cursor != NULL && n < calls; n++) {
        H3Subscription *subscription = hub->cursor;

        hub->cursor = subscription->next;
        subscription_give (subscription, messages, hub->end - hub->begin);
    }
    return n;
}

/* Who is still led through what was kept hears of the end behind it. */
static void
end_subscriptions (Hub *hub)
{
    hub->cursor = hub->first;
    while (hub->cursor != NULL) {
        H3Subscription *subscription = hub->cursor;

        hub->cursor = subscription->next;
        if (!subscription->is_catching_up)
            subscription_end (subscription, H3_CHANNEL_END_CLOSED);
    }
}

static void
work (gpointer data)
{
    Hub *hub = data;
    guint left = CALLS_A_TURN;
    gboolean is_closed = FALSE;

    while (left > 0) {
        left -= hand_out (hub, left);
        if (hub->cursor != NULL || begin_part (hub))
            continue;
        if (!take_pending (hub, &is_closed)) {
            if (is_closed)
                end_subscriptions (hub);
            hub_unref (hub);
            return;
        }
    }
    hub_wake (hub);
}

void
hub_wake (Hub *hub)
{
    loop_post (hub->loop, work, hub, hub_unref);
}
