/* SPDX-License-Identifier: MIT */

#include "scenario-live.h"

/* Whole streams, some of them from where a client that comes back has left off. */
void
scenario_hear_events (Plan *plan, GRand *rand)
{
    for (int i = g_rand_int_range (rand, 1, 4); i > 0; i--) {
        g_autofree char *request = g_strdup_printf (
            "GET /sse?count=20&interval=%d HTTP/1.1\r\nHost: a\r\nLast-Event-ID: %d\r\n\r\n",
            g_rand_int_range (rand, 0, 10), g_rand_int_range (rand, 0, 20));

        plan_send (plan, request, 0, 0);
        plan_expect_has (plan, 200, "id: 20\nevent: count\ndata: {\"n\":20,\"of\":20}\n\n");
    }
    plan_await (plan);
    plan_step (plan, STEP_CLOSE);
}

void
scenario_publish_events (Plan *plan, GRand *rand)
{
    for (int i = g_rand_int_range (rand, 1, 20); i > 0; i--) {
        gsize length = (gsize) g_rand_int_range (rand, 0, 4000);
        g_autofree char *data = g_strnfill (length, 'x');
        g_autofree char *request =
            g_strdup_printf ("POST /sse/channel?id=%d HTTP/1.1\r\nHost: a\r\n"
                             "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                             g_rand_int_range (rand, 0, 1000), length, data);

        plan_send (plan, request, 0, 0);
        plan_expect_has (plan, 200, "\"published\"");
    }
    plan_await (plan);
    plan_step (plan, STEP_CLOSE);
}

/* New, or back from somewhere; takes all, little or nothing of what is published; and goes. */
void
scenario_subscribe (Plan *plan, GRand *rand)
{
    g_autofree char *id =
        g_strdup_printf ("Last-Event-ID: %d\r\n", g_rand_int_range (rand, 0, 1000));
    g_autofree char *request = g_strdup_printf ("GET /sse/channel HTTP/1.1\r\nHost: a\r\n%s\r\n",
                                                g_rand_boolean (rand) ? id : "");

    plan->owns_nothing = TRUE;
    if (g_rand_boolean (rand)) {
        plan->receive_buffer = 8192;
        plan->read_piece = (gsize) g_rand_int_range (rand, 1, 4000);
        plan->read_pause = 50;
    }
    plan_send (plan, request, 0, 0);
    plan_expect (plan, 200);
    plan_step (plan, STEP_BEGUN);
    plan_pause (plan, (guint) g_rand_int_range (rand, 0, 2000));
    if (g_rand_boolean (rand))
        plan_step (plan, STEP_HALF_CLOSE);
    plan_step (plan, g_rand_boolean (rand) ? STEP_RESET : STEP_CLOSE);
}

/* Texts in one frame and in two, a ping between them, Close 1000; the masks are "zzzz", "    ". All
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
