/* SPDX-License-Identifier: MIT
 *
 * One publishes, many hear: on all workers, each with its own subscribers. All of a channel hear
 * the same messages in the same order. A channel is reference-counted, for any thread; when the
 * last reference is dropped it closes. A subscription belongs to the worker it was made on: its
 * functions are called there, and all but ref and unref is for that thread. Since: 0.1 */

#pragma once

#include <h3/engine/message.h>

G_BEGIN_DECLS

/**
 * H3Channel:
 *
 * Where one publishes and many hear: on all workers, each with its own subscribers.
 *
 * All of a channel hear the same messages in the same order. Boxed and reference-counted, for any
 * thread; when the last reference is dropped it closes.
 *
 * Since: 0.1
 */
typedef struct _H3Channel H3Channel;

/**
 * H3Subscription:
 *
 * One who hears what is published on a channel.
 *
 * Boxed and reference-counted. It belongs to the worker it was made on: its functions are called
 * there, and all but ref and unref is for that thread.
 *
 * Since: 0.1
 */
typedef struct _H3Subscription H3Subscription;

#define H3_TYPE_CHANNEL (h3_channel_get_type ())
GType h3_channel_get_type (void);
#define H3_TYPE_SUBSCRIPTION (h3_subscription_get_type ())
GType h3_subscription_get_type (void);

/**
 * H3_CHANNEL_BOUND:
 *
 * Bytes that may wait for a subscriber's client, unless the channel says otherwise.
 *
 * Since: 0.1
 */
#define H3_CHANNEL_BOUND (64 * 1024)

/**
 * H3ChannelEnd:
 * @H3_CHANNEL_END_SLOW: more waited than may, or what was kept for it is no more
 * @H3_CHANNEL_END_CLOSED: the channel was closed
 * @H3_CHANNEL_END_WORKER: the subscription's worker has ended
 *
 * Why a subscription has ended that was not cancelled.
 *
 * Since: 0.1
 */
typedef enum { H3_CHANNEL_END_SLOW, H3_CHANNEL_END_CLOSED, H3_CHANNEL_END_WORKER } H3ChannelEnd;

/**
 * H3ChannelFunction:
 * @subscription: (transfer none): who hears of it
 * @messages: (array length=n_messages) (transfer none): one or more, in the order they were
 *   published; borrowed
 * @n_messages: how many
 * @user_data: (nullable) (closure): what was given with the function
 *
 * Is given what was published on a channel.
 *
 * Called on the subscription's worker, never inside a call that subscribes or publishes. It may
 * publish, subscribe and cancel.
 *
 * Returns: how many bytes now wait for the subscriber's client; 0 where there is none
 *
 * Since: 0.1
 */
typedef guint64 (*H3ChannelFunction) (H3Subscription *subscription, H3Message *const *messages,
                                      guint n_messages, gpointer user_data);

/**
 * H3ChannelEnded:
 * @subscription: (transfer none): that has ended
 * @why: what ended it
 * @user_data: (nullable) (closure): what was given with the function
 *
 * Is told that nothing more comes: called once, on the subscription's worker, unless it was
 * cancelled.
 *
 * Since: 0.1
 */
typedef void (*H3ChannelEnded) (H3Subscription *subscription, H3ChannelEnd why, gpointer user_data);

/**
 * H3ChannelStatistics:
 * @subscribers: those there are now
 * @published: messages, ever
 * @dropped: subscribers, ever, that were ended for being slow
 * @pending: bytes of messages that the worker furthest behind has not yet taken: who publishes more
 *   than the workers can do sees it grow
 *
 * How a channel does.
 *
 * Since: 0.1
 */
typedef struct {
    guint64 subscribers;
    guint64 published;
    guint64 dropped;
    guint64 pending;
} H3ChannelStatistics;

/**
 * h3_channel_new: (constructor)
 *
 * Makes a channel that keeps no messages. Any thread.
 *
 * Returns: (transfer full): the channel
 *
 * Since: 0.1
 */
H3Channel *h3_channel_new (void);

/**
 * h3_channel_ref:
 * @channel: a channel
 *
 * Takes a reference. Any thread.
 *
 * Returns: (transfer full): @channel
 *
 * Since: 0.1
 */
H3Channel *h3_channel_ref (H3Channel *channel);

/**
 * h3_channel_unref:
 * @channel: (transfer full) (nullable): a channel; %NULL is allowed
 *
 * Drops a reference. Dropping the last one closes the channel. Any thread.
 *
 * Since: 0.1
 */
void h3_channel_unref (H3Channel *channel);

/**
 * h3_channel_set_replay:
 * @channel: a channel
 * @max_messages: how many to keep; 0: none, as at first
 * @max_bytes: of the data, ids and names of events of all that are kept
 *
 * Keeps the last @max_messages messages, as far as they are @max_bytes bytes or less, for
 * subscribers that name the last one they have had.
 *
 * A message published without an id is given one then, which does not count. Any thread.
 *
 * Since: 0.1
 */
void h3_channel_set_replay (H3Channel *channel, guint max_messages, gsize max_bytes);

/**
 * h3_channel_set_bound:
 * @channel: a channel
 * @bytes: how many; %H3_CHANNEL_BOUND unless it is set
 *
 * Sets how many bytes may wait for a subscriber. Any thread.
 *
 * Since: 0.1
 */
void h3_channel_set_bound (H3Channel *channel, gsize bytes);

/**
 * h3_channel_publish:
 * @channel: a channel
 * @id: (nullable): what clients that come back name as the last they have had, without CR and LF;
 *   copied
 * @event: (nullable): what kind of event this is, without CR and LF; copied
 * @data: (transfer none): what to tell; referenced where it is large, and not changed any more
 *
 * Hands @data to all who subscribe now. Returns at once; subscribers hear of it on their workers.
 * Any thread.
 *
 * Returns: %FALSE, and nothing is published, where @id or @event has CR or LF in it, or the channel
 *   is closed
 *
 * Since: 0.1
 */
gboolean h3_channel_publish (H3Channel *channel, const char *id, const char *event, GBytes *data);

/**
 * h3_channel_publish_text:
 * @channel: a channel
 * @event: (nullable): as of h3_channel_publish()
 * @text: what to tell; copied
 *
 * Hands a text, without an id of its own, to all who subscribe now, as h3_channel_publish() does.
 * Any thread.
 *
 * Returns: %FALSE as of h3_channel_publish()
 *
 * Since: 0.1
 */
gboolean h3_channel_publish_text (H3Channel *channel, const char *event, const char *text);

/**
 * h3_channel_close:
 * @channel: a channel
 *
 * Closes the channel: subscribers hear what was published before, then that it is closed. Any
 * thread.
 *
 * Since: 0.1
 */
void h3_channel_close (H3Channel *channel);

/**
 * h3_channel_get_statistics:
 * @channel: a channel
 * @out_statistics: (out caller-allocates): how it does
 *
 * Tells how the channel does. Any thread.
 *
 * Since: 0.1
 */
void h3_channel_get_statistics (H3Channel *channel, H3ChannelStatistics *out_statistics);

/**
 * h3_channel_subscribe: (skip)
 * @channel: a channel
 * @last_id: (nullable): the last message the client has had: those kept that came after it are
 *   given first, all that are kept where it is not (any more) among them, or is ""; %NULL: only
 *   what is published from now on
 * @function: (scope notified) (closure user_data) (destroy destroy): for what is published
 * @ended: (nullable) (scope notified) (closure user_data): for the end
 * @user_data: (nullable): for both
 * @destroy: (nullable): called once, after all else, on the worker's thread
 *
 * Has @function called with what is published. Its twin for bindings, whose functions have data of
 * their own, is h3_channel_subscribe_full(); a stream of events or a WebSocket is subscribed with
 * h3_sse_subscribe() or h3_websocket_subscribe().
 *
 * Thread: a worker's; elsewhere a critical and %NULL.
 *
 * Returns: (transfer full) (nullable): the subscription; dropping the reference does not cancel it.
 *   %NULL where the worker has ended: @destroy has been called
 *
 * Since: 0.1
 */
H3Subscription *h3_channel_subscribe (H3Channel *channel, const char *last_id,
                                      H3ChannelFunction function, H3ChannelEnded ended,
                                      gpointer user_data, GDestroyNotify destroy);

/**
 * h3_channel_subscribe_full: (rename-to h3_channel_subscribe)
 * @channel: a channel
 * @last_id: (nullable): as of h3_channel_subscribe()
 * @function: (scope notified) (closure user_data) (destroy destroy): for what is published
 * @user_data: (nullable): for @function
 * @destroy: (nullable): for @user_data
 * @ended: (nullable) (scope notified) (closure ended_data) (destroy ended_destroy): for the end
 * @ended_data: (nullable): for @ended
 * @ended_destroy: (nullable): for @ended_data
 *
 * Has @function called with what is published, as h3_channel_subscribe() does, with data for each
 * function.
 *
 * Both destroy functions are called once, after all else, on the worker's thread. Thread: a
 * worker's; elsewhere a critical and %NULL.
 *
 * Returns: (transfer full) (nullable): the subscription; dropping the reference does not cancel it.
 *   %NULL where the worker has ended: both destroy functions have been called
 *
 * Since: 0.1
 */
H3Subscription *h3_channel_subscribe_full (H3Channel *channel, const char *last_id,
                                           H3ChannelFunction function, gpointer user_data,
                                           GDestroyNotify destroy, H3ChannelEnded ended,
                                           gpointer ended_data, GDestroyNotify ended_destroy);

/**
 * h3_subscription_ref:
 * @subscription: a subscription
 *
 * Takes a reference. Any thread.
 *
 * Returns: (transfer full): @subscription
 *
 * Since: 0.1
 */
H3Subscription *h3_subscription_ref (H3Subscription *subscription);

/**
 * h3_subscription_unref:
 * @subscription: (transfer full) (nullable): a subscription; %NULL is allowed
 *
 * Drops a reference. It goes on hearing, until it is cancelled. Any thread.
 *
 * Since: 0.1
 */
void h3_subscription_unref (H3Subscription *subscription);

/**
 * h3_subscription_has_missed:
 * @subscription: a subscription
 *
 * Tells whether the last id that it was made with named a message that was not kept any more: some
 * may have been missed. Its worker only.
 *
 * Returns: %TRUE where it did
 *
 * Since: 0.1
 */
gboolean h3_subscription_has_missed (const H3Subscription *subscription);

/**
 * h3_subscription_resume:
 * @subscription: a subscription
 *
 * Says that the client has taken what waited: what was kept for it is given on. It is nothing to
 * who has it all, so whoever sends calls it whenever its client has drained. Its worker only.
 *
 * Since: 0.1
 */
void h3_subscription_resume (H3Subscription *subscription);

/**
 * h3_subscription_cancel:
 * @subscription: (nullable): a subscription; %NULL is allowed
 *
 * Has neither of its functions called any more. Safe at any time: in them, after the end, twice.
 * Its worker only.
 *
 * Since: 0.1
 */
void h3_subscription_cancel (H3Subscription *subscription);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Channel, h3_channel_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Subscription, h3_subscription_unref)

G_END_DECLS
