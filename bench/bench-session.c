/* SPDX-License-Identifier: MIT
 *
 * What sessions add to a request, in ns of processor time, the best of five rounds: whole exchanges
 * without a socket, on a loop, with the memory store. The first line is to be taken off the rest.
 */

#include "h3/batteries/csrf.h"
#include "h3/batteries/session.h"
#include "h3/batteries/sessions.h"
#include "h3/http/answer.h"
#include "h3/http/event-carried.h"
#include "h3/http/event-pool.h"
#include "h3/route/chain-inside.h"
#include "h3/wire/http1-lint.h"
#include "h3/wire/http1-reader.h"

#include <time.h>

#define N_ROUNDS   5
#define N          20000
#define MAX_FIELDS 32

/* What carries the exchanges, one at a time. */
typedef struct {
    Carrier carrier; /* first: what the event sees */
    EventPool *pool; /* owned */
    Http1Reader *reader;
    H3Limits limits;
    gboolean is_over;
    char *cookie; /* owned: what was set last; NULL: nothing */
    char *token;  /* owned: the last body */
} Bench;

static gboolean
take_cookie (const char *name, const char *value, gpointer user_data)
{
    Bench *bench = user_data;

    g_free (bench->cookie);
    bench->cookie = g_strndup (value, strcspn (value, ";"));
    return TRUE;
}

static void
carry_send (Carrier *carrier, H3Event *event, H3Response *response)
{
    Bench *bench = (Bench *) carrier;

    if (response->status != 200)
        g_error ("answered %u", response->status);
    if (response->headers != NULL)
        h3_headers_foreach_value (response->headers, "Set-Cookie", take_cookie, bench);
    if (response->body_kind == BODY_BYTES) {
        gsize length;
        const char *data = g_bytes_get_data (response->body.bytes, &length);

        g_free (bench->token);
        bench->token = g_strndup (data, length);
    }
    bench->is_over = TRUE;
    event_finish (event, H3_OUTCOME_SENT);
}

static void
carry_get_peer (Carrier *carrier, H3SocketAddress *out_peer, gboolean *out_secure)
{
    *out_secure = FALSE;
}

static const CarrierFunctions functions = { .send = carry_send, .get_peer = carry_get_peer };

static const char *
get_route_label (const H3Event *event)
{
    return "/";
}

static const EventHost host = { chain_next, event_answer_error, get_route_label };

static void
run_one (Bench *bench, const Chain *chain, const char *head, char *copy, gsize length)
{
    H3Event *event = event_pool_acquire (bench->pool);
    HeadField fields[MAX_FIELDS];
    Http1Lint lint;

    memcpy (copy, head, length);
    event_begin (event, &bench->carrier, &bench->limits);
    http1_lint_init (&lint, fields, MAX_FIELDS);
    if (http1_lint_step (&lint, &bench->limits, copy, length) != LINT_WHOLE
        || http1_reader_read (bench->reader, copy, &lint.index, event->arena, &event->request) != 0)
        g_error ("a head was refused");
    event->host = &host;
    bench->is_over = FALSE;
    chain_start (chain, event);
    h3_event_next (event);
    while (!bench->is_over)
        (void) loop_step (bench->carrier.loop, FALSE);
}

static gint64
now_in_ns (void)
{
    struct timespec now;

    clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

/* Takes the middleware (transfer full), up to two. A cookie and a token are those that were given
 * last. */
static void
show (Bench *bench, const char *what, H3Middleware *first, H3Middleware *second, H3Handler handler,
      const char *line)
{
    ChainLink links[2] = { { first, NULL }, { second, NULL } };
    Chain *chain = chain_new (links, (first != NULL) + (second != NULL), handler, NULL);
    g_autofree char *head = g_strdup_printf (
        "%s HTTP/1.1\r\nHost: h\r\n%s%s%s%s%s%s\r\n", line, bench->cookie != NULL ? "Cookie: " : "",
        bench->cookie != NULL ? bench->cookie : "", bench->cookie != NULL ? "\r\n" : "",
        bench->token != NULL ? "X-CSRF-Token: " : "", bench->token != NULL ? bench->token : "",
        bench->token != NULL ? "\r\n" : "");
    gsize length = strlen (head);
    g_autofree char *copy = g_malloc (length);
    double best = G_MAXDOUBLE;

    for (guint round = 0; round < N_ROUNDS; round++) {
        gint64 start = now_in_ns ();

        for (guint i = 0; i < N; i++)
            run_one (bench, chain, head, copy, length);
        best = MIN (best, (double) (now_in_ns () - start) / N);
    }
    g_print ("%-52s %8.1f ns\n", what, best);
    chain_free (chain);
    h3_middleware_unref (first);
    h3_middleware_unref (second);
}

static void
do_nothing (H3Event *event, gpointer user_data)
{
    h3_event_send_static (event, "text/plain", H3_VIEW ("x"));
}

static void
read_one (H3Event *event, gpointer user_data)
{
    if (h3_session_get_string (h3_event_get_session (event), "user") == NULL)
        g_error ("there is no user");
    do_nothing (event, NULL);
}

static void
write_one (H3Event *event, gpointer user_data)
{
    H3Session *session = h3_event_get_session (event);

    if (!h3_session_set_string (session, "user", "zoe", NULL)
        || !h3_session_add_int (session, "n", 1, NULL, NULL))
        g_error ("nothing can be written");
    do_nothing (event, NULL);
}

static void
give_token (H3Event *event, gpointer user_data)
{
    const char *token = h3_event_get_csrf_token (event, NULL);
    g_autoptr (GBytes) bytes = g_bytes_new (token, strlen (token));

    h3_event_send_bytes (event, "text/plain", bytes);
}

/* (transfer full) */
static H3Middleware *
make_sealed (void)
{
    static H3Sealer *sealer;
    H3SessionsOptions options;

    if (sealer == NULL) {
        sealer = h3_sealer_new ();
        if (!h3_sealer_generate_key (sealer, NULL))
            g_error ("no random bytes");
    }
    h3_sessions_options_init (&options);
    options.sealer = sealer;
    return h3_sessions_new_full (&options, NULL);
}

static void
show_sessions (Bench *bench, H3Middleware *sessions)
{
    show (bench, "no cookie, nothing written", h3_middleware_ref (sessions), NULL, do_nothing,
          "GET /");
    show (bench, "no cookie, a new session written", h3_middleware_ref (sessions), NULL, write_one,
          "GET /");
    show (bench, "a session that is not asked for", h3_middleware_ref (sessions), NULL, do_nothing,
          "GET /");
    show (bench, "a value read", h3_middleware_ref (sessions), NULL, read_one, "GET /");
    show (bench, "two values written", h3_middleware_ref (sessions), NULL, write_one, "GET /");
}

int
main (void)
{
    H3Middleware *sessions = h3_sessions_new (NULL);
    H3Middleware *sealed = make_sealed ();
    H3Middleware *csrf = h3_csrf_new (NULL);
    Bench bench = { 0 };

    h3_limits_init (&bench.limits);
    bench.carrier.functions = &functions;
    bench.carrier.loop = loop_new (NULL);
    loop_enter (bench.carrier.loop);
    bench.pool = event_pool_new (16);
    bench.reader = http1_reader_new (&bench.limits);
    show (&bench, "an exchange without sessions", NULL, NULL, do_nothing, "GET /");
    g_print ("in a memory store:\n");
    show_sessions (&bench, sessions);
    show (&bench, "a token given", h3_middleware_ref (sessions), h3_middleware_ref (csrf),
          give_token, "GET /");
    show (&bench, "a token that is good", h3_middleware_ref (sessions), h3_middleware_ref (csrf),
          do_nothing, "POST /");
    g_clear_pointer (&bench.cookie, g_free);
    g_clear_pointer (&bench.token, g_free);
    g_print ("sealed:\n");
    show_sessions (&bench, sealed);
    h3_middleware_unref (sessions);
    h3_middleware_unref (sealed);
    h3_middleware_unref (csrf);
    http1_reader_free (bench.reader);
    loop_close (bench.carrier.loop);
    event_pool_free (bench.pool);
    loop_leave (bench.carrier.loop);
    loop_unref (bench.carrier.loop);
    g_free (bench.cookie);
    g_free (bench.token);
    return 0;
}
