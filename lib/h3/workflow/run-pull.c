/* SPDX-License-Identifier: MIT */

#include "run-pull.h"

#include "workflows-inside.h"

#include <stdatomic.h>

/* Asked for at a time. */
#define PORTION 200

struct _RunPull {
    atomic_uint references;  /* its owner's, and one for each question */
    H3Workflows *workflows;  /* borrowed */
    char *id;                /* owned */
    WorkflowsWatch *watch;   /* owned; NULL: it was ended */
    const RunPuller *puller; /* borrowed: static */
    gpointer data;
    guint64 after;
    gboolean is_asking;
    gboolean is_still; /* not all was taken */
    gboolean has_news; /* while it asked, more was committed */
};

static void
unref (RunPull *pull)
{
    if (atomic_fetch_sub_explicit (&pull->references, 1, memory_order_acq_rel) != 1)
        return;
    g_free (pull->id);
    g_free (pull);
}

static void on_answer (const RunEvent *events, guint n, gboolean has_ended, const GError *error,
                       gpointer data);

static void
on_answer_dropped (gpointer data)
{
    RunPull *pull = data;

    if (pull->watch != NULL)
        pull->puller->on_dropped (pull->data);
    unref (pull);
}

static void
ask (RunPull *pull)
{
    RunStore *store = workflows_get_store (pull->workflows);

    if (pull->is_asking)
        pull->has_news = TRUE;
    if (pull->is_asking || pull->is_still || store == NULL)
        return;
    pull->is_asking = TRUE;
    pull->has_news = FALSE;
    atomic_fetch_add_explicit (&pull->references, 1, memory_order_relaxed);
    run_store_ask_events (store, pull->id, pull->after, PORTION, on_answer, pull,
                          on_answer_dropped);
}

/* Whether the store gave as much as it gives at once: there may be more, and no news of it. */
static gboolean
is_portion (const RunEvent *events, guint n)
{
    gsize size = 0;

    for (guint i = 0; i < n; i++)
        size += events[i].length + 1;
    return n == PORTION || size >= RUN_EVENTS_BYTES;
}

static void
hand_on (RunPull *pull, const RunEvent *events, guint n, gboolean has_ended)
{
    guint taken = pull->puller->on_events (events, n, has_ended, pull->data);

    if (pull->watch == NULL)
        return;
    if (taken > 0)
        pull->after = events[taken - 1].sequence;
    pull->is_still = taken < n;
    if (is_portion (events, n) || pull->has_news)
        ask (pull);
}

static void
on_answer (const RunEvent *events, guint n, gboolean has_ended, const GError *error, gpointer data)
{
    RunPull *pull = data;

    pull->is_asking = FALSE;
    if (pull->watch != NULL && error != NULL)
        pull->puller->on_failed (error, pull->data);
    else if (pull->watch != NULL)
        hand_on (pull, events, n, has_ended);
    unref (pull);
}

static void
on_committed (gpointer data)
{
    ask (data);
}

RunPull *
run_pull_begin (H3Workflows *workflows, const char *id, guint64 after, const RunPuller *puller,
                gpointer data)
{
    RunPull *pull = g_new0 (RunPull, 1);

    atomic_init (&pull->references, 1);
    pull->workflows = workflows;
    pull->id = g_strdup (id);
    pull->puller = puller;
    pull->data = data;
    pull->after = after;
    /* First, so that nothing is committed between the answer and the watch. */
    pull->watch = workflows_watch (workflows, id, on_committed, pull);
    ask (pull);
    return pull;
}

void
run_pull_end (RunPull *pull)
{
    if (pull == NULL)
        return;
    g_clear_pointer (&pull->watch, workflows_unwatch);
    unref (pull);
}

void
run_pull_resume (RunPull *pull)
{
    if (!pull->is_still)
        return;
    pull->is_still = FALSE;
    ask (pull);
}

guint64
run_pull_get_after (const RunPull *pull)
{
    return pull->after;
}
