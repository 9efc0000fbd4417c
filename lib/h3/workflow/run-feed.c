/* SPDX-License-Identifier: MIT */

#include "run-routes-inside.h"

#include "run-pull.h"
#include "workflows-inside.h"

#include <h3/base/error.h>
#include <h3/engine/sse.h>
#include <h3/http/answer.h>
#include <h3/http/failure.h>

#include <stdatomic.h>

/* What is told of a run that another process has: the id of its end, and milliseconds until there
 * may be more to tell. */
#define ENDED_ELSEWHERE "ended"
#define RETRY_ELSEWHERE 1000

/* A client that follows a run, as fast as it takes what it is sent. */
typedef struct {
    atomic_uint references; /* the pull's, while there is one, and the stream's */
    H3Workflows *workflows; /* borrowed: outlives the server */
    char *id;               /* owned: the run's */
    H3Event *event;         /* ref; NULL: it was answered, maybe with the stream */
    H3Sse *sse;             /* ref; NULL: not yet, or over */
    RunPull *pull;          /* owned; NULL: over */
} RunFeed;

static void
feed_unref (gpointer data)
{
    RunFeed *feed = data;

    if (atomic_fetch_sub_explicit (&feed->references, 1, memory_order_acq_rel) != 1)
        return;
    g_free (feed->id);
    g_free (feed);
}

static RunFeed *
feed_ref (RunFeed *feed)
{
    atomic_fetch_add_explicit (&feed->references, 1, memory_order_relaxed);
    return feed;
}

static void
feed_end (RunFeed *feed)
{
    RunPull *pull = g_steal_pointer (&feed->pull);

    g_clear_pointer (&feed->sse, h3_sse_unref);
    g_clear_pointer (&feed->event, h3_event_unref);
    if (pull == NULL)
        return;
    run_pull_end (pull);
    feed_unref (feed);
}

static void
on_drained (H3Sse *sse, gpointer data)
{
    RunFeed *feed = data;

    (void) sse;
    if (feed->pull != NULL)
        run_pull_resume (feed->pull);
}

static void
on_over (H3Sse *sse, H3SseEnd why, gpointer data)
{
    (void) sse;
    (void) why;
    feed_end (data);
}

static void
begin_stream (RunFeed *feed, gboolean has_events)
{
    g_autoptr (H3Event) event = g_steal_pointer (&feed->event);

    feed->sse = h3_sse_start (event);
    if (feed->sse == NULL) {
        feed_end (feed);
        return;
    }
    /* A client that has had all so far is to know that it is heard. */
    if (!has_events)
        (void) h3_sse_send_comment (feed->sse, "");
    h3_sse_on_drain (feed->sse, on_drained, feed_ref (feed), feed_unref);
    h3_sse_on_end (feed->sse, on_over, feed_ref (feed), feed_unref);
}

/* How many were taken: up to that with which the client has enough. */
static guint
send_events (RunFeed *feed, const RunEvent *events, guint n)
{
    for (guint i = 0; i < n && feed->sse != NULL; i++) {
        char id[24];
        H3SseResult result;

        g_snprintf (id, sizeof id, "%" G_GUINT64_FORMAT, events[i].sequence);
        result = h3_sse_send_full (feed->sse, id, events[i].kind, events[i].data,
                                   (gssize) events[i].length, -1);
        if (result == H3_SSE_FULL)
            return i + 1;
    }
    return n;
}

static guint
on_events (const RunEvent *events, guint n, gboolean has_ended, gpointer data)
{
    RunFeed *feed = feed_ref (data);
    guint taken = 0;

    if (feed->event != NULL && has_ended && n == 0 && run_pull_get_after (feed->pull) > 0) {
        /* It has had all there is: browsers come back for ever, but for this status. */
        h3_event_send_empty (feed->event, 204);
        feed_end (feed);
    } else if (feed->event != NULL) {
        begin_stream (feed, n > 0);
    }
    if (feed->sse != NULL)
        taken = send_events (feed, events, n);
    if (feed->sse != NULL && has_ended && taken == n)
        h3_sse_close (feed->sse);
    feed_unref (feed);
    return taken;
}

/* Another process has the run, or nobody yet: here is only known how far it is. So much is told,
 * and when to come back; who has heard of its end need not. */
static void
tell_of_elsewhere (H3Event *event, const RunDocument *document)
{
    const char *last = h3_event_get_last_event_id (event);
    g_autoptr (H3Sse) sse = NULL;

    if (document->has_ended && g_strcmp0 (last, ENDED_ELSEWHERE) == 0) {
        h3_event_send_empty (event, 204);
        return;
    }
    sse = h3_sse_start (event);
    if (sse == NULL)
        return;
    (void) h3_sse_send_full (sse, document->has_ended ? ENDED_ELSEWHERE : NULL, "run",
                             document->json, (gssize) document->length, RETRY_ELSEWHERE);
    h3_sse_close (sse);
}

static void
on_document (const RunDocument *document, const GError *error, gpointer data)
{
    RunFeed *feed = data;

    /* Else it was taken here meanwhile, and is followed. */
    if (feed->event != NULL) {
        if (document != NULL)
            tell_of_elsewhere (feed->event, document);
        else if (error != NULL)
            run_routes_fail_for_now (feed->event, error->message);
        else
            h3_event_fail_status (feed->event, 404, "There is no such run.");
        feed_end (feed);
    }
    feed_unref (feed);
}

static void
on_document_dropped (gpointer data)
{
    feed_end (data);
    feed_unref (data);
}

static void
on_failed (const GError *error, gpointer data)
{
    RunFeed *feed = data;

    if (feed->event != NULL && g_error_matches (error, H3_ERROR, H3_ERROR_NOT_FOUND)) {
        workflows_ask_run (feed->workflows, feed->id, on_document, feed_ref (feed),
                           on_document_dropped);
        return;
    }
    if (feed->event != NULL)
        run_routes_fail_for_now (feed->event, error->message);
    feed_end (feed);
}

static void
on_loop_ended (gpointer data)
{
    feed_end (data);
}

/* What is no number was not an id of ours. */
static guint64
read_last_id (H3Event *event)
{
    const char *id = h3_event_get_last_event_id (event);
    guint64 number = 0;

    if (id != NULL)
        (void) g_ascii_string_to_unsigned (id, 10, 0, G_MAXINT64, &number, NULL);
    return number;
}

void
h3_workflows_handle_events (H3Event *event, gpointer workflows)
{
    static const RunPuller puller = { on_events, on_failed, on_loop_ended };
    RunFeed *feed;

    if (workflows_get_store (workflows) == NULL) {
        run_routes_fail_for_now (event, "Workflows have not been started, or were stopped.");
        return;
    }
    feed = g_new0 (RunFeed, 1);

    atomic_init (&feed->references, 1);
    feed->workflows = workflows;
    feed->id = g_strdup (h3_event_get_param (event, "id"));
    feed->event = h3_event_defer (event);
    feed->pull = run_pull_begin (workflows, feed->id, read_last_id (event), &puller, feed);
}
