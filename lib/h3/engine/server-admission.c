/* SPDX-License-Identifier: MIT
 *
 * Whether the server takes requests: its admission for one run, and what others are told. */

#include "server-private.h"

void
server_open_admission (H3Server *server)
{
    AdmissionSettings settings = { 0 };

    settings.is_short = server->dispatch.is_short;
    settings.memory_budget = (guint64) server->limits.memory_budget;
    settings.queue_delay = server->limits.queue_delay;
    settings.offload = server->offload;
    if (settings.memory_budget == 0 && settings.queue_delay == 0)
        return;
    server->admission = admission_new (&settings);
}

void
server_start_admission (H3Server *server)
{
    if (server->admission != NULL)
        admission_start (server->admission, server->loop);
}

/* Who asks for the readiness may do so on any thread, until here. */
void
server_close_admission (H3Server *server)
{
    Admission *admission;

    pthread_mutex_lock (&server->mutex);
    admission = g_steal_pointer (&server->admission);
    pthread_mutex_unlock (&server->mutex);
    admission_stop (admission);
    admission_free (admission);
}

void
server_end_dispatch (H3Server *server)
{
    if (!server->is_prepared)
        return;
    server->is_prepared = FALSE;
    server->dispatch.end (server->dispatch.data);
}

ServerReadiness
server_get_readiness (H3Server *server, const char **out_reason)
{
    ServerReadiness readiness = SERVER_READY;

    *out_reason = NULL;
    pthread_mutex_lock (&server->mutex);
    if (server->state == SERVER_STOPPED)
        readiness = SERVER_STARTING;
    else if (server->state == SERVER_DRAINING)
        readiness = SERVER_LEAVING;
    else if (server->admission != NULL)
        *out_reason = admission_get_reason (server->admission);
    pthread_mutex_unlock (&server->mutex);
    return *out_reason != NULL ? SERVER_SHEDDING : readiness;
}
