/* SPDX-License-Identifier: MIT
 *
 * What clients do with exchanges that stay open: event streams and WebSockets. Each fills a plan by
 * chance; one thread. */

#pragma once

#include "plan.h"

G_BEGIN_DECLS

#define HANDSHAKE(path)                                                                            \
    "GET " path " HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"            \
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

void scenario_hear_events (Plan *plan, GRand *rand);
void scenario_publish_events (Plan *plan, GRand *rand);
void scenario_subscribe (Plan *plan, GRand *rand);
void scenario_speak_websocket (Plan *plan, GRand *rand);

G_END_DECLS
