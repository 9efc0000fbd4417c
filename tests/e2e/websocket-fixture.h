/* SPDX-License-Identifier: MIT
 *
 * A server with WebSockets and a client of it, for the programs that test them. For one test
 * program each. */

#pragma once

#include "tests/support/suite.h"
#include "tests/support/test-server.h"
#include "tests/support/ws-peer.h"

#include "h3/h3.h"

#include <string.h>

#define LIMIT 100000

static TestServer server;
static RawClient *client; /* owned; closed by finish () */
static Latch opened = LATCH_INIT, closed = LATCH_INIT, destroyed = LATCH_INIT;
/* What the last that ended was told; written before `closed` is raised. */
static guint closed_code;
static gboolean closed_clean;
static char closed_reason[200];
/* The last that was accepted, for other threads; read after `opened`. */
static H3WebSocket *accepted; /* ref */

static void
note_closed (H3WebSocket *websocket, guint code, const char *reason, gboolean clean,
             gpointer user_data)
{
    closed_code = code;
    closed_clean = clean;
    (void) g_strlcpy (closed_reason, reason, sizeof closed_reason);
    ck_assert (!h3_websocket_is_open (websocket));
    latch_raise (&closed);
}

static void
note_destroyed (gpointer data)
{
    latch_raise (&destroyed);
}

static void
echo (H3WebSocket *websocket, H3WebSocketKind kind, const char *data, gsize length, gpointer unused)
{
    ck_assert_int_eq (data[length], '\0');
    ck_assert (h3_websocket_send (websocket, kind, data, length, NULL));
}

/* What the function on the stack was given lasts until it returns. */
static void
replace_within (H3WebSocket *websocket)
{
    guint before = latch_get (&destroyed);

    h3_websocket_on_message (websocket, echo, NULL, NULL);
    ck_assert_uint_eq (latch_get (&destroyed), before);
}

static void
obey (H3WebSocket *websocket, H3WebSocketKind kind, const char *data, gsize length, gpointer unused)
{
    if (strcmp (data, "close") == 0)
        h3_websocket_close (websocket, 4000, "as you wish");
    else if (strcmp (data, "ping") == 0)
        ck_assert (h3_websocket_ping (websocket, "are you there", 13, NULL));
    else if (strcmp (data, "drop") == 0)
        replace_within (websocket);
    else if (strcmp (data, "rest") == 0)
        h3_websocket_pause (websocket);
    else
        echo (websocket, kind, data, length, NULL);
}

static void
accept_with (H3Event *event, const H3WebSocketOptions *options)
{
    H3WebSocket *websocket = h3_event_accept_websocket (event, options);

    if (websocket == NULL)
        return;
    h3_websocket_on_message (websocket, obey, NULL, note_destroyed);
    h3_websocket_on_close (websocket, note_closed, NULL, note_destroyed);
    h3_websocket_unref (accepted);
    accepted = websocket;
    latch_raise (&opened);
}

static void
handle (H3Event *event, gpointer user_data)
{
    static const char *const protocols[] = { "second", "first", NULL };
    const H3WebSocketOptions options = { .protocols = protocols, .max_message = LIMIT };

    accept_with (event, &options);
}

static void
handle_named (H3Event *event, gpointer user_data)
{
    static const char *const origins[] = { "https://friend.example", NULL };
    const H3WebSocketOptions options = { .origins = origins };

    accept_with (event, &options);
}

static void
handle_any (H3Event *event, gpointer user_data)
{
    static const char *const origins[] = { "*", NULL };
    const H3WebSocketOptions options = { .origins = origins };

    accept_with (event, &options);
}

static void
start (void)
{
    test_server_init (&server);
    h3_app_route (server.app, "GET POST", "/ws", handle, NULL, NULL);
    h3_app_get (server.app, "/named", handle_named, NULL);
    h3_app_get (server.app, "/any", handle_any, NULL);
    ck_assert (h3_app_set_limit (server.app, "websocket-close-timeout", 100, NULL));
}

static void
run (void)
{
    start ();
    test_server_start (&server);
}

static void
finish (void)
{
    g_clear_pointer (&accepted, h3_websocket_unref);
    g_clear_pointer (&client, raw_client_free);
    test_server_end (&server);
}

static RawClient *
connect_to (const char *path)
{
    return ws_peer_connect (server.address, path, "");
}

static void
assert_told (guint code, const char *reason, gboolean clean)
{
    latch_wait (&closed, 1, "the end of a WebSocket");
    ck_assert_uint_eq (closed_code, code);
    ck_assert_str_eq (closed_reason, reason);
    ck_assert_int_eq (closed_clean, clean);
    latch_wait (&destroyed, 2, "the end of what its functions had");
}
