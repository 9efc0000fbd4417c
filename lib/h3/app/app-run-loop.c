/* SPDX-License-Identifier: MIT */

#include "app-run-loop.h"

#include <h3/loop/descriptors.h>
#include <h3/engine/server-inside.h>
#include <h3/batteries/access-log.h>

#include <glib-unix.h>
#include <signal.h>

#define N_DESCRIPTORS                                                                              \
    4 /* wake-ups of the default context and of GLib's own thread, and two to spare */

/* A service manager may tell all processes to end, and the master tells it too: that is once. */
static void
stop (RunLoop *loop)
{
    loop->was_stopped = TRUE;
    for (guint i = 0; i < loop->servers->len; i++)
        h3_server_stop (loop->servers->pdata[i]);
}

static gboolean
on_end_signal (gpointer data)
{
    stop (data);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_reopen_signal (gpointer data)
{
    h3_access_log_reopen_all ();
    return G_SOURCE_CONTINUE;
}

static gboolean
on_hang_up_signal (gpointer data)
{
    RunLoop *loop = data;

    /* What stops already is not followed by another. */
    if (loop->was_stopped)
        return G_SOURCE_CONTINUE;
    if (loop->following.hang_up != NULL)
        loop->following.hang_up (loop->following.data);
    else if (loop->servers->len > 0)
        h3_server_reload (loop->servers->pdata[0]);
    return G_SOURCE_CONTINUE;
}

static void
on_reload (H3Server *server, gpointer data)
{
    h3_access_log_reopen_all ();
}

static void
on_stopped (H3Server *server, gboolean finished, RunLoop *loop)
{
    loop->finished = loop->finished && finished;
    /* Its last thread is gone then, and frees nothing while this one ends the process. */
    (void) h3_server_wait (server);
    g_signal_handlers_disconnect_by_data (server, loop);
    if (loop->following.stopped != NULL)
        loop->following.stopped (server, loop->following.data);
    (void) g_ptr_array_remove (loop->servers, server);
    if (loop->servers->len == 0)
        g_main_loop_quit (loop->loop);
}

static void
part (gpointer data)
{
    RunLoop *loop = data;

    if (loop->following.part != NULL)
        loop->following.part (loop->following.data);
    for (guint i = 0; i < loop->servers->len; i++)
        server_part (loop->servers->pdata[i]);
}

static void
stop_once (gpointer data)
{
    RunLoop *loop = data;

    if (!loop->was_stopped)
        stop (loop);
}

static gboolean
on_process_end_signal (gpointer data)
{
    stop_once (data);
    return G_SOURCE_CONTINUE;
}

static void
cut (gpointer data)
{
    stop_once (data);
    stop (data);
}

static void
attach (RunLoop *loop, GSource *source)
{
    (void) g_source_attach (source, loop->context);
    g_ptr_array_add (loop->sources, source);
}

static void
hear_signal (RunLoop *loop, int number, GSourceFunc function)
{
    GSource *source = g_unix_signal_source_new (number);

    g_source_set_callback (source, function, loop, NULL);
    attach (loop, source);
}

static void
destroy_source (gpointer data)
{
    g_source_destroy (data);
    g_source_unref (data);
}

/* The default context may be there since before the fork; then its descriptor is the one of all
 * processes, and what wakes one up is heard by another. */
static void
begin_context (RunLoop *loop)
{
    loop->context = g_main_context_new ();
    g_main_context_push_thread_default (loop->context);
}

gboolean
run_loop_open (RunLoop *loop, const Prefork *prefork, const RunFollowing *following, GError **error)
{
    if (!descriptors_are_left (N_DESCRIPTORS, "signals", error))
        return FALSE;
    if (following != NULL)
        loop->following = *following;
    loop->servers = g_ptr_array_new_with_free_func (g_object_unref);
    loop->sources = g_ptr_array_new_with_free_func (destroy_source);
    if (prefork != NULL)
        begin_context (loop);
    loop->loop = g_main_loop_new (loop->context, FALSE);
    loop->finished = TRUE;
    hear_signal (loop, SIGUSR1, on_reopen_signal);
    hear_signal (loop, SIGHUP, on_hang_up_signal);
    if (prefork != NULL) {
        const PreforkOrders orders = { part, stop_once, cut, loop };

        hear_signal (loop, SIGTERM, on_process_end_signal);
        attach (loop, prefork_create_source (prefork, &orders));
    } else {
        hear_signal (loop, SIGTERM, on_end_signal);
        hear_signal (loop, SIGINT, on_end_signal);
    }
    return TRUE;
}

void
run_loop_add (RunLoop *loop, H3Server *server)
{
    g_signal_connect (server, "stopped", G_CALLBACK (on_stopped), loop);
    g_signal_connect (server, "reload", G_CALLBACK (on_reload), loop);
    g_ptr_array_add (loop->servers, g_object_ref (server));
}

gboolean
run_loop_run (RunLoop *loop)
{
    g_main_loop_run (loop->loop);
    return loop->finished;
}

void
run_loop_clear (RunLoop *loop)
{
    if (loop->loop == NULL)
        return;
    g_clear_pointer (&loop->sources, g_ptr_array_unref);
    for (guint i = 0; i < loop->servers->len; i++)
        g_signal_handlers_disconnect_by_data (loop->servers->pdata[i], loop);
    g_clear_pointer (&loop->servers, g_ptr_array_unref);
    g_clear_pointer (&loop->loop, g_main_loop_unref);
    if (loop->context != NULL) {
        g_main_context_pop_thread_default (loop->context);
        g_clear_pointer (&loop->context, g_main_context_unref);
    }
}
