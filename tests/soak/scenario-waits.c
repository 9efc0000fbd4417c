/* SPDX-License-Identifier: MIT */

#include "scenario-waits.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

/* Deferred, off the loop, by GIO. */
void
waits_for_answers (Plan *plan, GRand *rand)
{
    static const struct {
        const char *path;
        const char *text;
        int most;
    } later[] = {
        { "/slow", "{\"slow\":true}", 300 },
        { "/work", "{\"worked\":true}", 30 },
        { "/gio/timeout", "A GSource of this worker's own context has fired.\n", 300 },
    };

    for (int i = g_rand_int_range (rand, 1, 4); i > 0; i--) {
        guint which = (guint) g_rand_int_range (rand, 0, G_N_ELEMENTS (later));
        g_autofree char *request = g_strdup_printf (GET ("%s?ms=%d"), later[which].path,
                                                    g_rand_int_range (rand, 0, later[which].most));

        plan_send (plan, request, 0, 0);
        plan_expect_text (plan, 200, later[which].text);
    }
    plan_await (plan);
    plan_step (plan, STEP_CLOSE);
}

/* Whole streams, some of them from where a client that comes back has left off. */
void
waits_for_events (Plan *plan, GRand *rand)
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
waits_publish (Plan *plan, GRand *rand)
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
waits_subscribe (Plan *plan, GRand *rand)
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
