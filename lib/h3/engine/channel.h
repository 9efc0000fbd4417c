/* SPDX-License-Identifier: MIT
 *
 * One publishes, many hear: on all workers, each with its own subscribers. All of a channel hear
 * the same messages in the same order. A channel is reference-counted, for any thread; when the
 * last reference is dropped it closes. A subscription belongs to the worker it was made on: its
 * functions are called there, and all but ref and unref is for that thread. Since: 0.1 */

#pragma once

#include <h3/engine/message.h>

G_BEGIN_DECLS

typedef struct _H3Channel H3Channel;
typedef struct _H3Subscription H3Subscription;

#define H3_TYPE_CHANNEL (h3_channel_get_type ())
GType h3_channel_get_type (void);
#define H3_TYPE_SUBSCRIPTION (h3_subscription_get_type ())
GType h3_subscription_get_type (void);

/* What may wait for a subscriber's client, unless the channel says otherwise. */
#define H3_CHANNEL_BOUND (64 * 1024)

/**
 * H3ChannelEnd:
 * @H3_CHANNEL_END_SLOW: more waited than may, or what was kept for it is no more
 * @H3_CHANNEL_END_CLOSED: the channel was closed
 * @H3_CHANNEL_END_WORKER: the subscription's worker has ended
 *
 * Why a subscription has ended that was not cancelled.
 */
typedef enum { H3_CHANNEL_END_SLOW, H3_CHANNEL_END_CLOSED, H3_CHANNEL_END_WORKER } H3ChannelEnd;

/**
 * H3ChannelFunction:
 * @messages: (array length=n_messages): one or more, in the order they were published; borrowed
 * @n_messages: how many
 *
 * Called on the subscription's worker, never inside a call that subscribes or publishes. It may
 * publish, subscribe and cancel.
 *
 * Returns: how many bytes now wait for the subscriber's client; 0 where there is none
 */
typedef guint64 (*H3ChannelFunction) (H3Subscription *subscription, H3Message *const *messages,
                                      guint n_messages, gpointer user_data);

/* Nothing more comes. Called once, on the subscription's worker, unless it was cancelled. */
typedef void (*H3ChannelEnded) (H3Subscription *subscription, H3ChannelEnd why, gpointer user_data);

/**
 * H3ChannelStatistics:
 * @subscribers: those there are now
 * @published: messages, ever
 * @dropped: subscribers, ever, that were ended for being slow
 * @pending: bytes of messages that the worker furthest behind has not yet taken: who publishes
 *   more than the workers can do sees it grow
 */
typedef struct {
    guint64 subscribers;
    guint64 published;
    guint64 dropped;
    guint64 pending;
} H3ChannelStatistics;

/* Returns: (transfer full): a channel that keeps no messages. */
H3Channel *h3_channel_new (void);
H3Channel *h3_channel_ref (H3Channel *channel);
/* Dropping the last reference closes the channel. NULL is allowed. */
void h3_channel_unref (H3Channel *channel);

/* Keeps the last `max_messages` messages, as far as their data, ids and names of events are
 * `max_bytes` bytes or less, for subscribers that name the last one they have had; 0: none, as at
 * first. A message published without an id is given one then, which does not count. Any thread. */
void h3_channel_set_replay (H3Channel *channel, guint max_messages, gsize max_bytes);

/* So many bytes may wait for a subscriber. Any thread. */
void h3_channel_set_bound (H3Channel *channel, gsize bytes);

/* Hands `data` to all who subscribe now. `id` and `event` (nullable) are copied, `data` referenced
 * where it is large; it is not changed any more. Returns at once; subscribers hear of it on their
 * workers. FALSE, and nothing is published, where id or event has CR or LF in it, or the channel is
 * closed. Any thread. */
gboolean h3_channel_publish (H3Channel *channel, const char *id, const char *event, GBytes *data);
/* A text, copied, without an id of its own. */
gboolean h3_channel_publish_text (H3Channel *channel, const char *event, const char *text);

/* Subscribers hear what was published before, then that the channel is closed. Any thread. */
void h3_channel_close (H3Channel *channel);

/* Any thread. */
void h3_channel_get_statistics (H3Channel *channel, H3ChannelStatistics *out_statistics);

/**
 * h3_channel_subscribe:
 * @last_id: (nullable): the last message the client has had: those kept that came after it are
 *   given first, all that are kept where it is not (any more) among them, or is ""; %NULL: only
 *   what is published from now on
 * @function: (scope notified) (closure user_data) (destroy destroy): for what is published
 * @ended: (nullable): for the end
 * @destroy: (nullable): called once, after all else, on the worker's thread
 *
 * Thread: a worker's; elsewhere a critical and %NULL.
 *
 * Returns: (transfer full) (nullable): the subscription; dropping the reference does not cancel it.
 *   %NULL where the worker has ended: @destroy has been called
 */
H3Subscription *h3_channel_subscribe (H3Channel *channel, const char *last_id,
                                      H3ChannelFunction function, H3ChannelEnded ended,
                                      gpointer user_data, GDestroyNotify destroy);

H3Subscription *h3_subscription_ref (H3Subscription *subscription);
void h3_subscription_unref (H3Subscription *subscription);

/* Whether `last_id` named a message that was not kept any more: some may have been missed. */
gboolean h3_subscription_has_missed (const H3Subscription *subscription);

/* The client has taken what waited: what was kept for it is given on. Says nothing to who has it
 * all, so whoever sends calls it whenever its client has drained. */
void h3_subscription_resume (H3Subscription *subscription);

/* Neither of its functions is called any more. Safe at any time: in them, after the end, twice.
 * NULL is allowed. */
void h3_subscription_cancel (H3Subscription *subscription);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Channel, h3_channel_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (H3Subscription, h3_subscription_unref)

G_END_DECLS
