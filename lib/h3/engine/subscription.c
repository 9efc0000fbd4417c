/* SPDX-License-Identifier: MIT
 *
 * One who hears a channel: given what is new, or led through what was kept until it has it all. */

#include "channel-private.h"

#include <h3/base/counters.h>

G_DEFINE_BOXED_TYPE (H3Subscription, h3_subscription, h3_subscription_ref, h3_subscription_unref)

H3Subscription *
subscription_new (Hub *hub)
{
    H3Subscription *subscription = g_new0 (H3Subscription, 1);

    atomic_init (&subscription->references, 1);
    subscription->hub = hub_ref (hub);
    counters_add (COUNTER_SUBSCRIPTIONS_LIVE, 1);
    return subscription;
}

H3Subscription *
h3_subscription_ref (H3Subscription *subscription)
{
    g_return_val_if_fail (subscription != NULL, NULL);
    atomic_fetch_add_explicit (&subscription->references, 1, memory_order_relaxed);
    return subscription;
}

void
h3_subscription_unref (H3Subscription *subscription)
{
    if (subscription == NULL
        || atomic_fetch_sub_explicit (&subscription->references, 1, memory_order_acq_rel) != 1)
        return;
    hub_unref (subscription->hub);
    g_free (subscription);
    counters_add (COUNTER_SUBSCRIPTIONS_LIVE, -1);
}

static void
drop_user_data (H3Subscription *subscription)
{
    GDestroyNotify destroy = g_steal_pointer (&subscription->destroy);

    if (destroy != NULL)
        destroy (subscription->user_data);
}

/* Out of its hub: nothing is given to it any more. */
static void
leave (H3Subscription *subscription, gboolean is_slow)
{
    H3Channel *channel = subscription->hub->channel;

    subscription->is_over = TRUE;
    pthread_mutex_lock (&channel->mutex);
    channel->n_subscribers--;
    if (is_slow)
        channel->n_dropped++;
    pthread_mutex_unlock (&channel->mutex);
}

void
subscription_end (H3Subscription *subscription, H3ChannelEnd why)
{
    leave (subscription, why == H3_CHANNEL_END_SLOW);
    if (subscription->ended != NULL)
        subscription->ended (subscription, why, subscription->user_data);
    drop_user_data (subscription);
    hub_remove (subscription->hub, subscription);
}

void
h3_subscription_cancel (H3Subscription *subscription)
{
    if (subscription == NULL || subscription->is_over)
        return;
    g_return_if_fail (loop_get_current () == subscription->hub->loop);
    leave (subscription, FALSE);
    if (subscription->is_called)
        return; /* whoever calls it goes on from here */
    drop_user_data (subscription);
    hub_remove (subscription->hub, subscription);
}

/* FALSE where it is over behind it, and may have been freed. */
static gboolean
call (H3Subscription *subscription, H3Message *const *messages, guint n, guint64 *out_waiting)
{
    subscription->seen = messages[n - 1]->sequence;
    subscription->is_called = TRUE;
    *out_waiting = subscription->function (subscription, messages, n, subscription->user_data);
    subscription->is_called = FALSE;
    if (!subscription->is_over)
        return TRUE;
    drop_user_data (subscription);
    hub_remove (subscription->hub, subscription);
    return FALSE;
}

static guint64
get_bound (const H3Subscription *subscription)
{
    return atomic_load_explicit (&subscription->hub->channel->bound, memory_order_relaxed);
}

void
subscription_give (H3Subscription *subscription, H3Message *const *messages, guint n)
{
    guint64 waiting;

    /* Who came while they were on their way may have had some of them out of the replay. */
    while (n > 0 && messages[0]->sequence <= subscription->seen) {
        messages++;
        n--;
    }
    if (n == 0 || subscription->is_catching_up)
        return;
    if (call (subscription, messages, n, &waiting) && waiting > get_bound (subscription))
        subscription_end (subscription, H3_CHANNEL_END_SLOW);
}

typedef enum { PART_SOME, PART_LOST, PART_CLOSED, PART_ALL } PartState;

/* (transfer full): what comes next of the replay. ALL: it is as far as the channel, and hears what
 * is new from now on; LOST: what comes next is no more. */
static PartState
take_part (H3Subscription *subscription, H3Message **part, guint *out_n)
{
    H3Channel *channel = subscription->hub->channel;
    H3Message *message;
    PartState state = PART_SOME;
    gsize bytes = 0;
    guint n = 0;

    pthread_mutex_lock (&channel->mutex);
    while (n < CHANNEL_PART_MESSAGES && bytes < CHANNEL_PART_BYTES
           && (message = replay_get (&channel->replay, subscription->seen + n + 1)) != NULL) {
        bytes += message->data.length;
        part[n++] = h3_message_ref (message);
    }
    if (n == 0 && subscription->seen < channel->sequence)
        state = PART_LOST;
    else if (n == 0)
        state = channel->is_closed ? PART_CLOSED : PART_ALL;
    pthread_mutex_unlock (&channel->mutex);
    *out_n = n;
    return state;
}

static void
give_part (H3Subscription *subscription, H3Message **part, guint n)
{
    guint64 waiting;
    gboolean goes_on = call (subscription, part, n, &waiting);

    for (guint i = 0; i < n; i++)
        h3_message_unref (part[i]);
    /* Else h3_subscription_resume () says when. */
    if (goes_on && waiting <= get_bound (subscription) / 2)
        subscription_schedule (subscription);
}

static void
catch_up (gpointer data)
{
    g_autoptr (H3Subscription) subscription = data;
    H3Message *part[CHANNEL_PART_MESSAGES];
    guint n;

    subscription->is_due = FALSE;
    if (subscription->is_over || !subscription->is_catching_up)
        return;
    switch (take_part (subscription, part, &n)) {
    case PART_SOME:
        give_part (subscription, part, n);
        break;
    case PART_LOST:
        subscription_end (subscription, H3_CHANNEL_END_SLOW);
        break;
    case PART_CLOSED:
        subscription_end (subscription, H3_CHANNEL_END_CLOSED);
        break;
    case PART_ALL:
        subscription->is_catching_up = FALSE;
        break;
    }
}

/* The loop has closed: the hub ends what is left. */
static void
drop_catch_up (gpointer data)
{
    h3_subscription_unref (data);
}

void
subscription_schedule (H3Subscription *subscription)
{
    if (subscription->is_due)
        return;
    subscription->is_due = TRUE;
    loop_post (subscription->hub->loop, catch_up, h3_subscription_ref (subscription),
               drop_catch_up);
}

void
h3_subscription_resume (H3Subscription *subscription)
{
    g_return_if_fail (subscription != NULL);
    g_return_if_fail (loop_get_current () == subscription->hub->loop);
    if (!subscription->is_over && subscription->is_catching_up)
        subscription_schedule (subscription);
}

gboolean
h3_subscription_has_missed (const H3Subscription *subscription)
{
    g_return_val_if_fail (subscription != NULL, FALSE);
    return subscription->has_missed;
}
