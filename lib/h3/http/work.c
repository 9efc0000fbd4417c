/* SPDX-License-Identifier: MIT */

#include "work.h"

#include <h3/http/event-flow.h>
#include <h3/loop/offload.h>

typedef struct {
    H3Event *event;            /* ref */
    GCancellable *cancellable; /* ref: the event's */
    H3Work work;
    H3WorkDone done;
    gpointer data; /* owned where destroy says so */
    GDestroyNotify destroy;
} Job;

static void
free_job (gpointer data)
{
    Job *job = data;

    if (job->destroy != NULL)
        job->destroy (job->data);
    g_object_unref (job->cancellable);
    h3_event_unref (job->event);
    g_free (job);
}

static void
run_job (gpointer data)
{
    Job *job = data;

    job->work (job->data, job->cancellable);
}

static void
finish_job (gpointer data)
{
    Job *job = data;

    if (job->done != NULL)
        job->done (job->event, job->data);
}

void
h3_event_offload (H3Event *event, H3Work work, H3WorkDone done, gpointer data,
                  GDestroyNotify destroy)
{
    Job *job;

    g_return_if_fail (event != NULL && work != NULL);
    g_return_if_fail (event_is_on_worker (event));
    if (event->host != NULL)
        event->host->note_offload (event);
    job = g_new (Job, 1);
    job->event = h3_event_defer (event);
    job->cancellable = g_object_ref (h3_event_get_cancellable (event));
    job->work = work;
    job->done = done;
    job->data = data;
    job->destroy = destroy;
    offload_run (loop_get_offload (event->loop), event->loop, run_job, finish_job, job, free_job);
}

/* Two functions, each with data of its own, as the data of one job. */
typedef struct {
    H3Work work;
    gpointer work_data; /* owned where work_destroy says so */
    GDestroyNotify work_destroy;
    H3WorkDone done;
    gpointer done_data; /* owned where done_destroy says so */
    GDestroyNotify done_destroy;
} Pair;

static void
free_pair (gpointer data)
{
    Pair *pair = data;

    if (pair->work_destroy != NULL)
        pair->work_destroy (pair->work_data);
    if (pair->done_destroy != NULL)
        pair->done_destroy (pair->done_data);
    g_free (pair);
}

static void
work_of_pair (gpointer data, GCancellable *cancellable)
{
    Pair *pair = data;

    pair->work (pair->work_data, cancellable);
}

static void
pair_is_done (H3Event *event, gpointer data)
{
    Pair *pair = data;

    if (pair->done != NULL)
        pair->done (event, pair->done_data);
}

void
h3_event_offload_full (H3Event *event, H3Work work, gpointer work_data, GDestroyNotify work_destroy,
                       H3WorkDone done, gpointer done_data, GDestroyNotify done_destroy)
{
    Pair pair = { work, work_data, work_destroy, done, done_data, done_destroy };

    g_return_if_fail (event != NULL && work != NULL);
    g_return_if_fail (event_is_on_worker (event));
    h3_event_offload (event, work_of_pair, pair_is_done, g_memdup2 (&pair, sizeof pair), free_pair);
}
