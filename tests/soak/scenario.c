/* SPDX-License-Identifier: MIT
 *
 * What clients do to a server, well and badly. */

#include "plan.h"
#include "scenario-answers.h"
#include "scenario-bodies.h"
#include "scenario-live.h"

#include <string.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

/* What can be asked for at once, and what is known of the answer. */
static const struct {
    const char *request;
    guint status;
    const char *text; /* NULL: any */
} short_requests[] = {
    { GET ("/plaintext"), 200, "Hello, World!" },
    { GET ("/bench/json"), 200, "{\"message\":\"Hello, World!\"}" },
    { GET ("/users/4711"), 200, "{\"id\":\"4711\"}" },
    { GET ("/files/a/long/way/down.txt"), 200, "{\"path\":\"a/long/way/down.txt\"}" },
    { GET ("/health"), 200, NULL },
    { GET ("/ready"), 200, "{\"status\":\"ready\"}" },
    { GET ("/"), 200, NULL },
    { GET ("/get?a=1&b=two"), 200, NULL },
    { GET ("/headers"), 200, NULL },
    { GET ("/status/204"), 204, "" },
    { GET ("/status/418"), 418, NULL },
    { GET ("/nothing"), 404, NULL },
    { GET ("/status/none"), 400, NULL },
    { "POST /plaintext HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 405, NULL },
    { "OPTIONS /plaintext HTTP/1.1\r\nHost: a\r\n\r\n", 204, "" },
    { "POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 200, NULL },
    { "PUT /put HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5;a=b\r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n",
      200, NULL },
};

static void
add_short (Plan *plan, GRand *rand, gsize piece, guint pause)
{
    guint i = (guint) g_rand_int_range (rand, 0, G_N_ELEMENTS (short_requests));

    plan_send (plan, short_requests[i].request, piece, pause);
    if (short_requests[i].text != NULL)
        plan_expect_text (plan, short_requests[i].status, short_requests[i].text);
    else
        plan_expect (plan, short_requests[i].status);
}

static void
keep_alive (Plan *plan, GRand *rand)
{
    for (int i = g_rand_int_range (rand, 1, 50); i > 0; i--) {
        add_short (plan, rand, 0, 0);
        plan_await (plan);
    }
    plan_step (plan, STEP_CLOSE);
}

static void
pipeline (Plan *plan, GRand *rand)
{
    for (int i = g_rand_int_range (rand, 2, 60); i > 0; i--)
        add_short (plan, rand, 0, 0);
    plan_await (plan);
    plan_step (plan, STEP_CLOSE);
}

/* All is answered though nothing more can be sent. */
static void
pipeline_and_half_close (Plan *plan, GRand *rand)
{
    for (int i = g_rand_int_range (rand, 1, 20); i > 0; i--)
        add_short (plan, rand, 0, 0);
    plan_step (plan, STEP_HALF_CLOSE);
    plan_await (plan);
    plan_step (plan, STEP_END);
}

static void
write_slowly (Plan *plan, GRand *rand)
{
    for (int i = g_rand_int_range (rand, 1, 3); i > 0; i--)
        add_short (plan, rand, (gsize) g_rand_int_range (rand, 1, 6), 5);
    plan_await (plan);
    plan_step (plan, STEP_CLOSE);
}

static void
echo_in_pieces (Plan *plan, GRand *rand)
{
    scenario_add_echo (plan, (guint64) g_rand_int_range (rand, 0, 200000), 4096, 5);
    add_short (plan, rand, 0, 0);
    plan_await (plan);
    plan_step (plan, STEP_CLOSE);
}

/* What the answer ends with is known only when its body has been read. */
static void
echo_with_trailers (Plan *plan, GRand *rand)
{
    g_autofree char *head = NULL;
    gsize length;
    const char *data = pattern_at (0, (gsize) g_rand_int_range (rand, 1, 9000), &length);
    g_autofree char *body = g_strndup (data, length);

    head = g_strdup_printf ("POST /trailers HTTP/1.1\r\nHost: a\r\n"
                            "Transfer-Encoding: chunked\r\n\r\n%" G_GSIZE_MODIFIER "x\r\n",
                            length);
    for (int i = g_rand_int_range (rand, 1, 5); i > 0; i--) {
        g_autoptr (GBytes) bytes = g_bytes_new (body, length);

        plan_send (plan, head, 0, 0);
        plan_send_bytes (plan, bytes, 0, 0);
        plan_send (plan, "\r\n0\r\nContent-Digest: sha-256=:AAAA:\r\nX: y\r\n\r\n",
                   (gsize) g_rand_int_range (rand, 0, 3) * 9, 1);
        plan_expect_pattern (plan, length);
    }
    plan_await (plan);
    plan_step (plan, STEP_CLOSE);
}

static void
expect_continue (Plan *plan, GRand *rand)
{
    plan_send (plan,
               "POST /post HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
               "Content-Length: 5\r\n\r\n",
               0, 0);
    plan_pause (plan, 20);
    plan_send (plan, "hello", 0, 0);
    plan_expect_has (plan, 200, "\"data\": \"hello\"");
    plan_await (plan);
    plan_step (plan, STEP_CLOSE);
}

static void
ask_for_heads (Plan *plan, GRand *rand)
{
    for (int i = g_rand_int_range (rand, 1, 10); i > 0; i--) {
        plan_send (plan, "HEAD /plaintext HTTP/1.1\r\nHost: a\r\n\r\n", 0, 0);
        plan_expect_head (plan, 200);
    }
    plan_await (plan);
    plan_step (plan, STEP_CLOSE);
}

static void
close_after (Plan *plan, GRand *rand)
{
    static const char *const requests[] = {
        "GET /plaintext HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /plaintext HTTP/1.0\r\n\r\n",
    };

    plan_send (plan, requests[g_rand_int_range (rand, 0, 2)], 0, 0);
    plan_expect_text (plan, 200, "Hello, World!");
    plan_await (plan);
    plan_step (plan, STEP_END);
}

/* Heads that cannot be read: answered, then the end, and nothing behind them is read. */
static void
be_refused (Plan *plan, GRand *rand)
{
    static const struct {
        const char *request;
        guint status;
    } refused[] = {
        { "GET /plaintext HTTP/1.1\r\n\r\n", 400 },
        { "GET  /plaintext HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET /plaintext HTTP/1.1\nHost: a\n\n", 400 },
        { "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505 },
        { "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501 },
        { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
          400 },
        { "POST /post HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400 },
    };
    guint i = (guint) g_rand_int_range (rand, 0, G_N_ELEMENTS (refused));

    plan->may_be_cut = TRUE;
    add_short (plan, rand, 0, 0);
    plan_send (plan, refused[i].request, 0, 0);
    plan_expect (plan, refused[i].status);
    if (refused[i].status != 501) {
        plan_send (plan, GET ("/plaintext"), 0, 0);
        plan_await (plan);
        plan_step (plan, STEP_END);
    } else {
        plan_await (plan);
        plan_step (plan, STEP_CLOSE);
    }
}

static void
send_too_much (Plan *plan, GRand *rand)
{
    g_autofree char *filler = g_strnfill (9000, 'x');
    g_autofree char *text = NULL;

    plan->may_be_cut = TRUE;
    switch (g_rand_int_range (rand, 0, 4)) {
    case 0:
        plan_send (plan, "POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n", 0, 0);
        plan_send_pattern (plan, 3000000, 0, 0);
        plan_expect (plan, 413);
        break;
    case 1:
        plan_send (plan, "POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n", 0,
                   0);
        plan_send_pattern (plan, 3000000, 0, 0);
        plan_expect (plan, 404);
        break;
    case 2:
        text = g_strdup_printf ("GET / HTTP/1.1\r\nHost: a\r\nX: %s\r\n\r\n", filler);
        plan_send (plan, text, 0, 0);
        plan_expect (plan, 431);
        break;
    default:
        text = g_strdup_printf ("GET /%s HTTP/1.1\r\nHost: a\r\n\r\n", filler);
        plan_send (plan, text, 0, 0);
        plan_expect (plan, 414);
        break;
    }
    plan_await (plan);
    plan_step (plan, STEP_END);
}

/* One way or the other, a little later. */
static void
go_away (Plan *plan, GRand *rand)
{
    plan_pause (plan, (guint) g_rand_int_range (rand, 0, 3) * 15);
    if (g_rand_boolean (rand)) {
        plan_step (plan, STEP_HALF_CLOSE);
        plan_pause (plan, (guint) g_rand_int_range (rand, 0, 30));
    }
    plan_step (plan, g_rand_boolean (rand) ? STEP_RESET : STEP_CLOSE);
}

/* Goes away at every stage of an exchange. */
static void
break_off (Plan *plan, GRand *rand)
{
    static const char *const later[] = { GET ("/slow?ms=500"), GET ("/work?ms=200"),
                                         GET ("/gio/timeout?ms=500") };

    plan->owns_nothing = TRUE;
    switch (g_rand_int_range (rand, 0, 12)) {
    case 0:
        break;
    case 1:
        plan_send (plan, "GET /plaintext HTTP/1.1\r\nHo", 0, 0);
        break;
    case 2:
        plan_send (plan, "POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n", 0, 0);
        plan_send_pattern (plan, (guint64) g_rand_int_range (rand, 1, 499999), 0, 0);
        plan_expect (plan, 400);
        break;
    case 3:
        plan_send (plan, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n", 0, 0);
        plan_send_pattern (plan, (guint64) g_rand_int_range (rand, 1, 1000000), 0, 0);
        plan_expect_pattern (plan, 5000000);
        plan_step (plan, STEP_BEGUN);
        break;
    case 4:
    case 5:
    case 6:
        plan_send (plan, later[g_rand_int_range (rand, 0, G_N_ELEMENTS (later))], 0, 0);
        plan_expect (plan, 200);
        break;
    case 7:
        scenario_begin_form (plan, 5000000);
        plan_send_pattern (plan, (guint64) g_rand_int_range (rand, 1, 4000000), 0, 0);
        plan_expect (plan, 400);
        break;
    case 8:
        plan_send (plan, "PUT /digest HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n", 0, 0);
        plan_send_pattern (plan, (guint64) g_rand_int_range (rand, 1, 900000), 0, 0);
        plan_expect (plan, 400);
        break;
    case 9:
        plan->receive_buffer = 8192;
        plan_send (plan, GET ("/stream-bytes/50000000"), 0, 0);
        plan_expect (plan, 200);
        plan_step (plan, STEP_BEGUN);
        break;
    case 10:
        plan_send (plan, HANDSHAKE ("/websocket/chat") "\x01\x85zzzzhalf", 0, 0);
        plan_expect (plan, 101);
        break;
    default:
        add_short (plan, rand, 0, 0);
        add_short (plan, rand, 0, 0);
        plan_step (plan, STEP_BEGUN);
        break;
    }
    go_away (plan, rand);
}

static const struct {
    const char *name;
    void (*fill) (Plan *plan, GRand *rand);
    int weight;
} scenarios[] = {
    { "keep-alive", keep_alive, 20 },
    { "pipelined", pipeline, 15 },
    { "pipelined, half-closed", pipeline_and_half_close, 8 },
    { "slow writer", write_slowly, 8 },
    { "large echo", scenario_echo_much, 2 },
    { "echo in pieces", echo_in_pieces, 5 },
    { "echo in chunks", scenario_echo_in_chunks, 5 },
    { "large post", scenario_post_much, 2 },
    { "form with a file", scenario_send_file, 2 },
    { "slow reader", scenario_read_slowly, 2 },
    { "expect", expect_continue, 4 },
    { "expect, refused", scenario_expect_refusal, 2 },
    { "trailers", echo_with_trailers, 4 },
    { "early hints", scenario_be_hinted, 4 },
    { "head", ask_for_heads, 4 },
    { "close", close_after, 5 },
    { "codings", scenario_use_codings, 10 },
    { "later", scenario_wait_for_answers, 10 },
    { "gio", scenario_use_gio, 2 },
    { "refused", be_refused, 10 },
    { "too much", send_too_much, 5 },
    { "websocket", scenario_speak_websocket, 8 },
    { "broken off", break_off, 20 },
    { "events", scenario_hear_events, 5 },
    { "published", scenario_publish_events, 5 },
    { "subscribed", scenario_subscribe, 10 },
};

Plan *
scenario_nth (GRand *rand, guint n)
{
    Plan *plan;

    if (n >= G_N_ELEMENTS (scenarios))
        return NULL;
    plan = plan_new (scenarios[n].name);
    scenarios[n].fill (plan, rand);
    return plan;
}

Plan *
scenario_choose (GRand *rand)
{
    int total = 0, at;
    guint n = 0;

    for (guint i = 0; i < G_N_ELEMENTS (scenarios); i++)
        total += scenarios[i].weight;
    for (at = g_rand_int_range (rand, 0, total); at >= scenarios[n].weight; n++)
        at -= scenarios[n].weight;
    return scenario_nth (rand, n);
}

Plan *
scenario_hold (GRand *rand)
{
    Plan *plan = plan_new ("held open");

    plan->is_holder = TRUE;
    for (guint i = 0; i < 10; i++) {
        add_short (plan, rand, 0, 0);
        plan_await (plan);
        plan_pause (plan, (guint) g_rand_int_range (rand, 1000, 20000));
    }
    plan_step (plan, STEP_CLOSE);
    return plan;
}

Plan *
scenario_flood (void)
{
    Plan *plan = plan_new ("flood");

    plan_send (plan, GET ("/slow?ms=2000"), 0, 0);
    plan_expect_text (plan, 200, "{\"slow\":true}");
    plan_await (plan);
    plan_step (plan, STEP_CLOSE);
    return plan;
}
