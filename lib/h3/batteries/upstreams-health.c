/* SPDX-License-Identifier: MIT
 *
 * One loop of all that serve asks the servers of a set how they are, until it is drained or closed;
 * then the next that serves does. */

#include "upstreams-private.h"

#include <h3/client/client-exchange.h>
#include <h3/loop/alarms.h>
#include <h3/loop/clock.h>

/* An answer to a check has a body of so many bytes at most; what comes behind is not waited for. */
#define MAX_BODY (64 * 1024)

typedef struct {
    UpstreamChecks *all;      /* borrowed: its owner */
    Upstream *upstream;       /* borrowed: the set */
    ClientExchange *exchange; /* borrowed; NULL: none is under way */
    Alarm next;               /* when the next begins */
    guint status;             /* 0: there was no answer */
    guint in_row;             /* so many said in a row that it is not what it is taken to be */
} Check;

struct _UpstreamChecks {
    H3Upstreams *upstreams; /* ref */
    Loop *loop;             /* borrowed: ends this before it ends */
    H3Headers *headers;     /* owned */
    EndingNode draining, closing;
    guint n;
    Check checks[];
};

static void
stop (UpstreamChecks *checks)
{
    H3Upstreams *upstreams = checks->upstreams;

    for (guint i = 0; i < checks->n; i++) {
        Check *check = &checks->checks[i];

        if (check->exchange != NULL)
            client_exchange_cancel (check->exchange);
        alarms_clear (loop_get_alarms (checks->loop), &check->next);
    }
    endings_remove (loop_get_endings (checks->loop), &checks->draining);
    endings_remove (loop_get_endings (checks->loop), &checks->closing);
    h3_headers_unref (checks->headers);
    g_free (checks);
    atomic_store_explicit (&upstreams->is_watched, 0, memory_order_release);
    h3_upstreams_unref (upstreams);
}

static void
on_draining (EndingNode *node)
{
    stop ((UpstreamChecks *) (void *) ((char *) node - G_STRUCT_OFFSET (UpstreamChecks, draining)));
}

static void
on_closing (EndingNode *node)
{
    stop ((UpstreamChecks *) (void *) ((char *) node - G_STRUCT_OFFSET (UpstreamChecks, closing)));
}

/* As long as was asked for, a tenth more or less: checks of many servers, and by many processes, do
 * not come together. */
static void
begin_later (Check *check)
{
    H3Upstreams *upstreams = check->all->upstreams;
    gint64 interval = upstreams->check.interval;
    gint64 wait = interval - interval / 10
                  + (gint64) (upstreams_draw (upstreams) % (guint64) (interval / 5 + 1));

    alarms_set (loop_get_alarms (check->all->loop), &check->next, clock_get_now () + wait);
}

static void
judge (Check *check, gboolean is_good)
{
    Upstream *upstream = check->upstream;
    const UpstreamCheckSettings *settings = &upstream->set->check;
    gboolean is_up = !atomic_load_explicit (&upstream->is_down, memory_order_relaxed);

    if (!is_good)
        atomic_fetch_add_explicit (&upstream->failed_checks, 1, memory_order_relaxed);
    check->in_row = is_good == is_up ? 0 : check->in_row + 1;
    if (check->in_row < (is_good ? settings->rise : settings->fall))
        return;
    check->in_row = 0;
    /* What its requests told is older than that it answers again. */
    if (is_good)
        (void) breaker_reset (&upstream->breaker);
    atomic_store_explicit (&upstream->is_down, !is_good, memory_order_release);
    upstream_tell (upstream);
}

static void
on_head (ClientExchange *exchange, const Http1Response *response, gpointer data)
{
    ((Check *) data)->status = response->status;
}

/* A body that is too long is not what is asked for here. */
static void
on_end (ClientExchange *exchange, const H3Headers *trailers, const GError *error, gpointer data)
{
    Check *check = data;
    const UpstreamCheckSettings *settings = &check->upstream->set->check;
    gboolean is_whole =
        error == NULL || g_error_matches (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_TOO_LARGE);

    check->exchange = NULL;
    /* The loop ends. */
    if (g_error_matches (error, H3_CLIENT_ERROR, H3_CLIENT_ERROR_CANCELLED))
        return;
    begin_later (check);
    judge (check, is_whole && check->status >= settings->first_status
                      && check->status <= settings->last_status);
}

static const ClientListener listener = { .on_head = on_head, .on_end = on_end };

static void
begin (Alarm *alarm)
{
    Check *check = (Check *) (void *) ((char *) alarm - G_STRUCT_OFFSET (Check, next));
    const UpstreamChecks *checks = check->all;
    ClientLoop *client = client_loop_get (checks->loop);
    ClientCall call = {
        .method = h3_view_of ("GET"),
        .target = h3_view_of (checks->upstreams->check.path),
        .host = h3_view_of (check->upstream->host),
        .headers = checks->headers,
        .total_milliseconds = checks->upstreams->check.timeout,
        .max_body = MAX_BODY,
        .is_safe_to_repeat = TRUE,
    };

    check->status = 0;
    if (client != NULL)
        check->exchange =
            client_exchange_start (client, check->upstream->check_peer, &call, &listener, check);
}

static void
start (H3Upstreams *upstreams, Loop *loop)
{
    guint n = upstreams->servers->len;
    UpstreamChecks *checks = g_malloc0 (sizeof *checks + n * sizeof *checks->checks);

    checks->upstreams = h3_upstreams_ref (upstreams);
    checks->loop = loop;
    checks->headers = h3_headers_new ();
    h3_headers_set (checks->headers, "User-Agent", "h3-glib health check");
    checks->draining.on_ending = on_draining;
    checks->closing.on_ending = on_closing;
    endings_add (loop_get_endings (loop), ENDING_DRAIN, &checks->draining);
    endings_add (loop_get_endings (loop), ENDING_CLOSE, &checks->closing);
    checks->n = n;
    for (guint i = 0; i < n; i++) {
        Check *check = &checks->checks[i];

        check->all = checks;
        check->upstream = upstreams_get (upstreams, i);
        check->next.on_due = begin;
        alarms_set (loop_get_alarms (loop), &check->next, clock_get_now ());
    }
}

void
upstreams_watch (H3Upstreams *upstreams)
{
    Loop *loop;
    const Endings *endings;

    if (G_LIKELY (upstreams->check.path == NULL
                  || atomic_load_explicit (&upstreams->is_watched, memory_order_acquire)))
        return;
    loop = loop_get_current ();
    if (loop == NULL)
        return;
    endings = loop_get_endings (loop);
    if (endings->has_come[ENDING_DRAIN] || endings->has_come[ENDING_CLOSE]
        || atomic_exchange (&upstreams->is_watched, 1) != 0)
        return;
    start (upstreams, loop);
}
