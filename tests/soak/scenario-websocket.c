/* SPDX-License-Identifier: MIT */

#include "scenario-websocket.h"

#define HANDSHAKE(path)                                                                            \
    "GET " path " HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"            \
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

/* The masks are "zzzz", "    ". All
 * that comes behind the head is the body, up to the end. */
void
scenario_speak_websocket (Plan *plan, GRand *rand)
{
    gsize piece = (gsize) g_rand_int_range (rand, 0, 12);
    guint pause = (guint) g_rand_int_range (rand, 0, 20);

    plan_send (plan, HANDSHAKE ("/websocket/echo"), 0, 0);
    plan_expect_text (plan, 101,
                      "\x81\x05Hello\x8a\x01?\x81\x02Hi"
                      "\x88\x02\x03\xe8");
    plan_step (plan, STEP_BEGUN);
    plan_pause (plan, pause);
    plan_send (plan, "\x81\x85    hELLO", piece, pause);
    plan_send (plan, "\x01\x81    h\x89\x81    \x1f\x80\x81    I", piece, pause);
    plan_send (plan, "\x88\x82zzzz\x79\x92", piece, pause);
    plan_step (plan, STEP_END);
}

void
scenario_begin_websocket (Plan *plan)
{
    plan_send (plan, HANDSHAKE ("/websocket/chat") "\x01\x85zzzzhalf", 0, 0);
    plan_expect (plan, 101);
}
