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
    job = g_new (Job, 1);
    job->event = h3_event_defer (event);
    job->cancellable = g_object_ref (h3_event_get_cancellable (event));
    job->work = work;
    job->done = done;
    job->data = data;
    job->destroy = destroy;
    offload_run (loop_get_offload (event->loop), event->loop, run_job, finish_job, job, free_job);
}
