/* SPDX-License-Identifier: MIT */

#include "scenario-answers.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

/* Answers and bodies in codings, some of them left while they come. */
void
scenario_use_codings (Plan *plan, GRand *rand)
{
    static const char *const targets[] = { "/stream/100", "/html", "/links/200/7", "/", "/zstd" };
    static const char *const codings[] = { "gzip", "br", "zstd", "br, zstd, gzip" };

    for (int i = g_rand_int_range (rand, 1, 20); i > 0; i--) {
        g_autofree char *request =
            g_strdup_printf ("GET %s HTTP/1.1\r\nHost: a\r\nAccept-Encoding: %s\r\n\r\n",
                             targets[g_rand_int_range (rand, 0, G_N_ELEMENTS (targets))],
                             codings[g_rand_int_range (rand, 0, G_N_ELEMENTS (codings))]);

        plan_send (plan, request, 0, 0);
        plan_expect (plan, 200);
        plan_send (plan,
                   "POST /decoded HTTP/1.1\r\nHost: a\r\nContent-Encoding: br\r\n"
                   "Content-Type: text/plain\r\nContent-Length: 9\r\n\r\n\x0f\x02\x80hello\x03",
                   0, 0);
        plan_expect_has (plan, 200, "\"data\": \"hello\"");
        plan_send (plan,
                   "POST /decoded HTTP/1.1\r\nHost: a\r\nContent-Encoding: zstd\r\n"
                   "Content-Length: 5\r\n\r\nhello",
                   0, 0);
        plan_expect (plan, 400);
    }
    if (g_rand_boolean (rand)) {
        plan_step (plan, STEP_BEGUN);
        plan->owns_nothing = TRUE;
        plan_step (plan, STEP_RESET);
        return;
    }
    plan_await (plan);
    plan_step (plan, STEP_CLOSE);
}

/* Deferred, off the loop, by GIO. */
void
scenario_wait_for_answers (Plan *plan, GRand *rand)
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

void
scenario_use_gio (Plan *plan, GRand *rand)
{
    plan_send (plan, g_rand_int_range (rand, 0, 10) == 0 ? GET ("/gio/process") : GET ("/gio/file"),
               0, 0);
    plan_expect (plan, 200);
    plan_await (plan);
    plan_step (plan, STEP_CLOSE);
}

void
scenario_be_hinted (Plan *plan, GRand *rand)
{
    for (int i = g_rand_int_range (rand, 1, 4); i > 0; i--) {
        g_autofree char *request =
            g_strdup_printf (GET ("/early-hints?ms=%d"), g_rand_int_range (rand, 0, 50));

        plan_send (plan, request, 0, 0);
        plan_expect_has (plan, 200, "The page.");
    }
    plan_await (plan);
    plan_step (plan, STEP_CLOSE);
}

/* The body is never sent, so the connection ends. */
void
scenario_expect_refusal (Plan *plan, GRand *rand)
{
    plan_send (plan,
               "PUT /digest?max=5 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
               "Content-Length: 5000\r\n\r\n",
               0, 0);
    plan_expect (plan, 413);
    plan_await (plan);
    plan_step (plan, STEP_END);
}
