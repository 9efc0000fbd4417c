/* SPDX-License-Identifier: MIT
 *
 * A chat over WebSockets: what one says at /chat/ROOM, all in the room hear, on whichever worker.
 */

#include <h3/h3.h>

#include <string.h>

static const char *const rooms[] = { "garden", "kitchen" };
static H3Channel *channels[G_N_ELEMENTS (rooms)];

static void
say (H3WebSocket *websocket, H3WebSocketKind kind, const char *data, gsize length, gpointer channel)
{
    if (kind == H3_WEBSOCKET_TEXT)
        (void) h3_channel_publish_text (channel, NULL, data);
}

static void
enter (H3Event *event, gpointer user_data)
{
    const char *name = h3_event_get_param (event, "room");
    g_autoptr (H3WebSocket) websocket = NULL;
    gsize i = 0;

    while (i < G_N_ELEMENTS (rooms) && strcmp (rooms[i], name) != 0)
        i++;
    if (i == G_N_ELEMENTS (rooms)) {
        h3_event_fail_status (event, 404, "There is no such room.");
        return;
    }
    websocket = h3_event_accept_websocket (event, NULL);
    if (websocket == NULL)
        return; /* it was no request for one, and is answered */
    h3_websocket_on_message (websocket, say, channels[i], NULL);
    h3_websocket_subscribe (websocket, channels[i]);
}

int
main (int argc, char **argv)
{
    g_autoptr (H3App) app = h3_app_new ();
    int status;

    for (gsize i = 0; i < G_N_ELEMENTS (rooms); i++)
        channels[i] = h3_channel_new ();
    h3_app_get (app, "/chat/:room", enter, NULL);
    status = h3_app_run (app, argc, argv);
    for (gsize i = 0; i < G_N_ELEMENTS (rooms); i++)
        h3_channel_unref (channels[i]);
    return status;
}
