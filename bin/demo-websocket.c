/* SPDX-License-Identifier: MIT
 *
 * WebSockets: what is said comes back; a page to try them with. */

#include "demo.h"

#include "demo-route.h"

/* Bytes of what is said to all. */
#define MAX_SAID 4096

/* Scripts of the page are its own: no other host is asked for anything. */
static const char page[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\"><title>WebSockets</title>\n"
    "<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;"
    "max-width:40rem;margin:2rem auto;padding:0 1rem}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere}</style></head>\n"
    "<body><h1>WebSockets</h1>\n"
    "<form><select aria-label=\"Path\"><option>websocket/echo<option>websocket/chat"
    "<option>websocket/json-rpc</select> "
    "<input aria-label=\"Message\" autofocus> <button>Send</button></form>\n"
    "<pre></pre>\n"
    "<script>\n"
    "const [form, select, input, pre] =\n"
    "    ['form', 'select', 'input', 'pre'].map (name => document.querySelector (name));\n"
    "let socket;\n"
    "const say = text => pre.append (text + '\\n');\n"
    "const open = () => {\n"
    "    if (socket) socket.onclose = null, socket.close ();\n"
    "    const at = new URL (select.value, location.href);\n"
    "    at.protocol = at.protocol.replace ('http', 'ws');\n"
    "    socket = new WebSocket (at);\n"
    "    socket.onopen = () => say ('open: ' + select.value);\n"
    "    socket.onmessage = event => say ('← ' + event.data);\n"
    "    socket.onclose = event => say ('closed: ' + event.code + ' ' + event.reason);\n"
    "};\n"
    "select.onchange = open;\n"
    "form.onsubmit = event => {\n"
    "    event.preventDefault ();\n"
    "    say ('→ ' + input.value);\n"
    "    socket.send (input.value);\n"
    "    input.value = '';\n"
    "};\n"
    "open ();\n"
    "</script>\n</body>\n</html>\n";

static void
show_page (H3Event *event, gpointer user_data)
{
    h3_event_send_html (event, page);
}

static void
echo_message (H3WebSocket *websocket, H3WebSocketKind kind, const char *data, gsize length,
              gpointer user_data)
{
    /* Where more waits than may, the client is not read until it has taken it: this cannot fail. */
    if (length < 4096) {
        (void) h3_websocket_send (websocket, kind, data, length, NULL);
    } else {
        g_autoptr (GBytes) message = h3_websocket_take_message (websocket);

        (void) h3_websocket_send_bytes (websocket, kind, message, NULL);
    }
}

static void
echo (H3Event *event, gpointer user_data)
{
    static const char *const protocols[] = { "echo.h3", NULL };
    const H3WebSocketOptions options = { .protocols = protocols, .flags = H3_WEBSOCKET_DEFLATE };
    g_autoptr (H3WebSocket) websocket = h3_event_accept_websocket (event, &options);

    if (websocket != NULL)
        h3_websocket_on_message (websocket, echo_message, NULL, NULL);
}

/* What one says all hear, as text where it is one. */
static void
publish_message (H3WebSocket *websocket, H3WebSocketKind kind, const char *data, gsize length,
                 gpointer user_data)
{
    g_autoptr (GBytes) message = g_bytes_new (data, length);

    (void) h3_channel_publish (user_data, NULL, NULL, message);
}

static void
chat (H3Event *event, gpointer user_data)
{
    const H3WebSocketOptions options = { .max_message = MAX_SAID };
    g_autoptr (H3WebSocket) websocket = h3_event_accept_websocket (event, &options);

    if (websocket == NULL)
        return;
    h3_websocket_on_message (websocket, publish_message, h3_channel_ref (user_data),
                             (GDestroyNotify) h3_channel_unref);
    h3_websocket_subscribe (websocket, user_data);
}

void
demo_add_websocket (H3App *app)
{
    demo_add (app, "GET", "/websocket", show_page, NULL, "A page to try the WebSockets with");
    demo_add (app, "GET", "/websocket/echo", echo, NULL, "A WebSocket that says what it is told");
    h3_route_set_data_full (h3_app_route (app, "GET", "/websocket/chat", chat, h3_channel_new (),
                                          (GDestroyNotify) h3_channel_unref),
                            "what", (gpointer) "A WebSocket where all hear what one says", NULL);
}
