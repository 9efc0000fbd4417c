/* SPDX-License-Identifier: MIT
 *
 * How a worker comes to its end: deaf, parting, drained, cut. */

#include "worker-private.h"

static void
accept_rest (const Worker *worker)
{
    for (guint i = 0; i < worker->accepters->len; i++) {
        const Accepter *accepter = worker->accepters->pdata[i];

        if (!listen_group_is_shared (accepter->group))
            listener_accept_rest (accepter->listener);
    }
}

static void
stop_listening (gpointer data)
{
    Worker *worker = data;

    if (worker->rest == WORKER_ACCEPT_REST)
        accept_rest (worker);
    g_ptr_array_set_size (worker->accepters, 0);
    worker->settings.deaf (worker->settings.data);
}

void
worker_stop_listening (Worker *worker, WorkerRest rest)
{
    worker->rest = rest;
    loop_post (worker->loop, stop_listening, worker, NULL);
}

static void
on_empty (gpointer data)
{
    Worker *worker = data;

    worker->is_emptied = TRUE;
    worker->settings.emptied (worker->settings.data);
}

static void
start_parting (gpointer data)
{
    Worker *worker = data;

    connection_context_part (&worker->context);
    transport_shared_on_empty (worker->shared, on_empty, worker);
}

void
worker_part (Worker *worker)
{
    loop_post (worker->loop, start_parting, worker, NULL);
}

static void
start_draining (gpointer data)
{
    Worker *worker = data;

    worker->is_drained = TRUE;
    greetings_end (worker->greetings);
    connection_context_drain (&worker->context);
    if (!worker->is_emptied)
        transport_shared_on_empty (worker->shared, on_empty, worker);
}

void
worker_drain (Worker *worker)
{
    loop_post (worker->loop, start_draining, worker, NULL);
}

static void
cut (gpointer data)
{
    Worker *worker = data;

    connection_context_cut (&worker->context);
    transport_shared_cut_lingering (worker->shared);
}

void
worker_cut (Worker *worker)
{
    loop_post (worker->loop, cut, worker, NULL);
}
