/* SPDX-License-Identifier: MIT
 *
 * Where a server listens: its addresses become sockets, or are those that another server has, and
 * its workers share them out. */

#include "server-private.h"
#include "listen-permissions.h"
#include "service-manager.h"

#include <h3/base/error.h>
#include <h3/loop/descriptors.h>

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

/* (transfer full) (nullable): what is bound there already, if it is. */
static ListenGroup *
take_from (GPtrArray *there, const ListenAddress *address)
{
    for (guint i = 0; there != NULL && i < there->len; i++) {
        if (listen_group_is_at (there->pdata[i], address))
            return g_ptr_array_steal_index (there, i);
    }
    return NULL;
}

static gboolean
open_address (H3Server *server, const char *text, guint n_workers, GPtrArray *there, GError **error)
{
    g_auto (ListenAddress) address = { .mode = -1 };
    ListenGroup *group;
    gboolean is_secure;

    if (!listen_address_parse (text, &address, error)
        || !server_choose_tls (server, &address, text, &is_secure, error))
        return FALSE;
    if (address.is_inherited)
        return open_inherited (server, &address, is_secure, error);
    group = take_from (there, &address);
    if (group == NULL)
        group = listen_group_open (text, n_workers, error);
    if (group == NULL)
        return FALSE;
    listen_group_set_proxies (group, address.proxies);
    listen_group_set_secure (group, is_secure);
    g_ptr_array_add (server->groups, group);
    return TRUE;
}

gboolean
server_open_groups (H3Server *server, guint n_workers, GPtrArray *there, GError **error)
{
    server->groups = g_ptr_array_new_with_free_func ((GDestroyNotify) listen_group_close);
    for (guint i = 0; i < server->addresses->len; i++) {
        if (!open_address (server, server->addresses->pdata[i], n_workers, there, error))
            return FALSE;
    }
    note_addresses (server);
    return TRUE;
}

GPtrArray *
server_share_groups (H3Server *server)
{
    GPtrArray *groups = NULL;

    pthread_mutex_lock (&server->mutex);
    if (server->state == SERVER_RUNNING) {
        groups = g_ptr_array_new_with_free_func ((GDestroyNotify) listen_group_close);
        for (guint i = 0; i < server->groups->len; i++)
            g_ptr_array_add (groups, listen_group_share (server->groups->pdata[i]));
    }
    pthread_mutex_unlock (&server->mutex);
    return groups;
}

static GPtrArray *
new_groups (void)
{
    return g_ptr_array_new_with_free_func ((GDestroyNotify) listen_group_close);
}

GPtrArray *
server_share_kept (H3Server *server)
{
    GPtrArray *groups = server->kept != NULL ? new_groups () : NULL;

    for (guint i = 0; groups != NULL && i < server->kept->len; i++)
        g_ptr_array_add (groups, listen_group_share (server->kept->pdata[i]));
    return groups;
}

gboolean
server_set_permissions (H3Server *server, GError **error)
{
    for (guint i = 0; i < server->addresses->len; i++) {
        g_auto (ListenAddress) address = { .mode = -1 };

        if (!listen_address_parse (server->addresses->pdata[i], &address, error)
            || (address.path != NULL && !listen_permissions_set (&address, error)))
            return FALSE;
    }
    return TRUE;
}

/* The processors are shared out where the workers were not said. */
static void
share_workers (H3Server *server, guint n_processes)
{
    if (server->n_wanted == 0)
        server->n_wanted = MAX (1, g_get_num_processors () / n_processes);
}

gboolean
server_open_sockets (H3Server *server, guint n_processes, H3Server *before, GError **error)
{
    g_autoptr (GPtrArray) there = before != NULL ? server_share_kept (before) : NULL;
    gboolean opened;

    share_workers (server, n_processes);
    opened =
        server_open_tls (server, error)
        && server_open_groups (server, n_processes * server_count_workers (server), there, error)
        && (before == NULL || server_set_permissions (server, error));
    if (opened)
        server->kept = g_steal_pointer (&server->groups);
    g_clear_pointer (&server->groups, g_ptr_array_unref);
    server_close_tls (server);
    return opened;
}

void
server_choose_sockets (H3Server *server, guint process, guint n_processes)
{
    GPtrArray *chosen = new_groups ();

    for (guint i = 0; i < server->kept->len; i++)
        g_ptr_array_add (chosen,
                         listen_group_share_part (server->kept->pdata[i], process, n_processes));
    g_ptr_array_unref (server->kept);
    server->kept = chosen;
}

void
server_close_sockets (H3Server *server)
{
    g_clear_pointer (&server->kept, g_ptr_array_unref);
}

/* Whether one connection can be had, its files too, and each listener have the spare with which it
 * refuses the next: a server that can neither answer nor refuse must not listen. */
gboolean
server_has_room (H3Server *server, GError **error)
{
    guint n = 4;

    for (guint i = 0; i < server->groups->len; i++)
        n += listen_group_count (server->groups->pdata[i]);
    return descriptors_are_left (n, "listeners and connections", error);
}

/* A group may have been made for more workers, or for fewer: then whoever accepts hands on. */
static void
listen_to (H3Server *server, const ListenGroup *group)
{
    guint n = listen_group_count (group), n_workers = server->workers->len;
    WorkerChooser choose = n < n_workers ? choose_worker : NULL;

    for (guint i = 0; i < n; i++)
        worker_listen (server->workers->pdata[i % n_workers], group, i, choose, server);
}

void
server_listen (H3Server *server)
{
    for (guint i = 0; i < server->groups->len; i++)
        listen_to (server, server->groups->pdata[i]);
}
