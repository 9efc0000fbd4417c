/* SPDX-License-Identifier: MIT */

#include "websocket-gate.h"

#include "websocket-private.h"

#include <h3/base/counters.h>

static void
tell_message (H3WebSocket *websocket)
{
    const WsReader *reader = &websocket->reader;
    H3WebSocketMessage function = (H3WebSocketMessage) websocket->on_message.function;

    counters_add (COUNTER_WEBSOCKETS_RECEIVED, 1);
    if (function == NULL)
        return;
    websocket->has_message = TRUE;
    function (websocket, (H3WebSocketKind) reader->kind, reader->content.data,
              reader->content.length, websocket->on_message.user_data);
    websocket->has_message = FALSE;
}

static void
tell_piece (H3WebSocket *websocket)
{
    const WsReader *reader = &websocket->reader;
    H3WebSocketPiece function = (H3WebSocketPiece) websocket->on_piece.function;

    if (reader->is_last)
        counters_add (COUNTER_WEBSOCKETS_RECEIVED, 1);
    if (function != NULL)
        function (websocket, (H3WebSocketKind) reader->kind, reader->content.data,
                  reader->content.length, reader->is_last, websocket->on_piece.user_data);
}

static void
tell (H3WebSocket *websocket)
{
    if (websocket->reader.in_pieces)
        tell_piece (websocket);
    else
        tell_message (websocket);
}

/* Whether it may be told at once. */
static gboolean
ask_gate (H3WebSocket *websocket)
{
    gboolean goes_on = websocket->is_within;

    websocket->is_within = websocket->reader.in_pieces && !websocket->reader.is_last;
    if (websocket->gate.function == NULL || goes_on)
        return TRUE;
    websocket->gate_state = GATE_ASKED;
    ((WebSocketGate) websocket->gate.function) (websocket, websocket->gate.user_data);
    if (websocket->gate_state == GATE_ASKED)
        websocket->gate_state = GATE_SHUT;
    /* It may have closed all. */
    return websocket->gate_state == GATE_OPEN && websocket->state == WEBSOCKET_OPEN;
}

void
websocket_tell (H3WebSocket *websocket)
{
    if (ask_gate (websocket))
        tell (websocket);
}

void
websocket_tell_waiting (H3WebSocket *websocket)
{
    websocket->gate_state = GATE_OPEN;
    tell (websocket);
}

void
websocket_set_gate (H3WebSocket *websocket, WebSocketGate function, gpointer user_data,
                    GDestroyNotify destroy)
{
    g_return_if_fail (websocket != NULL && websocket_is_on_worker (websocket));
    websocket_set_callback (websocket, &websocket->gate, G_CALLBACK (function), user_data, destroy);
    websocket_open_gate (websocket);
}

void
websocket_open_gate (H3WebSocket *websocket)
{
    g_return_if_fail (websocket != NULL && websocket_is_on_worker (websocket));
    if (websocket->gate_state == GATE_ASKED) {
        websocket->gate_state = GATE_OPEN;
    } else if (websocket->gate_state == GATE_SHUT) {
        websocket->gate_state = GATE_READY;
        websocket_go_on (websocket);
    }
}
