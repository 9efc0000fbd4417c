/* SPDX-License-Identifier: MIT */

#include "server-private.h"

#include <h3/base/error.h>

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
    GPtrArray *workers;

    pthread_mutex_lock (&server->mutex);
    workers = g_steal_pointer (&server->workers);
    pthread_mutex_unlock (&server->mutex);
    g_clear_pointer (&workers, g_ptr_array_unref);
    server_close_admission (server);
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
    g_clear_pointer (&server->kept, g_ptr_array_unref);
    pthread_cond_destroy (&server->changed);
    pthread_mutex_destroy (&server->mutex);
    pthread_mutex_destroy (&server->reloading);
    G_OBJECT_CLASS (h3_server_parent_class)->finalize (object);
}

static void
h3_server_class_init (H3ServerClass *class)
{
    G_OBJECT_CLASS (class)->finalize = h3_server_finalize;
    server_install_properties (G_OBJECT_CLASS (class));
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

void
server_set_bound (H3Server *server, ServerBound bound, gpointer data)
{
    server->on_bound = bound;
    server->bound_data = data;
}

H3Limits *
h3_server_get_limits (H3Server *server)
{
    g_return_val_if_fail (H3_IS_SERVER (server), NULL);
    return &server->limits;
}

guint
server_count_workers (const H3Server *server)
{
    if (server->is_single)
        return 1;
    return server->n_wanted > 0 ? server->n_wanted : g_get_num_processors ();
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
    server_open_admission (server);
    settings.admission = server->admission;
    settings.tls = server->tls;
    settings.pooled_events = server->pooled_events;
    settings.n_workers = n_workers;
    settings.is_guest = server->is_single;
    settings.deaf = server_post_deaf;
    settings.emptied = server_post_emptied;
    settings.data = server;
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

/* It runs from before its threads can be asked to stop it. */
static gboolean
start_steward (H3Server *server, GError **error)
{
    int result;

    server->stage = STAGE_ACCEPTING;
    server->n_deaf = server->n_empty = server->n_stops = 0;
    server->finished = TRUE;
    g_object_ref (server->dispatch.owner);
    g_object_ref (server);
    if (server->is_single) {
        server_start_guest (server);
        return TRUE;
    }
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
prepare (H3Server *server, GError **error)
{
    if (server->dispatch.owner == NULL) {
        g_set_error (error, H3_ERROR, H3_ERROR_CLOSED,
                     "the app of this server is gone: hold the app, not the server alone");
        return FALSE;
    }
    server->is_prepared = server->dispatch.prepare (server->dispatch.data, error);
    if (!server->is_prepared)
        return FALSE;
    if (server->addresses->len > 0)
        return TRUE;
    g_set_error (error, H3_ERROR, H3_ERROR_INVALID,
                 "there is no address to listen on: give one, as in 127.0.0.1:8080");
    return FALSE;
}

/* `there` (nullable): sockets that are bound already, of which it takes what it needs. */
static gboolean
start_run (H3Server *server, GPtrArray *there, gboolean takes_over, GError **error)
{
    guint n_workers = server_count_workers (server), most;
    gboolean started;

    if (!prepare (server, error))
        return FALSE;
    /* First, since it raises the bound of descriptors; the loop may lower it again. */
    (void) listener_max_connections ((guint) server->limits.connections);
    server->loop = loop_new (error);
    if (server->loop == NULL)
        return FALSE;
    most = listener_max_connections ((guint) server->limits.connections);
    server->bound = connection_bound_new (most, (guint) server->limits.connections_address);
    if (!server_open_notices (server, error))
        return FALSE;
    if (takes_over)
        service_notices_begin_reload (server->notices);
    started =
        server_open_tls (server, error) && server_open_groups (server, n_workers, there, error)
        && (server->on_bound == NULL || server->on_bound (server->bound_data, error))
        && make_workers (server, n_workers, error) && server_has_room (server, error)
        && (!takes_over || server_set_permissions (server, error)) && start_steward (server, error);
    if (started && loop_get_descriptor_bound () != G_MAXUINT)
        g_message ("libevent waits by select () here: there can be %u connections at most", most);
    return started;
}

static gboolean
start (H3Server *server, GPtrArray *there, gboolean takes_over, GError **error)
{
    server_join_steward (server);
    g_clear_pointer (&server->told, g_main_context_unref);
    server->told = g_main_context_ref_thread_default ();
    if (start_run (server, there, takes_over, error))
        return TRUE;
    if (takes_over)
        service_notices_end_reload (server->notices);
    server_clear_run (server);
    g_clear_pointer (&server->loop, loop_unref);
    server_end_dispatch (server);
    return FALSE;
}

gboolean
h3_server_start (H3Server *server, GError **error)
{
    g_autoptr (GPtrArray) there = NULL;

    g_return_val_if_fail (H3_IS_SERVER (server), FALSE);
    g_return_val_if_fail (get_state (server) == SERVER_STOPPED, FALSE);
    there = server_share_kept (server);
    return start (server, there, FALSE, error);
}

gboolean
h3_server_start_in_place_of (H3Server *server, H3Server *running, GError **error)
{
    GPtrArray *there;
    gboolean started;

    g_return_val_if_fail (H3_IS_SERVER (server) && H3_IS_SERVER (running), FALSE);
    g_return_val_if_fail (get_state (server) == SERVER_STOPPED, FALSE);
    there = server_share_groups (running);
    if (there == NULL) {
        g_set_error (error, H3_ERROR, H3_ERROR_CLOSED,
                     "the server whose place is to be taken does not run, or stops already");
        return FALSE;
    }
    started = start (server, there, TRUE, error);
    /* What the old one has alone now is closed by it. */
    g_ptr_array_unref (there);
    if (started)
        server_part (running);
    return started;
}

GArray *
server_list_connections (H3Server *server)
{
    GArray *list = g_array_new (FALSE, FALSE, sizeof (guint));

    pthread_mutex_lock (&server->mutex);
    if (server->state != SERVER_STOPPED && server->workers != NULL) {
        for (guint i = 0; i < server->workers->len; i++) {
            guint n = worker_count_connections (server->workers->pdata[i]);

            g_array_append_val (list, n);
        }
    }
    pthread_mutex_unlock (&server->mutex);
    return list;
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

gboolean
h3_server_is_address_secure (H3Server *server, guint index)
{
    g_return_val_if_fail (H3_IS_SERVER (server), FALSE);
    return index < server->secure->len && g_array_index (server->secure, gboolean, index);
}
