/* SPDX-License-Identifier: MIT
 *
 * How channels feed a stream. A message is made into an event once, whoever sends it first. */

#include "sse-private.h"

#include <h3/engine/message-inside.h>
#include <h3/http/event-flow.h>
#include <h3/wire/event-stream.h>

/* Above, a form is sent without being copied. */
#define COPIED_LENGTH 8192

static GBytes *
make_event (const H3Message *message)
{
    StreamEvent event = { message->id, message->event, &message->data, -1 };
    char *text = g_malloc (event_stream_measure (&event));

    return g_bytes_new_take (text, event_stream_write (&event, text));
}

static void
write_message (H3Sse *sse, H3Message *message)
{
    H3View form = message_get_form (message, make_event);

    if (form.length > COPIED_LENGTH) {
        g_autoptr (GBytes) bytes = message_hold (message, form);

        (void) h3_event_write_bytes (sse->event, bytes);
    } else {
        (void) h3_event_write (sse->event, form.data, form.length);
    }
}

static guint64
hear (H3Subscription *subscription, H3Message *const *messages, guint n_messages,
      gpointer user_data)
{
    H3Sse *sse = user_data;
    guint64 waiting;

    if (sse->event == NULL)
        return 0;
    for (guint i = 0; i < n_messages; i++)
        write_message (sse, messages[i]);
    sse_flush (sse);
    waiting = sse_look_at_waiting (sse);
    /* A channel may have less waiting than the stream: it rests before the stream would. */
    if (waiting > 0)
        sse_ask_for_drain (sse);
    return waiting;
}

static void
hear_end (H3Subscription *subscription, H3ChannelEnd why, gpointer user_data)
{
    H3Sse *sse = user_data;

    if (sse->event == NULL)
        return;
    g_ptr_array_remove_fast (sse->subscriptions, subscription);
    if (why == H3_CHANNEL_END_SLOW)
        sse_end_with (sse, H3_SSE_END_SLOW, "too slow", -1);
    else if (sse->subscriptions->len == 0)
        sse_end (sse, H3_SSE_END_CHANNEL);
}

static void
unref_sse (gpointer user_data)
{
    h3_sse_unref (user_data);
}

H3Subscription *
h3_sse_subscribe (H3Sse *sse, H3Channel *channel, const char *last_id)
{
    H3Subscription *subscription;

    g_return_val_if_fail (sse != NULL && channel != NULL, NULL);
    g_return_val_if_fail (loop_get_current () == sse->loop, NULL);
    if (sse->event == NULL)
        return NULL;
    if (sse->subscriptions == NULL)
        sse->subscriptions =
            g_ptr_array_new_with_free_func ((GDestroyNotify) h3_subscription_unref);
    subscription =
        h3_channel_subscribe (channel, last_id, hear, hear_end, h3_sse_ref (sse), unref_sse);
    if (subscription != NULL)
        g_ptr_array_add (sse->subscriptions, subscription);
    return subscription;
}

void
sse_resume_feeds (H3Sse *sse)
{
    for (guint i = 0; sse->subscriptions != NULL && i < sse->subscriptions->len; i++)
        h3_subscription_resume (sse->subscriptions->pdata[i]);
}

void
sse_drop_feeds (H3Sse *sse)
{
    g_autoptr (GPtrArray) subscriptions = g_steal_pointer (&sse->subscriptions);

    for (guint i = 0; subscriptions != NULL && i < subscriptions->len; i++)
        h3_subscription_cancel (subscriptions->pdata[i]);
}
