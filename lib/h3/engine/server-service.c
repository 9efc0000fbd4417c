/* SPDX-License-Identifier: MIT
 *
 * The server as a service: what the service manager is told of it, and when it reloads. */

#include "server-private.h"
#include "service-manager.h"

guint server_reload_signal;

void
h3_server_set_supervised (H3Server *server, gboolean is_supervised)
{
    g_return_if_fail (H3_IS_SERVER (server));
    g_return_if_fail (!h3_server_is_running (server));
    server->is_supervised = is_supervised;
}

gboolean
server_open_notices (H3Server *server, GError **error)
{
    return !server->is_supervised || service_manager_open_notices (&server->notices, error);
}

static void
on_worker_turned (gpointer data)
{
    service_notices_note_turn (((H3Server *) data)->notices);
}

static void
post_turned (gpointer data)
{
    H3Server *server = data;

    loop_post (server->loop, on_worker_turned, server, NULL);
}

static void
ask_workers (gpointer data)
{
    H3Server *server = data;

    for (guint i = 0; i < server->workers->len; i++)
        worker_ask (server->workers->pdata[i], post_turned, server);
}

void
server_start_notices (H3Server *server)
{
    g_autofree char *addresses = g_strjoinv (", ", server->texts);
    g_autofree char *status = g_strdup_printf ("Serves on %s", addresses);

    service_notices_start (server->notices, server->loop, status, server->workers->len, ask_workers,
                           server);
}

static void
on_reload_begun (gpointer data)
{
    service_notices_begin_reload (((H3Server *) data)->notices);
    g_object_unref (data);
}

static void
on_reload_ended (gpointer data)
{
    service_notices_end_reload (((H3Server *) data)->notices);
    g_object_unref (data);
}

/* FALSE: it does not run, or drains already. */
static gboolean
post_while_running (H3Server *server, LoopFunction function)
{
    gboolean is_running;

    pthread_mutex_lock (&server->mutex);
    is_running = server->state == SERVER_RUNNING;
    if (is_running)
        loop_post (server->loop, function, g_object_ref (server), g_object_unref);
    pthread_mutex_unlock (&server->mutex);
    return is_running;
}

void
server_tell_reload (H3Server *server)
{
    if (post_while_running (server, on_reload_begun))
        (void) post_while_running (server, on_reload_ended);
}

void
h3_server_reload (H3Server *server)
{
    g_return_if_fail (H3_IS_SERVER (server));
    if (!post_while_running (server, on_reload_begun))
        return;
    server_reload_tls (server);
    g_signal_emit (server, server_reload_signal, 0);
    (void) post_while_running (server, on_reload_ended);
}
