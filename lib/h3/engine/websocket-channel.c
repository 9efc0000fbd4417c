/* SPDX-License-Identifier: MIT
 *
 * What is published on a channel, sent on WebSockets: one frame for all of them. */

#include "websocket-private.h"

#include <h3/base/counters.h>
#include <h3/engine/channel.h>
#include <h3/engine/message-inside.h>

#include <string.h>

static GBytes *
encode (const H3Message *message)
{
    const WsFrameHead head = { .opcode = message->is_text ? WS_TEXT : WS_BINARY,
                               .is_final = TRUE,
                               .length = message->data.length };
    guint8 *frame = g_malloc (WS_FRAME_MAX_HEAD + message->data.length);
    gsize size = ws_frame_write_head (&head, frame);

    if (message->data.length > 0)
        memcpy (frame + size, message->data.data, message->data.length);
    return g_bytes_new_take (frame, size + message->data.length);
}

static void
send_message (H3WebSocket *websocket, H3Message *message)
{
    H3View frame = message_get_form (message, encode);
    g_autoptr (GBytes) bytes = message_hold (message, frame);

    counters_add (COUNTER_WEBSOCKETS_SENT, 1);
    (void) h3_stream_write_bytes (websocket->stream, bytes);
}

static guint64
on_published (H3Subscription *subscription, H3Message *const *messages, guint n_messages,
              gpointer user_data)
{
    H3WebSocket *websocket = user_data;

    if (websocket->state != WEBSOCKET_OPEN)
        return 0;
    for (guint i = 0; i < n_messages; i++)
        send_message (websocket, messages[i]);
    /* Only what the kernel does not take now is waiting for the client. */
    stream_flush (websocket->stream);
    websocket_note_output (websocket);
    return stream_get_waiting (websocket->stream);
}

/* Who does not keep up is let go without a word: the word would wait behind all the others. */
static void
on_ended (H3Subscription *subscription, H3ChannelEnd why, gpointer user_data)
{
    H3WebSocket *websocket = user_data;

    websocket->listening = g_slist_remove (websocket->listening, subscription);
    h3_subscription_unref (subscription);
    if (why == H3_CHANNEL_END_SLOW && websocket->state <= WEBSOCKET_CLOSING)
        websocket_drop (websocket, "too slow for its channel");
}

void
websocket_stop_listening (H3WebSocket *websocket)
{
    g_autoptr (GSList) listening = g_steal_pointer (&websocket->listening);

    for (GSList *at = listening; at != NULL; at = at->next) {
        h3_subscription_cancel (at->data);
        h3_subscription_unref (at->data);
    }
}

void
h3_websocket_subscribe (H3WebSocket *websocket, H3Channel *channel)
{
    H3Subscription *subscription;

    g_return_if_fail (websocket != NULL && channel != NULL && websocket_is_on_worker (websocket));
    if (websocket->state != WEBSOCKET_OPEN)
        return;
    subscription = h3_channel_subscribe (channel, NULL, on_published, on_ended, websocket, NULL);
    if (subscription != NULL)
        websocket->listening = g_slist_prepend (websocket->listening, subscription);
}
