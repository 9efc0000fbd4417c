/* SPDX-License-Identifier: MIT */

#include "channel-private.h"

#include <h3/base/random.h>

#include <stdio.h>

G_DEFINE_BOXED_TYPE (H3Channel, h3_channel, h3_channel_ref, h3_channel_unref)

H3Channel *
h3_channel_new (void)
{
    H3Channel *channel = g_new0 (H3Channel, 1);

    atomic_init (&channel->references, 1);
    atomic_init (&channel->holds, 1);
    atomic_init (&channel->bound, H3_CHANNEL_BOUND);
    pthread_mutex_init (&channel->mutex, NULL);
    channel->hubs = g_ptr_array_new ();
    /* No secret: another number than that of the run before is all it takes. */
    if (!random_fill (&channel->run, sizeof channel->run))
        channel->run = (guint32) g_get_real_time ();
    return channel;
}

H3Channel *
channel_hold (H3Channel *channel)
{
    atomic_fetch_add_explicit (&channel->holds, 1, memory_order_relaxed);
    return channel;
}

void
channel_let_go (H3Channel *channel)
{
    if (atomic_fetch_sub_explicit (&channel->holds, 1, memory_order_acq_rel) != 1)
        return;
    replay_clear (&channel->replay);
    g_ptr_array_unref (channel->hubs);
    pthread_mutex_destroy (&channel->mutex);
    g_free (channel);
}

H3Channel *
h3_channel_ref (H3Channel *channel)
{
    g_return_val_if_fail (channel != NULL, NULL);
    atomic_fetch_add_explicit (&channel->references, 1, memory_order_relaxed);
    return channel;
}

void
h3_channel_unref (H3Channel *channel)
{
    if (channel == NULL
        || atomic_fetch_sub_explicit (&channel->references, 1, memory_order_acq_rel) != 1)
        return;
    h3_channel_close (channel);
    channel_let_go (channel);
}

void
h3_channel_set_replay (H3Channel *channel, guint max_messages, gsize max_bytes)
{
    H3Message *given_up;

    g_return_if_fail (channel != NULL);
    pthread_mutex_lock (&channel->mutex);
    given_up = replay_set_bounds (&channel->replay, max_messages, max_bytes, NULL);
    pthread_mutex_unlock (&channel->mutex);
    replay_free_chain (given_up);
}

void
h3_channel_set_bound (H3Channel *channel, gsize bytes)
{
    g_return_if_fail (channel != NULL);
    atomic_store_explicit (&channel->bound, bytes, memory_order_relaxed);
}

/* Those hubs that are at rest, to be woken when the mutex is not held: a loop that has closed would
 * call back. */
typedef struct {
    guint n;
    Hub *few[8];  /* ref each */
    Hub **others; /* owned; ref each; NULL: few are enough */
} Sleepers;

static void
add_sleeper (Sleepers *sleepers, Hub *hub, guint at_most)
{
    if (at_most > G_N_ELEMENTS (sleepers->few) && sleepers->others == NULL)
        sleepers->others = g_new (Hub *, at_most);
    if (sleepers->others != NULL)
        sleepers->others[sleepers->n++] = hub;
    else
        sleepers->few[sleepers->n++] = hub;
}

static void
wake_sleepers (Sleepers *sleepers)
{
    for (guint i = 0; i < sleepers->n; i++)
        hub_wake (sleepers->others != NULL ? sleepers->others[i] : sleepers->few[i]);
    g_free (sleepers->others);
}

/* Under the mutex: the message gets its place. What has an id can be asked for again. */
static H3Message *
number (H3Channel *channel, H3Message *message)
{
    message->sequence = ++channel->sequence;
    if (message->id == NULL && channel->replay.max_messages > 0) {
        (void) snprintf (message->made_id, sizeof message->made_id, "%08x-%" G_GUINT64_FORMAT,
                         channel->run, message->sequence);
        message->id = message->made_id;
    }
    return replay_push (&channel->replay, message, NULL);
}

/* Takes the message. */
static gboolean
publish (H3Channel *channel, H3Message *message)
{
    Sleepers sleepers = { 0 };
    H3Message *given_up;

    pthread_mutex_lock (&channel->mutex);
    if (channel->is_closed) {
        pthread_mutex_unlock (&channel->mutex);
        h3_message_unref (message);
        return FALSE;
    }
    given_up = number (channel, message);
    for (guint i = 0; i < channel->hubs->len; i++) {
        Hub *hub = channel->hubs->pdata[i];

        if (hub_push (hub, message))
            add_sleeper (&sleepers, hub, channel->hubs->len);
    }
    pthread_mutex_unlock (&channel->mutex);
    wake_sleepers (&sleepers);
    replay_free_chain (given_up);
    h3_message_unref (message);
    return TRUE;
}

gboolean
h3_channel_publish (H3Channel *channel, const char *id, const char *event, GBytes *data)
{
    g_return_val_if_fail (channel != NULL && data != NULL, FALSE);
    return message_is_name (id) && message_is_name (event)
           && publish (channel, message_new (id, event, data));
}

/* The message alone has the bytes when others read them, so that its count of references, which is
 * ours, says who frees them. */
gboolean
h3_channel_publish_text (H3Channel *channel, const char *event, const char *text)
{
    H3Message *message;
    GBytes *data;

    g_return_val_if_fail (channel != NULL && text != NULL, FALSE);
    if (!message_is_name (event))
        return FALSE;
    data = g_bytes_new (text, strlen (text));
    message = message_new (NULL, event, data);
    g_bytes_unref (data);
    return publish (channel, message);
}

void
h3_channel_close (H3Channel *channel)
{
    Sleepers sleepers = { 0 };

    g_return_if_fail (channel != NULL);
    pthread_mutex_lock (&channel->mutex);
    channel->is_closed = TRUE;
    for (guint i = 0; i < channel->hubs->len; i++) {
        if (hub_note_work (channel->hubs->pdata[i]))
            add_sleeper (&sleepers, channel->hubs->pdata[i], channel->hubs->len);
    }
    pthread_mutex_unlock (&channel->mutex);
    wake_sleepers (&sleepers);
}

void
h3_channel_get_statistics (H3Channel *channel, H3ChannelStatistics *out_statistics)
{
    H3ChannelStatistics now = { 0 };

    g_return_if_fail (channel != NULL && out_statistics != NULL);
    pthread_mutex_lock (&channel->mutex);
    now.subscribers = channel->n_subscribers;
    now.published = channel->sequence;
    now.dropped = channel->n_dropped;
    for (guint i = 0; i < channel->hubs->len; i++)
        now.pending = MAX (now.pending, ((Hub *) channel->hubs->pdata[i])->pending_bytes);
    pthread_mutex_unlock (&channel->mutex);
    *out_statistics = now;
}

/* Under the mutex: where the subscriber's part of what is published begins. */
static void
find_place (H3Subscription *subscription, const H3Channel *channel, const char *last_id)
{
    const H3Message *last = last_id != NULL ? replay_find (&channel->replay, last_id) : NULL;
    const H3Message *first = replay_get_first (&channel->replay);

    subscription->seen = channel->sequence;
    if (last != NULL)
        subscription->seen = last->sequence;
    else if (last_id != NULL && first != NULL)
        subscription->seen = first->sequence - 1;
    subscription->has_missed = last == NULL && last_id != NULL && *last_id != '\0';
    subscription->is_catching_up = subscription->seen < channel->sequence || channel->is_closed;
}

H3Subscription *
h3_channel_subscribe (H3Channel *channel, const char *last_id, H3ChannelFunction function,
                      H3ChannelEnded ended, gpointer user_data, GDestroyNotify destroy)
{
    Loop *loop = loop_get_current ();
    H3Subscription *subscription;
    Hub *hub;

    g_return_val_if_fail (channel != NULL && function != NULL, NULL);
    if (loop == NULL) {
        g_critical ("h3_channel_subscribe() is for a worker's thread: this one runs no loop");
        return NULL;
    }
    if (loop_get_endings (loop)->has_come[ENDING_CLOSE]) {
        if (destroy != NULL)
            destroy (user_data);
        return NULL;
    }
    pthread_mutex_lock (&channel->mutex);
    hub = hub_of_loop (channel, loop);
    subscription = subscription_new (hub);
    subscription->function = function;
    subscription->ended = ended;
    subscription->user_data = user_data;
    subscription->destroy = destroy;
    find_place (subscription, channel, last_id);
    channel->n_subscribers++;
    pthread_mutex_unlock (&channel->mutex);
    hub_add (hub, subscription);
    if (subscription->is_catching_up)
        subscription_schedule (subscription);
    return subscription;
}

/* Two functions, each with data of its own, as the data of one subscription. */
typedef struct {
    H3ChannelFunction function;
    gpointer user_data; /* owned where destroy says so */
    GDestroyNotify destroy;
    H3ChannelEnded ended;
    gpointer ended_data; /* owned where ended_destroy says so */
    GDestroyNotify ended_destroy;
} Pair;

static void
free_pair (gpointer data)
{
    Pair *pair = data;

    if (pair->destroy != NULL)
        pair->destroy (pair->user_data);
    if (pair->ended_destroy != NULL)
        pair->ended_destroy (pair->ended_data);
    g_free (pair);
}

static guint64
tell_pair (H3Subscription *subscription, H3Message *const *messages, guint n_messages,
           gpointer data)
{
    Pair *pair = data;

    return pair->function (subscription, messages, n_messages, pair->user_data);
}

static void
end_pair (H3Subscription *subscription, H3ChannelEnd why, gpointer data)
{
    Pair *pair = data;

    if (pair->ended != NULL)
        pair->ended (subscription, why, pair->ended_data);
}

H3Subscription *
h3_channel_subscribe_full (H3Channel *channel, const char *last_id, H3ChannelFunction function,
                           gpointer user_data, GDestroyNotify destroy, H3ChannelEnded ended,
                           gpointer ended_data, GDestroyNotify ended_destroy)
{
    Pair pair = { function, user_data, destroy, ended, ended_data, ended_destroy };

    g_return_val_if_fail (channel != NULL && function != NULL, NULL);
    g_return_val_if_fail (loop_get_current () != NULL, NULL);
    return h3_channel_subscribe (channel, last_id, tell_pair, end_pair,
                                 g_memdup2 (&pair, sizeof pair), free_pair);
}
