/* SPDX-License-Identifier: MIT
 *
 * A server without threads that serve: its loops are guests of the GMainContext of who starts it.
 */

#include "server-private.h"

#include <signal.h>

typedef enum { PROPERTY_SINGLE_THREADED = 1 } Property;

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    if (id == PROPERTY_SINGLE_THREADED)
        g_value_set_boolean (value, h3_server_get_single_threaded (H3_SERVER (object)));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    if (id == PROPERTY_SINGLE_THREADED)
        h3_server_set_single_threaded (H3_SERVER (object), g_value_get_boolean (value));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

void
server_install_properties (GObjectClass *class)
{
    class->get_property = get_property;
    class->set_property = set_property;
    g_object_class_install_property (class, PROPERTY_SINGLE_THREADED,
                                     g_param_spec_boolean ("single-threaded", NULL, NULL, FALSE,
                                                           G_PARAM_READWRITE
                                                               | G_PARAM_STATIC_STRINGS
                                                               | G_PARAM_EXPLICIT_NOTIFY));
}

void
h3_server_set_single_threaded (H3Server *server, gboolean is_single_threaded)
{
    g_return_if_fail (H3_IS_SERVER (server));
    g_return_if_fail (!h3_server_is_running (server));
    if (server->is_single == !!is_single_threaded)
        return;
    server->is_single = !!is_single_threaded;
    g_object_notify (G_OBJECT (server), "single-threaded");
}

gboolean
h3_server_get_single_threaded (H3Server *server)
{
    g_return_val_if_fail (H3_IS_SERVER (server), FALSE);
    return server->is_single;
}

/* How many servers have this thread as their host, and whether it had the signal blocked before
 * the first came. */
static __thread guint n_hosted;
static __thread gboolean was_blocked;

/* As on a worker's thread: a broken pipe is told by the call that met it. */
static void
block_broken_pipes (void)
{
    sigset_t pipe, before;

    if (n_hosted++ > 0)
        return;
    sigemptyset (&pipe);
    sigaddset (&pipe, SIGPIPE);
    pthread_sigmask (SIG_BLOCK, &pipe, &before);
    was_blocked = sigismember (&before, SIGPIPE) == 1;
}

/* One that is pending has been told already. */
static void
unblock_broken_pipes (void)
{
    static const struct timespec now = { 0 };
    sigset_t pipe;

    if (--n_hosted > 0 || was_blocked)
        return;
    sigemptyset (&pipe);
    sigaddset (&pipe, SIGPIPE);
    while (sigtimedwait (&pipe, NULL, &now) == SIGPIPE)
        ;
    pthread_sigmask (SIG_UNBLOCK, &pipe, NULL);
}

static void
begin_run (gpointer data)
{
    server_begin_run (data);
}

static void
on_stopped (gpointer data)
{
    H3Server *server = data;

    guest_free (g_steal_pointer (&server->guest));
    unblock_broken_pipes ();
    server_end_run (server, server->loop);
}

void
server_start_guest (H3Server *server)
{
    server->host = pthread_self ();
    block_broken_pipes ();
    loop_post (server->loop, begin_run, server, NULL);
    server->guest = guest_new (server->told, server->loop,
                               worker_get_loop (server->workers->pdata[0]), on_stopped, server);
    pthread_mutex_lock (&server->mutex);
    server->state = SERVER_RUNNING;
    pthread_mutex_unlock (&server->mutex);
}

gboolean
server_is_host (H3Server *server)
{
    return server->is_single && pthread_equal (server->host, pthread_self ())
           && server->guest != NULL;
}

void
server_wait_as_host (H3Server *server)
{
    g_autoptr (GMainContext) context = g_main_context_ref (server->told);

    while (h3_server_is_running (server))
        (void) g_main_context_iteration (context, TRUE);
}
