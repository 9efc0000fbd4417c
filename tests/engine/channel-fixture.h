/* SPDX-License-Identifier: MIT
 *
 * A loop on which tests subscribe, and a subscriber that notes what it hears. The thread of the
 * loop only. */

#pragma once

#include "h3/engine/channel.h"
#include "h3/loop/loop.h"
#include "tests/support/assert-nothing-left.h"
#include "tests/support/suite.h"

#include <stdlib.h>

/* What one subscriber heard. */
typedef struct {
    H3Subscription *subscription; /* ref; NULL: none */
    GString *heard;               /* owned: the data of each message, a blank behind it */
    guint n_calls, n_ended, n_destroyed;
    H3ChannelEnd why;
    guint64 waiting; /* what it says waits for its client */
    void (*on_heard) (gpointer listener);
    void (*on_ended) (gpointer listener);
} Listener;

static Loop *loop;
static LiveSnapshot before;

static void
set_up (void)
{
    before = live_snapshot_take ();
    loop = loop_new (NULL);
    ck_assert_ptr_nonnull (loop);
    loop_enter (loop);
}

static void
tear_down (void)
{
    loop_close (loop);
    loop_leave (loop);
    loop_unref (loop);
    assert_nothing_left (&before);
}

/* Turns, until nothing is left to do. */
static void
settle (void)
{
    while (counters_read (COUNTER_POSTS_LIVE) > 0)
        loop_step (loop, FALSE);
}

static guint64
hear (H3Subscription *subscription, H3Message *const *messages, guint n_messages, gpointer data)
{
    Listener *listener = data;

    ck_assert_uint_gt (n_messages, 0);
    for (guint i = 0; i < n_messages; i++) {
        H3View text = h3_message_get_data (messages[i]);

        g_string_append_len (listener->heard, text.data, (gssize) text.length);
        g_string_append_c (listener->heard, ' ');
    }
    listener->n_calls++;
    if (listener->on_heard != NULL)
        listener->on_heard (listener);
    return listener->waiting;
}

static void
hear_end (H3Subscription *subscription, H3ChannelEnd why, gpointer data)
{
    Listener *listener = data;

    ck_assert_uint_eq (listener->n_destroyed, 0);
    listener->n_ended++;
    listener->why = why;
    if (listener->on_ended != NULL)
        listener->on_ended (listener);
}

static void
note_destroyed (gpointer data)
{
    ((Listener *) data)->n_destroyed++;
}

static void
listen_from (Listener *listener, H3Channel *channel, const char *last_id)
{
    if (listener->heard == NULL)
        listener->heard = g_string_new (NULL);
    listener->subscription =
        h3_channel_subscribe (channel, last_id, hear, hear_end, listener, note_destroyed);
    ck_assert_ptr_nonnull (listener->subscription);
}

static inline void
listen_now (Listener *listener, H3Channel *channel)
{
    listen_from (listener, channel, NULL);
}

static void
listener_clear (Listener *listener)
{
    h3_subscription_cancel (listener->subscription);
    g_clear_pointer (&listener->subscription, h3_subscription_unref);
    g_string_free (listener->heard, TRUE);
}

/* With `text` as its id, too. */
static void
say (H3Channel *channel, const char *text)
{
    g_autoptr (GBytes) data = g_bytes_new (text, strlen (text));

    ck_assert (h3_channel_publish (channel, text, NULL, data));
}

static inline guint64
count_subscribers (H3Channel *channel)
{
    H3ChannelStatistics now;

    h3_channel_get_statistics (channel, &now);
    return now.subscribers;
}
