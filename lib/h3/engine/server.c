/* SPDX-License-Identifier: MIT */

#include "server-private.h"
#include "service-manager.h"

#include <h3/base/error.h>
#include <h3/loop/descriptors.h>

G_DEFINE_FINAL_TYPE (H3Server, h3_server, G_TYPE_OBJECT)

void
server_join_steward (H3Server *server)
{
    gboolean has_steward;

    pthread_mutex_lock (&server->mutex);
    has_steward = server->has_steward;
    server->has_steward = FALSE;
    pthread_mutex_unlock (&server->mutex);
    if (!has_steward)
        return;
    if (pthread_equal (server->steward, pthread_self ()))
        pthread_detach (server->steward);
    else
        pthread_join (server->steward, NULL);
}

void
server_clear_run (H3Server *server)
{
    g_clear_pointer (&server->workers, g_ptr_array_unref);
    g_clear_pointer (&server->notices, service_notices_free);
    g_clear_pointer (&server->offload, offload_free);
    g_clear_pointer (&server->bound, connection_bound_free);
    server_close_tls (server);
    g_clear_pointer (&server->groups, g_ptr_array_unref);
}

static void
h3_server_finalize (GObject *object)
{
    H3Server *server = H3_SERVER (object);

    server_join_steward (server);
    server_clear_run (server);
    g_clear_pointer (&server->loop, loop_unref);
    g_strfreev (server->texts);
    g_array_unref (server->secure);
    g_clear_pointer (&server->told, g_main_context_unref);
    g_clear_pointer (&server->tls_settings, h3_tls_settings_free);
    g_ptr_array_unref (server->addresses);
    pthread_cond_destroy (&server->changed);
    pthread_mutex_destroy (&server->mutex);
    pthread_mutex_destroy (&server->reloading);
    G_OBJECT_CLASS (h3_server_parent_class)->finalize (object);
}

static void
h3_server_class_init (H3ServerClass *class)
{
    G_OBJECT_CLASS (class)->finalize = h3_server_finalize;
    server_stopped_signal = g_signal_new ("stopped", H3_TYPE_SERVER, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
    server_reload_signal = g_signal_new ("reload", H3_TYPE_SERVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 0);
}

static void
h3_server_init (H3Server *server)
{
    server->addresses = g_ptr_array_new_with_free_func (g_free);
    server->secure = g_array_new (FALSE, FALSE, sizeof (gboolean));
    server->n_offload = 16;
    server->pooled_events = 1024;
    h3_limits_init (&server->limits);
    pthread_mutex_init (&server->mutex, NULL);
    pthread_cond_init (&server->changed, NULL);
    pthread_mutex_init (&server->reloading, NULL);
    server->finished = TRUE;
}

H3Server *
server_new (const ServerDispatch *dispatch)
{
    H3Server *server = g_object_new (H3_TYPE_SERVER, NULL);

    server->dispatch = *dispatch;
    return server;
}

void
server_disown (H3Server *server)
{
    server->dispatch.owner = NULL;
}

gboolean
server_has_address (const H3Server *server)
{
    return server->addresses->len > 0;
}

gboolean
server_is_address_secure (const H3Server *server, guint index)
{
    return index < server->secure->len && g_array_index (server->secure, gboolean, index);
}

static ServerState
get_state (H3Server *server)
{
    ServerState state;

    pthread_mutex_lock (&server->mutex);
    state = server->state;
    pthread_mutex_unlock (&server->mutex);
    return state;
}

gboolean
h3_server_is_running (H3Server *server)
{
    g_return_val_if_fail (H3_IS_SERVER (server), FALSE);
    return get_state (server) != SERVER_STOPPED;
}

gboolean
h3_server_add_address (H3Server *server, const char *address, GError **error)
{
    g_return_val_if_fail (H3_IS_SERVER (server) && address != NULL, FALSE);
    g_return_val_if_fail (get_state (server) == SERVER_STOPPED, FALSE);
    if (!listen_address_check (address, error))
        return FALSE;
    g_ptr_array_add (server->addresses, g_strdup (address));
    return TRUE;
}

void
h3_server_set_workers (H3Server *server, guint n_workers)
{
    g_return_if_fail (H3_IS_SERVER (server));
    g_return_if_fail (get_state (server) == SERVER_STOPPED);
    server->n_wanted = n_workers;
}

void
h3_server_set_pooled_events (H3Server *server, guint n_events)
{
    g_return_if_fail (H3_IS_SERVER (server));
    g_return_if_fail (get_state (server) == SERVER_STOPPED);
    server->pooled_events = n_events;
}

void
h3_server_set_offload_threads (H3Server *server, guint n_threads)
{
    g_return_if_fail (H3_IS_SERVER (server) && n_threads > 0);
    g_return_if_fail (get_state (server) == SERVER_STOPPED);
    server->n_offload = n_threads;
}

H3Limits *
h3_server_get_limits (H3Server *server)
{
    g_return_val_if_fail (H3_IS_SERVER (server), NULL);
    return &server->limits;
}

static Worker *
choose_worker (gpointer data)
{
    H3Server *server = data;
    Worker *least = server->workers->pdata[0];

    for (guint i = 1; i < server->workers->len; i++) {
        Worker *worker = server->workers->pdata[i];

        if (worker_count_connections (worker) < worker_count_connections (least))
            least = worker;
    }
    return least;
}

/* What was bound is remembered apart: the groups are the steward's once it runs. */
static void
note_addresses (H3Server *server)
{
    g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

    server->port = 0;
    g_array_set_size (server->secure, 0);
    for (guint i = 0; i < server->groups->len; i++) {
        ListenGroup *group = server->groups->pdata[i];

        gboolean is_secure = listen_group_is_secure (group);

        g_strv_builder_add (builder, listen_group_get_text (group));
        g_array_append_val (server->secure, is_secure);
        if (server->port == 0)
            server->port = listen_group_get_port (group);
    }
    g_strfreev (server->texts);
    server->texts = g_strv_builder_end (builder);
}

static gboolean
open_inherited (H3Server *server, const ListenAddress *address, gboolean is_secure, GError **error)
{
    guint first = server->groups->len;

    if (!service_manager_add_groups (address->name, server->groups, error))
        return FALSE;
    for (guint i = first; i < server->groups->len; i++) {
        listen_group_set_proxies (server->groups->pdata[i], address->proxies);
        listen_group_set_secure (server->groups->pdata[i], is_secure);
    }
    return TRUE;
}

static gboolean
open_address (H3Server *server, const char *text, guint n_workers, GError **error)
{
    g_auto (ListenAddress) address = { .mode = -1 };
    ListenGroup *group;
    gboolean is_secure;

    if (!listen_address_parse (text, &address, error)
        || !server_choose_tls (server, &address, text, &is_secure, error))
        return FALSE;
    if (address.is_inherited)
        return open_inherited (server, &address, is_secure, error);
    group = listen_group_open (text, n_workers, error);
    if (group == NULL)
        return FALSE;
    listen_group_set_secure (group, is_secure);
    g_ptr_array_add (server->groups, group);
    return TRUE;
}

static gboolean
open_groups (H3Server *server, guint n_workers, GError **error)
{
    server->groups = g_ptr_array_new_with_free_func ((GDestroyNotify) listen_group_close);
    for (guint i = 0; i < server->addresses->len; i++) {
        if (!open_address (server, server->addresses->pdata[i], n_workers, error))
            return FALSE;
    }
    note_addresses (server);
    return TRUE;
}

static gboolean
make_workers (H3Server *server, guint n_workers, GError **error)
{
    WorkerSettings settings = { 0 };

    server->offload = offload_new (server->n_offload);
    settings.limits = server->limits;
    settings.dispatch = server->dispatch;
    settings.offload = server->offload;
    settings.bound = server->bound;
    settings.tls = server->tls;
    settings.pooled_events = server->pooled_events;
    settings.n_workers = n_workers;
    server->workers = g_ptr_array_new_with_free_func ((GDestroyNotify) worker_free);
    for (guint i = 0; i < n_workers; i++) {
        Worker *worker = worker_new (&settings, error);

        if (worker == NULL)
            return FALSE;
        g_ptr_array_add (server->workers, worker);
    }
    for (guint i = 0; i < n_workers; i++)
        worker_set_next (server->workers->pdata[i], server->workers->pdata[(i + 1) % n_workers]);
    for (guint i = 0; i < n_workers; i++) {
        if (!worker_start (server->workers->pdata[i], error))
            return FALSE;
    }
    return TRUE;
}

/* Whether one connection can be had, its files too, and each listener have the spare with which it
 * refuses the next: a server that can neither answer nor refuse must not listen. */
static gboolean
has_room (H3Server *server, GError **error)
{
    guint n = 4;

    for (guint i = 0; i < server->groups->len; i++)
        n += listen_group_is_shared (server->groups->pdata[i]) ? 1 : server->workers->len;
    return descriptors_are_left (n, "listeners and connections", error);
}

void
server_listen (H3Server *server)
{
    for (guint i = 0; i < server->groups->len; i++) {
        ListenGroup *group = server->groups->pdata[i];

        if (listen_group_is_shared (group)) {
            worker_listen (server->workers->pdata[0], group, 0, choose_worker, server);
            continue;
        }
        for (guint j = 0; j < server->workers->len; j++)
            worker_listen (server->workers->pdata[j], group, j, NULL, NULL);
    }
}

/* It runs from before its threads can be asked to stop it. */
static gboolean
start_steward (H3Server *server, GError **error)
{
    int result;

    server->n_deaf = server->n_empty = server->n_stops = 0;
    server->finished = TRUE;
    g_object_ref (server->dispatch.owner);
    g_object_ref (server);
    pthread_mutex_lock (&server->mutex);
    result = pthread_create (&server->steward, NULL, server_run_steward, server);
    server->has_steward = result == 0;
    if (result == 0)
        server->state = SERVER_RUNNING;
    pthread_mutex_unlock (&server->mutex);
    if (result == 0)
        return TRUE;
    g_object_unref (server->dispatch.owner);
    g_object_unref (server);
    g_set_error (error, H3_ERROR, H3_ERROR_FAILED, "a thread cannot be started: %s",
                 g_strerror (result));
    return FALSE;
}

static gboolean
start_run (H3Server *server, GError **error)
{
    guint n_workers = server->n_wanted > 0 ? server->n_wanted : g_get_num_processors ();

    if (server->dispatch.owner == NULL) {
        g_set_error (error, H3_ERROR, H3_ERROR_CLOSED,
                     "the app of this server is gone: hold the app, not the server alone");
        return FALSE;
    }
    if (!server->dispatch.prepare (server->dispatch.data, error))
        return FALSE;
    if (server->addresses->len == 0) {
        g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                     "there is no address to listen on: give one, as in 127.0.0.1:8080");
        return FALSE;
    }
    /* First, since it raises the bound of descriptors. */
    server->bound =
        connection_bound_new (listener_max_connections ((guint) server->limits.connections),
                              (guint) server->limits.connections_address);
    server->loop = loop_new (error);
    return server->loop != NULL && server_open_notices (server, error)
           && server_open_tls (server, error) && open_groups (server, n_workers, error)
           && make_workers (server, n_workers, error) && has_room (server, error)
           && start_steward (server, error);
}

gboolean
h3_server_start (H3Server *server, GError **error)
{
    g_return_val_if_fail (H3_IS_SERVER (server), FALSE);
    g_return_val_if_fail (get_state (server) == SERVER_STOPPED, FALSE);
    server_join_steward (server);
    g_clear_pointer (&server->told, g_main_context_unref);
    server->told = g_main_context_ref_thread_default ();
    if (!start_run (server, error)) {
        server_clear_run (server);
        g_clear_pointer (&server->loop, loop_unref);
        return FALSE;
    }
    return TRUE;
}

guint
h3_server_get_port (H3Server *server)
{
    g_return_val_if_fail (H3_IS_SERVER (server), 0);
    return server->port;
}

char **
h3_server_dup_addresses (H3Server *server)
{
    g_return_val_if_fail (H3_IS_SERVER (server), NULL);
    return g_strdupv (server->texts);
}
