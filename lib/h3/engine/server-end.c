/* SPDX-License-Identifier: MIT
 *
 * How a run ends: the steward leads the drain. */

#include "server-private.h"

#include <h3/loop/clock.h>

guint server_stopped_signal;

/* The farewell goes from the steward to the context that is told. The server's mutex orders the
 * two, since GLib's own locks are not to be seen: it is held until all of the source is there. The
 * server itself is all that the source carries, because nothing else can be read before that. */
static void
await_farewell (H3Server *server)
{
    pthread_mutex_lock (&server->mutex);
    pthread_mutex_unlock (&server->mutex);
}

static gboolean
emit_finished (gpointer data)
{
    await_farewell (data);
    g_signal_emit (data, server_stopped_signal, 0, TRUE);
    return G_SOURCE_REMOVE;
}

static gboolean
emit_cut_short (gpointer data)
{
    await_farewell (data);
    g_signal_emit (data, server_stopped_signal, 0, FALSE);
    return G_SOURCE_REMOVE;
}

static void
let_go_of_told (gpointer data)
{
    await_farewell (data);
    g_object_unref (data);
}

static void
say_farewell (H3Server *server)
{
    g_autoptr (GSource) source = NULL;

    pthread_mutex_lock (&server->mutex);
    source = g_idle_source_new ();
    g_source_set_priority (source, G_PRIORITY_DEFAULT);
    g_source_set_callback (source, server->finished ? emit_finished : emit_cut_short,
                           g_object_ref (server), let_go_of_told);
    g_source_attach (source, server->told);
    pthread_mutex_unlock (&server->mutex);
}

void
server_begin_run (H3Server *server)
{
    server_listen (server);
    server_start_notices (server);
    server_start_admission (server);
}

/* The references are those of the run. */
void
server_end_run (H3Server *server, Loop *loop)
{
    GObject *owner = server->dispatch.owner;

    server->stage = STAGE_OVER;
    server_clear_run (server);
    server_end_dispatch (server);
    if (!server->is_single)
        loop_leave (loop);
    pthread_mutex_lock (&server->mutex);
    server->state = SERVER_STOPPED;
    server->loop = NULL;
    pthread_cond_broadcast (&server->changed);
    pthread_mutex_unlock (&server->mutex);
    loop_close (loop);
    loop_unref (loop);
    g_object_unref (owner);
    say_farewell (server);
    g_object_unref (server);
}

void *
server_run_steward (void *data)
{
    H3Server *server = data;
    Loop *loop = server->loop;

    loop_enter (loop);
    pthread_mutex_lock (&server->mutex); /* until start () has said that it runs */
    pthread_mutex_unlock (&server->mutex);
    server_begin_run (server);
    loop_run (loop);
    server_end_run (server, loop);
    return NULL;
}

static void
on_worker_emptied (gpointer data)
{
    H3Server *server = data;

    if (++server->n_empty == server->workers->len) {
        alarms_clear (loop_get_alarms (server->loop), &server->deadline);
        loop_stop (server->loop);
    }
}

void
server_post_emptied (gpointer data)
{
    H3Server *server = data;

    loop_post (server->loop, on_worker_emptied, server, NULL);
}

static void
cut_workers (H3Server *server)
{
    server->finished = FALSE;
    for (guint i = 0; i < server->workers->len; i++)
        worker_cut (server->workers->pdata[i]);
}

static void
set_deadline (H3Server *server, gint64 milliseconds, void (*on_due) (Alarm *alarm))
{
    server->deadline.on_due = on_due;
    alarms_set (loop_get_alarms (server->loop), &server->deadline, clock_get_now () + milliseconds);
}

static H3Server *
server_of (Alarm *alarm)
{
    return (H3Server *) ((char *) alarm - G_STRUCT_OFFSET (H3Server, deadline));
}

static void
on_deadline (Alarm *alarm)
{
    cut_workers (server_of (alarm));
}

static gboolean
all_are_deaf (const H3Server *server)
{
    return server->n_deaf == server->workers->len;
}

static void
drain_workers (H3Server *server)
{
    for (guint i = 0; i < server->workers->len; i++)
        worker_drain (server->workers->pdata[i]);
}

/* What was bound before the start is closed with the rest: nobody is to wait for an end there. */
static void
end_run (H3Server *server)
{
    server->stage = STAGE_ENDING;
    g_clear_pointer (&server->kept, g_ptr_array_unref);
    alarms_clear (loop_get_alarms (server->loop), &server->deadline);
    if (server->limits.drain_time > 0)
        set_deadline (server, server->limits.drain_time, on_deadline);
    if (all_are_deaf (server))
        drain_workers (server);
}

static void
on_parted (Alarm *alarm)
{
    end_run (server_of (alarm));
}

static void
part_workers (H3Server *server)
{
    set_deadline (server, server->limits.parting_time, on_parted);
    for (guint i = 0; i < server->workers->len; i++)
        worker_part (server->workers->pdata[i]);
}

static void
on_worker_deaf (gpointer data)
{
    H3Server *server = data;

    server->n_deaf++;
    if (!all_are_deaf (server))
        return;
    g_ptr_array_set_size (server->groups, 0);
    if (server->stage == STAGE_PARTING)
        part_workers (server);
    else
        drain_workers (server);
}

void
server_post_deaf (gpointer data)
{
    H3Server *server = data;

    loop_post (server->loop, on_worker_deaf, server, NULL);
}

static void
stop_listening (H3Server *server, WorkerRest rest)
{
    for (guint i = 0; i < server->workers->len; i++)
        worker_stop_listening (server->workers->pdata[i], rest);
}

static void
on_part (gpointer data)
{
    H3Server *server = data;

    if (server->stage != STAGE_ACCEPTING)
        return;
    server->stage = STAGE_PARTING;
    stop_listening (server, WORKER_ACCEPT_REST);
}

static void
on_stop (gpointer data)
{
    H3Server *server = data;
    ServerStage before = server->stage;

    /* It may have been posted when nothing was left to stop. */
    if (before == STAGE_OVER)
        return;
    if (++server->n_stops > 1) {
        cut_workers (server);
        return;
    }
    if (before == STAGE_ENDING)
        return;
    end_run (server);
    if (before == STAGE_PARTING)
        return;
    service_notices_stop (server->notices);
    stop_listening (server, WORKER_LEAVE_REST);
}

static void
unref_server (gpointer data)
{
    g_object_unref (data);
}

static void
on_stop_posted (gpointer data)
{
    on_stop (data);
    g_object_unref (data);
}

static void
on_part_posted (gpointer data)
{
    on_part (data);
    g_object_unref (data);
}

void
server_part (H3Server *server)
{
    pthread_mutex_lock (&server->mutex);
    if (server->state == SERVER_RUNNING) {
        server->state = SERVER_DRAINING;
        loop_post (server->loop, on_part_posted, g_object_ref (server), unref_server);
    }
    pthread_mutex_unlock (&server->mutex);
}

void
h3_server_stop (H3Server *server)
{
    g_return_if_fail (H3_IS_SERVER (server));
    pthread_mutex_lock (&server->mutex);
    if (server->state != SERVER_STOPPED) {
        server->state = SERVER_DRAINING;
        loop_post (server->loop, on_stop_posted, g_object_ref (server), unref_server);
    }
    pthread_mutex_unlock (&server->mutex);
}

gboolean
h3_server_wait (H3Server *server)
{
    gboolean finished;

    g_return_val_if_fail (H3_IS_SERVER (server), FALSE);
    g_return_val_if_fail (loop_may_wait (), FALSE);
    if (server_is_host (server))
        server_wait_as_host (server);
    pthread_mutex_lock (&server->mutex);
    while (server->state != SERVER_STOPPED)
        pthread_cond_wait (&server->changed, &server->mutex);
    finished = server->finished;
    pthread_mutex_unlock (&server->mutex);
    server_join_steward (server);
    return finished;
}
