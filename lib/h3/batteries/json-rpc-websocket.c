/* SPDX-License-Identifier: MIT */

#include "json-rpc-websocket.h"

#include "json-rpc-private.h"

/* A WebSocket that calls come by. */
typedef struct {
    atomic_int refs;        /* of the WebSocket's callback, and of each message under way */
    Loop *loop;             /* ref */
    H3JsonRpc *rpc;         /* ref */
    H3WebSocket *websocket; /* ref */
    guint n_messages;       /* under way; the loop's thread */
    gboolean is_paused;     /* by us; the loop's thread */
} Session;

static Session *
session_ref (Session *session)
{
    atomic_fetch_add_explicit (&session->refs, 1, memory_order_relaxed);
    return session;
}

static void
session_unref (gpointer data)
{
    Session *session = data;

    if (atomic_fetch_sub_explicit (&session->refs, 1, memory_order_acq_rel) > 1)
        return;
    h3_websocket_unref (session->websocket);
    h3_json_rpc_unref (session->rpc);
    loop_unref (session->loop);
    g_free (session);
}

static void
drop_message (gpointer data)
{
    Session *session = data;

    session->n_messages--;
    /* One that says Close reads on by itself; that of a loop which ends has closed. */
    if (session->is_paused && h3_websocket_is_open (session->websocket))
        h3_websocket_resume (session->websocket);
    session->is_paused = FALSE;
    session_unref (session);
}

/* The last who held a call of it may be any thread, and may come when the loop has gone. */
static void
on_message_over (gpointer data)
{
    Session *session = data;

    if (loop_get_current () == session->loop)
        drop_message (session);
    else
        loop_post (session->loop, drop_message, session, session_unref);
}

/* Where the WebSocket has closed there is nobody to answer, and nothing more to close. */
static void
send_reply (GBytes *reply, gpointer data)
{
    Session *session = data;

    if (reply != NULL
        && !h3_websocket_send_bytes (session->websocket, H3_WEBSOCKET_TEXT, reply, NULL))
        h3_websocket_close (session->websocket, H3_WEBSOCKET_CLOSE_TROUBLE,
                            "There is no room for a reply.");
}

static void
on_message (H3WebSocket *websocket, H3WebSocketKind kind, const char *data, gsize length,
            gpointer user_data)
{
    Session *session = user_data;
    JsonRpcExchange *exchange;

    if (kind != H3_WEBSOCKET_TEXT) {
        h3_websocket_close (websocket, H3_WEBSOCKET_CLOSE_BAD_KIND, "JSON-RPC is texts.");
        return;
    }
    /* A call may end it all. */
    session_ref (session);
    session->n_messages++;
    exchange = json_rpc_exchange_new (NULL, send_reply, session_ref (session), NULL);
    exchange->websocket = h3_websocket_ref (websocket);
    exchange->on_over = on_message_over;
    json_rpc_run (session->rpc, exchange, h3_view (data, length));
    if (session->n_messages >= json_rpc_get_max_messages (session->rpc)) {
        session->is_paused = TRUE;
        h3_websocket_pause (websocket);
    }
    session_unref (session);
}

void
h3_json_rpc_serve_websocket (H3JsonRpc *rpc, H3WebSocket *websocket)
{
    Session *session;

    g_return_if_fail (rpc != NULL && websocket != NULL && loop_get_current () != NULL);
    session = g_new0 (Session, 1);
    atomic_init (&session->refs, 1);
    session->loop = loop_ref (loop_get_current ());
    session->rpc = h3_json_rpc_ref (rpc);
    session->websocket = h3_websocket_ref (websocket);
    h3_websocket_on_message (websocket, on_message, session, session_unref);
}

void
h3_json_rpc_handle_websocket (H3Event *event, gpointer rpc)
{
    H3WebSocketOptions options = { 0 };
    g_autoptr (H3WebSocket) websocket = NULL;

    g_return_if_fail (event != NULL && rpc != NULL);
    options.max_message = MAX (json_rpc_get_max_length (rpc), 1);
    websocket = h3_event_accept_websocket (event, &options);
    if (websocket != NULL)
        h3_json_rpc_serve_websocket (rpc, websocket);
}
